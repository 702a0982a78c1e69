"""Authorised and open hours of a house, day by day, from its dated terms. Pure; whole minutes until the last division.

What leaves which denominator (decisions, 11): public holidays, planned closures and pedagogical days leave the
authorised and the open hours; works, strike, health, damage, lack of staff and frozen places stay in the authorised
hours and leave the open ones. A term that changes on a day changes nothing before that day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.calendar import covers, is_public_holiday, iter_days, month_end, month_start

DAY, MORNING, AFTERNOON = "day", "morning", "afternoon"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Dated:
    """Inclusive dates, None = open."""

    starts_on: date
    ends_on: date | None

    def holds(self, day: date) -> bool:
        return covers(self.starts_on, self.ends_on, day)


@dataclass(frozen=True)
class Slot:
    """Other places on some hours of a weekday (1 = Monday): minutes since midnight, end excluded (R. 2324-20)."""

    weekday: int
    start: int
    end: int
    places: int


@dataclass(frozen=True)
class Places(Dated):
    """An authorisation: its places, except where a slot says otherwise."""

    places: int
    slots: tuple[Slot, ...] = ()

    def pieces(self, weekday: int, start: int, end: int) -> Iterator[tuple[int, int]]:
        """(minutes, places) that make up start–end on that weekday. Slots of a weekday do not overlap."""
        at = start
        for slot in sorted((s for s in self.slots if s.weekday == weekday), key=lambda s: s.start):
            low, high = max(slot.start, at), min(slot.end, end)
            if low < high:
                yield low - at, self.places
                yield high - low, slot.places
                at = high
        yield end - at, self.places


@dataclass(frozen=True)
class Hours(Dated):
    """The opening of one weekday (1 = Monday), in minutes since midnight, end excluded."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True)
class Closed(Dated):
    """A closure; `planned` ones leave the authorised hours too. `part` is day, morning or afternoon."""

    planned: bool
    part: str = DAY


@dataclass(frozen=True)
class Frozen(Dated):
    """Places withdrawn from welcome."""

    places: int


@dataclass(frozen=True)
class Terms:
    """Everything that makes the capacity of one house."""

    opened_on: date
    closed_on: date | None = None  # closed for good from that day
    places: tuple[Places, ...] = ()
    hours: tuple[Hours, ...] = ()
    closures: tuple[Closed, ...] = ()
    frozen: tuple[Frozen, ...] = ()
    alsace_moselle: bool = False  # two more public holidays (code du travail, L. 3134-13)


@dataclass(frozen=True)
class Capacity:
    """Place-minutes of a day or of a period; `unknown_days` are opening days without a known authorisation."""

    authorised_minutes: int = 0
    open_minutes: int = 0
    opening_days: int = 0
    unknown_days: int = 0

    def __add__(self, other: "Capacity") -> "Capacity":
        return Capacity(
            self.authorised_minutes + other.authorised_minutes,
            self.open_minutes + other.open_minutes,
            self.opening_days + other.opening_days,
            self.unknown_days + other.unknown_days,
        )

    @property
    def authorised_hours(self) -> Decimal:
        return in_hours(self.authorised_minutes)

    @property
    def open_hours(self) -> Decimal:
        return in_hours(self.open_minutes)


NOTHING = Capacity()


def in_hours(minutes: int) -> Decimal:
    """Place-minutes as hours to two decimals, half up."""
    return (Decimal(minutes) / 60).quantize(CENT, rounding=ROUND_HALF_UP)


def opening_of(terms: Terms, day: date) -> Hours | None:
    """The hours of that day before any closure; None on a holiday, a day without hours, or out of the house's life."""
    if day < terms.opened_on or (terms.closed_on is not None and day >= terms.closed_on):
        return None
    if is_public_holiday(day, alsace_moselle=terms.alsace_moselle):
        return None
    return next((h for h in terms.hours if h.weekday == day.isoweekday() and h.holds(day)), None)


def open_stretches(terms: Terms, day: date) -> list[tuple[int, int]]:
    """When children are welcomed that day, in minutes since midnight; half a closed day stops at the middle."""
    opening = opening_of(terms, day)
    return [] if opening is None else _left(opening, [c for c in terms.closures if c.holds(day)])


def is_open_on(terms: Terms, day: date) -> bool:
    """Whether children are welcomed for at least a part of the day."""
    return bool(open_stretches(terms, day))


def day_capacity(terms: Terms, day: date) -> Capacity:
    """What one day adds to the two denominators."""
    opening = opening_of(terms, day)
    if opening is None:
        return NOTHING
    closures = [closure for closure in terms.closures if closure.holds(day)]
    planned = _left(opening, [closure for closure in closures if closure.planned])
    welcomed = _left(opening, closures)
    authorised = next((places for places in terms.places if places.holds(day)), None)
    if authorised is None:
        return Capacity(opening_days=int(bool(welcomed)), unknown_days=int(bool(planned)))
    frozen = sum(one.places for one in terms.frozen if one.holds(day))
    weekday = day.isoweekday()
    return Capacity(
        authorised_minutes=_place_minutes(authorised, weekday, planned, 0),
        open_minutes=_place_minutes(authorised, weekday, welcomed, frozen),
        opening_days=int(bool(welcomed)),
    )


def period_capacity(terms: Terms, start: date, end: date) -> Capacity:
    """The sum of the days of an inclusive period."""
    return sum((day_capacity(terms, day) for day in iter_days(start, end)), NOTHING)


def month_capacity(terms: Terms, month: date) -> Capacity:
    """The sum of the days of the calendar month that holds `month`."""
    return period_capacity(terms, month_start(month), month_end(month))


def _left(opening: Hours, closures: Iterable[Closed]) -> list[tuple[int, int]]:
    """The stretches of the day that remain open; half a day stops at the middle of the opening."""
    middle = (opening.start + opening.end) // 2
    halves = {MORNING: (opening.start, middle), AFTERNOON: (middle, opening.end)}
    for closure in closures:
        if closure.part == DAY:
            return []
        halves.pop(closure.part, None)
    return sorted(halves.values())


def _place_minutes(places: Places, weekday: int, stretches: Iterable[tuple[int, int]], frozen: int) -> int:
    return sum(
        minutes * max(count - frozen, 0)
        for start, end in stretches
        for minutes, count in places.pieces(weekday, start, end)
    )
