"""How full a house is at each half-hour of the week, and where occasional welcome would find room (S-062). Pure.

The usual count is the median of the counted days: one outing or one strike does not move it. A place is called free
when it stayed free on nine counted days in ten: a mean would promise a place that is taken every other week.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .day_places import HalfHour
from .half_hours import MINUTES, place_of

WEEKS = 12  # as for the attendance to expect (entry/expected.py): longer, and September would tell of May
FEWEST_DAYS = 4  # of one weekday: fewer say nothing of a habit
SURE = Fraction(9, 10)  # of the counted days on which a place must have stayed free
SHORTEST = 4  # half-hours: an occasional welcome of less than two hours is not worth the way


@dataclass(frozen=True)
class Day:
    """A counted day: children present on its 48 half-hours, and the places of those that it opened."""

    day: date
    present: Sequence[int]
    places: Sequence[HalfHour]


@dataclass(frozen=True)
class Moment:
    """One half-hour of one weekday (1 = Monday); `half_hour` counts from midnight.

    `usual` is the median of the children present (the upper one of two), `most` the highest; `places` the fewest open
    places, None when a day's authorisation is unknown; `free` the places that stayed free on nine days in ten.
    """

    weekday: int
    half_hour: int
    days: int
    usual: int
    most: int
    places: int | None
    free: int | None

    @property
    def filling(self) -> Fraction | None:
        """Usual children on the fewest open places; None without a place."""
        return Fraction(self.usual, self.places) if self.places else None


@dataclass(frozen=True)
class Stretch:
    """Consecutive half-hours with at least `places` free: `start` and `end` in minutes, the end excluded."""

    weekday: int
    start: int
    end: int
    places: int
    days: int

    @property
    def place_hours(self) -> Fraction:
        """Hours of welcome that it could give in a week."""
        return Fraction(self.places * (self.end - self.start), 60)


def week(days: Iterable[Day]) -> dict[tuple[int, int], Moment]:
    """{(weekday, half-hour): Moment} of the weekdays with enough counted days; a day without any child is left out."""
    found: dict[int, list[Day]] = defaultdict(list)
    for day in days:
        if any(day.present):
            found[day.day.isoweekday()].append(day)
    return {
        (weekday, half_hour): moment
        for weekday, counted in sorted(found.items())
        if len(counted) >= FEWEST_DAYS
        for half_hour, moment in _moments(weekday, counted)
    }


def _moments(weekday, counted):
    """Of each half-hour that at least four of these days opened: hours that changed last week are not a habit yet."""
    seen: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for day in counted:
        for one in day.places:
            place = place_of(one.start)
            seen[place].append((day.present[place], one.open))
    for half_hour, pairs in sorted(seen.items()):
        if len(pairs) >= FEWEST_DAYS:
            yield half_hour, _moment(weekday, half_hour, pairs)


def _moment(weekday, half_hour, pairs):
    present = sorted(count for count, _ in pairs)
    known = [open_places for _, open_places in pairs if open_places is not None]
    is_known = len(known) == len(pairs)
    return Moment(
        weekday=weekday,
        half_hour=half_hour,
        days=len(pairs),
        usual=present[len(present) // 2],
        most=present[-1],
        places=min(known) if is_known else None,
        free=sure([max(places - count, 0) for count, places in pairs]) if is_known else None,
    )


def sure(free: Iterable[int]) -> int:
    """The most places that stayed free on at least nine days in ten. Raises ValueError when empty."""
    ordered = sorted(free)
    if not ordered:
        raise ValueError("no day")
    may_miss = int(len(ordered) * (1 - SURE))
    return ordered[may_miss]


def stretches(moments: Mapping[tuple[int, int], Moment]) -> list[Stretch]:
    """Runs of two hours and more with a free place, none over another, those that give most place-hours first.

    3 places from 15 h to 18 h give more than 1 place from 12 h to 18 h: of two runs over the same hours, the richer
    is kept.
    """
    runs: list[Stretch] = []
    for weekday in sorted({weekday for weekday, _ in moments}):
        mine = {half: moment for (day, half), moment in moments.items() if day == weekday}
        levels = sorted({moment.free for moment in mine.values() if moment.free})
        found: list[Stretch] = []
        for level in levels:
            found += _runs(weekday, mine, level)
        runs += _useful(found)
    return sorted(runs, key=lambda run: (-run.place_hours, run.weekday, run.start))


def _runs(weekday, mine, level):
    """The runs of consecutive half-hours that have at least `level` places free."""
    held: list[int] = []
    for half_hour in [*sorted(mine), None]:
        is_free = half_hour is not None and (mine[half_hour].free or 0) >= level
        if held and not (is_free and half_hour == held[-1] + 1):
            if len(held) >= SHORTEST:
                days = min(mine[place].days for place in held)
                least = min(mine[place].free for place in held)
                yield Stretch(weekday, held[0] * MINUTES, (held[-1] + 1) * MINUTES, least, days)
            held = []
        if is_free:
            held.append(half_hour)


def _useful(found):
    """Each run once, the one that gives the most hours of those that overlap."""
    kept: list[Stretch] = []
    for run in sorted(found, key=lambda run: (-run.place_hours, -run.places, run.start)):
        if all(run.end <= other.start or other.end <= run.start for other in kept):
            kept.append(run)
    return kept
