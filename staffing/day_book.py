"""The days of houses ready for the coverage engine, whatever is supposed granted or lifted: three queries in all.

A scenario is a set of requests supposed granted besides those that are, and a set supposed lifted. The same book
serves one request, a selection, a plan or the whole summer of a sector.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from core.calendar import iter_days

from .continuity import Designated, Link, holder_of, may_ensure_direction
from .coverage import HouseDay, Segment, StaffPresence, assessed
from .coverage.requirements import version_of
from .house_facts import House, read_houses
from .models import Posting
from .people_facts import People, read_people
from .presences import Agent, Away, Sent, absent_parts, presence, presences_on, without

LINKS = {Posting.Job.DIRECTOR: Link.DIRECTOR, Posting.Job.DEPUTY: Link.DEPUTY}
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Scenario:
    """Requests supposed granted though they wait, requests supposed not to be, and absences imagined besides."""

    granted: frozenset[int] = NOBODY
    lifted: frozenset[int] = NOBODY
    extra: tuple[Away, ...] = ()

    def holds(self, away: Away) -> bool:
        if away.request in self.lifted:
            return False
        return not away.is_pending or away.request in self.granted


AS_IT_IS = Scenario()


@dataclass
class DayBook:
    """Houses, people and absences between two dates."""

    starts_on: date
    ends_on: date
    houses: dict[int, House]
    people: People
    _aways: dict[int, dict[date, list[Away]]] = field(default_factory=dict, init=False)
    _sent: dict[tuple[int, date], list[tuple[Sent, Agent]]] = field(default_factory=dict, init=False)
    _posted: dict[tuple[int, date], list[Agent]] = field(default_factory=dict, init=False)
    _segments: dict[tuple, tuple[HouseDay, list[Segment]]] = field(default_factory=dict, init=False)

    def __post_init__(self):
        homes = defaultdict(set)
        for house, agents in self.people.agents.items():
            for agent in agents:
                homes[agent.id].add(house)
        directed = defaultdict(set)
        for house, interims in self.people.interims.items():
            for one in interims:
                directed[one.person].add(house)
        for away in self.people.aways:
            reached = homes[away.agent] | (directed[away.agent] if away.at is None else set())
            for house in reached - {away.at}:
                by_day = self._aways.setdefault(house, defaultdict(list))
                for day in iter_days(max(away.starts_on, self.starts_on), min(away.ends_on, self.ends_on)):
                    by_day[day].append(away)
        floats = {agent.id: agent for agent in self.people.floats}
        for one in self.people.sent:
            if one.house in self.houses and one.agent in floats:
                self._sent.setdefault((one.house, one.on), []).append((one, floats[one.agent]))

    def agents(self, house: int) -> tuple[Agent, ...]:
        return self.people.agents.get(house, ())

    def aways_on(self, house: int, day: date, scenario: Scenario = AS_IT_IS) -> list[Away]:
        """Who is away from a house that day, in a scenario."""
        held = [away for away in self._aways.get(house, {}).get(day, ()) if scenario.holds(away)]
        return held + [away for away in scenario.extra if away.holds(day)] if scenario.extra else held

    def asked_on(self, house: int, day: date) -> list[Away]:
        """Every absence of that day, decided or not."""
        return list(self._aways.get(house, {}).get(day, ()))

    def posted(self, house: int, day: date) -> list[Agent]:
        known = self._posted.get((house, day))
        if known is None:
            known = self._posted[house, day] = [agent for agent in self.agents(house) if agent.posted_on(day)]
        return known

    def has_hours(self, house: int, day: date) -> bool:
        """Whether the hours of somebody of the ratio are known that day: without any, nothing can be computed."""
        return any(a.category is not None and a.has_hours_on(day) for a in self.posted(house, day))

    def without_hours(self, house: int, day: date) -> list[Agent]:
        """Those of the ratio whose hours are not known: they are not counted."""
        return [a for a in self.posted(house, day) if a.category is not None and not a.has_hours_on(day)]

    # --- the direction

    def chain(self, house: int, day: date) -> list[Designated]:
        """Heads, interim and designated relays of a day, the eligible ones (CSP R. 2324-36)."""
        found = [one for one in self.people.interims.get(house, ()) if one.holds(day)]
        for agent in self.posted(house, day):
            if agent.is_head:
                found.append(Designated(agent.id, agent.name, LINKS[agent.job]))
            elif (rank := agent.rank_on(day)) is not None and _may(agent, day):
                found.append(Designated(agent.id, agent.name, Link.RELAY, rank))
        return found

    def directing(self, house: int, day: date, chain: Iterable[Designated]) -> set[int]:
        """Who may ensure the direction at an instant: the chain; anyone eligible where no relay was designated."""
        found = {one.person for one in chain}
        if any(one.link == Link.RELAY for one in chain):
            return found
        there = [*self.posted(house, day), *(agent for _, agent in self._sent.get((house, day), ()))]
        return found | {agent.id for agent in there if _may(agent, day)}

    def holders(self, house: int, day: date, scenario: Scenario = AS_IT_IS) -> dict[int, Designated | None]:
        """{0 morning, 1 afternoon: who directs, or None} of the open half-days."""
        aways, chain = self.aways_on(house, day, scenario), self.chain(house, day)
        agents = {agent.id: agent for agent in self.agents(house)}
        halves = open_halves(self.houses[house], day)

        def is_there(person, at):
            return _is_there(person, agents.get(person), aways, at, halves[at[1]])

        return {half: holder_of(chain, (day, half), is_there) for half in halves}

    def others_direct(self, house: int, day: date, half: int, person: int) -> bool:
        """Whether somebody else of the chain is there that half-day."""
        aways, agents = self.aways_on(house, day), {agent.id: agent for agent in self.agents(house)}
        bounds = open_halves(self.houses[house], day)[half]
        return any(
            one.person != person and _is_there(one.person, agents.get(one.person), aways, (day, half), bounds)
            for one in self.chain(house, day)
        )

    def is_there(self, house: int, agent: Agent, half_day) -> bool:
        """Whether somebody of the house is there at some time of one of its open half-days."""
        day, half = half_day
        return _is_there(
            agent.id, agent, self.aways_on(house, day), half_day, open_halves(self.houses[house], day)[half]
        )

    # --- the engine

    def house_day(self, house: int, day: date, scenario: Scenario = AS_IT_IS) -> HouseDay | None:
        """What the engine reads, None when the house is closed that day or its terms are not known."""
        facts = self.houses[house]
        opening = facts.opening_on(day)
        rule = facts.rule_on(day)
        if opening is None or rule is None:
            return None
        chain = self.chain(house, day)
        directing = self.directing(house, day, chain)
        aways = self.aways_on(house, day, scenario)
        presences = presences_on(self.posted(house, day), aways, day, facts.middle_on(day), directing=directing)
        presences += self._from_elsewhere(house, chain, opening, aways, day)
        presences += self._from_the_pool(house, day, scenario, directing)
        return HouseDay(
            opening=opening,
            children=facts.children_on(day, opening),
            presences=presences,
            rule=rule.rule,
            places=rule.places,
            kind=facts.kind,
            on=day,
            slots=rule.slots,
        )

    def assess(self, house: int, day: date, scenario: Scenario = AS_IT_IS) -> list[Segment]:
        found = self.house_day(house, day, scenario)
        if found is None:
            return []
        # Weeks look alike: the same people, children and rules give the same segments, computed once.
        key = (
            found.opening,
            found.children,
            tuple(map(id, found.presences)),
            (found.rule, found.places, found.kind, version_of(day)),
            (day.isoweekday(), found.slots) if found.slots else None,
        )
        known = self._segments.get(key)
        if known is None:
            known = self._segments[key] = (found, assessed(found))  # the day is kept: its presences keep their ids
        return known[1]

    def _from_elsewhere(self, house, chain, opening, aways, day) -> list[StaffPresence]:
        """An interim of another house directs on the spot, less her absences; she is not with the children."""
        own = {agent.id for agent in (*self.agents(house), *(a for _, a in self._sent.get((house, day), ())))}
        middle = self.houses[house].middle_on(day)
        return [
            presence(start, end, None, True, False, one.person)
            for one in chain
            if one.link == Link.INTERIM and one.person not in own
            for start, end in without(*opening, absent_parts(one.person, aways, day, middle))
        ]

    def _from_the_pool(self, house, day, scenario, directing) -> list[StaffPresence]:
        """Agents of the pool sent here that day, less their own absences."""
        found = []
        for one, agent in self._sent.get((house, day), ()):
            aways = [
                away for away in (*self.people.aways, *scenario.extra) if scenario.holds(away) and away.at != house
            ]
            gone = absent_parts(agent.id, aways, day, self.houses[house].middle_on(day))
            for start, end in without(one.start, one.end, gone):
                found.append(presence(start, end, agent.category, agent.id in directing, True, agent.id))
        return found

    def floats_on(self, day: date) -> list[Agent]:
        """Agents of the pool who work that day, are not away and are sent nowhere."""
        busy = {away.agent for away in self.people.aways if away.holds(day) and not away.is_pending}
        busy |= {one.agent for one in self.people.sent if one.on == day}
        return [
            agent
            for agent in self.people.floats
            if agent.posted_on(day) and agent.id not in busy and (agent.shifts_on(day) or not agent.has_hours_on(day))
        ]


def _may(agent: Agent, day: date) -> bool:
    return may_ensure_direction(agent.category, agent.children_since, day)


def open_halves(house: House, day: date) -> dict[int, tuple[int, int]]:
    """{0 morning, 1 afternoon: (start, end)} of the halves when children are welcomed."""
    opening, middle = house.opening_on(day), house.middle_on(day)
    if opening is None:
        return {}
    halves = {0: (opening[0], min(middle, opening[1])), 1: (max(middle, opening[0]), opening[1])}
    return {half: bounds for half, bounds in halves.items() if bounds[0] < bounds[1]}


def _is_there(person: int, agent: Agent | None, aways: Collection[Away], half_day, bounds) -> bool:
    """Present at some time of that half-day; somebody of another house, or without known hours, unless away."""
    day, half = half_day
    # Cut at the border of the halves: half a day of leave is exactly one of them.
    gone = absent_parts(person, aways, day, bounds[1] if half == 0 else bounds[0])
    if agent is None or not agent.has_hours_on(day):
        return bool(without(*bounds, gone))
    return any(
        without(max(shift.start, bounds[0]), min(shift.end, bounds[1]), gone)
        for shift in agent.shifts_on(day)
        if max(shift.start, bounds[0]) < min(shift.end, bounds[1])
    )


def open_book(houses, start, end, today=None) -> DayBook:
    """Everything of houses given by their ids, or by a subquery, from `start` to `end` included. Three queries."""
    found = read_houses(houses, start, end, today or timezone.localdate())
    return DayBook(start, end, found, read_people(found, start, end))
