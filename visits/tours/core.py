"""The exact part: can every visit be on time, and if not, the fewest that are late.

Once the scripts of `needs` are chosen, visits of half a day on days of limited capacity are a bipartite matching: its
answer is exact. Houses with several scripts (second visit within the plan, review of a whole day) are searched depth
first, a matching cutting every branch that cannot end well.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from visits.schedule import REGULAR, REVIEW
from visits.tours.assignment import cheapest_assignment, largest_matching
from visits.tours.diary import Diary
from visits.tours.needs import Needs, Script, Task

# One more late visit outweighs any number of days late; a visit left out outweighs any number of late ones.
ONE_LATE = 100_000.0
LEFT_OUT = 1e9
IMPOSSIBLE = 1e12
SCRIPTS_COMPARED = 60
# A limit counted in branches, not in seconds: the same problem is given up at the same place on any machine.
MOST_BRANCHES = 20_000
URGENT_LATE = 500.0  # between plans with as many late visits, rather not the urgent one

Placement = tuple[Task, date | None]


class OutOfTime(Exception):
    """The limit of seconds or of branches struck during the search."""


@dataclass(frozen=True)
class Settled:
    """Each task and its day (None: no room). `proven`: no choice of scripts has fewer late visits."""

    placements: list[Placement]
    on_time: bool
    proven: bool


class Core:
    def __init__(self, diary: Diary, gap_days: int, stop: Callable[[], bool]) -> None:
        self.diary = diary
        self.stop = stop
        self.complete = True
        self.branches = 0
        self.sure: list[Task] = []
        self.hard: list[list[Script]] = []
        for house in diary.problem.houses:
            scripts, complete = Needs(diary, house, gap_days).scripts()
            self.complete &= complete
            if len(scripts) == 1:
                self.sure += scripts[0]
            elif scripts:
                self.hard.append(scripts)
        self.hard.sort(key=len)
        self.relaxed = [self._at_least(scripts) for scripts in self.hard]

    def settle(self) -> Settled:
        try:
            chosen = self._search(0, self.sure)
        except OutOfTime:
            return Settled(self._least_late(self._best_scripts()), on_time=False, proven=False)
        if chosen is not None:
            placements = self._least_late(chosen)
            return Settled(placements, on_time=True, proven=True)
        # The choice of scripts when some are late is a good one, not a proven one.
        return Settled(self._least_late(self._best_scripts()), on_time=False, proven=self.complete)

    def _at_least(self, scripts: Sequence[Script]) -> list[Task]:
        """What any of the scripts asks for at least: one visit on any day of any task. Never cuts a good branch."""
        if any(not script for script in scripts):
            return []
        days = sorted({day for script in scripts for task in script for day in task.days})
        return [Task(scripts[0][0].house, REGULAR, tuple(days), days[-1])] if days else []

    def _search(self, index: int, chosen: list[Task]) -> list[Task] | None:
        self.branches += 1
        if self.branches > MOST_BRANCHES or self.stop():
            raise OutOfTime
        ahead = [task for tasks in self.relaxed[index:] for task in tasks]
        if not self._fits([*chosen, *ahead]):
            return None
        if index == len(self.hard):
            return chosen
        for script in self.hard[index]:
            found = self._search(index + 1, [*chosen, *script])
            if found is not None:
                return found
        return None

    def _fits(self, tasks: Sequence[Task]) -> bool:
        capacity = dict(self.diary.capacity)
        for task in tasks:
            if task.whole and task.days:
                if capacity[task.days[0]] < self.diary.problem.visits_a_day:
                    return False
                capacity[task.days[0]] = 0
        rest = [task.days for task in tasks if not task.whole]
        return all(task.days for task in tasks) and None not in largest_matching(rest, capacity)

    def _best_scripts(self) -> list[Task]:
        """For each house in turn the script that loses the fewest visits."""
        chosen = list(self.sure)
        for scripts in self.hard:
            # Scripts come fewest visits first, and the first of the best is kept.
            losses = [self._lost([*chosen, *script]) for script in scripts[:SCRIPTS_COMPARED]]
            chosen += scripts[losses.index(min(losses))]
        return chosen

    def _lost(self, tasks: Sequence[Task]) -> int:
        capacity = dict(self.diary.capacity)
        lost = sum(task.soft for task in tasks)
        for task in (task for task in tasks if task.whole):
            if task.days and capacity[task.days[0]] == self.diary.problem.visits_a_day:
                capacity[task.days[0]] = 0
            else:
                lost += 1
        return lost + largest_matching([t.days for t in tasks if not t.whole], capacity).count(None)

    def _least_late(self, tasks: Sequence[Task]) -> list[Placement]:
        """Whole days first, then the fewest late visits and the fewest days late among the others: exact for these."""
        capacity = dict(self.diary.capacity)
        whole: list[Placement] = []
        for task in sorted((t for t in tasks if t.whole), key=lambda t: t.days[:1]):
            later = [
                d for d in self.diary.usable(task.house) if d in self.diary.whole and d >= min(task.days, default=d)
            ]
            free = (d for d in (*task.days, *later) if capacity[d] == self.diary.problem.visits_a_day)
            day = next(free, None)
            whole.append((task, day))
            if day:
                capacity[day] = 0
        units = [task for task in tasks if not task.whole]
        days = largest_matching([task.days for task in units], capacity)
        if None in days or any(task.soft for task in units):
            days = self._assign(units, capacity)
        return whole + list(zip(units, days, strict=True))

    def _assign(self, tasks: Sequence[Task], capacity: dict[date, int]) -> list[date | None]:
        slots = [day for day, count in capacity.items() for _ in range(count)]
        together: dict[int, int] = {}
        for task in tasks:
            together[task.house.id] = together.get(task.house.id, 0) + 1
        costs = []
        for task in tasks:
            by_day = self._costs(task, alone=together[task.house.id] == 1)
            out = LEFT_OUT + (URGENT_LATE if _is_urgent(task) else 0.0)
            costs.append([by_day.get(day, IMPOSSIBLE) for day in slots] + [out] * len(tasks))
        columns, _ = cheapest_assignment(costs)
        return [slots[column] if column < len(slots) else None for column in columns]

    def _costs(self, task: Task, *, alone: bool) -> dict[date, float]:
        """0 on time, the days late where nothing is on time, and beyond any of these where being on time was possible.

        A task with others of its house stays on its own days: two visits of a house never meet on a day.
        """
        late = ONE_LATE + (URGENT_LATE if _is_urgent(task) else 0.0)
        costs = {}
        if alone:
            earliest = min(task.days, default=task.due)
            for day in self.diary.usable(task.house):
                if day > task.due and day >= earliest:
                    costs[day] = late + (day - task.due).days
        for day in task.days:
            costs[day] = float((day - task.due).days) if task.soft else 0.0
        return costs


def _is_urgent(task: Task) -> bool:
    return task.own_due is not None and task.kind != REVIEW
