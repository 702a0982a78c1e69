"""From dated weeks of work and absences to who is in the house at each minute: what the coverage engine reads.

Pure. Minutes after midnight, half-open intervals, inclusive dates. Half a day ends at the middle of the opening, as
for closures (indicators/capacity.py).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise

from core.calendar import covers
from staffing.coverage import StaffPresence
from staffing.leave_rules import AFTERNOON, MORNING, WorkPattern

DAY_PART, MORNING_PART, AFTERNOON_PART = "day", "morning", "afternoon"
HALVES = {DAY_PART: (MORNING, AFTERNOON), MORNING_PART: (MORNING,), AFTERNOON_PART: (AFTERNOON,)}
NOON = 13 * 60  # between the two halves of a week's work, for counting days of leave
Opening = tuple[int, int]


@dataclass(frozen=True)
class Shift:
    """Work of one weekday (1 Monday … 7 Sunday) of one week of the roster (1, 2…); `counts` when with the children."""

    week: int
    weekday: int
    start: int
    end: int
    counts: bool = True


@dataclass(frozen=True)
class Timetable:
    """The weeks of work of one person between two dates; the first of them holds `starts_on`."""

    starts_on: date
    ends_on: date | None
    weeks: int
    shifts: tuple[Shift, ...]

    def on(self, day: date) -> list[Shift]:
        """Her shifts of a day, in order."""
        if not covers(self.starts_on, self.ends_on, day):
            return []
        week = weeks_since(self.starts_on, day) % self.weeks + 1 if self.weeks > 1 else 1
        return self._by_day.get((week, day.isoweekday()), [])

    @cached_property
    def _by_day(self) -> dict[tuple[int, int], list[Shift]]:
        found: dict[tuple[int, int], list[Shift]] = {}
        for shift in sorted(self.shifts, key=lambda s: (s.start, not s.counts, s.end)):
            found.setdefault((shift.week, shift.weekday), []).append(shift)
        return found

    @property
    def pattern(self) -> WorkPattern:
        """The half-days worked, for counting leave: the halves meet at 13 h."""
        weeks = tuple(
            frozenset((s.weekday, half) for s in self.shifts if s.week == number for half in _halves(s))
            for number in range(1, self.weeks + 1)
        )
        return WorkPattern(weeks, origin=self.starts_on)


def _halves(shift: Shift) -> list[int]:
    return [
        half for half, touched in ((MORNING, shift.start < NOON - 60), (AFTERNOON, shift.end > NOON + 60)) if touched
    ]


def weeks_since(origin: date, day: date) -> int:
    """Whole calendar weeks from the one that holds `origin` to the one that holds `day`."""
    return ((day - timedelta(day.weekday())) - (origin - timedelta(origin.weekday()))).days // 7


@dataclass(frozen=True)
class Agent:
    """One person posted in a house between two dates, as the engine needs her.

    `category` is that of CSP R. 2324-42, `children_since` the day she began with young children, `chain` her place in
    the order of the direction: dated (starts_on, ends_on, rank) triples, a head of the house having hers by her job.
    `is_float`: of the pool, present only where she is sent. No timetable: her hours are not known.
    """

    id: int
    name: str
    job: str
    category: int | None
    starts_on: date
    ends_on: date | None
    timetables: tuple[Timetable, ...] = ()
    children_since: date | None = None
    is_head: bool = False
    is_float: bool = False
    chain: tuple[tuple[date, date | None, int], ...] = ()
    posting: int = 0

    def posted_on(self, day: date) -> bool:
        return covers(self.starts_on, self.ends_on, day)

    def has_hours_on(self, day: date) -> bool:
        return any(covers(table.starts_on, table.ends_on, day) for table in self.timetables)

    def shifts_on(self, day: date) -> list[Shift]:
        return next((t.on(day) for t in self.timetables if covers(t.starts_on, t.ends_on, day)), [])

    def rank_on(self, day: date) -> int | None:
        """Her designated rank that day, None when she is not designated."""
        return next((rank for start, end, rank in self.chain if covers(start, end, day)), None)


@dataclass(frozen=True)
class Away:
    """Days, or half a day, that one person is not there; `is_pending` until it is decided.

    `at`: the house that she directs meanwhile, as an interim: she is away from every other one.
    """

    agent: int
    starts_on: date
    ends_on: date
    part: str = DAY_PART
    kind: str = ""
    request: int | None = None
    is_pending: bool = False
    in_the_house: bool = False
    at: int | None = None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class Sent:
    """One agent of the pool sent to one house on one day, [start, end[ in minutes: present there, nowhere else."""

    agent: int
    house: int
    on: date
    start: int
    end: int


@lru_cache(maxsize=1 << 16)
def presence(start: int, end: int, category: int | None, may_direct: bool, counts: bool, person: int) -> StaffPresence:
    """The same presence is the same object from one week to the next: a summer is made of few of them."""
    return StaffPresence(start, end, category, may_direct, counts and category is not None, person)


def middle_of(opening: Opening) -> int:
    return (opening[0] + opening[1]) // 2


def absent_parts(agent: int, aways: Iterable[Away], day: date, middle: int) -> list[tuple[int, int]]:
    """Intervals of the day when she is away; what she does besides in the house is not one."""
    found = []
    for away in aways:
        if away.agent == agent and away.holds(day) and not away.in_the_house:
            start = middle if away.part == AFTERNOON_PART else 0
            found.append((start, middle if away.part == MORNING_PART else 24 * 60))
    return found


def presences_on(
    agents: Iterable[Agent],
    aways: Sequence[Away],
    day: date,
    middle: int,
    *,
    directing: Collection[int],
) -> list[StaffPresence]:
    """Everyone in the house that day, by their weeks of work, less their absences.

    `middle` is that of the usual opening; `directing`, those who may ensure the direction that day
    (staffing/continuity.py). Agents of the pool and agents whose hours are not known have no presence.
    """
    found: list[StaffPresence] = []
    by_agent: dict[int, list[Away]] = {}
    for away in aways:
        if away.starts_on <= day <= away.ends_on:
            by_agent.setdefault(away.agent, []).append(away)
    for agent in agents:
        shifts = [] if agent.is_float or not agent.posted_on(day) else agent.shifts_on(day)
        if not shifts:
            continue
        mine = by_agent.get(agent.id, ())
        gone = absent_parts(agent.id, mine, day, middle) if mine else []
        aside = any(away.in_the_house for away in mine)
        for start, end, counts in pieces(shifts, gone):
            found.append(presence(start, end, agent.category, agent.id in directing, counts and not aside, agent.id))
    return found


def pieces(shifts: Iterable[Shift], gone: Sequence[tuple[int, int]]) -> list[tuple[int, int, bool]]:
    """(start, end, counts) of what is left of the shifts, in order, without overlap: nobody counts twice (C24)."""
    ordered = sorted(shifts, key=lambda s: (s.start, not s.counts, s.end))
    if not gone and all(before.end <= after.start for before, after in pairwise(ordered)):
        return [(shift.start, shift.end, shift.counts) for shift in ordered]
    found: list[tuple[int, int, bool]] = []
    now = 0
    for shift in ordered:
        start = max(shift.start, now)
        now = max(now, shift.end)
        if start < shift.end:
            found += [(low, high, shift.counts) for low, high in without(start, shift.end, gone)]
    return found


def without(start: int, end: int, gone: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What remains of [start, end[ once the intervals are taken out."""
    left = [(start, end)]
    for low, high in gone:
        left = [
            piece
            for first, last in left
            for piece in ((first, min(last, low)), (max(first, high), last))
            if piece[0] < piece[1]
        ]
    return left
