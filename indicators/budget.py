"""The budget lines of a perimeter in one year, each read on its statements: eight queries, whatever the number."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.french import NBSP, euros, number
from establishments.models import Capability, Establishment

from .burn import Burn, Statement, burn
from .capacity import period_capacity
from .models import BudgetLine
from .overview import as_percent
from .terms import terms_of

PACE = {
    "alert": "dépassement engagé",
    "watch": "plus vite que les jours d’ouverture",
    "good": "au rythme",
    "neutral": "sans repère",
}


@dataclass(frozen=True)
class Line:
    """One line of one house in one year, on its last statement."""

    house: str
    url: str
    category: str
    allotted: Decimal
    committed: Decimal
    spent: Decimal
    as_of: date
    read: Burn

    def get_absolute_url(self) -> str:
        return self.url

    left = property(lambda self: self.allotted - max(self.committed, self.spent))
    spent_rate = property(lambda self: as_percent(self.read.spent_rate))
    elapsed = property(lambda self: as_percent(self.read.elapsed))
    projected = property(lambda self: self.read.projected)
    pace = property(lambda self: PACE[self.read.tone])

    @property
    def interval(self) -> str:
        if self.read.low is None:
            return ""
        return f"{number(self.read.low)} à {euros(self.read.high, 0)}"


def budget_lines(user, year, *, territory=None) -> list[Line]:
    """The lines of what the user may read; days of welcome come from the register, closures included."""
    rows = BudgetLine.objects.visible_to(user, Capability.VIEW_AGGREGATES).of_year(year)
    if territory is not None:
        inside = Establishment.objects.within(territory, date(year, 12, 31)).order_by().values("pk")
        rows = rows.filter(establishment__in=inside)
    rows = rows.select_related("establishment").order_by("establishment__name", "establishment", "category", "as_of")
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.establishment_id, row.category].append(row)
    first, last = date(year, 1, 1), date(year, 12, 31)
    terms = terms_of({house for house, _ in grouped}, first, last)
    days = _Days(terms, first, last)
    return [_line(found, days) for found in grouped.values()]


class _Days:
    """Days of welcome of each house up to a day, counted once."""

    def __init__(self, terms, first, last):
        self.terms, self.first, self.last, self.known = terms, first, last, {}

    def until(self, house, day):
        if (house, day) not in self.known:
            end = min(day, self.last)
            found = period_capacity(self.terms[house], self.first, end).opening_days if end >= self.first else 0
            self.known[house, day] = found
        return self.known[house, day]


def _line(rows, days):
    last = rows[-1]
    house = last.establishment_id
    statements = [Statement(days.until(house, row.as_of), row.committed, row.spent) for row in rows]
    return Line(
        house=last.establishment.name,
        url=last.establishment.get_absolute_url(),
        category=last.get_category_display(),
        allotted=last.allotted,
        committed=last.committed,
        spent=last.spent,
        as_of=last.as_of,
        read=burn(last.allotted, statements, days.until(house, days.last)),
    )


def summary(found: list[Line]) -> str:
    """ "12 000 € alloués, 8 000 € dépensés ; 2 lignes à surveiller." """
    allotted, spent = sum(line.allotted for line in found), sum(line.spent for line in found)
    late = sum(line.read.tone in {"alert", "watch"} for line in found)
    watched = f"\u202f; {late} à surveiller" if late else ""
    return f"Alloué{NBSP}: {euros(allotted, 0)}, dépensé{NBSP}: {euros(spent, 0)}{watched}."
