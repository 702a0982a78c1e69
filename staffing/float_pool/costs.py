"""What a distribution costs, and whether it may be: the same count for the planner and for a change by hand."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from staffing.float_pool.rest import Obstacle, obstacle
from staffing.float_pool.shapes import FloatAgent, Need, Shift

Choice = Mapping[Hashable, Hashable]  # need -> agent


class Cost(NamedTuple):
    """Compared in this order: half-hours left below the ratio, houses discovered, minutes of travel, unfairness.

    A house is discovered once by an agent who did not know it, however many days she goes. Unfairness is the growth of
    the sum of the squares of minutes given: it is least when those who gave least give more.
    """

    uncovered: int = 0
    discoveries: int = 0
    travel: int = 0
    unfairness: int = 0


def pair_cost(agent: FloatAgent, need: Need, elsewhere: Sequence[Need]) -> Cost:
    """What sending the agent to the need adds, given her other days."""
    known = need.house in agent.knows or any(other.house == need.house for other in elsewhere)
    given = agent.minutes_given + sum(other.shift.minutes for other in elsewhere)
    minutes = need.shift.minutes
    return Cost(0, int(not known), agent.travel_to(need.house), (given + minutes) ** 2 - given**2)


@dataclass(frozen=True)
class Evaluation:
    """The cost of a distribution, and what forbids it: (need, agent, obstacle)."""

    cost: Cost
    faults: tuple[tuple[Hashable, Hashable, Obstacle], ...]


def evaluate(agents: Sequence[FloatAgent], needs: Sequence[Need], choice: Choice) -> Evaluation:
    """The whole cost of a distribution, moved by hand or not; needs without an agent are left uncovered.

    Raises KeyError for an unknown agent, ValueError for an unknown need.
    """
    by_id = {agent.id: agent for agent in agents}
    if unknown := set(choice) - {need.id for need in needs}:
        raise ValueError(f"unknown needs: {sorted(map(str, unknown))}")
    cost = [sum(need.half_hours for need in needs if need.id not in choice), 0, 0, 0]
    faults: list[tuple[Hashable, Hashable, Obstacle]] = []
    taken: dict[Hashable, list[Need]] = {}
    for need in needs:
        if need.id not in choice:
            continue
        agent = by_id[choice[need.id]]
        before = taken.setdefault(agent.id, [])
        cost = [a + b for a, b in zip(cost, pair_cost(agent, need, before), strict=True)]
        before.append(need)
    for agent_id, mine in taken.items():
        for need in mine:
            others: list[Shift] = [other.shift for other in mine if other is not need]
            if found := obstacle(by_id[agent_id], need, others):
                faults.append((need.id, agent_id, found))
    return Evaluation(Cost(*cost), tuple(faults))
