"""Which houses stay open, and where each of the others goes. Pure and exact, within a bounded number of steps.

The children of a house go together, to one host, within its capacity. First the longest way a family must go is made
as short as can be, then the children-kilometres in all. Plans are searched by growing distance; where the steps ran
out, the plan says that a better one may exist, and down to which distance none does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

STEPS = 20_000


@dataclass(frozen=True)
class Site:
    """One house over the period: children expected at most at once, places it may open, whether it has to close."""

    key: int
    children: int
    capacity: int
    must_close: bool = False


@dataclass(frozen=True)
class Move:
    """The children of `source` go to `host`, so many kilometres away."""

    source: int
    host: int
    km: float


@dataclass(frozen=True)
class Plan:
    """`opened` stay open and `moves` say where the others go. `farthest` km; `floor`: no plan is shorter than that.

    `is_exact`: proved that nothing is better, neither the farthest way nor the children-kilometres.
    """

    opened: tuple[int, ...]
    moves: tuple[Move, ...]
    farthest: float
    child_km: float
    floor: float
    is_exact: bool


class _Spent(Exception):
    """The steps of this distance ran out."""


def group(
    sites: Sequence[Site], km: Callable[[int, int], float | None], most_open: int, *, steps: int = STEPS
) -> Plan | None:
    """The best plan with at most `most_open` houses open; None when none was found.

    `km(source, host)` is None where nobody can be sent (position unknown). A house that must close opens nowhere; one
    without children closes without a way to go. A plan for a distance is a plan for a longer one: the shortest is
    looked for by halving.
    """
    ways = _ways(sites, km)
    limits = sorted({0.0, *(distance for found in ways.values() for distance, _ in found)})
    tried: dict[int, _Search] = {}

    def holds(at: int) -> bool:
        tried[at] = search = _Search(sites, ways, most_open, limits[at], steps, first=True)
        return search.run() is not None

    low, high = 0, len(limits) - 1
    if not holds(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    proved = high == 0 or not tried[high - 1].spent
    search = _Search(sites, ways, most_open, limits[high], steps)
    opened, moves, cost = search.run() or tried[high].best
    farthest = max((move.km for move in moves), default=0.0)
    unproved = [limits[at] for at, one in tried.items() if one.best is None and one.spent]
    return Plan(opened, moves, farthest, cost, min([farthest, *unproved]), proved and not search.spent)


def _ways(sites, km) -> dict[int, list[tuple[float, int]]]:
    """{house: (distance, host) where its children would fit, the nearest first}."""
    return {
        site.key: sorted(
            (distance, other.key)
            for other in sites
            if other.key != site.key and not other.must_close
            if site.children + other.children <= other.capacity
            if (distance := km(site.key, other.key)) is not None
        )
        for site in sites
    }


class _Search:
    """Depth first over the houses, those with fewest ways first; a branch that costs more than the best is left."""

    def __init__(self, sites, ways: Mapping[int, list[tuple[float, int]]], most_open, limit, steps, *, first=False):
        self.first = first  # any plan will do
        self.sites = {site.key: site for site in sites}
        self.ways = {key: [(d, host) for d, host in found if d <= limit] for key, found in ways.items()}
        self.order = sorted(self.sites, key=lambda key: (len(self.ways[key]), -self.sites[key].children, key))
        self.most_open, self.left, self.spent = most_open, steps, False
        self.free = {site.key: site.capacity - site.children for site in sites}
        self.opened: set[int] = set()
        self.sent: dict[int, tuple[float, int]] = {}
        self.best = None
        self.best_cost = float("inf")

    def run(self):
        try:
            self._at(0, 0.0)
        except _Spent:
            self.spent = True
        return self.best

    def _at(self, position: int, cost: float) -> None:
        self.left -= 1
        if self.left < 0:
            raise _Spent
        if cost >= self.best_cost or (self.first and self.best) or not self._fits(position):
            return
        if position == len(self.order):
            moves = tuple(Move(key, host, d) for key, (d, host) in sorted(self.sent.items()))
            self.best, self.best_cost = (tuple(sorted(self.opened)), moves, cost), cost
            return
        key = self.order[position]
        if key in self.opened:  # a host already, for somebody before it
            self._at(position + 1, cost)
            return
        if not self.sites[key].children:
            self._at(position + 1, cost)
        self._send(key, position, cost)
        self._open(key, position, cost)

    def _fits(self, position) -> bool:
        """Whether the children still to place could fit in the open houses and the largest that may still open."""
        rest = [key for key in self.order[position:] if key not in self.opened]
        fresh = sorted((self.sites[k].capacity for k in self.sites if self._may_open(k)), reverse=True)[
            : self.most_open - len(self.opened)
        ]
        return sum(self.sites[k].children for k in rest) <= sum(self.free[k] for k in self.opened) + sum(fresh)

    def _may_open(self, key) -> bool:
        return key not in self.opened and key not in self.sent and not self.sites[key].must_close

    def _send(self, key, position, cost):
        site = self.sites[key]
        for distance, host in self.ways[key]:
            if host in self.sent or self.free[host] < site.children:
                continue
            fresh = host not in self.opened
            if fresh and len(self.opened) >= self.most_open:
                continue
            self.sent[key] = (distance, host)
            self.free[host] -= site.children
            if fresh:
                self.opened.add(host)
            self._at(position + 1, cost + distance * site.children)
            if fresh:
                self.opened.discard(host)
            self.free[host] += site.children
            del self.sent[key]

    def _open(self, key, position, cost):
        if self.sites[key].must_close or len(self.opened) >= self.most_open:
            return
        self.opened.add(key)
        self._at(position + 1, cost)
        self.opened.discard(key)
