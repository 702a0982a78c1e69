"""What the page of a punctual need shows, and its PDF: the proof then and now, who comes, the hours of an agency."""

from dataclasses import dataclass
from datetime import date

from core.french import capitalise
from core.templatetags.french import fr_instant
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.models import Capability, JournalEntry
from establishments.workflow import TransitionRefused

from .decisions import held_over
from .models import AgencyBooking, FloatAssignment, StaffingNeed
from .need_proof import Proof, proof_of


@dataclass(frozen=True)
class NeedFacts:
    """A need as its reader sees it on a day; `now` is None when nothing can be computed any more."""

    proof: Proof
    now: Proof | None
    why_not: str
    assignment: FloatAssignment | None
    bookings: tuple[AgencyBooking, ...]
    history: tuple[dict, ...]
    may_agree: bool
    may_approve: bool
    may_refuse: bool
    may_withdraw: bool
    may_manage: bool
    may_order: bool


def facts_of(need: StaffingNeed, user, today: date) -> NeedFacts:
    held = held_over(need, user, [Capability.ASK_NEED, Capability.MANAGE_POOL, Capability.APPROVE_NEED])
    now, why_not = _now(need, today)
    journal = JournalEntry.objects.visible_to(user, Capability.VIEW_STAFF).about(need).select_related("actor")
    asked, agreed = need.status == need.Status.ASKED, need.status == need.Status.AGREED
    manages, approves = Capability.MANAGE_POOL in held, Capability.APPROVE_NEED in held
    return NeedFacts(
        proof=Proof.read(need.proof),
        now=now,
        why_not=why_not,
        assignment=need.assignments.confirmed().select_related("employee").first(),
        bookings=tuple(need.bookings.with_gaps().order_by("ordered_at", "pk")),
        history=tuple(
            {"when": fr_instant(entry.at), "title": f"{capitalise(entry.verb)}, {entry.actor}", "text": entry.note}
            for entry in journal
        ),
        may_agree=asked and manages,
        may_approve=agreed and approves and need.agreed_by_id != user.pk,
        may_refuse=(asked or agreed) and manages,
        may_withdraw=Capability.ASK_NEED in held and need.status in need.OPEN,
        may_manage=manages,
        may_order=manages and need.status == need.Status.APPROVED,
    )


def _now(need, today):
    """The same computation with today's data; who was sent meanwhile counts."""
    if need.status not in need.OPEN or need.on < today:
        return None, ""
    try:
        return proof_of(need.establishment, need.on, leave=need.leave, between=need.minutes), ""
    except TransitionRefused as refusal:
        return None, str(refusal)


def trail_of(need, user) -> dict:
    return {"trail": establishment_breadcrumb(need.establishment, user)}
