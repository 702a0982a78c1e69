"""What early warning knows of each house, gathered for many houses at once: ten queries, whatever their number.

Nothing here names a person, and the restricted families of events are left out: their number would be told.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, F, Max, Min, Q, Sum
from django.utils import timezone

from core.calendar import add_months
from core.periods import active_on
from core.unions import leg
from establishments.identities import as_they_were
from establishments.models import Capability, CapacityChange, Directorship, Establishment, Obligation
from indicators.models import MonthlyActivity
from indicators.months import last_complete_month
from staffing.models import Posting
from staffing.red_days import red_days_of
from visits.events.duties import ALERT_FROM
from visits.freshness import due_on, rated, with_last_visit
from visits.models import Event, Finding

from .rules import HouseFacts, Signal, is_listed, signals

RECENT = timedelta(days=90)
FOUR_WEEKS = timedelta(days=28)
MONTHS = 3
LOOK_BACK = 6


@dataclass(frozen=True)
class Warned:
    """One house listed, and why."""

    house: Establishment
    lit: tuple[Signal, ...]

    def get_absolute_url(self):
        return self.house.get_absolute_url()


def warned_houses(user, today, territory=None) -> list[Warned]:
    """The houses listed among those whose file `user` reads, those with the most signals first, then by name."""
    houses = Establishment.objects.visible_to(user, Capability.VIEW).open_on(today)
    if territory is not None:
        houses = houses.within(territory, today)
    rows = as_they_were(rated(with_last_visit(houses, today), today), today)
    found = [Warned(house, signals(facts)) for house, facts in facts_of(rows, today)]
    listed = [one for one in found if is_listed(one.lit)]
    return sorted(listed, key=lambda one: (-len(one.lit), one.house.name, one.house.pk))


def facts_of(houses, today):
    """(house, HouseFacts) of each annotated house (`with_last_visit`)."""
    keys = [house.pk for house in houses]
    sources = [_directions, _events, _attendance, _teams, _works, _delays, _ratios]
    known = [source(keys, today) for source in sources]
    for house in houses:
        due = due_on(house, today)
        late = max(0, (today - due).days) if due else 0
        merged = {name: value for facts in known for name, value in facts[house.pk].items()}
        yield house, HouseFacts(visit_late_days=late, **merged)


def _directions(keys, today):
    """Days without anybody at the head, months of the direction in title. A house never directed is not known."""
    rows = Directorship.objects.filter(establishment__in=keys, position="director", starts_on__lte=today)
    found: dict[int, dict] = defaultdict(dict)
    current = active_on(today)
    values = (
        rows.order_by()
        .values("establishment")
        .annotate(
            now=Count("pk", filter=current),
            since=Min("starts_on", filter=current & Q(is_interim=False)),
            ended=Max("ends_on"),
        )
    )
    for row in values:
        facts = found[row["establishment"]]
        facts["vacant_days"] = 0 if row["now"] else (today - row["ended"]).days
        if row["since"]:
            facts["direction_months"] = (today.year - row["since"].year) * 12 + today.month - row["since"].month
    return found


def _events(keys, today):
    since = timezone.make_aware(datetime.combine(today - RECENT, time.min))
    rows = Event.objects.told_to_all().filter(establishment__in=keys, happened_at__gte=since).order_by()
    counts = rows.values("establishment").annotate(
        complaints=Count("pk", filter=Q(family="complaint")),
        serious_events=Count("pk", filter=Q(severity__gte=ALERT_FROM)),
    )
    found: dict[int, dict] = defaultdict(lambda: {"complaints": 0, "serious_events": 0})
    for row in counts:
        found[row["establishment"]] = {name: row[name] for name in ("complaints", "serious_events")}
    return found


def _attendance(keys, today):
    """Three months summed then divided, the same a year before; months missing one after the other."""
    last = last_complete_month(today)
    now = [add_months(last, -back) for back in range(MONTHS)]
    before = [add_months(month, -12) for month in now]
    wanted = {*now, *before, *(add_months(last, -back) for back in range(LOOK_BACK))}
    rows = MonthlyActivity.objects.published().filter(establishment__in=keys, month__in=wanted).order_by()
    hours: dict[int, dict[date, tuple[Decimal, Decimal]]] = defaultdict(dict)
    for house, month, actual, authorised in rows.values_list(
        "establishment", "month", "actual_hours", "authorised_hours"
    ):
        hours[house][month] = (actual, authorised)
    found: dict[int, dict] = defaultdict(dict)
    for house in keys:
        months = hours[house]
        missing = next((back for back in range(LOOK_BACK) if add_months(last, -back) in months), None)
        found[house] = {
            "attendance": _rate(months, now),
            "attendance_before": _rate(months, before),
            # The last complete month is asked for by the tenth: until then it is not missing.
            "missing_months": None if missing is None else max(0, missing - (today.day <= 10)),
        }
    return found


def _rate(months, wanted):
    if not all(month in months for month in wanted):
        return None
    actual = sum(months[month][0] for month in wanted)
    authorised = sum(months[month][1] for month in wanted)
    return Fraction(actual) / Fraction(authorised) if authorised else None


def _teams(keys, today):
    year = today - timedelta(days=365)
    rows = Posting.objects.filter(establishment__in=keys).order_by().values("establishment")
    found: dict[int, dict] = defaultdict(dict)
    for row in rows.annotate(
        posts=Count("employee", distinct=True, filter=active_on(today)),
        departures=Count("employee", distinct=True, filter=Q(ends_on__gte=year, ends_on__lt=today)),
    ):
        found[row["establishment"]] = {"posts": row["posts"], "departures": row["departures"]}
    return found


def _works(keys, today):
    rows = CapacityChange.objects.active_on(today).filter(establishment__in=keys, reason="works").order_by()
    sums = Counter(dict(rows.values_list("establishment").annotate(Sum("places"))))
    return {key: {"works": sums[key]} for key in keys}


def _delays(keys, today):
    """Days since the first duty expired, and since the delay of an injunction whose measures are not verified."""
    expired = Obligation.objects.filter(establishment__in=keys, expires_on__lt=today)
    enjoined = Finding.objects.injunctions().late(today).filter(inspection__establishment__in=keys)
    legs = [
        leg(expired, "expired_days", house=F("establishment"), day=F("expires_on")),
        leg(enjoined, "injunction_days", house=F("inspection__establishment"), day=F("due_on")),
    ]
    found: dict[int, dict] = defaultdict(lambda: {"expired_days": 0, "injunction_days": 0})
    for row in legs[0].union(legs[1], all=True):
        late = found[row["house"]]
        late[row["what"]] = max(late[row["what"]], (today - row["day"]).days)
    return found


def _ratios(keys, today):
    """Days under the ratio over the last four weeks, today left out: its absences are not all known."""
    days = red_days_of(keys, today - FOUR_WEEKS, today - timedelta(days=1), today)
    return {key: {"red_days": days.get(key)} for key in keys}
