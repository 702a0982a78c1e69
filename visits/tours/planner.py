"""Plan eight weeks: the exact part first, then shorter ways, within a time limit (ADR 0010)."""

import time
from collections.abc import Callable
from datetime import date

from visits.schedule import REGULAR
from visits.tours.compose import Effort, Entry, compose, draft
from visits.tours.core import Core, Settled
from visits.tours.diary import Diary
from visits.tours.improve import Improver
from visits.tours.late import Miss, misses
from visits.tours.model import HALF_DAY_MINUTES, Problem, TourPlan
from visits.tours.needs import Task
from visits.tours.routes import Ways

ITERATIONS_A_VISIT = 4_000
TIME_LIMIT_SECONDS = 10.0

Progress = Callable[[float, str], None]  # part done (0 to 1), a French sentence


def plan(
    problem: Problem,
    *,
    seed: int = 0,
    iterations: int | None = None,
    time_limit: float = TIME_LIMIT_SECONDS,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> TourPlan:
    """A plan without a late visit whenever one exists, then as short as the iterations and seconds allow.

    The same problem, seed and iterations give the same plan as long as `time_limit` (seconds of `clock`) is not
    reached; when it is, the best plan so far is returned, and its status claims no more than was proved.
    Raises nothing of its own: `Problem` refuses what makes no sense.
    """
    began, spent = clock(), time.process_time()
    tell = progress or (lambda part, sentence: None)
    tell(0.0, "Recherche d’un plan sans retard.")
    diary, ways = Diary(problem), Ways(problem)
    settled, gap = _settle(diary, lambda limit: clock() - began > limit * time_limit)
    tasks = [(task, day) for task, day in settled.placements if day is not None]
    tasks += _follow_ups(diary, ways, tasks)
    tell(0.1, "Toutes les visites tiennent." if settled.on_time else "Des échéances ne peuvent pas être tenues.")
    improver = Improver(diary, ways, [task for task, _ in tasks], [day for _, day in tasks], gap)
    made, _ = improver.run(
        ITERATIONS_A_VISIT * len(tasks) if iterations is None else iterations,
        seed,
        lambda: clock() - began > time_limit,
        lambda part, km: tell(0.1 + 0.9 * part, f"Distance\u00a0: {round(km)}\u00a0km."),
    )
    entries = [Entry(task, day) for task, day in zip(improver.tasks, improver.where, strict=True)]
    proven = settled.on_time or settled.proven
    result = compose(diary, ways, entries, Effort(proven, made, seed, time.process_time() - spent))
    tell(1.0, "Plan terminé.")
    return result


def _settle(diary: Diary, over: Callable[[float], bool]) -> tuple[Settled, int]:
    """With the gap between two visits of a house, or without it when it would make one late."""
    gap = diary.problem.min_gap_days
    settled = Core(diary, gap, lambda: over(0.3)).settle()
    if settled.on_time and not any(task.soft for task, _ in settled.placements) or gap <= 1:
        return settled, gap
    close = Core(diary, 1, lambda: over(0.6)).settle()
    return (close, 1) if _rank(close) < _rank(settled) else (settled if settled.on_time else close, gap)


def _rank(settled: Settled) -> tuple[int, int]:
    late = [day is None or day > task.due for task, day in settled.placements]
    days = [(day - task.due).days for task, day in settled.placements if day and day > task.due]
    return sum(late), sum(days)


def _follow_ups(diary: Diary, ways: Ways, placed: list[tuple[Task, date]]) -> list[tuple[Task, date]]:
    """Visits still missing after a late one: each on the first day with room."""
    added: list[tuple[Task, date]] = []
    missing = _missing(diary, ways, placed)
    for _ in range(2 * len(diary.problem.houses)):
        left = dict(diary.capacity)
        for task, day in placed + added:
            left[day] -= diary.problem.visits_a_day if task.whole else 1
        rooms = [(miss, _first_room(diary, miss, left, placed + added)) for miss in missing]
        found = [(miss, day) for miss, day in rooms if day is not None]
        if not found:
            break
        miss, day = found[0]
        added.append((Task(miss.house, REGULAR, (day,), miss.due, soft=True), day))
        missing = _missing(diary, ways, placed + added)
    return added


def _missing(diary: Diary, ways: Ways, placed: list[tuple[Task, date]]) -> list[Miss]:
    visits, _ = draft(diary, ways, [Entry(task, day) for task, day in placed])
    return [miss for miss in misses(diary, visits) if miss.day is None and miss.house.minutes <= HALF_DAY_MINUTES]


def _first_room(diary: Diary, miss: Miss, left: dict[date, int], placed: list[tuple[Task, date]]) -> date | None:
    """The first day with room after the house's other visits, or on time."""
    taken = [day for task, day in placed if task.house is miss.house]
    after = max(taken, default=None)
    return next((d for d in diary.usable(miss.house) if left[d] > 0 and (after is None or d > after)), None)
