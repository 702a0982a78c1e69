"""Which leaves to move so that every rule holds again: a multi-cover problem, solved exactly while there is time.

A shortfall is a stretch of a day where `missing` more people are needed, and the leaves whose owner would be there.
Bringing somebody back never breaks a rule, so a set of changes is right when each shortfall gets enough of them.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

NODES = 20_000  # of the search of one group of leaves; beyond, the answer is good and its bound is printed


@dataclass(frozen=True)
class Shortfall:
    """`missing` people over one stretch, and the leaves (`helpers`) whose owner would be there."""

    missing: int
    helpers: frozenset[Hashable]

    @property
    def asked(self) -> int:
        return min(self.missing, len(self.helpers))


@dataclass(frozen=True)
class Proposal:
    """Leaves to change; `exact` when no smaller set is enough, `bound` is the fewest changes that any set makes.

    `weight` sums what the changes cost in fairness. `hopeless` counts the shortfalls that leaves alone do not explain.
    """

    changes: frozenset[Hashable]
    weight: int
    bound: int
    exact: bool
    hopeless: int = 0


def fewest_changes(
    shortfalls: Iterable[Shortfall], weights: Mapping[Hashable, int] | None = None, *, nodes: int = NODES
) -> Proposal:
    """The smallest set of leaves that covers every shortfall, then the lightest of the smallest.

    `weights`: what moving each leave costs in fairness (0 unless told), whole and not negative. Groups of leaves that
    share no shortfall are solved apart: exact as long as each search stays within `nodes`.
    """
    asked = list(shortfalls)
    weights = weights or {}
    hopeless = sum(one.missing > len(one.helpers) for one in asked)
    found: set[Hashable] = set()
    bound, exact = 0, True
    for group in _groups(_hardest(asked)):
        search = _Search(group, weights, nodes)
        changes, is_exact = search.solve()
        found |= changes
        bound += len(changes) if is_exact else search.bound
        exact = exact and is_exact
    return Proposal(frozenset(found), sum(weights.get(each, 0) for each in found), bound, exact, hopeless)


def lower_bound(shortfalls: Iterable[Shortfall]) -> int:
    """No set is smaller: shortfalls without a leave in common are each covered by changes of their own."""
    taken: set[Hashable] = set()
    total = 0
    for one in sorted(shortfalls, key=lambda s: (-s.asked, len(s.helpers))):
        if one.asked and taken.isdisjoint(one.helpers):
            taken |= one.helpers
            total += one.asked
    return total


def _hardest(asked: Iterable[Shortfall]) -> list[Shortfall]:
    """The same leaves are often missed all day: only the most asked of them matters."""
    most: dict[frozenset[Hashable], int] = defaultdict(int)
    for one in asked:
        most[one.helpers] = max(most[one.helpers], one.asked)
    return [Shortfall(missing, helpers) for helpers, missing in most.items() if missing]


def _groups(asked: Sequence[Shortfall]) -> list[list[Shortfall]]:
    """Shortfalls linked by a common leave."""
    groups: list[tuple[set[Hashable], list[Shortfall]]] = []
    for one in asked:
        linked = [group for group in groups if not group[0].isdisjoint(one.helpers)]
        merged: tuple[set[Hashable], list[Shortfall]] = (set(one.helpers), [one])
        for group in linked:
            merged[0].update(group[0])
            merged[1].extend(group[1])
        groups = [group for group in groups if group not in linked] + [merged]
    return [group[1] for group in groups]


class _Search:
    """Iterative deepening: sets of n changes are all looked at before any of n + 1."""

    def __init__(self, asked: Sequence[Shortfall], weights: Mapping[Hashable, int], nodes: int) -> None:
        self.asked, self.weights, self.left = list(asked), weights, nodes
        self.bound = lower_bound(asked)
        self.best: tuple[int, list[str], frozenset[Hashable]] | None = None

    def solve(self) -> tuple[frozenset[Hashable], bool]:
        greedy = self._greedy()
        for depth in range(self.bound, len(greedy) + 1):
            self.best = None
            self._look(frozenset(), frozenset(), depth)
            if self.left <= 0:
                return (self.best[2] if self.best else greedy), False
            if self.best:
                return self.best[2], True
            self.bound = depth + 1
        return greedy, True  # pragma: no cover - the greedy set is itself found at its own depth

    def _look(self, chosen: frozenset[Hashable], banned: frozenset[Hashable], depth: int) -> None:
        self.left -= 1
        if self.left <= 0:
            return
        open_ones = [one for one in self.asked if len(one.helpers & chosen) < one.asked]
        if not open_ones:
            self._keep(chosen)
            return
        rest = [Shortfall(o.asked - len(o.helpers & chosen), o.helpers - chosen - banned) for o in open_ones]
        if any(one.missing > len(one.helpers) for one in rest) or lower_bound(rest) > depth:
            return
        # One of the leaves of this shortfall must change: each is tried, those tried before being left out.
        tightest = min(rest, key=lambda one: (len(one.helpers) - one.missing, len(one.helpers)))
        for leave in sorted(tightest.helpers, key=lambda each: (self.weights.get(each, 0), str(each))):
            self._look(chosen | {leave}, banned, depth - 1)
            banned = banned | {leave}

    def _keep(self, chosen: frozenset[Hashable]) -> None:
        weight = sum(self.weights.get(each, 0) for each in chosen)
        found = weight, sorted(map(str, chosen)), chosen
        if self.best is None or found[:2] < self.best[:2]:
            self.best = found

    def _greedy(self) -> frozenset[Hashable]:
        """The leave that helps most, again and again; then what proved useless is given back."""
        chosen: set[Hashable] = set()
        while open_ones := [one for one in self.asked if len(one.helpers & chosen) < one.asked]:
            gain: dict[Hashable, int] = defaultdict(int)
            for one in open_ones:
                for leave in one.helpers - chosen:
                    gain[leave] += 1
            chosen.add(min(gain, key=lambda each: (-gain[each], self.weights.get(each, 0), str(each))))
        for leave in sorted(chosen, key=lambda each: (-self.weights.get(each, 0), str(each))):
            if all(len(one.helpers & (chosen - {leave})) >= one.asked for one in self.asked):
                chosen.discard(leave)
        return frozenset(chosen)
