"""What each house must have and has, on a day: target, real, gap, article (CSP R. 2324-46-1 to -46-3; domain §2.6).

Real full-time equivalents are those of the postings of the day, the pool apart; hours of RSAI those done and planned
in the year and the quarter of the day. What nobody recorded stays unknown. Three queries for any number of houses.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import CharField, F, Q, Sum, Value

from core.calendar import add_months, quarter
from establishments.compliance import Requirement, requirements

from .development.due import RSAI
from .models import Intervention, Posting

# The field of `Quotas` that each job fills.
FILLED = {
    Posting.Job.DIRECTOR: "direction_fte",
    Posting.Job.DEPUTY: "deputy_fte",
    Posting.Job.NURSE: "health_fte",
    Posting.Job.EJE: "eje_fte",
}
JOBS = frozenset(Posting.Job.values)
SUMS = ("establishment", "what", "amount")


@dataclass(frozen=True)
class ComplianceLine:
    """One requirement of one house."""

    house: int
    house_name: str
    requirement: Requirement

    @property
    def label(self) -> str:
        return self.requirement.label

    @property
    def required(self) -> str:
        return self.requirement.required

    @property
    def actual(self) -> str:
        return self.requirement.actual

    @property
    def gap(self) -> str:
        return self.requirement.gap or "—"

    @property
    def article(self) -> str:
        return self.requirement.article

    @property
    def state(self) -> str:
        met = self.requirement.is_met
        return "à renseigner" if met is None else "tenu" if met else "en écart"

    @property
    def tone(self) -> str:
        met = self.requirement.is_met
        return "neutral" if met is None else "good" if met else "alert"


def real_values(houses, day) -> dict[int, dict[str, Decimal]]:
    """{house: {field of Quotas: FTE or hours}} for houses given by a subquery or ids; nothing that nobody recorded.

    A house with postings has every share of post, 0 where nobody holds it; hours of RSAI are those done and planned.
    """
    posted = Posting.objects.filter(establishment__in=houses, pool__isnull=True).active_on(day)
    given = Intervention.objects.filter(establishment__in=houses, function=RSAI, held_on__year=day.year)
    given = given.exclude(status=Intervention.Status.CANCELLED)
    first = date(day.year, 3 * quarter(day) - 2, 1)
    this_quarter = Q(held_on__gte=first, held_on__lt=add_months(first, 3))
    legs = [
        _sums(posted, F("job"), Sum("fte")),
        _sums(given, _text("rsai_hours_year"), Sum("hours")),
        _sums(given, _text("rsai_hours_quarter"), Sum("hours", filter=this_quarter, default=Decimal(0))),
    ]
    found = defaultdict(dict)
    for house, what, amount in legs[0].union(*legs[1:], all=True):
        if what in JOBS:
            found[house] = dict.fromkeys(FILLED.values(), Decimal(0)) | found[house]
        if field := FILLED.get(what) if what in JOBS else what:
            found[house][field] = amount
    return found


def _sums(rows, what, amount):
    return rows.order_by().values("establishment").annotate(what=what, amount=amount).values_list(*SUMS)


def _text(name):
    return Value(name, CharField())


def compliance_of(houses, day) -> list[ComplianceLine]:
    """Every requirement of the houses of a queryset whose places are known, by house."""
    real = real_values(houses.order_by().values("pk"), day)
    return [
        ComplianceLine(house.pk, house.name, requirement)
        for house in houses.with_places(day).order_by("name", "pk")
        if house.places
        for requirement in requirements(house.kind, house.places, day, real.get(house.pk))
    ]
