"""From the two-month rule to visits to place: every way an establishment can be kept on time, fewest visits first.

A *script* is one such way: a tuple of tasks. A task that others of its house depend on has a single day; the others
keep a window and are placed by the matching (see `core`). Going through the scripts of every house is exhaustive.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from visits.schedule import COUNTING_KINDS, REGULAR, REVIEW
from visits.tours.diary import Diary
from visits.tours.model import HALF_DAY_MINUTES, House, Locked

# Beyond, the search is no longer exhaustive and says so.
MOST_SCRIPTS = 4000
# Days tried, from the first, for a visit that is late whatever is done and that others follow.
LATE_DAYS_TRIED = 5


@dataclass(frozen=True)
class Task:
    """A visit to place on one of `days`. `own_due` is the review's or the urgent visit's own deadline.

    `soft`: no day is on time, the earliest is the best.
    """

    house: House
    kind: str
    days: tuple[date, ...]
    due: date
    own_due: date | None = None
    whole: bool = False
    soft: bool = False

    @property
    def counts(self) -> bool:
        return self.kind in COUNTING_KINDS


Script = tuple[Task, ...]


@dataclass(frozen=True)
class Wish:
    """A visit asked for on top of the rhythm: a review or an urgent visit."""

    kind: str
    due: date
    whole: bool = False


class Needs:
    """The scripts of one house, under a gap of days between two of its visits."""

    def __init__(self, diary: Diary, house: House, gap_days: int) -> None:
        self.diary = diary
        self.house = house
        self.gap = timedelta(days=max(1, gap_days))
        self.usable = diary.usable(house)
        self.beyond = diary.beyond(house)
        self.locked = [one for one in diary.problem.locked if one.house_id == house.id]
        self.points = sorted(one.day for one in self.locked if one.kind in COUNTING_KINDS)

    def scripts(self) -> tuple[list[Script], bool]:
        """The scripts and whether they are all there."""
        found = list(islice(self._scripts(), MOST_SCRIPTS + 1))
        scripts = sorted(found[:MOST_SCRIPTS], key=lambda script: (len(script), -sum(len(t.days) for t in script)))
        return scripts, len(found) <= MOST_SCRIPTS

    def _scripts(self) -> Iterator[Script]:
        wishes = wanted(self.diary, self.house, self.locked)
        first = wishes[0] if len(wishes) == 1 and self._joins(wishes[0]) else None
        for extras in self._set_apart([] if first else wishes, ()):
            points = sorted([*self.points, *(task.days[0] for task in extras if task.counts)])
            taken = {task.days[0] for task in extras}
            for script in self._keep_up(self._not_before(), self.diary.due(self.house), points, taken, first):
                yield extras + script

    def _joins(self, wish: Wish) -> bool:
        """Whether the first visit of the rhythm can always be that visit: as short, counted, and nothing locked.

        Then any plan with both apart becomes a plan with one: the wish takes the place of the first of the two.
        """
        same_size = wish.whole == (self.house.minutes > HALF_DAY_MINUTES)
        return wish.kind in COUNTING_KINDS and same_size and not self.points

    def _not_before(self) -> date:
        last = self.house.last_visit_on
        return self.diary.problem.agenda.starts_on if last is None else last + self.gap

    def _set_apart(self, wishes: Sequence[Wish], done: Script) -> Iterator[Script]:
        """Each wish on each of its days: a fixed point for the rhythm."""
        if not wishes:
            yield done
            return
        wish, taken = wishes[0], {task.days[0] for task in done}
        free = [d for d in self._room(whole=wish.whole) if d not in taken]
        days = [d for d in free if d <= wish.due]
        due = self.diary.due(self.house)
        if wish.kind in COUNTING_KINDS:  # one visit for both deadlines first, as late as possible
            days.sort(key=lambda d: (d > due, -d.toordinal() if d <= due else d.toordinal()))
        soft = not days
        for day in days or free[:LATE_DAYS_TRIED]:
            task = Task(self.house, wish.kind, (day,), wish.due, wish.due, wish.whole, soft)
            yield from self._set_apart(wishes[1:], (*done, task))
        if soft and not free:
            yield from self._set_apart(wishes[1:], done)

    def _room(self, *, whole: bool) -> list[date]:
        return [d for d in self.usable if not whole or d in self.diary.whole]

    def _keep_up(
        self, after: date, due: date, points: Sequence[date], taken: set[date], first: Wish | None
    ) -> Iterator[Script]:
        """Visits so that none is late from `due` until nothing more is due before the first day beyond the plan."""
        target = points[0] if points else self.beyond
        if due >= target and first is None:
            yield from self._go_on(points, taken)
            return
        # An urgent visit does not wait for the gap.
        after = self.diary.problem.agenda.starts_on if first and first.kind != REVIEW else after
        limit = min(due, first.due) if first else due
        whole = self.house.minutes > HALF_DAY_MINUTES
        free = [d for d in self._room(whole=whole) if d >= after and d not in taken and (not points or d < target)]
        on_time = [d for d in free if d <= limit]
        task = Task(
            self.house, first.kind if first else REGULAR, (), limit, first.due if first else None, whole, not on_time
        )
        enough = [d for d in (on_time or free) if self.house.next_due(d) >= target]
        windows = [(d,) for d in enough] if whole else [tuple(enough)] if enough else []
        for window in windows:
            for tail in self._go_on(points, taken):
                yield (replace(task, days=window), *tail)
        short = [d for d in (on_time[::-1] or free[:LATE_DAYS_TRIED]) if self.house.next_due(d) < target]
        for day in short:
            for tail in self._keep_up(day + self.gap, self.house.next_due(day), points, taken, None):
                yield (replace(task, days=(day,)), *tail)
        if not enough and not short:
            for tail in self._go_on(points, taken):
                yield (task, *tail)

    def _go_on(self, points: Sequence[date], taken: set[date]) -> Iterator[Script]:
        if not points:
            yield ()
            return
        day = points[0]
        yield from self._keep_up(day + self.gap, self.house.next_due(day), points[1:], taken, None)


def wanted(diary: Diary, house: House, locked: Sequence[Locked]) -> list[Wish]:
    """Reviews due before the plan's end or while nobody can come, and urgent visits, less what is locked for them."""
    wishes = [
        Wish(REVIEW, review.due_on, review.minutes > HALF_DAY_MINUTES)
        for review in house.reviews
        if review.due_on < diary.beyond(house) and not _met(REVIEW, review.due_on, locked)
    ]
    wishes += [
        Wish(one.kind, one.due_on, house.minutes > HALF_DAY_MINUTES)
        for one in diary.problem.urgent
        if one.house_id == house.id and not _met(one.kind, one.due_on, locked)
    ]
    return sorted(wishes, key=lambda wish: (wish.due, wish.kind))


def answers(kind: str, wished: str) -> bool:
    """Whether a visit of `kind` does for a wish: a review and a visit that does not count ask for their own kind."""
    if wished in COUNTING_KINDS and wished != REVIEW:
        return kind in COUNTING_KINDS
    return kind == wished


def _met(wished: str, due: date, locked: Sequence[Locked]) -> bool:
    return any(one.day <= due and answers(one.kind, wished) for one in locked)
