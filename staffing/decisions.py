"""Several requests decided together, each by the method that decides one (failure C22)."""

from django.db.models import CharField, Value

from establishments.models import Capability, Establishment
from establishments.workflow import TransitionRefused

DECIDING = [Capability.DECIDE_LEAVE, Capability.DEROGATE, Capability.ASK_NEED]


def held_over(row, user, capabilities=DECIDING) -> set[str]:
    """Which of the capabilities of a decision the user holds over the house of a row. One query."""
    house = Establishment.objects.filter(pk=row.establishment_id).order_by()
    queries = [
        house.visible_to(user, capability)
        .annotate(held=Value(capability.value, output_field=CharField()))
        .values_list("held", flat=True)
        for capability in capabilities
    ]
    return set(queries[0].union(*queries[1:]))


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
