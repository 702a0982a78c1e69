"""The way of a day, base → visits → base, and a bound no plan can beat. Kilometres as the crow flies."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from itertools import permutations

from core.geo import haversine_km
from visits.tours.assignment import cheapest_assignment
from visits.tours.model import AFTERNOON, MORNING, House, Problem

NEVER = 1e9
Stop = tuple[int, str]  # house id, half-day where it is settled, else ""
Order = tuple[tuple[int, str], ...]


class Ways:
    """Distances of one problem. A house without coordinates is counted at the base."""

    def __init__(self, problem: Problem) -> None:
        base = problem.agenda.base
        points = {house.id: house.point or base for house in problem.houses}
        self.out = {one: haversine_km(base, point) for one, point in points.items()}
        self.between = {(a, b): haversine_km(points[a], points[b]) for a in points for b in points}
        self._best: dict[tuple, tuple[float, Order]] = {}

    def length(self, stops: Sequence[int]) -> float:
        if not stops:
            return 0.0
        legs = sum(self.between[pair] for pair in zip(stops, stops[1:], strict=False))
        return self.out[stops[0]] + legs + self.out[stops[-1]]

    def best(self, stops: Collection[Stop], room: Mapping[str, int]) -> tuple[float, Order]:
        """The shortest order that fits the half-days (`room` for the unsettled stops), and each stop's half-day."""
        key = (tuple(sorted(stops)), room.get(MORNING, 0), room.get(AFTERNOON, 0))
        if key not in self._best:
            orders = (_halved(order, room) for order in permutations(sorted(stops)))
            found = [(self.length([one for one, _ in order]), order) for order in orders if order is not None]
            # Locked visits may crowd a day beyond its half-days: then in the order of their half-days.
            crowded = sorted(stops, key=lambda stop: stop[1] == AFTERNOON)
            fallback = tuple((one, half or MORNING) for one, half in crowded)
            self._best[key] = min(found, default=(self.length([one for one, _ in fallback]), fallback))
        return self._best[key]


def _halved(order: Sequence[Stop], room: Mapping[str, int]) -> Order | None:
    """Half-days for this order, mornings before afternoons, or None where they do not fit."""
    left, half, halved = dict(room), MORNING, []
    for index, (house_id, settled) in enumerate(order):
        if settled == MORNING and half == AFTERNOON:
            return None
        mornings_ahead = any(stop[1] == MORNING for stop in order[index:])
        if settled == AFTERNOON or (not settled and half == MORNING and not left.get(MORNING) and not mornings_ahead):
            half = AFTERNOON
        if not settled:
            if not left.get(half):
                return None
            left[half] -= 1
        halved.append((house_id, half))
    return tuple(halved)


def lower_bound(
    ways: Ways, houses: Sequence[House], days: Sequence[Collection[date]], whole: Sequence[bool], visits_a_day: int
) -> float:
    """No plan of these visits on these days is shorter.

    One or two a day: half the cheapest assignment of visits to companions (each pair counted from both ends, a visit
    alone being its own companion), which relaxes the best pairing. More: half of the two nearest legs of each visit.
    """
    ids = [house.id for house in houses]
    if not ids:
        return 0.0

    def meet(i: int, j: int) -> bool:
        return ids[i] != ids[j] and not whole[i] and not whole[j] and not set(days[i]).isdisjoint(days[j])

    if visits_a_day > 2:
        return sum(_two_legs(ways, ids, i, meet) for i in range(len(ids))) / 2
    out, between, pairs = ways.out, ways.between, visits_a_day == 2
    return (
        cheapest_assignment(
            [
                [
                    4 * out[a] if i == j else out[a] + out[b] + between[a, b] if pairs and meet(i, j) else NEVER
                    for j, b in enumerate(ids)
                ]
                for i, a in enumerate(ids)
            ]
        )[1]
        / 2
    )


def _two_legs(ways: Ways, ids: Sequence[int], i: int, meet: Callable[[int, int], bool]) -> float:
    legs = [ways.out[ids[i]]] * 2 + [ways.between[ids[i], ids[j]] for j in range(len(ids)) if meet(i, j)]
    return sum(sorted(legs)[:2])
