"""Shorter ways by local moves: near visits are brought onto one day, those they push out find another.

Simulated annealing on the days of the visits. Each move stays inside the windows, so what the exact part settled (who
is late, and by how much at most) is never given up. Same seed, same iterations: same plan.
"""

from collections.abc import Callable, Sequence
from datetime import date
from math import exp
from random import Random

from visits.schedule import COUNTING_KINDS
from visits.tours.diary import Diary
from visits.tours.needs import Task
from visits.tours.routes import Ways
from visits.tours.windows import window

NEAREST = 8
CHECK_EVERY = 256
HOT, COLD = 0.25, 0.004  # temperatures, as parts of the mean way of one visit
Moves = list[tuple[int, date]]


class Improver:
    """Visits on their days (`where`), locked ones aside, and the moves that shorten the way."""

    def __init__(self, diary: Diary, ways: Ways, tasks: Sequence[Task], where: Sequence[date], gap_days: int) -> None:
        self.diary, self.ways, self.tasks, self.gap = diary, ways, tasks, gap_days
        self.where = list(where)
        self.most = diary.problem.visits_a_day
        self.size = [self.most if task.whole else 1 for task in tasks]
        self.locked: dict[date, list[tuple[int, str]]] = {}
        for one in diary.problem.locked:
            self.locked.setdefault(one.day, []).append((one.house_id, one.half_day))
        self.on: dict[date, list[int]] = {day: [] for day in diary.days}
        self.left = dict(diary.capacity)
        for index, day in enumerate(self.where):
            self.on[day].append(index)
            self.left[day] -= self.size[index]
        between = ways.between
        ids = [task.house.id for task in tasks]
        self.near = [
            sorted((j for j in range(len(ids)) if ids[j] != a), key=lambda j: (between[a, ids[j]], j))[:NEAREST]
            for a in ids
        ]

    def way(self, day: date) -> float:
        stops = [(self.tasks[index].house.id, "") for index in self.on.get(day, ())] + self.locked.get(day, [])
        if len(stops) < 3:
            return self.ways.length([one for one, _ in stops])
        return self.ways.best(stops, self.diary.room.get(day, {}))[0]

    def total(self) -> float:
        return sum(self.way(day) for day in dict.fromkeys([*self.on, *self.locked]))

    def run(
        self, iterations: int, seed: int, stop: Callable[[], bool], report: Callable[[float, float], None]
    ) -> tuple[int, float]:
        """(iterations made, kilometres). Houses seen several times move one of their visits a round."""
        several = max((sum(t.house is task.house for t in self.tasks) for task in self.tasks), default=0)
        # The last round repeats the first: what moved meanwhile may have opened its window.
        rounds = 1 if several < 2 else several + 1
        done, total = 0, self.total()
        for turn in range(rounds):
            allowed = self._windows(turn)
            if any(len(days) > 1 for days in allowed) and not stop():
                random = Random(f"{seed}/{turn}")  # noqa: S311 - a search, not a secret

                def told(part: float, km: float, turn: int = turn) -> None:
                    report((turn + part) / rounds, km)

                made, total = _Annealing(self, allowed, random).run(iterations // rounds, stop, told)
                done += made
        return done, total

    def _windows(self, turn: int) -> list[tuple[date, ...]]:
        """Where each visit may go this round; of one house only one visit moves."""
        allowed: list[tuple[date, ...]] = []
        locked = self.diary.problem.locked
        for index, task in enumerate(self.tasks):
            same = sorted((self.where[i], i) for i, other in enumerate(self.tasks) if other.house is task.house)
            if same[turn % len(same)][1] != index:
                allowed.append((self.where[index],))
                continue
            others = [(day, self.tasks[i].counts) for day, i in same if i != index]
            others += [(one.day, one.kind in COUNTING_KINDS) for one in locked if one.house_id == task.house.id]
            allowed.append(window(self.diary, task, self.where[index], others, self.gap))
        return allowed

    def apply(self, moves: Moves) -> None:
        for index, day in moves:
            old = self.where[index]
            self.on[old].remove(index)
            self.left[old] += self.size[index]
            self.on[day].append(index)
            self.left[day] -= self.size[index]
            self.where[index] = day


class _Annealing:
    """One round: moves within `allowed`, the best state found is kept."""

    def __init__(self, state: Improver, allowed: Sequence[tuple[date, ...]], random: Random) -> None:
        self.state, self.random = state, random
        self.allowed = allowed
        self.sets = [frozenset(days) for days in allowed]
        self.movable = [index for index, days in enumerate(allowed) if len(days) > 1]

    def run(
        self, iterations: int, stop: Callable[[], bool], report: Callable[[float, float], None]
    ) -> tuple[int, float]:
        state, random = self.state, self.random
        total = best = state.total()
        kept = list(state.where)
        mean = total / max(1, len(state.tasks))
        for turn in range(iterations):
            if turn % CHECK_EVERY == 0:
                if stop():
                    iterations = turn
                    break
                report(turn / iterations, best)
                heat = mean * HOT * (COLD / HOT) ** (turn / iterations)
            moves = self._propose()
            if not moves:
                continue
            back = [(index, state.where[index]) for index, _ in moves]
            # Not a set: the order of a sum of floats would follow the hash seed.
            days = dict.fromkeys(day for _, day in (*moves, *back))
            before = sum(map(state.way, days))
            state.apply(moves)
            longer = sum(map(state.way, days)) - before
            if longer > 0 and (not heat or random.random() >= exp(-longer / heat)):
                state.apply(back)
                continue
            total += longer
            if total < best - 1e-9:
                best, kept = total, list(state.where)
        state.apply([(index, day) for index, day in enumerate(kept) if state.where[index] != day])
        return iterations, best

    def _propose(self) -> Moves:
        state, random = self.state, self.random
        one = self.movable[int(random.random() * len(self.movable))]
        if not state.near[one] or random.random() < 0.15:
            return self._go(one, self._any(self.allowed[one]))
        rank = int(random.random() ** 2 * len(state.near[one]))
        other = state.near[one][rank]
        here, there = state.where[one], state.where[other]
        if here == there:
            return []
        if there in self.sets[one]:
            return self._go(one, there, keep=other)
        if here in self.sets[other]:
            return self._go(other, here, keep=one)
        day = self._any(self.allowed[one])
        return self._meet(one, other, day) if day in self.sets[other] else []

    def _any(self, days: Sequence[date]) -> date:
        return days[int(self.random.random() * len(days))]

    def _go(self, one: int, day: date, keep: int = -1) -> Moves:
        """`one` goes to `day`; where it is full, a visit there makes room (not `keep`)."""
        state = self.state
        here = state.where[one]
        if day == here:
            return []
        if state.left[day] >= state.size[one]:
            return [(one, day)]
        there = [index for index in state.on[day] if index != keep]
        if not there or state.size[one] > 1:
            return []
        out = there[int(self.random.random() * len(there))]
        if state.size[out] > 1:
            return []
        if here in self.sets[out] and self.random.random() < 0.7:
            return [(one, day), (out, here)]
        third = self._any(self.allowed[out])
        if third == day or (third == here and state.left[here] < 0) or (third != here and not state.left[third]):
            return []
        return [(one, day), (out, third)]

    def _meet(self, one: int, other: int, day: date) -> Moves:
        """Both go to `day`, an empty one or one whose visits can take the places they leave."""
        state = self.state
        here, there = state.where[one], state.where[other]
        if day in (here, there) or state.size[one] > 1 or state.size[other] > 1:
            return []
        moves = [(one, day), (other, day)]
        lacking = 2 - state.left[day]
        if lacking <= 0:
            return moves
        out = state.on[day][:lacking]
        if len(out) < lacking or any(state.size[index] > 1 for index in out):
            return []
        for places in ((here, there), (there, here)):
            if all(place in self.sets[index] for index, place in zip(out, places, strict=False)):
                return moves + list(zip(out, places, strict=False))
        return []
