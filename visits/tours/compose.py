"""From visits on their days to the plan that is read: half-days, reasons, lateness, way and bound."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from visits.schedule import COUNTING_KINDS
from visits.tours.diary import Diary
from visits.tours.explain import reasons
from visits.tours.late import Miss, Reasons, misses
from visits.tours.model import HALF_DAY_MINUTES, HALVES, LATE_PROVEN, LATE_UNPROVEN, ON_TIME, PlannedVisit, TourPlan
from visits.tours.needs import Task
from visits.tours.routes import Stop, Ways, lower_bound
from visits.tours.windows import Other, deadline, window


@dataclass(frozen=True)
class Entry:
    """A visit on its day; `half` is empty while the half-day is free to choose."""

    task: Task
    day: date
    half: str = ""


@dataclass(frozen=True)
class Effort:
    """What the plan cost, and whether a better one is excluded."""

    proven: bool
    iterations: int
    seed: int
    cpu_seconds: float


def others_of(diary: Diary, entries: Sequence[Entry], entry: Entry) -> list[Other]:
    """The other visits of its house, locked ones included."""
    house_id = entry.task.house.id
    locked = [one for one in diary.problem.locked if one.house_id == house_id]
    same = [(one.day, one.task.counts) for one in entries if one.task.house.id == house_id and one is not entry]
    return same + [(one.day, one.kind in COUNTING_KINDS) for one in locked]


def draft(diary: Diary, ways: Ways, entries: Sequence[Entry]) -> tuple[list[PlannedVisit], float]:
    """The visits in their order, without reasons, and the kilometres."""
    visits, km = _locked(diary), 0.0
    for day in sorted({entry.day for entry in entries} | {visit.day for visit in visits}):
        today = {entry.task.house.id: entry for entry in entries if entry.day == day}
        settled = {visit.house.id: visit.half_day for visit in visits if visit.locked and visit.day == day}
        stops: list[Stop] = [*settled.items(), *((house_id, entry.half) for house_id, entry in today.items())]
        room = dict(diary.room.get(day, dict.fromkeys(HALVES, 0)))
        way, order = ways.best(stops, room)
        km += way
        for house_id, half in order:
            if house_id in today:
                visits.append(_visit(diary, entries, today[house_id], half))
    visits = [replace(one, due_on=_due_when_locked(diary, one, visits)) if one.locked else one for one in visits]
    return sorted(visits, key=lambda visit: (visit.day, HALVES.index(visit.half_day), visit.house.id)), km


def _locked(diary: Diary) -> list[PlannedVisit]:
    rows = []
    for one in diary.problem.locked:
        house = diary.problem.house(one.house_id)
        whole = one.minutes > HALF_DAY_MINUTES
        due = diary.due(house)
        rows.append(PlannedVisit(house, one.day, one.half_day, one.kind, due, whole_day=whole, locked=True))
    return rows


def _due_when_locked(diary: Diary, locked: PlannedVisit, visits: Sequence[PlannedVisit]) -> date:
    """By the last visit of its house that counts before it, placed or locked."""
    counting = [one.day for one in visits if one.house.id == locked.house.id and one.counts and one.day < locked.day]
    return locked.house.next_due(max(counting)) if counting else diary.due(locked.house)


def _visit(diary: Diary, entries: Sequence[Entry], entry: Entry, half: str) -> PlannedVisit:
    task = entry.task
    due = deadline(diary, task, entry.day, others_of(diary, entries, entry))
    return PlannedVisit(task.house, entry.day, half, task.kind, due, whole_day=task.whole, own_due_on=task.own_due)


def compose(
    diary: Diary, ways: Ways, entries: Sequence[Entry], effort: Effort, refused: Sequence[tuple[Miss, str]] = ()
) -> TourPlan:
    """The plan; `refused` are deadlines whose reason is known already."""
    bare, km = draft(diary, ways, entries)
    missed = misses(diary, bare)
    status = ON_TIME if not missed else LATE_PROVEN if effort.proven else LATE_UNPROVEN
    said = Reasons(diary, bare, status)
    known = {(miss.house.id, miss.due): why for miss, why in refused}
    windows = {
        (e.task.house.id, e.day): window(
            diary, e.task, e.day, others_of(diary, entries, e), diary.problem.min_gap_days
        )
        for e in entries
    }
    return TourPlan(
        problem=diary.problem,
        visits=_reasoned(diary, ways, bare, windows),
        late=tuple(said.explained(miss, known.get((miss.house.id, miss.due))) for miss in missed),
        distance_km=km,
        lower_bound_km=_bound(diary, ways, bare),
        status=status,
        iterations=effort.iterations,
        seed=effort.seed,
        cpu_seconds=effort.cpu_seconds,
    )


def _reasoned(
    diary: Diary, ways: Ways, bare: Sequence[PlannedVisit], windows: dict[tuple[int, date], tuple[date, ...]]
) -> tuple[PlannedVisit, ...]:
    by_day: dict[date, list[PlannedVisit]] = {}
    for visit in bare:
        by_day.setdefault(visit.day, []).append(visit)
    return tuple(
        replace(
            visit,
            reasons=reasons(diary, ways, visit, by_day[visit.day], windows.get((visit.house.id, visit.day), ())),
        )
        for visit in bare
    )


def _bound(diary: Diary, ways: Ways, visits: Sequence[PlannedVisit]) -> float:
    """Houses seen once keep to their days on time; the others are given all theirs: the bound stays below any plan."""
    ids = [visit.house.id for visit in visits]
    days = []
    for visit in visits:
        usable = set(diary.usable(visit.house)) | {visit.day}
        once = ids.count(visit.house.id) == 1 and visit.day <= visit.due_on
        days.append({visit.day} if visit.locked else {d for d in usable if d <= visit.due_on} if once else usable)
    whole = [visit.whole_day for visit in visits]
    most = max([diary.problem.visits_a_day, *_crowds(visits)])
    return lower_bound(ways, [visit.house for visit in visits], days, whole, most)


def _crowds(visits: Sequence[PlannedVisit]) -> list[int]:
    """Locked visits may be more numerous on a day than the limit."""
    return [sum(other.day == visit.day for other in visits) for visit in visits]
