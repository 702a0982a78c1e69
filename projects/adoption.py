"""Which houses stopped filling what (S-099): the last sign of life of each subject, by house; nobody is ranked.

Read from the journal, which every room writes: no name, no count of a person, only the house, the subject, the day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from core.french import full_date
from establishments.models import Capability, Establishment, JournalEntry

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


def adoption_of(user, today):
    """Houses in the order of their names, never of their silence. Two queries."""
    houses = Establishment.objects.visible_to(user, Capability.VIEW).open_on(today).order_by("name")
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


def stopped_by_subject(uses):
    """[(subject, number of houses that stopped)]: what to talk about first."""
    return [(label, sum(label in use.stopped for use in uses)) for _, label, _ in SUBJECTS]
