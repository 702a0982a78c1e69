"""Half-days of houses that nobody of the chain covers, and who could cover them (CSP R. 2324-36; functions S-045).

Four queries for any number of houses and days: the day book, and where the houses are.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import iter_days
from core.french import capitalise, counted, period
from core.geo import haversine_km
from establishments.models import Establishment, SectorAttachment

from .continuity import HALF_NAMES, Candidate, HalfDay, Stretch, may_ensure_direction, ranked, stretches
from .day_book import DayBook, open_book, open_halves
from .models import Interim, Posting

AHEAD_DAYS = 90
MOST_CANDIDATES, OUTSIDE_KEPT = 5, 2


@dataclass(frozen=True)
class Gap:
    """A stretch of half-days of one house without anyone of its chain, and who could cover it, the best first."""

    house: int
    house_name: str
    stretch: Stretch
    candidates: tuple[Candidate, ...] = ()

    @property
    def half_days(self) -> tuple[HalfDay, ...]:
        return self.stretch.half_days

    @property
    def dates(self) -> str:
        start, end = self.stretch.starts_on, self.stretch.ends_on
        if len(self.half_days) == 1:
            return capitalise(f"{period(start, start)}, {HALF_NAMES[self.half_days[0][1]]}")
        return capitalise(period(start, end))

    @property
    def length(self) -> str:
        return counted(len(self.half_days), "demi-journée")


@dataclass(frozen=True)
class HouseContinuity:
    """One house over a period: its open half-days, those covered and by whom, its gaps."""

    pk: int
    name: str
    open_half_days: int
    gaps: tuple[Gap, ...]
    is_recorded: bool = True

    @property
    def uncovered(self) -> int:
        return sum(len(gap.half_days) for gap in self.gaps)


def continuity_gaps(establishment, start, end, today=None) -> list[Gap]:
    """Every uncovered half-day of one house, in stretches, with candidates of its own team only.

    A house without director, deputy nor relay is uncovered all along: nobody was recorded is not somebody is there.
    """
    book = open_book([establishment.pk], start, end, today)
    return list(_house(book, establishment.pk, {}, {}, recorded=True).gaps)


def continuity_of(houses, today, days=AHEAD_DAYS) -> list[HouseContinuity]:
    """Every house of a queryset over the next days, those with gaps first. Houses of the list lend their directors."""
    places = {row["pk"]: row for row in houses.order_by().values("pk", "name", "latitude", "longitude")}
    book = open_book(places, today, today + timedelta(days=days - 1), today)
    known = _knows(book)
    found = [_house(book, house, places, known) for house in book.houses]
    return sorted(found, key=lambda house: (not house.gaps, _first(house), house.name))


def _first(house):
    return house.gaps[0].half_days[0] if house.gaps else (date.max, 0)


def _house(book: DayBook, house: int, places, known, *, recorded: bool = False) -> HouseContinuity:
    """`recorded`: taken as a house whose team is recorded, whatever the book holds."""
    facts = book.houses[house]
    opened, gaps = [], []
    for day in iter_days(book.starts_on, book.ends_on):
        if not open_halves(facts, day):
            continue
        for half, holder in book.holders(house, day).items():
            opened.append((day, half))
            if holder is None:
                gaps.append((day, half))
    # A house of which nobody is recorded is one line to complete; a team without anyone to direct it is an alarm.
    is_recorded = recorded or bool(book.agents(house)) or any(book.chain(house, day) for day, _ in opened)
    found = tuple(
        Gap(house, facts.name, stretch, tuple(candidates(book, house, stretch, places, known)))
        for stretch in (stretches(gaps, opened) if is_recorded else ())
    )
    return HouseContinuity(house, facts.name, len(opened), found, is_recorded)


def candidates(book: DayBook, house: int, stretch: Stretch, places, known) -> list[Candidate]:
    """Eligible colleagues of the house, then heads of the other houses; the best first."""
    inside = [
        _candidate(book, house, house, agent, stretch, places, known)
        for agent in book.agents(house)
        if not agent.is_head and agent.posted_on(stretch.starts_on) and _eligible(agent, stretch)
    ]
    outside = [
        _candidate(book, house, other, agent, stretch, places, known)
        for other in book.houses
        if other != house
        for agent in book.agents(other)
        if agent.is_head and agent.posted_on(stretch.starts_on) and agent.posted_on(stretch.ends_on)
    ]
    # Some of each: a team of thirty must not hide the neighbour who could come, nor the other way round.
    kept = ranked(inside)[: max(MOST_CANDIDATES - OUTSIDE_KEPT, MOST_CANDIDATES - len(outside))]
    return ranked([*kept, *ranked(outside)[: MOST_CANDIDATES - len(kept)]])


def _eligible(agent, stretch):
    return may_ensure_direction(agent.category, agent.children_since, stretch.starts_on)


def _candidate(book, house, home, agent, stretch, places, known) -> Candidate:
    return Candidate(
        person=agent.id,
        name=agent.name,
        title=str(Posting.Job(agent.job).label),
        house=home,
        house_name=book.houses[home].name,
        is_inside=home == house,
        is_away=any(not _could_come(book, home, house, agent, half) for half in stretch.half_days),
        strips=home != house and _strips(book, home, agent.id, stretch),
        knows=house in known.get(agent.id, ()),
        distance_km=0 if home == house else _distance(places, home, house),
        has_account=agent.id in book.people.accounts,
    )


def _could_come(book: DayBook, home, house, agent, half_day: HalfDay) -> bool:
    """Posted, not away, and at work: at that time in her own house, that day at least when she comes from another."""
    day, _ = half_day
    if not agent.posted_on(day):
        return False
    if home == house:
        return book.is_there(house, agent, half_day)
    busy = any(away.agent == agent.id and away.holds(day) for away in book.people.aways if not away.is_pending)
    return not busy and (bool(agent.shifts_on(day)) or not agent.has_hours_on(day))


def _strips(book: DayBook, home, person, stretch) -> bool:
    """Whether her own house would have nobody else of its chain on one of these half-days."""
    for day, half in stretch.half_days:
        if half not in open_halves(book.houses[home], day):
            continue
        if not book.others_direct(home, day, half, person):
            return True
    return False


def _distance(places, one, other):
    points = [_point(places.get(house)) for house in (one, other)]
    return haversine_km(*points) if None not in points else None


def _point(row):
    if row is None or row["longitude"] is None:
        return None
    return float(row["longitude"]), float(row["latitude"])


def _knows(book: DayBook) -> dict[int, set[int]]:
    """Houses where each head of these houses worked or stood in before. One query."""
    heads = [agent.id for agents in book.people.agents.values() for agent in agents if agent.is_head]
    worked = Posting.objects.filter(employee__in=heads, starts_on__lt=book.starts_on).order_by()
    stood_in = Interim.objects.standing().filter(employee__in=heads, starts_on__lt=book.starts_on).order_by()
    columns = ("employee", "establishment")
    found = defaultdict(set)
    for employee, house in worked.values_list(*columns).union(stood_in.values_list(*columns)):
        found[employee].add(house)
    return found


def neighbours_of(house: Establishment, day: date) -> Iterable[int]:
    """Houses of the same sector that day: they lend their directors. Itself included."""
    sectors = SectorAttachment.objects.active_on(day).filter(establishment=house).values("territory")
    attached = SectorAttachment.objects.active_on(day).filter(territory__in=sectors)
    return Establishment.objects.filter(pk__in=attached.values("establishment")).open_on(day)
