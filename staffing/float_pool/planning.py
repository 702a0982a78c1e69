"""The distribution of the pool over some days, and the reason of each choice."""

import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.french import NBSP, NNBSP, counted, hours, sentence_list
from staffing.float_pool.costs import Choice, Cost, evaluate, pair_cost
from staffing.float_pool.matching import assign
from staffing.float_pool.rest import Obstacle, obstacle
from staffing.float_pool.shapes import FloatAgent, Need

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Assignment:
    """One agent sent to one need, and why (a French sentence)."""

    need: Need
    agent: FloatAgent
    reason: str


@dataclass(frozen=True)
class Uncovered:
    """A need left without anyone, and why (a French sentence)."""

    need: Need
    reason: str


@dataclass(frozen=True)
class Plan:
    """What the planner proposes; `exact` when no other distribution costs less, `complete` unless time ran out."""

    assignments: tuple[Assignment, ...]
    uncovered: tuple[Uncovered, ...]
    cost: Cost
    exact: bool
    complete: bool


class _Watch:
    """The time that is left, and how far the work has gone."""

    def __init__(
        self, clock: Callable[[], float], max_seconds: float, progress: Progress | None, *, steps: int
    ) -> None:
        self.clock, self.deadline, self.progress, self.steps = clock, clock() + max_seconds, progress, steps
        self.done, self.in_time = 0, True

    def late(self) -> bool:
        self.in_time = self.in_time and self.clock() <= self.deadline
        return not self.in_time

    def step(self) -> None:
        self.done = min(self.done + 1, self.steps)
        if self.progress:
            self.progress(self.done, self.steps)


class _Pool:
    """The state of a planning: who goes where so far, and what each day costs given the others."""

    def __init__(self, agents: Sequence[FloatAgent], needs: Sequence[Need], pinned: Choice) -> None:
        self.agents, self.needs, self.pinned = agents, needs, dict(pinned)
        self.choice: dict[Hashable, Hashable] = dict(pinned)
        self.days = sorted({need.shift.on for need in needs})
        self.of_day: dict[date, list[Need]] = {day: [] for day in self.days}
        for need in needs:
            self.of_day[need.shift.on].append(need)

    def others(self, day: date) -> dict[Hashable, list[Need]]:
        """The needs of each agent on the other days, and those pinned on this one."""
        found: dict[Hashable, list[Need]] = {agent.id: [] for agent in self.agents}
        for need in self.needs:
            if need.id in self.choice and (need.shift.on != day or need.id in self.pinned):
                found[self.choice[need.id]].append(need)
        return found

    def table(self, day: date) -> tuple[list[Need], list[list[Cost | None]]]:
        """The needs of a day still to give, and the cost of each agent for each, None where she cannot."""
        elsewhere = self.others(day)
        shifts = {agent.id: [need.shift for need in elsewhere[agent.id]] for agent in self.agents}
        open_needs = [need for need in self.of_day[day] if need.id not in self.pinned]
        return open_needs, [
            [
                None if obstacle(agent, need, shifts[agent.id]) else pair_cost(agent, need, elsewhere[agent.id])
                for agent in self.agents
            ]
            for need in open_needs
        ]

    def settle(self, day: date, *, quickly: bool = False) -> bool:
        """Distribute one day given the others; whether anything changed for less."""
        needs, table = self.table(day)
        method = _first_come if quickly else assign
        columns = method(table, [Cost(need.half_hours) for need in needs])
        before = [self._column(need) for need in needs]
        if _total(needs, table, columns) >= _total(needs, table, before):
            return False
        for need, column in zip(needs, columns, strict=True):
            self.choice.pop(need.id, None)
            if column is not None:
                self.choice[need.id] = self.agents[column].id
        return True

    def distribute(self, order: Sequence[date], watch: "_Watch") -> None:
        """Every day in this order, then again while it costs less and there is time."""
        changed = first_round = True
        while changed and (first_round or len(order) > 1):
            changed = False
            for day in order:
                late = watch.late()
                if first_round or not late:
                    changed = self.settle(day, quickly=late) or changed
                watch.step()
            changed = changed and watch.in_time
            first_round = False

    def cost(self) -> Cost:
        return evaluate(self.agents, self.needs, self.choice).cost

    def _column(self, need: Need) -> int | None:
        chosen = self.choice.get(need.id)
        return next((n for n, agent in enumerate(self.agents) if need.id in self.choice and agent.id == chosen), None)


def _total(
    needs: Sequence[Need], table: Sequence[Sequence[Cost | None]], columns: Sequence[int | None]
) -> tuple[int, ...]:
    costs = [
        Cost(need.half_hours) if column is None else row[column]
        for need, row, column in zip(needs, table, columns, strict=True)
    ]
    return tuple(map(sum, zip(*(cost for cost in costs if cost is not None), strict=True)))


def _first_come(table: Sequence[Sequence[Cost | None]], unassigned: Sequence[Cost]) -> list[int | None]:
    """The heaviest need first, to the agent who costs least: an answer when time ran out."""
    found: list[int | None] = [None] * len(table)
    taken: set[int] = set()
    for row in sorted(range(len(table)), key=lambda n: unassigned[n], reverse=True):
        possible = [(cost, n) for n, cost in enumerate(table[row]) if cost is not None and n not in taken]
        if possible:
            found[row] = min(possible)[1]
            taken.add(min(possible)[1])
    return found


def plan(
    agents: Iterable[FloatAgent],
    needs: Iterable[Need],
    *,
    pinned: Choice | None = None,
    max_seconds: float = 2.0,
    clock: Callable[[], float] = time.monotonic,
    progress: Progress | None = None,
) -> Plan:
    """Distribute the pool: each day at the least cost given the others, again until nothing improves.

    Exact over one day. Over several, what binds the days (rest, discoveries, fairness) makes it a heuristic, tried
    from the first day and from the last, the cheaper kept. `max_seconds` is looked at between two days: after it, days
    still to do are given first come, first served. `pinned` (need -> agent) are choices that stay, even against a
    rule. `progress` gets (steps done, steps).
    Raises ValueError for two needs or two agents with one id and for a pin on an unknown need, KeyError on an unknown
    agent.
    """
    pool, needs = list(agents), list(needs)
    for things in (pool, needs):
        if len({thing.id for thing in things}) < len(things):
            raise ValueError("ids must be unique")
    evaluate(pool, needs, pinned or {})
    best = _Pool(pool, needs, pinned or {})
    orders = [best.days, best.days[::-1]] if len(best.days) > 1 else [best.days]
    watch = _Watch(clock, max_seconds, progress, steps=2 * len(orders) * len(best.days))
    best.distribute(orders[0], watch)
    for order in orders[1:]:
        other = _Pool(pool, needs, pinned or {})
        if not watch.late():
            other.distribute(order, watch)
            best = min(best, other, key=_Pool.cost)
    return _explained(best, complete=watch.in_time)


def uncovered_bound(agents: Iterable[FloatAgent], needs: Iterable[Need]) -> int:
    """Half-hours that no distribution can cover: each day is given the whole pool, as rested as it can be."""
    pool = _Pool(list(agents), list(needs), {})
    bound = 0
    for day in pool.days:
        open_needs, table = pool.table(day)
        columns = assign(table, [Cost(need.half_hours) for need in open_needs])
        bound += sum(need.half_hours for need, column in zip(open_needs, columns, strict=True) if column is None)
    return bound


def _explained(pool: _Pool, *, complete: bool) -> Plan:
    by_id = {agent.id: agent for agent in pool.agents}
    assignments: list[Assignment] = []
    uncovered: list[Uncovered] = []
    for day in pool.days:
        elsewhere = pool.others(day)
        for need in pool.of_day[day]:
            stopped = _obstacles(pool, need, elsewhere)
            if need.id in pool.choice:
                agent = by_id[pool.choice[need.id]]
                possible = len(pool.agents) - stopped.total()
                assignments.append(Assignment(need, agent, _reason(pool, agent, need, elsewhere[agent.id], possible)))
            else:
                uncovered.append(Uncovered(need, _why_nobody(stopped, len(pool.agents))))
    return Plan(tuple(assignments), tuple(uncovered), pool.cost(), len(pool.days) <= 1 and complete, complete)


def _obstacles(pool: _Pool, need: Need, elsewhere: Mapping[Hashable, Sequence[Need]]) -> Counter[Obstacle]:
    found = (obstacle(agent, need, [n.shift for n in elsewhere[agent.id]]) for agent in pool.agents)
    return Counter(each for each in found if each)


def _reason(pool: _Pool, agent: FloatAgent, need: Need, elsewhere: Sequence[Need], possible: int) -> str:
    covers = f"Couvre {counted(need.half_hours, 'demi-heure')} sous le taux"
    if need.id in pool.pinned:
        return f"{covers}{NNBSP}; choix de la coordination."
    if need.house in agent.knows:
        knows = "connaît déjà les lieux"
    elif any(other.house == need.house for other in elsewhere):
        knows = "y va aussi un autre jour"
    else:
        knows = "ne connaît pas encore les lieux"
    travel = agent.travel.get(need.house)
    way = "trajet non renseigné" if travel is None else f"{hours(minutes=travel)} de trajet"
    given = agent.minutes_given + sum(other.shift.minutes for other in elsewhere)
    among = "seul choix possible" if possible == 1 else f"{possible} agents possibles"
    return f"{NNBSP}; ".join([covers, knows, way, f"{hours(minutes=given)} de renfort par ailleurs", among]) + "."


def _why_nobody(stopped: Counter[Obstacle], agents: int) -> str:
    free = agents - stopped.total()
    if not agents:
        return "Le pool est vide."
    if free:
        return "Les agents possibles sont affectés ailleurs ce jour-là."
    return f"Aucun agent possible{NBSP}: {sentence_list(f'{n} {each.value}' for each, n in stopped.items())}."
