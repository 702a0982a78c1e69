"""A good practice once published: found by everyone to whom it is offered."""

from collections.abc import Iterator

from core.search.index import Entry, replace_entries
from establishments.search import AROUND, TOLD

SUBJECT = "projects.goodpractice"
KIND = "bonne pratique"


def index_practice(practice) -> None:
    """In the transaction that changed it."""
    replace_entries(SUBJECT, practice.pk, entries_of(practice))


def documents() -> Iterator[tuple[str, int, list[Entry]]]:
    from ..models import GoodPractice

    for practice in GoodPractice.objects.order_by("pk").iterator(500):
        yield SUBJECT, practice.pk, entries_of(practice)


def entries_of(practice) -> list[Entry]:
    if practice.status != practice.Status.PUBLISHED:
        return []
    entry = Entry(
        part="entier",
        kind=KIND,
        title=practice.title,
        body="\n".join(filter(None, [practice.theme, practice.what, practice.how, practice.conditions])),
        url=practice.get_absolute_url(),
        capability=TOLD,
        scope=AROUND,
        scope_id=practice.territory_id,
        on=practice.published_on,
    )
    return [entry]
