"""What each house must have and has, on a day: target, real, gap, article (CSP R. 2324-46-1 to -46-3; domain §2.6).

Real full-time equivalents are those of the postings of the day, the pool apart; what nobody recorded stays unknown.
Three queries for any number of houses.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from establishments.compliance import Requirement, requirements

from .models import Posting

# The field of `Quotas` that each job fills.
FILLED = {
    Posting.Job.DIRECTOR: "direction_fte",
    Posting.Job.DEPUTY: "deputy_fte",
    Posting.Job.NURSE: "health_fte",
    Posting.Job.EJE: "eje_fte",
}


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


def real_fte(houses, day) -> dict[int, dict[str, Decimal]]:
    """{house: {field of Quotas: FTE}} for houses given by a subquery or ids; nothing for a house without postings."""
    rows = Posting.objects.filter(establishment__in=houses, pool__isnull=True).active_on(day)
    found = defaultdict(dict)
    for house, job, fte in rows.order_by().values_list("establishment", "job").annotate(fte=Sum("fte")):
        values = found[house] or dict.fromkeys(FILLED.values(), Decimal(0))
        if job in FILLED:
            values[FILLED[job]] += fte
        found[house] = values
    return found


def compliance_of(houses, day) -> list[ComplianceLine]:
    """Every requirement of the houses of a queryset whose places are known, by house."""
    real = real_fte(houses.order_by().values("pk"), day)
    return [
        ComplianceLine(house.pk, house.name, requirement)
        for house in houses.with_places(day).order_by("name", "pk")
        if house.places
        for requirement in requirements(house.kind, house.places, day, real.get(house.pk))
    ]
