"""The rates of a perimeter for a month: one line a house, sums by sector and in all. Two queries.

A sum adds the hours and divides once; drafts are counted nowhere, submitted months count and are marked.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db.models import Q
from django.urls import reverse

from core.calendar import month_end
from core.french import NBSP, month_name
from establishments.models import Capability, Establishment
from establishments.vocabulary import words

from .attainment import attainments
from .links import LINKED, explain_url
from .models import HOURS, MonthlyActivity, Target
from .months import months_until, written
from .rates import NO_ACTIVITY, Activity, weakest_lever

HISTORY = 24
MISSING = "missing"
Status = MonthlyActivity.Status
STATES = {**{status.value: status.label for status in Status}, MISSING: "à saisir"}


def as_percent(rate: Fraction | None) -> Decimal | None:
    """72.95 for a rate of 0.7295…: two decimals, for files."""
    return (
        None
        if rate is None
        else (Decimal(rate.numerator) * 100 / Decimal(rate.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    )


@dataclass(frozen=True)
class Line:
    """One house, one sector or everything, for a month; `history` is its attendance over 24 months."""

    level: str
    name: str
    url: str
    sector: str
    activity: Activity
    state: str
    history: tuple[Fraction | None, ...] = ()
    coverage: str = ""
    is_unvalidated: bool = False
    month: date | None = None
    perimeter: tuple[tuple[str, int], ...] | None = None  # of `explain_url`; None: nothing to open

    def get_absolute_url(self) -> str:
        return self.url

    opening = property(lambda self: as_percent(self.activity.opening_rate))
    admission = property(lambda self: as_percent(self.activity.admission_rate))
    assiduity = property(lambda self: as_percent(self.activity.assiduity_rate))
    attendance = property(lambda self: as_percent(self.activity.attendance_rate))

    @property
    def urls(self) -> dict[str, str]:
        """{rate: address that explains it}, empty addresses when there is nothing to explain."""
        known = self.perimeter is not None and self.activity != NO_ACTIVITY
        return {rate: explain_url(rate, self.month, **dict(self.perimeter)) if known else "" for rate in LINKED}

    @property
    def lever(self) -> str | None:
        return weakest_lever(self.activity)


@dataclass(frozen=True)
class Overview:
    """Everything the page and its files show."""

    month: date
    houses: tuple[Line, ...]
    sectors: tuple[Line, ...]
    total: Line
    expected: int
    reported: int
    unvalidated: int
    closed_all_month: int
    months: tuple[date, ...]
    by_month: dict[date, Activity]
    provisional: frozenset[date]

    @property
    def coverage(self) -> str:
        """ "13 établissements sur 15, dont 2 non validés"."""
        return coverage(self.reported, self.expected, self.unvalidated)

    @property
    def missing(self) -> list[str]:
        return [line.name for line in self.houses if line.state in (MISSING, Status.DRAFT)]

    @property
    def lines(self) -> list[Line]:
        """What the files hold: houses, then sums by sector, then the total."""
        return [*self.houses, *self.sectors, self.total]


def coverage(reported: int, expected: int, unvalidated: int) -> str:
    house = words()["establishment"]
    marked = f", dont {unvalidated} non {house.accord('validé', unvalidated)}" if unvalidated else ""
    return f"{house.counted(reported)} sur {expected}{marked}"


def read_overview(user, month, *, territory=None):
    """The overview of what the user may read, of the houses of a territory when one is given."""
    months = months_until(month, HISTORY)
    houses = Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES)
    if territory is not None:
        houses = houses.within(territory, month_end(month))
    houses = list(living(houses, month).with_territories(month_end(month)))
    activity = _activity([house.pk for house in houses], months)
    lines = [_house_line(house, activity[house.pk], months) for house in houses]
    by_sector = defaultdict(list)
    for house, line in zip(houses, lines, strict=True):
        by_sector[house.sector_id].append((house, line))
    none = f"sans {words()['sector']}"
    sectors = [
        _sum_line(
            "sector", group[0][0].sector_name or none, _sector_url(pk, month), group, activity, months, _inside(pk)
        )
        for pk, group in by_sector.items()
    ]
    by_month, provisional = _by_month(activity.values())
    everything = list(zip(houses, lines, strict=True))
    return Overview(
        month=month,
        houses=tuple(lines),
        sectors=tuple(sorted(sectors, key=lambda line: line.name)),
        total=_sum_line(
            "total", "Ensemble", "", everything, activity, months, _inside(territory.pk) if territory else ()
        ),
        expected=len(lines),
        reported=sum(_is_reported(line) for line in lines),
        unvalidated=sum(line.is_unvalidated for line in lines),
        closed_all_month=sum(_is_reported(line) and not line.activity.authorised_hours for line in lines),
        months=tuple(months),
        by_month=by_month,
        provisional=provisional,
    )


def living(houses, month):
    """Houses open at least one day of the month."""
    still = Q(closed_on__isnull=True) | Q(closed_on__gt=month)
    return houses.filter(still, opened_on__lte=month_end(month))


def _activity(houses, months):
    """{house: {month: (status, Activity)}}, drafts included, in one query."""
    found = {house: {} for house in houses}
    rows = MonthlyActivity.objects.filter(establishment__in=houses).between(months[0], months[-1]).order_by()
    for house, month, status, *hours in rows.values_list("establishment", "month", "status", *HOURS):
        found[house][month] = (status, Activity(*hours))
    return found


def _published(rows, month):
    status, activity = rows.get(month, (MISSING, NO_ACTIVITY))
    return activity if status not in (MISSING, Status.DRAFT) else NO_ACTIVITY


def _sector_url(pk, month):
    return f"{reverse('indicators:territory', args=[pk])}?mois={written(month)}" if pk else ""


def _house_line(house, rows, months):
    state = rows.get(months[-1], (MISSING, NO_ACTIVITY))[0]
    return Line(
        level="establishment",
        name=house.name,
        url=reverse("indicators:establishment_activity", args=[house.pk]),
        sector=house.sector_name or "",
        activity=_published(rows, months[-1]),
        state=str(state),
        history=tuple(_published(rows, month).attendance_rate for month in months),
        is_unvalidated=state == Status.SUBMITTED,
        month=months[-1],
        perimeter=(("establishment", house.pk),),
    )


def _is_reported(line):
    return line.state not in (MISSING, Status.DRAFT)


def _inside(pk):
    """What opens the sum of a territory; nothing opens that of the houses attached to none."""
    return None if pk is None else (("territory", pk),)


def _sum_line(level, name, url, group, activity, months, perimeter):
    history = [sum((_published(activity[house.pk], month) for house, _ in group), NO_ACTIVITY) for month in months]
    waiting = sum(line.is_unvalidated for _, line in group)
    reported = sum(_is_reported(line) for _, line in group)
    return Line(
        level=level,
        name=name,
        url=url,
        sector=name if level == "sector" else "",
        activity=history[-1],
        state="",
        history=tuple(each.attendance_rate for each in history),
        coverage=coverage(reported, len(group), waiting),
        is_unvalidated=bool(waiting),
        month=months[-1],
        perimeter=perimeter,
    )


def _by_month(all_rows):
    """({month: sum}, the months where something is not validated)."""
    sums, waiting = defaultdict(lambda: NO_ACTIVITY), set()
    for rows in all_rows:
        for month, (status, activity) in rows.items():
            if status != Status.DRAFT:
                sums[month] += activity
            if status == Status.SUBMITTED:
                waiting.add(month)
    return dict(sums), frozenset(waiting)


def reached(found: Overview, territory):
    """The targets of the territory chosen, those of the month shown; none over a whole perimeter."""
    if territory is None:
        return []
    return attainments(found.by_month, found.month, Target.objects.over_territory(territory, month_end(found.month)))


def summary(found: Overview) -> str:
    """ "Février 2026 : 13 établissements sur 15, dont 2 non validés ; 1 fermé tout le mois." """
    closed = found.closed_all_month
    house = words()["establishment"]
    shut = f"\u202f; {closed} {house.accord('fermé', closed)} tout le mois" if closed else ""
    lead = f"{month_name(found.month)}{NBSP}: {found.coverage}{shut}."
    return lead[:1].upper() + lead[1:]
