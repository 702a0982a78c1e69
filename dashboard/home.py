"""The other blocks of the home page: attendance, territories, reports, register. A fixed number of queries."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse

from core.french import counted, sentence_list
from core.periods import active_on
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
from visits.freshness import with_freshness
from visits.models import Visit

from .rates import attendance_of

NAMES_A_DAY = 3
REPORTS = 5
REPORT_DAYS = 60


def attendance(user, perimeter, today):
    """The attendance of the user's own perimeter; None when she reads no aggregates. One query."""
    activities = MonthlyActivity.objects.visible_to(user, Capability.VIEW_AGGREGATES)
    return attendance_of(activities, len(perimeter.houses), today) if perimeter.houses else None


def places_of(mandates) -> str:
    """ "Secteur Belleville et Pôle 19e", for the head of the page."""
    places = list(dict.fromkeys(str(mandate.territory or mandate.establishment) for mandate in mandates))
    more = len(places) - NAMES_A_DAY
    return sentence_list([*places[:NAMES_A_DAY], counted(more, "autre")] if more > 0 else places)


def transmitted_reports(user, today, held):
    """The last reports given to those who read them without writing any. One query, none for the others."""
    if Capability.READ_TRANSMITTED not in held or Capability.LOG_VISIT in held:
        return []
    return list(
        Visit.objects.visible_to(user, Capability.READ_TRANSMITTED)
        .transmitted()
        .filter(shared_at__date__gte=today - timedelta(days=REPORT_DAYS))
        .select_related("establishment")
        .order_by("-shared_at", "-pk")[:REPORTS]
    )


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
    """The houses whose aggregates the user reads, as (territory, freshness) pairs, and her mandates of the day."""

    houses: tuple[tuple[int | None, str], ...]
    mandates: tuple


def perimeter_of(user, mandates, today) -> Perimeter:
    """One query."""
    rows = Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES).open_on(today)
    rows = with_freshness(rows.with_territories(today), today).order_by()
    return Perimeter(tuple(rows.values_list("sector_id", "freshness")), tuple(mandates))


def territories(perimeter, today) -> list[Place]:
    """The territories whose aggregates the user reads, those below, and her own houses. One query."""
    held = perimeter.mandates
    found = [Place(str(one.establishment), one.establishment.get_absolute_url()) for one in held if one.establishment]
    own = [one.territory_id for one in held if one.territory and Capability.VIEW_AGGREGATES in CAPABILITIES[one.role]]
    wanted = Q(ancestor__in=own) | Q(ancestor__parent__in=own)
    links = TerritoryLink.objects.filter(wanted, active_on(today, prefix="ancestor__"))
    links = links.order_by("ancestor__name", "ancestor").values_list("ancestor", "ancestor__name", "descendant")
    holders, names, counts, late = defaultdict(set), {}, Counter(), Counter()
    for ancestor, name, place in links:
        names[ancestor] = name
        holders[place].add(ancestor)
    for place, freshness in perimeter.houses:
        counts.update(holders[place])
        late.update(holders[place] if freshness == schedule.OVERDUE else ())
    first = sorted(names, key=lambda pk: pk not in own)
    return found + [_territory(pk, names[pk], counts[pk], late[pk]) for pk in first]


def _territory(pk, name, houses, late):
    return Place(name, reverse("dashboard:territory", args=[pk]), words()["establishment"].counted(houses), late)


def register_gaps(user, today, held) -> list[Place]:
    """What the register lacks, for who keeps it: houses without known places, without a sector. One query."""
    if Capability.MANAGE_REGISTER not in held:
        return []
    houses = Establishment.objects.visible_to(user, Capability.MANAGE_REGISTER).open_on(today)
    sectors = Territory.objects.filter(kind=Territory.Kind.SECTOR).values("pk")
    rows = houses.with_places(today).with_territories(today)
    gaps = rows.aggregate(
        places=Count("pk", filter=Q(places__isnull=True)),
        sector=Count("pk", filter=~Q(sector_id__in=sectors)),
        position=Count("pk", filter=Q(latitude__isnull=True)),
    )
    try:
        url = reverse("admin:establishments_establishment_changelist")
    except NoReverseMatch:  # TEMPORARY: the administration is still being built
        return []
    labels = {"places": "sans places connues", "sector": f"sans {words()['sector']}", "position": "sans position"}
    return [Place(label, url, words()["establishment"].counted(gaps[name])) for name, label in labels.items()]
