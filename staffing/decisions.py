"""Several requests decided together, each by the method that decides one (failure C22)."""

from django.db.models import CharField, Value

from establishments.models import Capability, Establishment
from establishments.workflow import TransitionRefused

DECIDING = [Capability.DECIDE_LEAVE, Capability.DEROGATE, Capability.ASK_NEED, Capability.PROPOSE_LEAVE]
HER_OWN = "proposer"


def held_over(row, user, capabilities=DECIDING) -> set[str]:
    """Which of the capabilities of a decision the user holds over the house of a row. One query."""
    house = Establishment.objects.filter(pk=row.establishment_id).order_by()
    queries = [
        house.visible_to(user, capability)
        .annotate(held=Value(capability.value, output_field=CharField()))
        .values_list("held", flat=True)
        for capability in capabilities
    ]
    return set(queries[0].union(*queries[1:], *_proposer(row, house)))


def _proposer(row, house):
    """HER_OWN when who proposed a leave may still propose for its house."""
    if not hasattr(row, "proposed_by"):
        return []
    hers = house.visible_to(row.proposed_by, Capability.PROPOSE_LEAVE)
    return [hers.annotate(held=Value(HER_OWN, output_field=CharField())).values_list("held", flat=True)]


def is_heir(held: set[str]) -> bool:
    """Whether the user proposes for the house in the place of who proposed, from what `held_over` gave."""
    return Capability.PROPOSE_LEAVE in held and HER_OWN not in held


def grant_all(leaves, *, by):
    """(number granted, sentences for those that could not be): one refusal does not undo the others."""
    return _each(leaves, lambda leave: leave.grant(by=by))


def refuse_all(leaves, *, by, reason):
    return _each(leaves, lambda leave: leave.refuse(by=by, reason=reason))


def _each(leaves, decide):
    done, refusals = 0, []
    for leave in leaves:
        try:
            decide(leave)
            done += 1
        except TransitionRefused as refusal:
            refusals.append(f"{leave.employee}\u00a0: {refusal}")
    return done, refusals
