"""What the search finds among the decisions of the meetings, for the readers of their minutes."""

from collections.abc import Iterator

from core.search.index import Entry, replace_many
from establishments.models import Capability

from ..models import Decision, Meeting

SUBJECT = "projects.decision"
KIND = "décision de réunion"


def index_decisions(meeting: Meeting) -> None:
    """Called once, when the minutes are handed out, in the same transaction."""
    rows = meeting.decisions.filter(line__removed_at__isnull=True).select_related("meeting__series")
    for _ in replace_many((SUBJECT, row.pk, [_entry(row)]) for row in rows.order_by("pk")):
        pass


def documents() -> Iterator[tuple[str, int, list[Entry]]]:
    """Every decision of minutes handed out, for a rebuild of the index."""
    rows = Decision.objects.filter(meeting__status=Meeting.Status.PUBLISHED, line__removed_at__isnull=True)
    rows = rows.filter(meeting__purged_at=None)
    for row in rows.select_related("meeting__series").order_by("pk").iterator(500):
        yield SUBJECT, row.pk, [_entry(row)]


def _entry(decision):
    return Entry(
        part="entier",
        kind=KIND,
        title=f"Décision, {decision.meeting}",
        body=decision.text,
        url=decision.get_absolute_url(),
        capability=Capability.READ_TRANSMITTED,
        scope="series",
        scope_id=decision.meeting.series_id,
        on=decision.meeting.held_on,
    )
