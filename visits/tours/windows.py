"""Where a visit may move while the others of its house stay: on time before and after, never twice on a day."""

from collections.abc import Sequence
from datetime import date, timedelta

from visits.schedule import REVIEW
from visits.tours.diary import Diary
from visits.tours.needs import Task

Other = tuple[date, bool]  # another visit of the house, and whether it counts


def window(diary: Diary, task: Task, day: date, others: Sequence[Other], gap_days: int) -> tuple[date, ...]:
    """The days `task`, now on `day`, may take without a deadline being missed; `day` alone if it is late already.

    A visit that no day could make on time may only come earlier.
    """
    taken = {other for other, _ in others}
    free = [d for d in diary.usable(task.house) if d not in taken and (not task.whole or d in diary.whole)]
    first, last, target = _bounds(diary, task, day, others, gap_days)
    if task.soft:
        last = max(last, day)
    ahead = [other for other, counts in others if counts and other > day]
    kept = [
        d
        for d in free
        if first <= d <= last
        and (not task.counts or (task.house.next_due(d) >= target and all(d < other for other in ahead)))
    ]
    return tuple(kept) if day in kept else (day,)


def deadline(diary: Diary, task: Task, day: date, others: Sequence[Other]) -> date:
    """When `task`, on `day` among the other visits of its house, is due: its own deadline or the two-month rule's."""
    own = task.own_due or date.max
    if not task.counts:
        return own
    before = max((other for other, counts in others if counts and other < day), default=None)
    return min(own, diary.due(task.house) if before is None else task.house.next_due(before))


def _bounds(diary: Diary, task: Task, day: date, others: Sequence[Other], gap_days: int) -> tuple[date, date, date]:
    """(first day, last day, the day its own due date must reach)."""
    start, house = diary.problem.agenda.starts_on, task.house
    own = task.own_due or date.max
    if not task.counts:
        return start, own, start
    before = max((other for other, counts in others if counts and other < day), default=None)
    after = min((other for other, counts in others if counts and other > day), default=None)
    target = after or diary.beyond(house)
    due = diary.due(house) if before is None else house.next_due(before)
    is_urgent = task.own_due is not None and task.kind != REVIEW
    gap = timedelta(days=1 if is_urgent else max(1, gap_days))
    previous = before or house.last_visit_on
    first = max(start, previous + gap) if previous and not (is_urgent and before is None) else start
    return first, min(own, due) if due < target else own, target
