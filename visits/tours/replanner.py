"""One urgent visit more: the plan as it stands, at most three other visits moved."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from core.french import counted, day_month
from visits.schedule import COUNTING_KINDS, REVIEW
from visits.tours.compose import Effort, Entry, compose, draft, others_of
from visits.tours.diary import Diary
from visits.tours.late import Miss, misses
from visits.tours.model import HALF_DAY_MINUTES, HALVES, LATE_UNPROVEN, PlannedVisit, TourPlan, Urgent
from visits.tours.needs import Task, answers
from visits.tours.routes import Ways
from visits.tours.windows import window

MOST_MOVED = 3
MOST_CHAINS = 3000

Chain = tuple[tuple[int, date], ...]  # (which entry, its new day), the newcomer first


def moved(before: TourPlan, after: TourPlan, house_id: int) -> list[PlannedVisit]:
    """The visits of `before`, of other houses than `house_id`, that `after` does not hold on the same half-day."""
    kept = {(visit.house.id, visit.day, visit.half_day) for visit in after.visits}
    return [
        visit
        for visit in before.visits
        if visit.house.id != house_id and (visit.house.id, visit.day, visit.half_day) not in kept
    ]


def replan(current: TourPlan, urgent: Urgent, *, most_moved: int = MOST_MOVED) -> TourPlan:
    """`current` with the urgent visit on time and at most `most_moved` (0 to 3) others moved, none made late.

    Fewest moves first, then the shortest way. Where these moves are not enough the urgent visit takes the first free
    place after its deadline and is reported late: planning anew may still find room.
    Raises ValueError (French) when the urgent visit names no house of the plan.
    """
    spent = time.process_time()
    problem = replace(current.problem, urgent=(*current.problem.urgent, urgent))
    diary, ways = Diary(problem), Ways(problem)
    entries = [entry_of(visit) for visit in current.visits if not visit.locked]
    entries, refused = _with_urgent(diary, ways, entries, urgent, most_moved)
    proven = current.status != LATE_UNPROVEN and not refused
    effort = Effort(proven, current.iterations, current.seed, time.process_time() - spent)
    return compose(diary, ways, entries, effort, refused)


def entry_of(visit: PlannedVisit) -> Entry:
    """A visit of a plan as it stands, on the only day it has."""
    soft = visit.day > visit.due_on
    task = Task(visit.house, visit.kind, (visit.day,), visit.due_on, visit.own_due_on, visit.whole_day, soft)
    return Entry(task, visit.day, visit.half_day)


def _with_urgent(
    diary: Diary, ways: Ways, entries: list[Entry], urgent: Urgent, most_moved: int
) -> tuple[list[Entry], list[tuple[Miss, str]]]:
    house = diary.problem.house(urgent.house_id)
    if any(
        one.house_id == house.id and one.day <= urgent.due_on and answers(one.kind, urgent.kind)
        for one in diary.problem.locked
    ):
        return entries, []
    own = [entry for entry in entries if entry.task.house.id == house.id]
    soon = next((e for e in own if e.day <= urgent.due_on and answers(e.task.kind, urgent.kind)), None)
    if soon is not None:
        return [_marked(entry, urgent) if entry is soon else entry for entry in entries], []
    best = min(
        (plan for plan in _candidates(diary, ways, entries, own, urgent, most_moved)), key=lambda c: c[0], default=None
    )
    if best is not None:
        return best[1], []
    more = f"plus de {counted(most_moved, 'autre visite', 'autres visites')}" if most_moved else "une autre visite"
    why = f"Aucune place avant le {day_month(urgent.due_on)} sans déplacer {more}."
    return _too_late(diary, entries, own, urgent), [(Miss(house, urgent.due_on, None), why)]


def _marked(entry: Entry, urgent: Urgent) -> Entry:
    """A review keeps its name and its own deadline."""
    if entry.task.kind == REVIEW:
        return entry
    own = min(entry.task.own_due or urgent.due_on, urgent.due_on)
    return replace(entry, task=replace(entry.task, kind=urgent.kind, own_due=own))


def _task(diary: Diary, urgent: Urgent, days: Sequence[date]) -> Task:
    house = diary.problem.house(urgent.house_id)
    whole = house.minutes > HALF_DAY_MINUTES
    return Task(house, urgent.kind, tuple(days), urgent.due_on, urgent.due_on, whole)


def _candidates(
    diary: Diary, ways: Ways, entries: list[Entry], own: list[Entry], urgent: Urgent, most_moved: int
) -> Iterator[tuple[tuple, list[Entry]]]:
    """The house's own visit brought forward, or one visit more; each with its fewest moves."""
    missed = len(misses(diary, draft(diary, ways, entries)[0])) - 1
    forward = [e for e in own if urgent.kind in COUNTING_KINDS and e.task.counts and e.task.kind != REVIEW][:1]
    for dropped in [*forward, None]:
        kept = [entry for entry in entries if entry is not dropped]
        taken = {entry.day for entry in own if entry is not dropped}
        days = [d for d in diary.usable(diary.problem.house(urgent.house_id)) if d <= urgent.due_on and d not in taken]
        state = _State(diary, ways, kept)
        for count in range(most_moved + 1):
            found = state.cheapest(_task(diary, urgent, days), count)
            if found is None:
                continue
            late = len(misses(diary, draft(diary, ways, found[1])[0]))
            if late <= missed:
                yield (count, dropped is None, found[0]), found[1]
                break


@dataclass
class _State:
    """Where everyone is, and the chains of moves that make room: an alternating path of the matching."""

    diary: Diary
    ways: Ways
    entries: list[Entry]

    def __post_init__(self) -> None:
        gap = self.diary.problem.min_gap_days
        self.most = self.diary.problem.visits_a_day
        self.left = dict(self.diary.capacity)
        self.on: dict[date, list[int]] = {}
        self.windows = []
        for index, entry in enumerate(self.entries):
            self.left[entry.day] -= self.most if entry.task.whole else 1
            self.on.setdefault(entry.day, []).append(index)
            days = window(self.diary, entry.task, entry.day, others_of(self.diary, self.entries, entry), gap)
            self.windows.append(() if entry.task.whole else days)
        self.hops = {day: 0 if count > 0 else MOST_MOVED + 1 for day, count in self.left.items()}
        for _ in range(MOST_MOVED):
            for day in self.hops:
                ways_out = [
                    self.hops[d] + 1 for index in self.on.get(day, ()) for d in self.windows[index] if d != day
                ]
                self.hops[day] = min([self.hops[day], *ways_out])

    def cheapest(self, task: Task, count: int) -> tuple[float, list[Entry]] | None:
        """The shortest plan that moves exactly `count` others, and its kilometres more."""
        if task.whole:
            free = [d for d in task.days if d in self.diary.whole and self.left[d] == self.most] if not count else []
            chains: Iterator[Chain] = (((-1, day),) for day in free)
        else:
            chains = self._chains(-1, task.days, count, ())
        tried = ((self._longer(task, chain), chain) for chain in islice(chains, MOST_CHAINS))
        best = min(tried, default=None)
        return None if best is None else (best[0], self._applied(task, best[1]))

    def _chains(self, who: int, days: Sequence[date], count: int, done: Chain) -> Iterator[Chain]:
        houses = {self.entries[index].task.house.id for index, _ in done if index >= 0}
        for day in days:
            if self.hops[day] > count or any(day == other for _, other in done):
                continue
            chain = (*done, (who, day))
            if count == 0 and self.left[day] > 0:
                yield chain
            elif count:
                for out in self.on.get(day, ()):
                    # One visit of a house at most: its window holds while its others stay.
                    if self.entries[out].task.house.id not in houses and out != who:
                        yield from self._chains(out, [d for d in self.windows[out] if d != day], count - 1, chain)

    def _longer(self, task: Task, chain: Chain) -> float:
        before: dict[date, list[int]] = {}
        for index, day in chain:
            for one in (day, self.entries[index].day) if index >= 0 else (day,):
                before[one] = [self.entries[i].task.house.id for i in self.on.get(one, ())]
        after = {day: list(ids) for day, ids in before.items()}
        for index, day in chain:
            house_id = self.entries[index].task.house.id if index >= 0 else task.house.id
            if index >= 0:
                after[self.entries[index].day].remove(house_id)
            after[day].append(house_id)
        return sum(self._way(day, after[day]) - self._way(day, before[day]) for day in before)

    def _way(self, day: date, ids: Sequence[int]) -> float:
        locked = [(one.house_id, one.half_day) for one in self.diary.problem.locked if one.day == day]
        return self.ways.best([*((one, "") for one in ids), *locked], self.diary.room.get(day, {}))[0]

    def _applied(self, task: Task, chain: Chain) -> list[Entry]:
        """Each newcomer takes a free half-day of its day, or the one just left there."""
        entries = list(self.entries)
        for position in range(len(chain) - 1, -1, -1):
            index, day = chain[position]
            there = [e.half for e in entries if e.day == day]
            room = self.diary.room[day]
            half = next(half for half in HALVES if there.count(half) < room[half])
            if index < 0:
                entries.append(Entry(replace(task, days=(day,)), day, half))
            else:
                entries[index] = replace(entries[index], day=day, half=half)
        return entries


def _too_late(diary: Diary, entries: list[Entry], own: list[Entry], urgent: Urgent) -> list[Entry]:
    """The first free place after the deadline, unless a visit of the house that does for it comes before."""
    state = _State(diary, Ways(diary.problem), entries)
    known = min((e.day for e in own if answers(e.task.kind, urgent.kind)), default=date.max)
    taken = {entry.day for entry in own}
    usable = diary.usable(diary.problem.house(urgent.house_id))
    task = _task(diary, urgent, ())
    free = (d for d in usable if urgent.due_on < d < known and d not in taken and state.left[d] > 0)
    day = next((d for d in free if not task.whole or (d in diary.whole and state.left[d] == state.most)), None)
    if day is None:
        return entries
    late = replace(task, days=(day,), soft=True)
    return state._applied(late, ((-1, day),))
