"""What the search finds in an event, for those who read events; the restricted families are in nobody's search."""

from collections.abc import Iterator

from django.utils import timezone

from core.french import short_date
from core.search.index import Entry, replace_entries
from establishments.models import Capability

from ..models import Event

SUBJECT = "visits.event"
KIND = "événement"


def index_event(event: Event) -> None:
    """Bring the entry of one event up to date, in the transaction that changed it."""
    replace_entries(SUBJECT, event.pk, entries_of(event))


def documents() -> Iterator[tuple[str, int, list[Entry]]]:
    """Every event that may be found, for a rebuild of the index."""
    for event in Event.objects.told_to_all().select_related("establishment").order_by("pk").iterator(500):
        yield SUBJECT, event.pk, entries_of(event)


def entries_of(event: Event) -> list[Entry]:
    if event.is_restricted or event.purged_at:
        return []
    day = timezone.localdate(event.happened_at)
    texts = [event.title, event.place, event.summary, event.measures, *event.impacts, event.lessons]
    return [
        Entry(
            part="événement",
            kind=KIND,
            title=f"{event.establishment}, {event.get_family_display()} du {short_date(day)}",
            body="\n".join(filter(None, texts)),
            url=event.get_absolute_url(),
            capability=Capability.VIEW_EVENTS,
            scope_id=event.establishment_id,
            on=day,
        )
    ]
