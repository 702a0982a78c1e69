"""What the search finds in the minutes of a meeting once they are handed out, for the readers of its series."""

from collections.abc import Iterator

from core.search.index import Entry, replace_entries
from establishments.models import Capability

from ..models import Meeting

SUBJECT = "projects.meeting"
KIND = "relevé de réunion"


def index_meeting(meeting: Meeting) -> None:
    """Called once, when the minutes are handed out, in the same transaction."""
    replace_entries(SUBJECT, meeting.pk, [_entry(meeting)])


def documents() -> Iterator[tuple[str, int, list[Entry]]]:
    """Every meeting whose minutes were handed out, for a rebuild of the index."""
    published = Meeting.objects.filter(status=Meeting.Status.PUBLISHED, purged_at=None).select_related("series")
    for meeting in published.order_by("pk").iterator(500):
        yield SUBJECT, meeting.pk, [_entry(meeting)]


def _entry(meeting):
    return Entry(
        part="entier",
        kind=KIND,
        title=str(meeting),
        body=meeting.minutes,
        url=meeting.get_absolute_url(),
        capability=Capability.READ_TRANSMITTED,
        scope="series",
        scope_id=meeting.series_id,
        on=meeting.held_on,
    )
