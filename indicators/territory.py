"""One territory and what it holds: the page « Indicateurs » of a direction, circonscription, pôle or sector.

The hours of each house are summed for the month, for the same month a year before and for twelve months, in one query;
Python adds them up the tree of a day: that of the month, or today's. Four queries whatever the size.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Count, Q, Sum
from django.urls import reverse

from core.calendar import add_months, month_end
from core.french import capitalise, percent
from core.periods import active_on
from establishments.models import Capability, Establishment, Territory, TerritoryLink

from .links import LINKED, explain_url
from .models import HOURS, MonthlyActivity
from .months import written
from .overview import as_percent, coverage, living
from .rates import NO_ACTIVITY, RATE_DEFINITIONS, Activity

Status = MonthlyActivity.Status
YEAR = 12
DIRECT = "Rattachés directement"
ROLLING = "rolling"
SPANS = {"month": (0, 0), "before": (YEAR, YEAR), "year": (YEAR - 1, 0)}


@dataclass(frozen=True)
class Line:
    """A territory below, or a house of a sector: its month, the same one a year before, twelve months."""

    key: int
    name: str
    url: str
    houses: tuple[int, ...]
    month: Activity
    before: Activity
    year: Activity
    reported: int
    unvalidated: int
    urls: dict[str, str]

    def get_absolute_url(self) -> str:
        return self.url

    opening = property(lambda self: as_percent(self.month.opening_rate))
    admission = property(lambda self: as_percent(self.month.admission_rate))
    assiduity = property(lambda self: as_percent(self.month.assiduity_rate))
    attendance = property(lambda self: as_percent(self.month.attendance_rate))
    rolling = property(lambda self: as_percent(self.year.attendance_rate))
    activity = property(lambda self: self.month)

    @property
    def change(self) -> Fraction | None:
        """Of the attendance over a year; season against season."""
        now, then = self.month.attendance_rate, self.before.attendance_rate
        return None if now is None or then is None else now - then

    @property
    def coverage(self) -> str:
        return coverage(self.reported, len(self.houses), self.unvalidated)


@dataclass(frozen=True)
class TerritoryPage:
    """What the page and its files show; `by_month` is the curve of the whole."""

    territory: Territory
    month: date
    tree: date
    lines: tuple[Line, ...]
    total: Line
    by_month: dict[date, Activity]
    provisional: frozenset[date]
    houses: tuple[Establishment, ...]
    places: dict[int, int]  # house: key of the line that holds it
    above: dict[int, int]  # territory below: key of the line that holds it
    of_house: dict[int, Activity]

    @property
    def stats(self) -> list[tuple[str, str, str]]:
        """(label, "73,0 %", address that explains it)."""
        labels = {one.name: one.label for one in RATE_DEFINITIONS}
        rates = [(name, capitalise(labels[name]), getattr(self.total.month, name)) for name in LINKED]
        known = [
            (label, percent(rate), self.total.urls[name] if rate is not None else "") for name, label, rate in rates
        ]
        year = self.total.year.attendance_rate
        opens = self.total.urls[ROLLING] if year is not None else ""
        return [*known, ("Fréquentation sur douze mois", percent(year), opens)]


def read_territory(user, territory, month, *, tree=None) -> TerritoryPage:
    """The page of a territory in the tree of a month (`month` unless told)."""
    tree = tree or month
    houses, places, below, above = members(user, territory, month, tree)
    sums = _sums([house.pk for house in houses], month)
    groups = defaultdict(list)
    for house in houses:
        groups[places[house.pk]].append(house.pk)
    lines = [_line(pk, name, groups[pk], sums, _where(pk, url, month, tree)) for pk, name, url in below]
    by_month, provisional = _curve([house.pk for house in houses], month)
    whole = (reverse("indicators:territory", args=[territory.pk]), _urls(month, tree, territory=territory.pk))
    return TerritoryPage(
        territory=territory,
        month=month,
        tree=tree,
        lines=tuple(line for line in lines if line.houses),
        total=_line(territory.pk, territory.name, [house.pk for house in houses], sums, whole),
        by_month=by_month,
        provisional=provisional,
        houses=tuple(houses),
        places=places,
        above=above,
        of_house={pk: found["month"] for pk, found in sums.items()},
    )


def members(user, territory, month, tree):
    """(houses alive in `month`, {house: key}, [(key, name, URL)] of the lines, {territory below: key}): two queries.

    A key is that of the line that holds the house in the tree of the month `tree`.
    """
    day = month_end(tree)
    visible = Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES).within(territory, day)
    houses = list(living(visible, month).with_territories(day).order_by("name", "pk"))
    if territory.kind == Territory.Kind.SECTOR:
        lines = [(h.pk, h.name, reverse("indicators:establishment_activity", args=[h.pk])) for h in houses]
        return houses, {house.pk: house.pk for house in houses}, lines, {}
    links = TerritoryLink.objects.filter(active_on(day, prefix="ancestor__"), ancestor__parent=territory)
    above, names = {territory.pk: territory.pk}, {}
    for descendant, child, name in links.order_by("ancestor__name").values_list(
        "descendant", "ancestor", "ancestor__name"
    ):
        above[descendant], names[child] = child, name
    lines = [(pk, name, reverse("indicators:territory", args=[pk])) for pk, name in names.items()]
    lines.append((territory.pk, DIRECT, ""))
    # A territory closed since then leaves its houses to the one above it: nothing is lost between two levels.
    return houses, {house.pk: above.get(house.sector_id, territory.pk) for house in houses}, lines, above


def _where(pk, url, month, tree):
    """(address of the page, addresses that explain the rates): neither for houses attached to no territory below."""
    if not url:
        return "", dict.fromkeys([*LINKED, ROLLING], "")
    name = "establishment" if "etablissement" in url else "territory"
    return f"{url}{chosen_query(month, tree)}", _urls(month, tree, **{name: pk})


def chosen_query(month, tree) -> str:
    """What the address of a page says of the month and the tree it was read in: the next level keeps both."""
    return f"?mois={written(month)}{'' if tree == month else '&decoupage=jour'}"


def _urls(month, tree, **place):
    """{rate: address that explains it}, the twelve months among them."""
    year = explain_url("attendance_rate", month, since=add_months(month, 1 - YEAR), tree=tree, **place)
    return {rate: explain_url(rate, month, tree=tree, **place) for rate in LINKED} | {ROLLING: year}


def _sums(houses, month):
    """{house: {span: Activity, "reported": 0 or 1, "unvalidated": 0 or 1}} in one query."""
    rows = MonthlyActivity.objects.filter(establishment__in=houses).published()
    rows = rows.between(add_months(month, -YEAR), month).order_by().values("establishment")
    sums = {}
    for span, (first, last) in SPANS.items():
        inside = Q(month__gte=add_months(month, -first), month__lte=add_months(month, -last))
        sums |= {f"{span}_{name}": Sum(name, filter=inside) for name in HOURS}
    now = Q(month=month)
    counts = {
        "reported": Count("pk", filter=now),
        "unvalidated": Count("pk", filter=now & Q(status=Status.SUBMITTED)),
    }
    return {
        row["establishment"]: {span: Activity(*(row[f"{span}_{name}"] or 0 for name in HOURS)) for span in SPANS}
        | {name: row[name] for name in counts}
        for row in rows.annotate(**sums, **counts)
    }


def _line(key, name, houses, sums, where):
    known = [sums[house] for house in houses if house in sums]
    return Line(
        key=key,
        name=name,
        url=where[0],
        houses=tuple(houses),
        **{span: sum((one[span] for one in known), NO_ACTIVITY) for span in SPANS},
        reported=sum(one["reported"] for one in known),
        unvalidated=sum(one["unvalidated"] for one in known),
        urls=where[1],
    )


def _curve(houses, month):
    """({month: Activity}, months where something is not validated) over 24 months, in one query."""
    rows = MonthlyActivity.objects.filter(establishment__in=houses).published()
    rows = rows.between(add_months(month, 1 - 2 * YEAR), month).order_by().values("month")
    found = rows.annotate(
        **{f"sum_{name}": Sum(name) for name in HOURS}, waiting=Count("pk", filter=Q(status=Status.SUBMITTED))
    )
    by_month = {row["month"]: (Activity(*(row[f"sum_{name}"] for name in HOURS)), row["waiting"]) for row in found}
    waiting = frozenset(when for when, pair in by_month.items() if pair[1])
    return {when: pair[0] for when, pair in by_month.items()}, waiting
