"""The places and periods that texts tell: a territory's week, or any place between two dates.

A key names one of them for good: "12|2026-11-19" is the week of a territory (the CRA), "t12|2026-01-01|2026-03-31" a
territory between two dates, "e7|…" a house. Days are local days, both ends included.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.calendar import add_months, iter_months, month_end, month_start
from core.french import full_date, month_name, sort_key
from core.french import period as period_text
from core.periods import active_on
from core.sources import once_a_reading
from establishments.models import Establishment, PastIdentity, SectorAttachment

DAYS = 7
THURSDAY = 3
HOUSE, TERRITORY = "e", "t"
LONGEST_AHEAD = 31  # days to come that a text tells


class Days:
    """What a week and a span share: they have `first` and `last`."""

    @cached_property
    def edges(self) -> tuple[datetime, datetime]:
        """The first instant of the first day and of the day after the last: a year of a city compares 130,000."""
        after = self.last + timedelta(days=1)
        start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (self.first, after))
        return start, end

    def has(self, moment: date | datetime | None) -> bool:
        if isinstance(moment, datetime):
            start, end = self.edges
            return start <= moment < end
        return moment is not None and self.first <= moment <= self.last


@dataclass(frozen=True)
class Week(Days):
    """One territory in the seven days that end on a Thursday, `last`."""

    territory: int
    last: date

    @property
    def place(self) -> str:
        return f"{TERRITORY}{self.territory}"

    @property
    def first(self) -> date:
        return self.last - timedelta(days=DAYS - 1)

    @property
    def following(self) -> "Week":
        return Week(self.territory, self.last + timedelta(days=DAYS))

    @property
    def key(self) -> str:
        return f"{self.territory}|{self.last.isoformat()}"

    @classmethod
    def of(cls, key: str) -> "Week":
        territory, last = key.split("|")
        return cls(int(territory), date.fromisoformat(last))


@dataclass(frozen=True)
class Span(Days):
    """One place, "t12" or "e7", from `first` to `last`."""

    place: str
    first: date
    last: date

    @property
    def number(self) -> int:
        return int(self.place[1:])

    @property
    def is_house(self) -> bool:
        return self.place.startswith(HOUSE)

    @property
    def is_whole_months(self) -> bool:
        return self.first.day == 1 and self.last == month_end(self.last)

    @property
    def previous(self) -> "Span":
        """The period of the same length just before: as many months when it is made of whole ones, else of days."""
        last = self.first - timedelta(days=1)
        if self.is_whole_months:
            return Span(self.place, add_months(self.first, -len(list(iter_months(self.first, self.last)))), last)
        return Span(self.place, last - (self.last - self.first), last)

    @property
    def following(self) -> "Span":
        """The days to come: as many as the period holds, a month at most."""
        ahead = min((self.last - self.first).days + 1, LONGEST_AHEAD)
        return Span(self.place, self.last + timedelta(days=1), self.last + timedelta(days=ahead))

    @property
    def months(self) -> list[date]:
        """The whole months of the period; without any, the last one that was over."""
        whole = [m for m in iter_months(self.first, self.last) if m >= self.first and month_end(m) <= self.last]
        return whole or [add_months(month_start(self.last), -1)]

    @property
    def title(self) -> str:
        """ "année 2025", "mars 2026", "du 1er janvier au 31 mars 2026"."""
        if self.is_whole_months and self.first.year == self.last.year:
            if (self.first.month, self.last.month) == (1, 12):
                return f"année {self.first.year}"
            if self.first.month == self.last.month:
                return month_name(self.first)
        return f"le {full_date(self.first)}" if self.first == self.last else period_text(self.first, self.last)

    @property
    def key(self) -> str:
        return f"{self.place}|{self.first.isoformat()}|{self.last.isoformat()}"

    @classmethod
    def of(cls, key: str) -> "Span":
        place, first, last = key.split("|")
        return cls(place, date.fromisoformat(first), date.fromisoformat(last))


Told = Week | Span
Houses = dict[Told, dict[int, str]]


def thursday_of(day: date) -> date:
    """The Thursday that closes the week of `day`: itself or the next one."""
    return day + timedelta(days=(THURSDAY - day.weekday()) % DAYS)


def houses_in(spans: Iterable[Told]) -> Houses:
    """{span: {house: name}} of the houses attached to the place, or below it, on the last day, and open then.

    Under the names of that day. Two queries a last day at most.
    """
    found: Houses = {span: {} for span in spans}
    for last in {span.last for span in found}:
        of_day = [span for span in found if span.last == last]
        by_territory = _numbers(of_day, TERRITORY)
        rows = SectorAttachment.objects.active_on(last).filter(
            territory__ancestor_links__ancestor__in=list(by_territory),
            establishment__in=Establishment.objects.open_on(last).order_by().values("pk"),
        )
        named = rows.annotate(then=_name_on(last, "establishment"))
        values = named.order_by().values_list("territory__ancestor_links__ancestor", "establishment", "then")
        by_house = _numbers(of_day, HOUSE)
        own = Establishment.objects.open_on(last).filter(pk__in=list(by_house)).annotate(then=_name_on(last, "pk"))
        for territory, house, name in sorted(values, key=_by_name) if by_territory else []:
            for span in by_territory[territory]:
                found[span][house] = name
        for house, name in own.order_by().values_list("pk", "then") if by_house else []:
            for span in by_house[house]:
                found[span][house] = name
    return found


def _name_on(day: date, house: str) -> Coalesce:
    """The name that a house had on a day: renaming it afterwards moves nothing that was told of it before."""
    past = PastIdentity.objects.filter(active_on(day), establishment=OuterRef(house)).order_by("-starts_on")
    return Coalesce(Subquery(past.values("name")[:1]), F("name" if house == "pk" else f"{house}__name"))


def _by_name(row: tuple[int, int, str]) -> tuple:
    """French order, in Python: the order of today's names would move with them."""
    _, house, name = row
    return sort_key(name), house


def _numbers(spans: list[Told], kind: str) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = {}
    for span in spans:
        if span.place.startswith(kind):
            found.setdefault(int(span.place[1:]), []).append(span)
    return found


def instants(spans: Iterable[Told]) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last one, as instants."""
    first = min(span.first for span in spans)
    last = max(span.last for span in spans) + timedelta(days=1)
    start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last))
    return start, end


def reading(read: Callable[[Houses], dict], parse: Callable[[str], Told]) -> Callable[[set[str]], dict[str, list]]:
    """`read(houses)` on {span: houses}, as the registry of sources calls it: by keys."""

    def facts(keys: set[str]) -> dict[str, list]:
        houses = _houses_of(frozenset(parse(key) for key in keys))
        return {span.key: rows for span, rows in read(houses).items()} if houses else {}

    return facts


@once_a_reading
def _houses_of(spans: frozenset[Told]) -> Houses:
    return houses_in(spans)


def everywhere(houses: Houses) -> set[int]:
    return {house for held in houses.values() for house in held}
