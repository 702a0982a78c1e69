"""What a meeting opens with and how its time is spent: the undone of the ones before, then the subjects that fit."""

from dataclasses import dataclass

from django.db.models import Q

from .agenda import Budget, Wanted, fit
from .models import ActionItem, Decision, Meeting, Subject


@dataclass(frozen=True)
class Agenda:
    """Rows in their order; `postponed` wait for the next meeting; `is_open` while the order may change."""

    actions: tuple
    decisions: tuple
    subjects: tuple
    postponed: tuple
    budget: Budget
    is_open: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.actions or self.decisions or self.subjects)


def undone(meeting):
    """(actions not done, decisions not applied) of the earlier meetings of the series: exactly the open set."""
    earlier = Meeting.objects.all().before(meeting).order_by().values("pk")
    raised = Q(minute_line__meeting__in=earlier, minute_line__removed_at__isnull=True)
    actions = ActionItem.objects.all().open().filter(raised).select_related("owner", "territory")
    decisions = Decision.objects.all().undone().filter(meeting__in=earlier, line__removed_at__isnull=True)
    return actions.order_by("due_on", "pk"), decisions.select_related("meeting__series").order_by(
        "meeting__held_on", "pk"
    )


def agenda_of(meeting):
    """The agenda as it is (sent) or as it would be sent now. Three queries."""
    actions, decisions = (tuple(rows) for rows in undone(meeting))
    if meeting.status == Meeting.Status.PREPARING:
        rows = list(Subject.objects.all().waiting(meeting.series_id).select_related("sponsor"))
    else:
        rows = list(meeting.subjects.select_related("sponsor").order_by("rank", "priority", "pk"))
    follow_up = meeting.follow_up if actions or decisions else 0
    budget = fit([Wanted(row.pk, row.minutes) for row in rows], length=meeting.length, follow_up=follow_up)
    kept = set(budget.kept)
    return Agenda(
        actions,
        decisions,
        tuple(row for row in rows if row.pk in kept),
        tuple(row for row in rows if row.pk not in kept),
        budget,
        is_open=meeting.status == Meeting.Status.PREPARING,
    )


def readable_actions(user, actions):
    """Keys of those whose page the reader may open: a member hears of every action, and opens her own. One query."""
    known = ActionItem.objects.visible_to(user).filter(pk__in=[action.pk for action in actions])
    return set(known.order_by().values_list("pk", flat=True))
