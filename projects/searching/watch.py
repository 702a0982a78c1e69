"""A watch notice once published: found by everyone who works in its territory."""

from collections.abc import Iterator

from core.search.index import Entry, replace_entries
from establishments.search import AROUND, TOLD

SUBJECT = "projects.watchnotice"
KIND = "veille"


def index_notice(notice) -> None:
    """In the transaction that changed it."""
    replace_entries(SUBJECT, notice.pk, entries_of(notice))


def documents() -> Iterator[tuple[str, int, list[Entry]]]:
    from ..models import WatchNotice

    for notice in WatchNotice.objects.order_by("pk").iterator(500):
        yield SUBJECT, notice.pk, entries_of(notice)


def entries_of(notice) -> list[Entry]:
    if notice.status != notice.Status.PUBLISHED:
        return []
    entry = Entry(
        part="entier",
        kind=KIND,
        title=notice.title,
        body="\n".join([notice.text, notice.source]),
        url=notice.get_absolute_url(),
        capability=TOLD,
        scope=AROUND,
        scope_id=notice.territory_id,
        on=notice.published_on,
    )
    return [entry]
