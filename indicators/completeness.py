"""« Complétude »: what is missing before months can count, and who is to fill each gap (functions S-070).

Five queries, whatever the number of houses.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from core.calendar import add_months, iter_months, month_end
from core.french import sentence_list
from core.periods import touching
from establishments.contacts import whom_to_call_in
from establishments.models import Authorisation, Capability, Directorship, Establishment, Role

from .models import MonthlyActivity
from .months import written

Status = MonthlyActivity.Status
MONTHS = 12
DUE_DAY = 10  # of the following month
UNKNOWN = "unknown"
LACKING = {
    None: "à saisir",
    Status.DRAFT: "en saisie, à soumettre",
    Status.SUBMITTED: "à valider",
    Status.VALIDATED: "à clore",
    UNKNOWN: "capacité inconnue",
}
# Who is asked for what: the house enters, the sector validates and completes the register, the pôle closes.
OWNERS = {
    None: Directorship.Position.DIRECTOR,
    Status.DRAFT: Directorship.Position.DIRECTOR,
    Status.SUBMITTED: Role.COORDINATOR,
    Status.VALIDATED: Role.POLE_HEAD,
    UNKNOWN: Role.COORDINATOR,
}
AT_ONCE = (None, Status.DRAFT, Status.SUBMITTED)
CLOSED_AFTER = 3  # months: a validated month is not asked to be closed before


@dataclass(frozen=True)
class Gap:
    """One month of one house that does not count yet, or that nobody closed."""

    house: str
    sector: str
    month: date
    lacking: str
    owner: str
    days_late: int
    url: str

    def get_absolute_url(self) -> str:
        return self.url

    @property
    def lateness(self) -> int | None:
        """Days after the tenth of the following month; None while it is not late."""
        return self.days_late if self.days_late > 0 else None


def gaps(user, last: date, today: date, *, territory=None, count=MONTHS) -> list[Gap]:
    """The gaps of the `count` months that end with `last`, the oldest first."""
    first = add_months(last, 1 - count)
    houses = Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES)
    if territory is not None:
        houses = houses.within(territory, month_end(last))
    known = Authorisation.objects.filter(touching(last, month_end(last)), establishment=OuterRef("pk"))
    # Those closed since are in: what they owe of their last months would be asked of nobody.
    still = Q(closed_on__isnull=True) | Q(closed_on__gt=first)
    houses = houses.filter(still, opened_on__lte=month_end(last)).annotate(is_known=Exists(known))
    houses = list(houses.with_territories(month_end(last)).order_by("name", "pk"))
    states = {
        (house, month): status
        for house, month, status in MonthlyActivity.objects.filter(establishment__in=[one.pk for one in houses])
        .between(first, last)
        .order_by()
        .values_list("establishment", "month", "status")
    }
    owners = whom_to_call_in([house.pk for house in houses], today)
    found = [
        _gap(house, month, state, owners.get(house.pk, []), today)
        for house in houses
        for month, state in _lacking(house, states, first, last)
    ]
    return sorted(found, key=lambda gap: (gap.month, gap.house))


def _lacking(house, states, first, last):
    for month in iter_months(max(first, house.opened_on.replace(day=1)), last):
        if house.closed_on is not None and house.closed_on <= month:
            return
        state = states.get((house.pk, month))
        if not house.is_known and state is None:
            if month == last:
                yield month, UNKNOWN
        elif state in AT_ONCE or (state == Status.VALIDATED and add_months(month, CLOSED_AFTER) <= last):
            yield month, state


def _gap(house, month, state, contacts, today):
    due = add_months(month, 1).replace(day=DUE_DAY)
    names = dict.fromkeys(one.name for one in contacts if one.function == OWNERS[state] and not one.is_vacant)
    page = "establishments:authorisation" if state == UNKNOWN else "indicators:activity_edit"
    url = reverse(page, args=[house.pk])
    return Gap(
        house=house.name,
        sector=house.sector_name or "",
        month=month,
        lacking=LACKING[state],
        owner=sentence_list(names) or "personne n’est désigné",
        days_late=(today - due).days,
        url=url if state == UNKNOWN else f"{url}?mois={written(month)}",
    )


def summary(found: list[Gap]) -> str:
    """ "3 mois à saisir, 2 à valider." """
    if not found:
        return "Rien ne manque\u00a0: chaque mois est validé."
    counts = {}
    for gap in found:
        counts[gap.lacking] = counts.get(gap.lacking, 0) + 1
    return f"{sentence_list(f'{count} mois {lacking}' for lacking, count in counts.items())}."
