"""How a house stands today, and what can be done when it is short of staff (functions S-046). Four queries."""

from dataclasses import dataclass
from datetime import date

from .consequences import Side
from .coverage import HouseDay, StaffPresence, assessed
from .coverage_of_direction import neighbours_of
from .day_book import AS_IT_IS, DayBook, Scenario, open_book
from .presences import Agent
from .short_staff import Helper, Step, in_breach, protocol


@dataclass(frozen=True)
class Today:
    """One house on one day: its rules half-hour by half-hour, and the options in their order when one breaks."""

    day: date
    side: Side | None
    without_hours: int
    steps: tuple[Step, ...]
    source: str
    given: HouseDay | None = None

    @property
    def sentence(self) -> str:
        if self.side is None:
            return "Les horaires de travail ne sont pas enregistrés\u00a0: le taux d’encadrement n’est pas calculé."
        return f"{self.side.text().capitalize()}."


def today_of(establishment, day, scenario: Scenario = AS_IT_IS) -> Today | None:
    """None when the house is closed that day; `scenario` may suppose a request granted."""
    houses = {establishment.pk, *neighbours_of(establishment, day).order_by().values_list("pk", flat=True)}
    book = open_book(houses, day, day, day)
    house = book.houses[establishment.pk]
    given = book.house_day(establishment.pk, day, scenario)
    if given is None:
        return None
    known = book.has_hours(establishment.pk, day)
    steps = protocol(given, floats=_floats(book, given, day), colleagues=_colleagues(book, establishment.pk, day))
    return Today(
        day=day,
        side=Side.of(assessed(given)) if known else None,
        without_hours=len(book.without_hours(establishment.pk, day)),
        steps=tuple(steps) if known else (),
        source=house.expectation.source_text(house.expectation.source_on(day)),
        given=given,
    )


def _floats(book: DayBook, given: HouseDay, day) -> list[Helper]:
    """Agents of the pool: their own hours, the whole opening when they are not recorded."""
    found = []
    for agent in book.floats_on(day):
        shifts = agent.shifts_on(day)
        bounds = (shifts[0].start, shifts[-1].end) if shifts else given.opening
        found.append(Helper(agent.name, _presence(agent, bounds), "pool volant"))
    return found


def _colleagues(book: DayBook, house: int, day) -> list[Helper]:
    """People of the other houses whose own house holds without them all day."""
    found = []
    for other, facts in book.houses.items():
        given = book.house_day(other, day)
        if other == house or given is None or in_breach(assessed(given)):
            continue
        found += [
            Helper(agent.name, presence, facts.name)
            for presence in given.presences
            if presence.counts and (agent := _agent(book, other, presence.person)) and not agent.is_head
            if not in_breach(assessed(_without(given, presence)))
        ]
    return found


def _agent(book, house, person) -> Agent | None:
    return next((agent for agent in book.agents(house) if agent.id == person), None)


def _without(given: HouseDay, presence: StaffPresence) -> HouseDay:
    others = [one for one in given.presences if one.person != presence.person]
    return HouseDay(given.opening, given.children, others, given.rule, given.places, given.kind, given.on, given.slots)


def _presence(agent: Agent, bounds) -> StaffPresence:
    return StaffPresence(*bounds, agent.category, False, agent.category is not None, agent.id)
