"""What a territory follows up: days until a measure is verified (S-034), injunctions past their delay (S-038)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Value
from django.urls import reverse
from django.utils import timezone

from core.calendar import add_months
from core.charts import Figure, bar_chart
from core.compiled import rows_once
from core.french import NBSP, NNBSP, counted, full_date, number, percent
from core.unions import EMPTY
from establishments.models import Capability, Establishment
from projects.models import ActionItem
from visits.models import Finding, FunctioningReview, ReviewItem
from visits.reviews.campaign import INTERVAL_MONTHS

MONTHS = 12
QUICK = 30  # days
NAMED = 5


@dataclass(frozen=True)
class LateInjunctions:
    """Those named on the dashboard, the oldest delay first, and where all of them are."""

    named: tuple[tuple[str, str, str], ...]  # house, how late, address
    count: int
    url: str

    @property
    def title(self) -> str:
        return counted(self.count, "injonction en retard", "injonctions en retard")


def late_injunctions(user, territory, today, held) -> LateInjunctions | None:
    """None when the reader does not read inspections, or when none is late. One query."""
    if Capability.VIEW_INSPECTIONS not in held:
        return None
    rows = list(_late(user, territory, today))
    if not rows:
        return None
    named = tuple(
        (
            row.inspection.establishment.name,
            f"{row.inspection.get_authority_display()}, délai passé de {counted((today - row.due_on).days, 'jour')}",
            row.get_absolute_url(),
        )
        for row in rows[:NAMED]
    )
    return LateInjunctions(named, len(rows), f"{reverse('visits:findings')}?territory={territory.pk}&wait=late")


@rows_once
def _late(user, territory, today):
    rows = Finding.objects.visible_to(user).within(territory).injunctions().late(today)
    return rows.select_related("inspection__establishment").order_by("due_on", "pk")


def closing_figure(rows, dashboard, day, held):
    """Median days to close a corrective measure, line by line, over twelve months; None when none was closed."""
    if Capability.VIEW_ACTIONS not in held:
        return None
    found = defaultdict(list)
    for house, created, closed, before, *_ in rows:
        if house in dashboard.groups and not before:
            days = (timezone.localdate(closed) - timezone.localdate(created)).days
            found[dashboard.groups[house]].append(days)
    everything = [days for held_days in found.values() for days in held_days]
    if not everything:
        return None
    lines = [(line.name, found.get(line.key, [])) for line in dashboard.lines if line.houses]
    title = "Jours pour clore une mesure corrective"
    frame = {"unit": "jours", "title": title}
    names = [name for name, _ in lines]
    medians = [median(days) if days else None for _, days in lines]
    return Figure(
        title=title,
        unit="médiane, en jours, de la demande à la vérification",
        period=f"du {full_date(add_months(day, -MONTHS))} au {full_date(day)}",
        data_date=f"données au {full_date(day)}",
        n=counted(len(everything), "mesure vérifiée", "mesures vérifiées"),
        sentence=sentence(everything),
        svg=bar_chart(names, medians, prefix="mesures", **frame),
        svg_compact=bar_chart(names, medians, prefix="mesures-c", compact=True, **frame),
        headers=["Territoire", "Mesures vérifiées", "Médiane", "La plus longue", f"En {QUICK} jours au plus"],
        rows=[_row(name, days) for name, days in [*lines, ("Ensemble", everything)]],
    )


def sentence(days: list[int]) -> str:
    """ "La moitié des mesures sont vérifiées en 24 jours ou moins ; 62 % en 30 jours au plus." """
    middle = _days(median(days))
    return (
        f"La moitié des mesures sont vérifiées en {middle} ou moins{NNBSP}; {_quick(days)} en {QUICK} jours au plus."
    )


def _row(name, days):
    if not days:
        return [name, "0", "—", "—", "—"]
    return [name, number(len(days)), _days(median(days)), _days(max(days)), _quick(days)]


def _quick(days):
    return percent(sum(one <= QUICK for one in days) / len(days), 0)


def _days(value):
    whole = number(value, 0 if value == int(value) else 1)
    return f"{whole}{NBSP}jour{'s' if value >= 2 else ''}"


def followed_up(user, territory, day) -> list[tuple]:
    """[(house, from, to, rating before, rating now, n)] of what a territory followed up: one query for two figures.

    Corrective measures verified over twelve months have no rating; the points of the last two analyses have both.
    """
    return _followed_up(user, territory, add_months(day, -MONTHS), add_months(day, -INTERVAL_MONTHS), day)


@rows_once
def _followed_up(user, territory, since: date, analysed_since: date, until: date):
    reviews = FunctioningReview.objects.visible_to(user, Capability.READ_TRANSMITTED).filter(
        establishment__in=Establishment.objects.within(territory, until).order_by().values("pk"),
        status__in=FunctioningReview.CLOSED,
        previous__isnull=False,
        validated_at__date__range=(analysed_since, until),
    )
    points = ReviewItem.objects.filter(review__in=reviews.order_by().values("pk"))
    rated = points.counted_moves("review__establishment", "review__opened_at", "review__validated_at")
    closed = _closed(user, territory, since, until).annotate(before=EMPTY, now=EMPTY, n=Value(1))
    columns = ("establishment", "created_at", "closed_at", "before", "now", "n")
    return closed.order_by().values_list(*columns).union(rated, all=True)


def _closed(user, territory, since, until):
    houses = Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES).within(territory, until)
    return ActionItem.objects.visible_to(user).filter(
        kind=ActionItem.Kind.CORRECTIVE,
        status=ActionItem.Status.VERIFIED,
        closed_at__date__range=(since, until),
        establishment__in=houses.order_by().values("pk"),
    )
