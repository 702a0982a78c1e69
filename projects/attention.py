"""« À traiter »: what the projects offer to one person. One query for everything, whatever is due.

Each source says which rows are due as the same columns; the union is read once and each row becomes an item.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, DateField, F, IntegerField, Value
from django.db.models.functions import Cast

from core.compiled import rows_once

from .attention_relay import RELAY_SOURCES
from .attention_sources import SOURCES as OWN_SOURCES

MOST = 20  # of one kind: beyond, the list says it better
SOURCES = OWN_SOURCES | RELAY_SOURCES
COLUMNS = ("a_kind", "a_pk", "a_title", "a_house", "a_day", "a_status", "a_number")


@dataclass(frozen=True)
class Due:
    """One row that is due: `day` and `number` mean what its kind says."""

    kind: str
    pk: int
    title: str
    house: str
    day: date | None
    status: str
    number: int


def attention(user, today):
    """The most pressing of each kind, the earliest first. One query."""
    found = defaultdict(list)
    for row in _due(user, today):
        found[row[0]].append(Due(*row))
    items = []
    for kind, source in SOURCES.items():
        rows = sorted(found[kind], key=lambda due: (due.day or date.max, due.pk))
        items += [source.item(due, today) for due in rows[:MOST]]
    return items


@rows_once
def _due(user, today):
    queries = [_columns(source.rows(user, today), kind, source) for kind, source in SOURCES.items()]
    return queries[0].union(*queries[1:], all=True)


def _columns(rows, kind, source):
    def text(name):
        return Cast(F(name), CharField()) if name else Value("", CharField())

    return (
        rows.order_by()
        .annotate(
            a_kind=Value(kind, CharField()),
            a_pk=Cast(F(source.pk), IntegerField()),
            a_title=text(source.title),
            a_house=text(source.house),
            a_day=Cast(F(source.day), DateField()) if source.day else Value(None, DateField()),
            a_status=text(source.status),
            a_number=Cast(F(source.number), IntegerField()) if source.number else Value(0, IntegerField()),
        )
        .values_list(*COLUMNS)
    )
