"""Writing the index: a document's entries are replaced whole, in the transaction that changed the document."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db import connection, transaction

from ..models import SearchEntry
from .match import INDEX
from .stems import indexed_words

BATCH = 500


@dataclass(frozen=True)
class Entry:
    """What one reading of a document says.

    `capability` is the right needed over the `scope` ("establishment" or "territory") of number `scope_id` to find it;
    somebody who has the right `unless` there reads a fuller entry of the same document, and is not shown this one.
    """

    part: str
    kind: str
    title: str
    body: str
    url: str
    capability: str
    scope_id: int
    scope: str = "establishment"
    unless: str = ""
    on: date | None = None


def replace_entries(subject: str, object_id: int, entries: Iterable[Entry]) -> None:
    """Make `entries` the only ones of the document `object_id` of `subject` ("visits.visit"); none forgets it.

    Nothing is written when nothing changed.
    """
    _replace({(subject, object_id): list(entries)})


def replace_many(documents: Iterable[tuple[str, int, list[Entry]]]) -> Iterator[int]:
    """The same for many documents, by batches; yields how many were looked at so far."""
    remaining, done = iter(documents), 0
    while batch := list(islice(remaining, BATCH)):
        _replace({(subject, object_id): entries for subject, object_id, entries in batch})
        done += len(batch)
        yield done


def _replace(wanted: dict[tuple[str, int], list[Entry]]) -> None:
    with transaction.atomic():
        known: dict[tuple[str, int], list[SearchEntry]] = {}
        for subject in {subject for subject, _ in wanted}:
            numbers = [object_id for name, object_id in wanted if name == subject]
            for row in SearchEntry.objects.filter(subject=subject, object_id__in=numbers).order_by("pk"):
                known.setdefault((subject, row.object_id), []).append(row)
        gone, new = [], []
        for key, entries in wanted.items():
            rows = [_row(*key, entry) for entry in entries]
            if [_facts(row) for row in known.get(key, [])] == [_facts(row) for row in rows]:
                continue
            gone += [row.pk for row in known.get(key, [])]
            new += rows
        _unlist(gone)
        SearchEntry.objects.filter(pk__in=gone).delete()
        _list(SearchEntry.objects.bulk_create(new))


def _row(subject: str, object_id: int, entry: Entry) -> SearchEntry:
    return SearchEntry(
        subject=subject,
        object_id=object_id,
        part=entry.part,
        kind=entry.kind,
        title=entry.title,
        body=entry.body,
        url=entry.url,
        capability=entry.capability,
        unless=entry.unless,
        scope=entry.scope,
        scope_id=entry.scope_id,
        on=entry.on,
        words=indexed_words(entry.title, entry.body),
    )


def _facts(row: SearchEntry) -> tuple:
    return tuple(getattr(row, field.attname) for field in SearchEntry._meta.concrete_fields if not field.primary_key)


def _list(rows: list[SearchEntry]) -> None:
    if connection.vendor == "sqlite" and rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {INDEX} (rowid, words) VALUES (%s, %s)",  # noqa: S608 constant name
                [(row.pk, row.words) for row in rows],
            )


def _unlist(keys: list[int]) -> None:
    """FTS5 keeps its own copy: it goes before the rows. Keys are never used again (AUTOINCREMENT)."""
    if connection.vendor == "sqlite" and keys:
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {INDEX} WHERE rowid = %s", [(key,) for key in keys])  # noqa: S608
