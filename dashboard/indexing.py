"""The index of the texts, rebuilt from every room: what a restored or imported database needs once."""

from collections.abc import Iterator

from core.models import SearchEntry
from core.search.index import replace_many
from projects.searching import decisions as decisions_search
from projects.searching import meetings as meetings_search
from projects.searching import practices as practices_search
from projects.searching import requests as requests_search
from projects.searching import watch as watch_search
from visits import search as visits_search
from visits.events import search as events_search
from visits.inspections import search as inspections_search
from visits.reviews import search as reviews_search

from .syntheses import search as syntheses_search
from .weekly import search as weekly_search

# Each gives KIND, SUBJECT and documents().
SOURCES = [
    *(visits_search, reviews_search, events_search, inspections_search),
    *(
        weekly_search,
        syntheses_search,
        requests_search,
        watch_search,
        practices_search,
        meetings_search,
        decisions_search,
    ),
]
KINDS = [(source.KIND, source.KIND) for source in SOURCES]


def rebuild() -> Iterator[tuple[str, int]]:
    """Index every document anew, and forget those that are gone; yields (kind, how many so far)."""
    for source in SOURCES:
        seen: set[int] = set()
        for done in replace_many(_noting(source.documents(), seen)):
            yield source.KIND, done
        known = SearchEntry.objects.filter(subject=source.SUBJECT).order_by()
        gone = set(known.values_list("object_id", flat=True)) - seen
        for _ in replace_many((source.SUBJECT, number, []) for number in gone):
            pass


def _noting(documents, seen):
    for document in documents:
        seen.add(document[1])
        yield document
