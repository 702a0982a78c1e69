"""A place simulated for the allocation committee: where capacity or ratio would break, and the best houses.

Pure. Without any data of a family: an age group, weekdays, hours. Only what the admission adds is judged again: the
engine reads the hours asked, the rest of the day cannot change (functions S-072).
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from staffing.coverage import (
    Breach,
    ChildrenPresence,
    HalfHour,
    HouseDay,
    Segment,
    Topic,
    assessed,
    half_hours_in_breach,
)
from staffing.coverage.shapes import check_interval
from staffing.week_load import load_of, monday_of, slots_of

# What an admission may break; who directs does not depend on it.
TOPICS = frozenset({Topic.RATIO, Topic.MINIMUM, Topic.CATEGORY_1, Topic.OVERCAPACITY})
CAPACITY = frozenset({Topic.OVERCAPACITY})
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Admission:
    """What is asked: {weekday (1 = Monday): (start, end) in minutes}, and whether the child walks.

    Under the rule `kindergarten`, `walks` means three years and over. Raises ValueError for no day, a weekday or an
    interval that makes no sense, no child.
    """

    days: Mapping[int, tuple[int, int]]
    walks: bool
    children: int = 1

    def __post_init__(self) -> None:
        if not self.days or any(not 1 <= weekday <= 7 for weekday in self.days):
            raise ValueError("an admission is for some weekdays, from 1 to 7")
        for start, end in self.days.values():
            check_interval(start, end)
        if self.children < 1:
            raise ValueError("an admission is for one child at least")

    def presence(self, start: int, end: int) -> ChildrenPresence:
        return ChildrenPresence(start, end, *((0, self.children) if self.walks else (self.children, 0)))


@dataclass(frozen=True)
class Simulated:
    """What one admission would do to one house over some days.

    `broken`: (day, half-hour with only the breaches that it adds); `already`: half-hours asked in which a rule did not
    hold before; `weeks`: Mondays of the weeks whose hours of presence would newly exceed their capacity, with the
    breach; `refused`: minutes asked outside the opening; `room`: the fewest authorised places left once admitted
    (negative within the tolerated overcapacity), None when they are not known; `days`: open days judged.
    """

    broken: tuple[tuple[date, HalfHour], ...] = ()
    already: int = 0
    weeks: tuple[tuple[date, Breach], ...] = ()
    refused: int = 0
    room: int | None = None
    days: int = 0

    @property
    def holds(self) -> bool:
        return not (self.broken or self.weeks or self.refused)


def simulate_admission(
    days: Mapping[date, HouseDay],
    admission: Admission,
    *,
    before: Mapping[date, Sequence[Segment]] | None = None,
    topics: frozenset[Topic] = TOPICS,
    only: Collection[date] | None = None,
) -> Simulated:
    """The admission on each of the days of one house that it concerns.

    `days` are open days; `before` what the engine already said of them, asked when missing; `topics` those judged
    (CAPACITY alone where the hours of the staff are not known); `only` the days on which the child comes, the others
    being read for the hours of their week.
    """
    found = _Found()
    extra: dict[date, ChildrenPresence] = {}
    for on, day in sorted(days.items()):
        asked = admission.days.get(on.isoweekday())
        if asked is None or not day.opening or (only is not None and on not in only):
            continue
        found.days += 1
        start, end = max(asked[0], day.opening[0]), min(asked[1], day.opening[1])
        found.refused += asked[1] - asked[0] - max(0, end - start)
        if start < end:
            extra[on] = admission.presence(start, end)
            known = before.get(on) if before is not None else None
            found.add(on, day, extra[on], assessed(day) if known is None else known, topics)
    weeks = _weeks(days, extra)
    return Simulated(tuple(found.broken), found.already, weeks, found.refused, found.room, found.days)


@dataclass
class _Found:
    broken: list[tuple[date, HalfHour]] = field(default_factory=list)
    already: int = 0
    refused: int = 0
    room: int | None = None
    days: int = 0

    def add(
        self, on: date, day: HouseDay, extra: ChildrenPresence, now: Sequence[Segment], topics: frozenset[Topic]
    ) -> None:
        window = replace(day, opening=(extra.start, extra.end), children=[*day.children, extra])
        then = assessed(window)
        held = {half.start: {breach.topic for breach in half.breaches} for half in half_hours_in_breach(now, topics)}
        self.already += sum(extra.start < start + 30 and start < extra.end for start in held)
        for half in half_hours_in_breach(then, topics):
            new = tuple(breach for breach in half.breaches if breach.topic not in held.get(half.start, ()))
            if new:
                self.broken.append((on, HalfHour(half.start, new)))
        left = _room(day, then)
        if left is not None:
            self.room = left if self.room is None else min(self.room, left)


def _room(day: HouseDay, then: Sequence[Segment]) -> int | None:
    """The fewest authorised places left over some segments."""
    return min(
        (
            slot.places - segment.children
            for slot in slots_of(day)
            for segment in then
            if slot.start_minute < segment.end and segment.start < slot.end_minute
        ),
        default=None,
    )


def _weeks(days: Mapping[date, HouseDay], extra: Mapping[date, ChildrenPresence]) -> tuple[tuple[date, Breach], ...]:
    by_week: dict[date, list[HouseDay]] = {}
    for on, day in sorted(days.items()):
        by_week.setdefault(monday_of(on), []).append(day)
    found = []
    for monday, week in by_week.items():
        if not any(day.on in extra for day in week) or not all(day.places for day in week):
            continue
        after = load_of([_with(day, extra.get(day.on)) for day in week])
        if after.breach and load_of(week).breach is None:
            found.append((monday, after.breach))
    return tuple(found)


def _with(day: HouseDay, extra: ChildrenPresence | None) -> HouseDay:
    return day if extra is None else replace(day, children=[*day.children, extra])


def ranked(found: Mapping[Key, Simulated]) -> list[tuple[Key, Simulated]]:
    """The best first: hours welcomed, nothing broken, nothing broken already, then the most places left.

    Houses that are equal keep the order given.
    """

    def rank(item: tuple[Key, Simulated]) -> tuple[int, ...]:
        one = item[1]
        room = 0 if one.room is None else one.room
        return (not one.days, one.refused, len(one.broken) + len(one.weeks), one.already, one.room is None, -room)

    return sorted(found.items(), key=rank)
