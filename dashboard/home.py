"""The other blocks of the home page: attendance, territories, reports, register. A fixed number of queries."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import BooleanField, Count, DateField, F, Q, Value

from core.addresses import address
from core.compiled import rows_once
from core.french import counted, sentence_list, sort_key
from core.periods import active_on
from core.unions import EMPTY, leg
from establishments.models import (
    CAPABILITIES,
    Capability,
    Establishment,
    Territory,
    TerritoryLink,
)
from establishments.vocabulary import words
from indicators.models import MonthlyActivity
from visits import schedule
from visits.freshness import status_of, with_last_visit
from visits.models import Visit

from .rates import attendance_of, by_month

NAMES_A_DAY = 3
REPORTS = 5
REPORT_DAYS = 60
HOUSE, LINK = "house", "link"


def attendance(user, perimeter, today):
    """The attendance of the user's own perimeter; None when she reads no aggregates. One query."""
    return attendance_of(_months, (user,), len(perimeter.houses), today) if perimeter.houses else None


@rows_once
def _months(user, *months):
    return by_month(MonthlyActivity.objects.visible_to(user, Capability.VIEW_AGGREGATES), months)


def places_of(mandates) -> str:
    """ "Secteur Belleville et Pôle 19e", for the head of the page."""
    places = list(dict.fromkeys(str(mandate.territory or mandate.establishment) for mandate in mandates))
    more = len(places) - NAMES_A_DAY
    return sentence_list([*places[:NAMES_A_DAY], counted(more, "autre")] if more > 0 else places)


def transmitted_reports(user, today, held):
    """The last reports given to those who read nothing else of a house. One query, none for the others."""
    if Capability.READ_TRANSMITTED not in held or held & {Capability.VIEW, Capability.ANSWER_REPORT}:
        return []
    return _transmitted(user, today)


@rows_once
def _transmitted(user, today):
    reports = Visit.objects.visible_to(user, Capability.READ_TRANSMITTED).transmitted()
    reports = reports.filter(shared_at__date__gte=today - timedelta(days=REPORT_DAYS))
    return reports.select_related("establishment").order_by("-shared_at", "-pk")[:REPORTS]


@dataclass(frozen=True)
class Place:
    """A territory or a house of the user's mandates; `note` counts its houses and its late visits."""

    name: str
    url: str
    note: str = ""
    late: int = 0

    @property
    def late_text(self) -> str:
        return f"{words()['visit'].counted(self.late)} en retard"


@dataclass(frozen=True)
class Perimeter:
    """What the user reads the aggregates of: `houses` are (territory, freshness) pairs.

    `links` are (ancestor, its name, territory) for her territories (`own`) and those just below, with what they hold.
    """

    mandates: tuple
    own: tuple[int, ...]
    houses: tuple[tuple[int | None, str], ...]
    links: tuple[tuple[int, str, int], ...]


def perimeter_of(user, mandates, today) -> Perimeter:
    """One query."""
    own = tuple(
        one.territory_id for one in mandates if one.territory and Capability.VIEW_AGGREGATES in CAPABILITIES[one.role]
    )
    rows = _houses_and_links(user, today, *own)
    return Perimeter(
        tuple(mandates),
        own,
        tuple((row["place"], status_of(row["last"], row["new"], today)) for row in rows if row["what"] == HOUSE),
        tuple((row["row"], row["text"], row["place"]) for row in rows if row["what"] == LINK),
    )


@rows_once
def _houses_and_links(user, today, *own):
    houses = Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES).open_on(today)
    houses = with_last_visit(houses.with_territories(today), today)
    links = TerritoryLink.objects.filter(
        Q(ancestor__in=own) | Q(ancestor__parent__in=own), active_on(today, prefix="ancestor__")
    )
    legs = [
        leg(houses, HOUSE, place=F("sector_id"), text=EMPTY, last=F("last_visit_on"), new=F("takes_office")),
        leg(
            links,
            LINK,
            row=F("ancestor_id"),
            place=F("descendant_id"),
            text=F("ancestor__name"),
            last=Value(None, DateField()),
            new=Value(False, BooleanField()),
        ),
    ]
    return legs[0].union(legs[1], all=True)


def territories(perimeter) -> list[Place]:
    """The houses of the user's mandates, then her territories, then those just below, by name."""
    houses = [one.establishment for one in perimeter.mandates if one.establishment]
    found = [Place(str(house), house.get_absolute_url()) for house in houses]
    holders, names, counts, late = defaultdict(set), {}, Counter(), Counter()
    for ancestor, name, place in perimeter.links:
        names[ancestor] = name
        holders[place].add(ancestor)
    for place, freshness in perimeter.houses:
        counts.update(holders[place])
        late.update(holders[place] if freshness == schedule.OVERDUE else ())
    order = sorted(names, key=lambda pk: (pk not in perimeter.own, sort_key(names[pk])))
    return found + [_territory(pk, names[pk], counts[pk], late[pk]) for pk in order]


def _territory(pk, name, houses, late):
    return Place(name, address("dashboard:territory", pk), words()["establishment"].counted(houses), late)


def register_gaps(user, today, held) -> list[Place]:
    """What the register lacks, for who keeps it: houses without known places, without a sector. One query."""
    if Capability.MANAGE_REGISTER not in held:
        return []
    houses = Establishment.objects.visible_to(user, Capability.MANAGE_REGISTER).open_on(today)
    sectors = Territory.objects.filter(kind=Territory.Kind.SECTOR).values("pk")
    rows = houses.with_places(today).with_territories(today)
    gaps = rows.aggregate(
        no_places=Count("pk", filter=Q(places__isnull=True)),
        no_sector=Count("pk", filter=~Q(sector_id__in=sectors)),
        no_position=Count("pk", filter=Q(latitude__isnull=True)),
    )
    labels = {
        "no_places": "sans places connues",
        "no_sector": f"sans {words()['sector']}",
        "no_position": "sans position",
    }
    url, house = address("admin:establishments_establishment_changelist"), words()["establishment"]
    return [Place(labels[name], url, house.counted(n)) for name, n in gaps.items() if n]
