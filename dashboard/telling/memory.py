"""What was known on a past day of the rows that have changed since: the journal and the history remember it.

A text tells the last day of its period. A visit made as it was planned, a leave cancelled the month after, a review
validated in its turn are the life of the houses going on: they move nothing that was told before (decisions, 19).
"""

from collections.abc import Iterable

from django.db.models import Case, DateTimeField, OuterRef, Subquery, When

from establishments.models import Closure, JournalEntry

GRANTED = ("congé accordé", "congé accordé par dérogation")
DROPPED = ("visite annulée", "visite reportée")
DAY_VALIDATED = ("journée pédagogique validée",)


def journalled(model, verbs: Iterable[str]) -> Subquery:
    """When the journal says that one of these steps was taken for the row; the last time, None when never."""
    lines = JournalEntry.objects.filter(
        subject_kind=model._meta.label_lower, subject_id=OuterRef("pk"), verb__in=list(verbs)
    )
    return Subquery(lines.order_by("-number").values("at")[:1])


def when_cancelled(model, verbs: Iterable[str]) -> Case:
    """The same for the rows that were cancelled since, whose own date of decision is that of the cancellation."""
    return Case(When(status="cancelled", then=journalled(model, verbs)), output_field=DateTimeField())


def entered_at() -> Subquery:
    """When a closure was entered, from its history; None when it was loaded at once with the register."""
    lines = Closure.history.filter(id=OuterRef("pk"), history_type="+").order_by("history_date")
    return Subquery(lines.values("history_date")[:1])


def was_known(span, moment) -> bool:
    """Whether what happened at that instant was known on the last day told; what has no instant always was."""
    return moment is None or moment < span.edges[1]


def was_not_yet(span, moment) -> bool:
    """Whether what happened at that instant, if ever, was still to happen on the last day told."""
    return moment is None or moment >= span.edges[1]
