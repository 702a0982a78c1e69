"""The lines of a territory's dashboard: one per house in a sector, one per territory below otherwise.

Everything is valid on `day`. A fixed number of queries, whatever the number of houses: the registers, the hours of 26
months, leave, actions, and whom to call (houses) or the tree (territories).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import CharField, Count, F, Q, Sum, Value

from core.addresses import address
from core.calendar import add_months
from core.compiled import rows_once
from core.periods import active_on
from establishments.contacts import Contact, whom_to_call_in
from establishments.identities import as_they_were
from establishments.models import Capability, Establishment, Territory, TerritoryLink
from establishments.tables import category_of, register_rows
from indicators.models import HOURS, MonthlyActivity
from indicators.rates import NO_ACTIVITY, Activity
from projects.models import ActionItem
from staffing.models import LeaveRequest
from visits import schedule
from visits.freshness import rated, standing, with_last_visit

from .rates import LOCKED, LOOK_BACK, Attendance

TREND_MONTHS = 24
LEAVES, ACTIONS = "leaves", "actions"
AUTHORISED, ACTUAL = HOURS.index("authorised_hours"), HOURS.index("actual_hours")
NOTHING = (0,) * len(HOURS)


@dataclass(frozen=True)
class Hours:
    """The hours of a group of houses in one month: how many gave them, how many are validated."""

    activity: Activity = NO_ACTIVITY
    entered: int = 0
    validated: int = 0

    def __add__(self, other):
        return Hours(self.activity + other.activity, self.entered + other.entered, self.validated + other.validated)


@dataclass(frozen=True)
class Line:
    """Sums over a group of houses; `trend` holds the attendance of 24 months, None where unknown."""

    name: str
    url: str = ""
    houses: int = 0
    places: int = 0
    unknown_places: int = 0
    frozen: int = 0
    statuses: Counter = field(default_factory=Counter)
    vacant: int = 0
    hours: Hours = Hours()
    year_before: Activity = NO_ACTIVITY
    trend: tuple[float | None, ...] = ()
    leaves: int = 0
    actions: int = 0
    late: int = 0
    key: int | None = None

    @property
    def attendance(self):
        return self.hours.activity.attendance_rate

    @property
    def overdue(self) -> int:
        return self.statuses[schedule.OVERDUE]

    @property
    def never(self) -> int:
        return self.statuses[schedule.NEVER]


@dataclass(frozen=True)
class HouseLine(Line):
    """One house: `direction` is who answers for it that day, or the vacancy."""

    category: str = ""
    freshness: schedule.Freshness | None = None
    last_visit_on: date | None = None
    direction: Contact | None = None


@dataclass(frozen=True)
class Dashboard:
    """The lines of a territory, in order, their sum, and the houses (annotated) for the map."""

    lines: tuple[Line, ...]
    total: Line
    month: date
    establishments: tuple[Establishment, ...]
    by_house: bool
    groups: dict[int, int]  # id of a house -> key of its line
    below: str = ""  # the kind of the territories below when they all have the same

    @property
    def attendance(self) -> Attendance:
        hours = self.total.hours
        return Attendance(
            self.month, hours.activity, hours.entered, hours.validated, self.total.houses, self.total.year_before
        )


def _houses_of(user, territory, day):
    """Houses of the territory that welcome children that day, whose aggregates the user reads."""
    return Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES).within(territory, day).open_on(day)


def dashboard_of(user, territory, moment, held) -> Dashboard:
    """`held`: the capabilities of the user over the territory; what she may not see is not read."""
    day = moment.day
    establishments = tuple(as_they_were(rated(_registers(user, territory, day), day), day))
    children, group = _children(territory, day)
    by_house = not children
    hours = _hours(user, territory, moment, None if by_house else group)
    month = _month(hours, moment, len(establishments))
    keep = moment.is_today  # leave and actions are not dated: only today's are known
    leaves, actions = _to_do(user, territory, day, held) if keep else ({}, {})
    facts = _Facts(day, month, hours, leaves, actions)
    if by_house:
        called = whom_to_call_in([one.pk for one in establishments], day)
        lines = tuple(_house_line(one, facts, called[one.pk]) for one in establishments)
        groups = {one.pk: one.pk for one in establishments}
    else:
        groups = {one.pk: group.get(one.sector_id, territory.pk) for one in establishments}
        lines = _territory_lines(territory, children, establishments, groups, facts)
    kinds = {kind for _, _, kind in children}
    below = kinds.pop() if len(kinds) == 1 and len(lines) == len(children) else ""
    return Dashboard(lines, total(lines), month, establishments, by_house, groups, below)


@rows_once
def _registers(user, territory, day):
    rows = register_rows(user, Capability.VIEW_AGGREGATES, day)
    rows = rows.filter(pk__in=_houses_of(user, territory, day).order_by().values("pk"))
    return with_last_visit(rows, day).order_by()


def total(lines, name="Ensemble") -> Line:
    """The sum of the lines: hours are added, and the rate divided once."""
    return Line(
        name,
        houses=sum(line.houses for line in lines),
        places=sum(line.places for line in lines),
        unknown_places=sum(line.unknown_places for line in lines),
        frozen=sum(line.frozen for line in lines),
        statuses=sum((line.statuses for line in lines), Counter()),
        vacant=sum(line.vacant for line in lines),
        hours=sum((line.hours for line in lines), Hours()),
        year_before=sum((line.year_before for line in lines), NO_ACTIVITY),
        leaves=sum(line.leaves for line in lines),
        actions=sum(line.actions for line in lines),
        late=sum(line.late for line in lines),
    )


@dataclass(frozen=True)
class _Facts:
    day: date
    month: date
    hours: dict[tuple[int, date], list]  # (key of a line, month): entered, validated, and the sums of HOURS
    leaves: dict[int, int]
    actions: dict[int, tuple[int, int]]

    def rates(self, key):
        """The parts of a line that come from the hours."""
        return {
            "hours": self._shown(key, self.month),
            "year_before": self._shown(key, add_months(self.month, -12)).activity,
            "trend": tuple(_attendance(self.hours.get((key, month))) for month in self.months),
        }

    @cached_property
    def months(self):
        return [add_months(self.month, back - TREND_MONTHS + 1) for back in range(TREND_MONTHS)]

    def _shown(self, key, month):
        entered, validated, *sums = self.hours.get((key, month), (0, 0, *NOTHING))
        return Hours(Activity(*sums), entered, validated)


def _attendance(sums):
    """A point of a curve: drawn to a tenth of a pixel, it needs no exact fraction."""
    authorised, actual = (sums[2 + AUTHORISED], sums[2 + ACTUAL]) if sums else (0, 0)
    return float(100 * actual / authorised) if authorised else None


def _children(territory, day):
    """[(id, name, kind) of the territories just below], {territory a house is attached to: the child that holds it}.

    One query; none under a sector, the last level of the tree.
    """
    if territory.kind == Territory.Kind.SECTOR:
        return [], {}
    rows = _links(territory, day)
    children = dict.fromkeys((child, name, kind) for _, child, name, kind in rows)
    return list(children), {territory.pk: territory.pk, **{place: child for place, child, _, _ in rows}}


@rows_once
def _links(territory, day):
    below = TerritoryLink.objects.filter(active_on(day, prefix="ancestor__"), ancestor__parent=territory)
    return below.order_by("ancestor__name", "ancestor").values_list(
        "descendant", "ancestor", "ancestor__name", "ancestor__kind"
    )


def _hours(user, territory, moment, group):
    """{(key, month): [entered, validated, *hours]} of the months that may be shown, by house or by `group`. One query.

    Plain sums: five hundred months make a dashboard, of which two by line are shown as hours.
    """
    found = {}
    for place, month, *sums in _sums(user, territory, moment.day, moment.last_month, group is None):
        key = place if group is None else group.get(place), month
        found[key] = [old + new for old, new in zip(found[key], sums, strict=True)] if key in found else sums
    return found


@rows_once
def _sums(user, territory, day, until, by_house):
    """Rows (place, month, entered, validated, *hours): a house, or the territory it is attached to."""
    since = add_months(until, 1 - TREND_MONTHS - LOOK_BACK)
    rows = MonthlyActivity.objects.published().between(since, until)
    rows = rows.filter(establishment__in=_houses_of(user, territory, day).order_by().values("pk")).order_by()
    if by_house:
        rows = rows.annotate(place=F("establishment"))
    else:
        rows = rows.filter(active_on(day, prefix="establishment__attachments__"))
        rows = rows.annotate(place=F("establishment__attachments__territory"))
    sums = {f"sum_{name}": Sum(name) for name in HOURS}
    counts = {"entered": Count("pk"), "validated": Count("pk", filter=Q(status__in=LOCKED))}
    return rows.values("place", "month").annotate(**counts, **sums).values_list("place", "month", *counts, *sums)


def _month(hours, moment, houses):
    """The month shown: the one asked for, else the last that at least half of the houses entered."""
    if moment.chosen:
        return moment.chosen
    entered = Counter()
    for (_, month), (given, *_) in hours.items():
        entered[month] += given
    last = [add_months(moment.last_month, -back) for back in range(LOOK_BACK)]
    return next((month for month in last if entered[month] and 2 * entered[month] >= houses), moment.last_month)


def _to_do(user, territory, day, held):
    """({house: requests to decide}, {house: (open actions, late ones)}); empty when not hers to read. One query."""
    wanted = Capability.VIEW_STAFF in held, Capability.VIEW_ACTIONS in held
    rows = _counted(user, territory, day, *wanted) if any(wanted) else []
    leaves = {house: n for what, house, n, _ in rows if what == LEAVES}
    return leaves, {house: (n, late) for what, house, n, late in rows if what == ACTIONS}


@rows_once
def _counted(user, territory, day, with_leaves, with_actions):
    """Rows (what, house, how many, how many late)."""
    houses = _houses_of(user, territory, day).order_by().values("pk")
    legs = []
    if with_leaves:
        pending = LeaveRequest.objects.visible_to(user).pending().filter(establishment__in=houses)
        legs.append(_by_house(pending, LEAVES, Value(0)))
    if with_actions:
        running = ActionItem.objects.visible_to(user).open().filter(establishment__in=houses)
        legs.append(_by_house(running, ACTIONS, Count("pk", filter=Q(due_on__lt=day))))
    return legs[0].union(*legs[1:], all=True) if legs[1:] else legs[0]


def _by_house(rows, what, late):
    counts = {"what": Value(what, CharField()), "n": Count("pk"), "late": late}
    return rows.order_by().values("establishment").annotate(**counts).values_list("what", "establishment", "n", "late")


def _register(establishments):
    """The parts of a line that come from the register and the visits."""
    return {
        "houses": len(establishments),
        "places": sum(one.places or 0 for one in establishments),
        "unknown_places": sum(one.places is None for one in establishments),
        "frozen": sum(one.frozen for one in establishments),
        "vacant": sum(one.director_family is None for one in establishments),
        "statuses": Counter(one.freshness for one in establishments),
    }


def _house_line(one, facts, contacts):
    actions, late = facts.actions.get(one.pk, (0, 0))
    return HouseLine(
        one.name,
        one.get_absolute_url(),
        key=one.pk,
        **_register([one]),
        **facts.rates(one.pk),
        leaves=facts.leaves.get(one.pk, 0),
        actions=actions,
        late=late,
        category=category_of(one, facts.day),
        freshness=standing(one, facts.day),
        last_visit_on=one.last_visit_on,
        direction=contacts[0],
    )


def _territory_lines(territory, children, establishments, groups, facts):
    """The children in the order of their names, then the houses attached to none of them, when there are some."""
    held = defaultdict(list)
    for one in establishments:
        held[groups[one.pk]].append(one)
    places = [(pk, name, address("dashboard:territory", pk)) for pk, name, _ in children]
    if held.get(territory.pk):
        places.append((territory.pk, "Rattachés directement", ""))
    return tuple(_territory_line(*place, held[place[0]], facts) for place in places)


def _territory_line(pk, name, url, establishments, facts):
    actions = [facts.actions.get(one.pk, (0, 0)) for one in establishments]
    return Line(
        name,
        url,
        key=pk,
        **_register(establishments),
        **facts.rates(pk),
        leaves=sum(facts.leaves.get(one.pk, 0) for one in establishments),
        actions=sum(count for count, _ in actions),
        late=sum(late for _, late in actions),
    )
