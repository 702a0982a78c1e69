"""What a grouping is computed from: closures, places less those frozen, children usually there, positions."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from django.urls import reverse

from core.calendar import iter_days
from core.french import counted, number
from core.geo import haversine_km
from establishments.models import Closure, Establishment
from establishments.regulation import CRECHE_FAMILIALE, JARDIN_ENFANTS

from ..house_facts import read_houses
from .plan import Plan, Site, group

USUAL_DAYS = 28
NO_HOSTS = (CRECHE_FAMILIALE, JARDIN_ENFANTS)  # but for their own kind
FAIR_YEARS = 3


@dataclass(frozen=True)
class Line:
    """One house of the plan: open, closed, or sent to a host; and why."""

    house: int
    house_name: str
    decision: str
    tone: str
    children: int
    capacity: int
    host_name: str = ""
    km: float | None = None
    summers: int = 0
    reason: str = ""

    def get_absolute_url(self) -> str:
        return reverse("establishments:calendar", args=[self.house])


@dataclass(frozen=True)
class Grouping:
    """The plan of a period, None when there is none; `fewest`: the fewest open houses that hold everybody."""

    lines: tuple[Line, ...]
    plan: Plan | None
    opened: int
    children: int
    unplaced: tuple[str, ...] = ()


def grouping_of(houses, start: date, end: date, today: date, *, share: Fraction, most_open: int | None) -> Grouping:
    """Houses given by their ids; `share` of the usual children still come; as few houses open as can be unless told.

    Three queries, whatever the number of houses.
    """
    before = start - timedelta(USUAL_DAYS)
    facts = read_houses(list(houses), before, end, today)
    positions = Establishment.objects.filter(pk__in=list(facts)).values_list("pk", "longitude", "latitude")
    places = {pk: (lon, lat) for pk, lon, lat in positions if lon is not None and lat is not None}
    known = {pk: site for pk, house in facts.items() if (site := _site(house, before, start, end, share)) is not None}
    km = _distances(places, {pk: house.kind for pk, house in facts.items()})
    plan = _best(list(known.values()), km, most_open)
    lines = _lines(facts, known, places, plan, _summers(facts, start))
    unplaced = tuple(house.name for pk, house in facts.items() if pk not in known)
    opened = len(plan.opened) if plan else 0
    return Grouping(lines, plan, opened, sum(site.children for site in known.values()), unplaced)


def _best(sites, km, most_open):
    """With a number told, that number at most; else the smallest number that holds everybody."""
    if most_open is not None:
        return group(sites, km, most_open)
    for number_open in range(1, len(sites) + 1):
        room = sorted((site.capacity for site in sites if not site.must_close), reverse=True)
        if sum(room[:number_open]) < sum(site.children for site in sites):
            continue
        plan = group(sites, km, number_open)
        if plan is not None:
            return plan
    return None


def _distances(places, kinds):
    """A crèche familiale welcomes at its childminders' homes, and a jardin d'enfants no baby: neither is a host."""
    table = {}
    for one, here in places.items():
        for other, there in places.items():
            if one != other and kinds[other] in NO_HOSTS and kinds[one] != kinds[other]:
                continue
            table[one, other] = round(haversine_km(tuple(map(float, here)), tuple(map(float, there))), 2)
    return lambda source, host: table.get((source, host))


def _site(house, before, start, end, share) -> Site | None:
    """None for a house whose places or opening are not known."""
    rule = house.rule_on(start)
    if rule is None:
        return None
    usual = [_most(house, day) for day in iter_days(before, start - timedelta(1)) if house.opening_on(day)]
    if not usual:
        return None
    frozen = sum(one.places for one in house.terms.frozen if one.holds(start))
    weekdays = [day for day in iter_days(start, end) if day.weekday() < 5]
    closed = sum(house.opening_on(day) is None for day in weekdays)
    # Public holidays close every house: only a house closed on most days of the period has to send its children.
    must_close = 2 * closed > len(weekdays)
    return Site(house.pk, ceil(max(usual) * share), max(0, rule.places - frozen), must_close)


def _most(house, day) -> int:
    children = house.children_on(day, house.opening_on(day))
    return max((one.non_walkers + one.walkers for one in children), default=0)


def _summers(facts, start):
    """{house: Augusts of the three years before when it stayed open, in whole}. One query."""
    years = range(start.year - FAIR_YEARS, start.year)
    rows = Closure.objects.filter(establishment__in=list(facts), cause=Closure.Cause.YEARLY)
    closed = {
        (house, year)
        for house, first, last in rows.values_list("establishment", "starts_on", "ends_on")
        for year in years
        if first <= date(year, 8, 31) and last >= date(year, 8, 1)
    }
    return {pk: sum((pk, year) not in closed for year in years) for pk in facts}


def _lines(facts, known, places, plan, summers):
    moves = {move.source: move for move in plan.moves} if plan else {}
    received = {}
    for move in moves.values():
        received.setdefault(move.host, []).append(move.source)
    found = []
    for pk, site in known.items():
        move, name = moves.get(pk), facts[pk].name
        given = {"house": pk, "house_name": name, "children": site.children, "capacity": site.capacity}
        given["summers"] = summers[pk]
        if plan is None:
            found.append(Line(**given, decision="sans solution", tone="alert", reason=_why_not(site, pk in places)))
        elif move is not None:
            why = "fermée au calendrier" if site.must_close else "regroupée pour ouvrir moins de maisons"
            host = facts[move.host].name
            found.append(Line(**given, decision="envoyée", tone="watch", host_name=host, km=move.km, reason=why))
        elif pk in plan.opened:
            found.append(
                Line(**given, decision="ouverte", tone="good", reason=_load(site, received.get(pk, ()), known))
            )
        else:
            found.append(Line(**given, decision="fermée", tone="neutral", reason="aucun enfant attendu"))
    return tuple(sorted(found, key=lambda line: (line.decision != "ouverte", line.house_name)))


def _load(site, sources, known):
    total = site.children + sum(known[source].children for source in sources)
    where = f"reçoit {counted(len(sources), 'maison')}" if sources else "ne reçoit personne"
    return f"{where}\u202f; {number(total)} enfants pour {counted(site.capacity, 'place')}"


def _why_not(site, is_placed):
    if not is_placed:
        return "sans position\u00a0: personne ne peut y être envoyé, ni en venir"
    return "fermée au calendrier" if site.must_close else "les enfants ne tiennent pas dans les maisons ouvertes"
