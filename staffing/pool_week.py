"""One week of the float pool: needs of some houses, agents who may be sent, who is sent already. Six queries."""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import iter_days
from core.geo import haversine_km
from establishments.models import Establishment

from .continuity import may_ensure_direction
from .float_pool import FloatAgent, Need, Shift
from .models import FloatAssignment, Posting, StaffingNeed
from .people_facts import People, read_people
from .presences import Agent, absent_parts, middle_of, without

DAY = (0, 24 * 60)
FAIR_DAYS = 90  # what was given over these days counts for fairness
KNOWN_DAYS = 730  # a house where she went since is known
# Door to door in town, on the straight line between two houses: an estimate, said as such on the page.
TRAVEL_KMH, TRAVEL_FIXED = 12, 10


@dataclass(frozen=True)
class PoolWeek:
    """What the planner and the board read; `choice` is who is sent, need -> employee."""

    monday: date
    needs: tuple[StaffingNeed, ...]
    asked: tuple[Need, ...]
    agents: tuple[FloatAgent, ...]
    names: dict[int, str]
    houses: dict[int, str]
    choice: dict[int, int]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> list[date]:
        """Monday to Friday, and the days of the week-end when something is needed."""
        wanted = {need.on for need in self.needs}
        return [day for day in iter_days(self.monday, self.sunday) if day.isoweekday() < 6 or day in wanted]

    @property
    def fingerprint(self) -> str:
        """Moves with every need and every assignment: what two people could decide at once."""
        said = sorted((n.pk, n.status, n.minutes, self.choice.get(n.pk, 0)) for n in self.needs)
        return hashlib.sha256(repr((self.monday, said)).encode()).hexdigest()[:24]


def week_of(houses: Collection[int], monday: date) -> PoolWeek:
    """The week that begins on a Monday, for houses given by their ids."""
    houses = list(houses)
    sunday = monday + timedelta(days=6)
    needs = list(StaffingNeed.objects.filter(establishment__in=houses).open().between(monday, sunday))
    people = read_people(houses, monday - timedelta(days=1), sunday + timedelta(days=1))
    floats = {agent.id: agent for agent in people.floats}
    confirmed = FloatAssignment.objects.confirmed().filter(need__in=needs).order_by()
    choice = {need: who for need, who in confirmed.values_list("need", "employee") if who in floats}
    points = _points({*houses, *(people.homes[one] for one in floats)})
    mine = {(who, need.on) for need in needs if (who := choice.get(need.pk))}
    knows, given = _past(floats, monday)
    return PoolWeek(
        monday=monday,
        needs=tuple(needs),
        asked=tuple(_need(need) for need in needs),
        agents=tuple(
            _agent(agent, people, monday, sunday, points, mine, knows[agent.id], given[agent.id])
            for agent in sorted(floats.values(), key=lambda agent: (agent.name, agent.id))
        ),
        names={agent.id: agent.name for agent in floats.values()},
        houses={pk: name for pk, (name, _) in points.items()},
        choice=choice,
    )


def _need(need: StaffingNeed) -> Need:
    shift = Shift(need.on, *need.minutes)
    return Need(need.pk, need.establishment_id, shift, need.half_hours, category_1=need.category_1)


def _agent(agent: Agent, people: People, monday, sunday, points, mine, knows, given) -> FloatAgent:
    """`mine`: who is sent by this very board, whose shifts are the choice itself."""
    home = points.get(people.homes[agent.id], ("", None))[1]
    return FloatAgent(
        id=agent.id,
        category=agent.category,
        may_direct=may_ensure_direction(agent.category, agent.children_since, monday),
        knows=frozenset(knows | {people.homes[agent.id]}),
        free={day: hours for day in iter_days(monday, sunday) if (hours := _free(agent, people, day))},
        travel={house: _minutes(home, point) for house, (_, point) in points.items() if home and point},
        minutes_given=given,
        shifts=tuple(
            Shift(one.on, one.start, one.end)
            for one in people.sent
            if one.agent == agent.id and (one.agent, one.on) not in mine
        ),
    )


def _free(agent: Agent, people: People, day: date) -> tuple[int, int] | None:
    """The hours when she may be sent: her own, all day when they are not known; the longest part left by a leave."""
    if not agent.posted_on(day):
        return None
    shifts = agent.shifts_on(day)
    if not shifts and (agent.has_hours_on(day) or day.isoweekday() > 5):
        return None
    bounds = (shifts[0].start, shifts[-1].end) if shifts else DAY
    aways = [away for away in people.aways if not away.is_pending]
    gone = absent_parts(agent.id, aways, day, middle_of(bounds))
    return max(without(*bounds, gone), key=lambda part: part[1] - part[0], default=None)


def _minutes(one, other) -> int:
    return round(haversine_km(one, other) / TRAVEL_KMH * 60) + TRAVEL_FIXED if one != other else 0


def _points(houses):
    """{house: (name, (longitude, latitude) or None)}."""
    rows = Establishment.objects.filter(pk__in=houses).order_by().values_list("pk", "name", "longitude", "latitude")
    return {pk: (name, (float(lon), float(lat)) if lon is not None else None) for pk, name, lon, lat in rows}


def _past(floats, monday):
    """Houses that each agent knows, and the minutes she gave lately."""
    knows, given = defaultdict(set), defaultdict(int)
    worked = Posting.objects.filter(employee__in=floats, starts_on__lt=monday).order_by()
    for who, house in worked.values_list("employee", "establishment"):
        knows[who].add(house)
    sent = FloatAssignment.objects.confirmed().filter(employee__in=floats)
    for one in sent.between(monday - timedelta(days=KNOWN_DAYS), monday - timedelta(days=1)).order_by():
        knows[one.employee_id].add(one.establishment_id)
        if one.on >= monday - timedelta(days=FAIR_DAYS):
            start, end = one.minutes
            given[one.employee_id] += end - start
    return knows, given
