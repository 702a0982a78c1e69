"""Which houses stopped filling what (S-099): the last sign of life of each subject, by house; nobody is ranked.

Read from the journal, which every room writes: no name, no count of a person, only the house, the subject, the day.
Who reads the files of a house sees it by its name; who reads aggregates alone sees how many, territory by territory.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from core.french import full_date, sort_key
from establishments.models import (
    Capability,
    Establishment,
    JournalEntry,
    SectorAttachment,
    Territory,
    TerritoryLink,
)

# Subject of the journal, what it says of the use of the product, days without a sign before it is asked about.
SUBJECTS = [
    ("indicators.monthlyactivity", "Activité du mois", 45),
    ("staffing.leaverequest", "Congés", 120),
    ("projects.actionitem", "Actions", 90),
    ("visits.visit", "Visites", 75),
    ("establishments.obligation", "Obligations", 365),
]


@dataclass(frozen=True)
class Sign:
    """The last line of one subject for one house; `stopped` when it was alive and is silent for too long."""

    label: str
    last_on: date | None
    stopped: bool

    @property
    def text(self) -> str:
        return full_date(self.last_on) if self.last_on else "jamais"

    @property
    def tone(self) -> str:
        return "watch" if self.stopped else "neutral" if self.last_on is None else "good"


@dataclass(frozen=True)
class HouseUse:
    """One house and its signs, in the order of SUBJECTS."""

    establishment: object
    signs: tuple[Sign, ...]

    @property
    def stopped(self) -> list[str]:
        return [sign.label for sign in self.signs if sign.stopped]


@dataclass(frozen=True)
class PlaceUse:
    """One territory: its houses, and (subject, how many of them stopped it) in the order of SUBJECTS."""

    territory: object
    houses: int
    stopped: tuple[tuple[str, int], ...]


def adoption_of(user, today, capability=Capability.VIEW):
    """Houses in the order of their names, never of their silence. Two queries."""
    houses = Establishment.objects.visible_to(user, capability).open_on(today).order_by("name", "pk")
    journal = JournalEntry.objects.filter(subject_kind__in=[kind for kind, _, _ in SUBJECTS])
    rows = journal.filter(establishment__in=houses.order_by().values("pk")).order_by()
    last = {
        (house, kind): timezone.localtime(at).date()
        for house, kind, at in rows.values("establishment", "subject_kind")
        .annotate(last=Max("at"))
        .values_list("establishment", "subject_kind", "last")
    }
    return [HouseUse(house, tuple(_sign(last, house, one, today) for one in SUBJECTS)) for house in houses]


def _sign(last, house, subject, today):
    kind, label, days = subject
    day = last.get((house.pk, kind))
    return Sign(label, day, day is not None and today - day > timedelta(days=days))


def named(user, uses):
    """Those of the houses whose file the user reads. One query."""
    keys = [use.establishment.pk for use in uses]
    read = Establishment.objects.visible_to(user, Capability.VIEW).filter(pk__in=keys).order_by()
    known = set(read.values_list("pk", flat=True))
    return [use for use in uses if use.establishment.pk in known]


def adoption_by_territory(user, uses, today):
    """PlaceUse of each territory that the user covers, from the top down, by name; never by silence. Two queries."""
    known = {use.establishment.pk: use for use in uses}
    attached = SectorAttachment.objects.active_on(today).filter(establishment__in=known)
    links = TerritoryLink.objects.filter(descendant__in=attached.order_by().values("territory"))
    above = defaultdict(set)
    for ancestor, descendant in links.values_list("ancestor", "descendant"):
        above[descendant].add(ancestor)
    inside = defaultdict(set)
    for house, territory in attached.values_list("establishment", "territory"):
        for place in above[territory]:
            inside[place].add(house)
    covered = Territory.objects.visible_to(user, Capability.VIEW_AGGREGATES).filter(pk__in=inside)
    return [_place_use(one, [known[pk] for pk in inside[one.pk]]) for one in sorted(covered, key=_from_the_top)]


def _place_use(territory, uses):
    return PlaceUse(territory, len(uses), tuple(stopped_by_subject(uses)))


def _from_the_top(territory):
    return list(Territory.Kind).index(territory.kind), sort_key(territory.name), territory.pk


def stopped_by_subject(uses):
    """[(subject, number of houses that stopped)]: what to talk about first."""
    return [(label, sum(label in use.stopped for use in uses)) for _, label, _ in SUBJECTS]
