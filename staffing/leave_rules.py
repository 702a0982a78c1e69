"""Rights to leave and how they are counted (décret 85-1250, décret 2004-878).

Pure. A leave is a set of half-days; a half-day costs a half only when the person would have worked it and the day is
no public holiday. Days are exact `Fraction`s. There is one rounding, `to_half_days`, and rights alone go through it:
to the nearest half-day, a tie to the agent's advantage (no public text fixes it; the exact right stays at hand).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain
from math import floor

from core.calendar import ONE_DAY, clip, covers, is_public_holiday, iter_days, iter_months, month_end
from establishments.regulation import single

ANNUAL, RTT, CET, SPLIT, OTHER = "annual", "rtt", "cet", "split", "other"
# "L’absence du service" of article 4 is that of leaves; a congé bonifié is not held here.
LEAVE_KINDS = frozenset({ANNUAL, RTT, CET, SPLIT})
MORNING, AFTERNOON = 0, 1
HALF = Fraction(1, 2)

HalfDay = tuple[date, int]


@dataclass(frozen=True)
class Span:
    """Days from `starts_on` to `ends_on` included, less the first morning or the last afternoon."""

    starts_on: date
    ends_on: date
    from_noon: bool = False
    until_noon: bool = False

    def __post_init__(self) -> None:
        if (self.ends_on, not self.until_noon) < (self.starts_on, self.from_noon):
            raise ValueError("a span must end after it starts")

    @property
    def calendar_days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def half_days(self) -> Iterator[HalfDay]:
        first, last = (self.starts_on, int(self.from_noon)), (self.ends_on, int(not self.until_noon))
        for day in iter_days(self.starts_on, self.ends_on):
            yield from (half for half in ((day, MORNING), (day, AFTERNOON)) if first <= half <= last)


@dataclass(frozen=True)
class WorkPattern:
    """The half-days that a person works, week after week; weekdays are 1 Monday … 7 Sunday.

    `weeks` come in turn, the first of them in the week of `origin`: one for a steady week, two for alternating weeks.
    """

    weeks: tuple[frozenset[tuple[int, int]], ...]
    origin: date = date(2024, 1, 1)

    def __post_init__(self) -> None:
        if not self.weeks:
            raise ValueError("a pattern has at least one week")

    @classmethod
    def of_days(cls, *weekdays: int, half: Iterable[tuple[int, int]] = ()) -> "WorkPattern":
        """A steady week of whole days, and of half-days given as (weekday, MORNING or AFTERNOON)."""
        return cls((frozenset(chain(((day, part) for day in weekdays for part in (0, 1)), half)),))

    def works(self, half_day: HalfDay) -> bool:
        day, part = half_day
        monday = self.origin - ONE_DAY * self.origin.weekday()
        week = self.weeks[(day - monday).days // 7 % len(self.weeks)]
        return (day.isoweekday(), part) in week

    @property
    def weekly_days(self) -> Fraction:
        """Mean days worked a week."""
        return Fraction(sum(map(len, self.weeks)), 2 * len(self.weeks))


@dataclass(frozen=True)
class Calendar:
    """What a leave is counted against: the person's week, and the closures of her house.

    `consuming` closures take days of leave from everyone, asked or not; during `free` ones nobody works and nothing
    is taken. A pedagogical day, which the team works, is in neither. Public holidays are never counted.
    """

    pattern: WorkPattern
    consuming: tuple[Span, ...] = ()
    free: tuple[Span, ...] = ()
    alsace_moselle: bool = False

    @cached_property
    def _free(self) -> frozenset[HalfDay]:
        return frozenset(half for span in self.free for half in span.half_days())

    def works(self, half_day: HalfDay) -> bool:
        """Whether the person would be at work, leave and consuming closures aside."""
        if is_public_holiday(half_day[0], alsace_moselle=self.alsace_moselle) or half_day in self._free:
            return False
        return self.pattern.works(half_day)

    def counted(self, spans: Iterable[Span]) -> frozenset[HalfDay]:
        """The half-days that the spans cost, each once however many spans hold it."""
        return frozenset(half for span in spans for half in span.half_days() if self.works(half))


def leave_days(span: Span, calendar: Calendar) -> Fraction:
    """Days of leave that a request costs; nothing for what a consuming closure takes already."""
    return HALF * len(calendar.counted([span]) - calendar.counted(calendar.consuming))


@dataclass(frozen=True)
class Service:
    """A period of service and its days worked a week; sick and maternity leave are service. None = open."""

    weekly_days: Decimal | Fraction | int
    starts_on: date | None = None
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if not 0 < self.weekly_days <= 7:
            raise ValueError(f"days worked a week must be above 0 and at most 7, not {self.weekly_days}")


def annual_right(services: Iterable[Service], year: int) -> Fraction:
    """Five times the weekly days, exact, for the service of one year (décret 85-1250 art. 1 and 2).

    Part of a year counts in twelfths, and part of a month in days of that month: nine whole months of five days give
    18.75. Raises ValueError when two periods of service overlap in the year.
    """
    weeks = single("CONGES-DROIT").value["weeks"]
    first, last = date(year, 1, 1), date(year, 12, 31)
    total, days = Fraction(0), 0
    served: set[date] = set()
    for service in services:
        clipped = clip(service.starts_on, service.ends_on, first, last)
        if clipped is None:
            continue
        start, end = clipped[0] or first, clipped[1] or last
        days += (end - start).days + 1
        served.update(iter_days(start, end))
        total += weeks * Fraction(service.weekly_days) * _twelfths(start, end)
    if days != len(served):
        raise ValueError("two periods of service overlap")
    return total


def _twelfths(start: date, end: date) -> Fraction:
    """The share of a year from `start` to `end`, both included, month by month."""
    months = Fraction(0)
    for month in iter_months(start, end):
        low, high = max(start, month), min(end, month_end(month))
        months += Fraction((high - low).days + 1, month_end(month).day)
    return months / 12


def to_half_days(days: Fraction) -> Fraction:
    """To the nearest half-day, a tie upwards: 18.75 gives 19, 18.70 gives 18.5."""
    return Fraction(floor(days * 2 + HALF), 2)


def splitting_bonus(days_outside: Fraction | Decimal | int) -> int:
    """Days won by leave outside 1 May – 31 October: 1 from five days, 2 from eight (décret 85-1250 art. 1)."""
    table = single("CONGES-FRACTIONNEMENT").value["bonus_from_days"]
    return max((bonus for least, bonus in table.items() if days_outside >= least), default=0)


def outside_summer(half_days: Iterable[HalfDay]) -> Fraction:
    """Days, among these half-days, outside the period of 1 May to 31 October."""
    first, last = single("CONGES-FRACTIONNEMENT").value["summer"]
    return HALF * sum(not first <= (day.month, day.day) <= last for day, _ in half_days)


def may_feed_cet(days_taken: Fraction | Decimal | int) -> bool:
    """Whether leave of the year may go to the compte épargne-temps: twenty days taken (décret 2004-878 art. 3)."""
    return days_taken >= single("CET-20").value["min_days_taken"]


def served_a_year(services: Iterable[Service], year: int) -> bool:
    """Whether the account may be opened by 31 December: a year of service without a break (décret 2004-878 art. 2)."""
    served = {day for one in services for day in _days_of(one, year)}
    return len(served) == (date(year, 12, 31) - date(year, 1, 1)).days + 1


def _days_of(service: Service, year: int) -> Iterator[date]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    clipped = clip(service.starts_on, service.ends_on, first, last)
    yield from iter_days(clipped[0] or first, clipped[1] or last) if clipped else ()


def cet_transferable(right: Fraction, taken: Fraction) -> Fraction:
    """Days of the year's right that may be saved at its end: what is left once twenty days at least were taken."""
    return max(Fraction(0), right - taken) if may_feed_cet(taken) else Fraction(0)


@dataclass(frozen=True)
class Leave:
    """One leave of one person: its days, its countable kind, and whether it waits for a decision."""

    span: Span
    kind: str = ANNUAL
    pending: bool = False


@dataclass(frozen=True)
class Absence:
    """Days away in a row, from the first day of leave to the last, both included."""

    starts_on: date
    ends_on: date

    @property
    def calendar_days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def too_long(self) -> bool:
        """More than 31 calendar days in a row (décret 85-1250 art. 4)."""
        return self.calendar_days > single("CONGES-31").value["max_calendar_days"]


def absences(leaves: Iterable[Leave], calendar: Calendar, *, kinds: Collection[str] = LEAVE_KINDS) -> list[Absence]:
    """Days away in a row, in order: leaves and closures that consume leave, joined by days that nobody works.

    Weekends, public holidays, free closures and days off of the person join two leaves; a half-day worked between
    them does not. An absence is measured from the first to the last day asked for, without the weekend around it.
    """
    spans = sorted(
        [*(leave.span for leave in leaves if leave.kind in kinds), *calendar.consuming],
        key=lambda span: (span.starts_on, span.from_noon),
    )
    found: list[Absence] = []
    last: HalfDay = (date.min, AFTERNOON)
    for span in spans:
        if found and not _works_between(last, (span.starts_on, int(span.from_noon)), calendar):
            found[-1] = Absence(found[-1].starts_on, max(found[-1].ends_on, span.ends_on))
        else:
            found.append(Absence(span.starts_on, span.ends_on))
        last = max(last, (span.ends_on, int(not span.until_noon)))
    return found


def _works_between(last: HalfDay, first: HalfDay, calendar: Calendar) -> bool:
    """Whether a half-day strictly between the two is worked."""
    halves = ((day, part) for day in iter_days(last[0], first[0]) for part in (MORNING, AFTERNOON))
    return any(last < half < first and calendar.works(half) for half in halves)


def absence_with(wanted: Leave, others: Iterable[Leave], calendar: Calendar) -> Absence:
    """The absence that `wanted` would be part of, with the leaves granted or asked around it."""
    found = absences([wanted, *others], calendar, kinds=LEAVE_KINDS | {wanted.kind})
    return next(each for each in found if covers(each.starts_on, each.ends_on, wanted.span.starts_on))


@dataclass(frozen=True)
class Balance:
    """Days of annual leave of one year. What waits for a decision is apart: neither forgotten nor taken (C23)."""

    right: Fraction
    closures: Fraction
    granted: Fraction
    pending: Fraction
    bonus: int
    bonus_if_granted: int
    carried_over: Fraction = field(default=Fraction(0))

    @property
    def taken(self) -> Fraction:
        return self.closures + self.granted

    @property
    def remaining(self) -> Fraction:
        return self.right + self.carried_over + self.bonus - self.taken

    @property
    def remaining_if_granted(self) -> Fraction:
        return self.right + self.carried_over + self.bonus_if_granted - self.taken - self.pending


def balance(
    year: int,
    *,
    right: Fraction,
    leaves: Iterable[Leave],
    calendar: Calendar,
    carried_over: Fraction = Fraction(0),
) -> Balance:
    """Rights and uses of one year, 1 January to 31 December; each half-day counts once, closures first.

    Annual leave and splitting days draw on it; splitting days do not win others. RTT, CET and other absences have
    their own counters. `right` is `to_half_days(annual_right(...))`; leaves refused or cancelled are left out.
    """
    leaves = list(leaves)

    def of_year(spans: Iterable[Span]) -> frozenset[HalfDay]:
        return frozenset(half for half in calendar.counted(spans) if half[0].year == year)

    def asked(pending: Collection[bool], kinds: Collection[str]) -> frozenset[HalfDay]:
        return of_year(each.span for each in leaves if each.pending in pending and each.kind in kinds)

    closed = of_year(calendar.consuming)
    granted = asked({False}, {ANNUAL, SPLIT}) - closed
    pending = asked({True}, {ANNUAL, SPLIT}) - closed - granted
    return Balance(
        right=right,
        closures=HALF * len(closed),
        granted=HALF * len(granted),
        pending=HALF * len(pending),
        bonus=splitting_bonus(outside_summer(closed | asked({False}, {ANNUAL}))),
        bonus_if_granted=splitting_bonus(outside_summer(closed | asked({False, True}, {ANNUAL}))),
        carried_over=carried_over,
    )


def next_feasible(
    wanted: Span,
    feasible: Callable[[Span], bool],
    calendar: Calendar,
    *,
    earliest: date,
    latest: date,
    limit: int = 3,
) -> Sequence[Span]:
    """The nearest other dates that cost as many days of leave and that `feasible` accepts, nearest first.

    Each begins and ends at a half-day that the person works, between `earliest` and `latest` included; the later of
    two dates as near comes first. `feasible` is asked at most once for each half-day of that period.
    """
    closed = calendar.counted(calendar.consuming)
    paid = calendar.counted([wanted]) - closed
    if not paid or earliest > latest:
        return []
    cost, origin = len(paid), min(paid)
    worked = [h for h in Span(earliest, latest).half_days() if calendar.works(h) and h not in closed]
    # Whole days stay whole days: an even cost begins at the same half of the day as what was asked.
    starts = [n for n in range(len(worked) - cost + 1) if cost % 2 or worked[n][1] == origin[1]]
    starts.sort(key=lambda n: (abs(worked[n][0] - origin[0]), worked[n][0] < origin[0], worked[n][1]))
    found: list[Span] = []
    for n in starts:
        (start, part), (end, last_part) = worked[n], worked[n + cost - 1]
        span = Span(start, end, from_noon=part == AFTERNOON, until_noon=last_part == MORNING)
        if worked[n] != origin and feasible(span):
            found.append(span)
            if len(found) == limit:
                break
    return found
