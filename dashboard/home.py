"""The blocks of the home page: the week, the attendance, what changed, the territories. A fixed number of queries."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core.calendar import iter_days
from core.french import MONTHS, WEEKDAYS, capitalise, clock, counted, sentence_list
from core.periods import active_on
from establishments.models import (
    CAPABILITIES,
    Capability,
    Closure,
    Establishment,
    JournalEntry,
    Territory,
    TerritoryLink,
)
from establishments.vocabulary import words
from indicators.models import MonthlyActivity
from projects.models import ActionItem
from visits import schedule
from visits.freshness import with_freshness
from visits.models import Visit

from .rates import attendance_of

WEEK_DAYS = 7
NAMES_A_DAY = 3
NEWS = 6
FIRST_DAYS = 7
REPORTS = 5
REPORT_DAYS = 60
# Those who work with the houses every day; central services are told of closures by the dashboards.
FIELD = Capability.VIEW_ACTIONS


@dataclass(frozen=True)
class Day:
    """One day of the week to come: `entries` are (title, note, url) triples."""

    on: date
    entries: tuple[tuple[str, str, str], ...]

    @property
    def label(self) -> str:
        """ "mar. 17"."""
        return f"{WEEKDAYS[self.on.weekday()][:3]}. {self.on.day}"


def week(user, today) -> list[Day]:
    """The seven days from today that hold something: visits planned, closures, actions due. Three queries."""
    until = today + timedelta(days=WEEK_DAYS - 1)
    visits, closures, actions = defaultdict(list), defaultdict(list), defaultdict(int)
    planned = Visit.objects.visible_to(user, Capability.VIEW).planned().filter(planned_on__range=(today, until))
    for visit in planned.select_related("establishment").order_by("planned_on", "starts_at", "establishment__name"):
        visits[visit.planned_on].append(visit)
    closed = Closure.objects.visible_to(user, FIELD).touching(today, until).select_related("establishment")
    for closure in closed.order_by("starts_on", "establishment__name"):
        for day in iter_days(max(closure.starts_on, today), min(closure.ends_on, until)):
            closures[day].append(closure)
    for due_on in (
        ActionItem.objects.visible_to(user, FIELD)
        .open()
        .filter(due_on__range=(today, until))
        .order_by()
        .values_list("due_on", flat=True)
    ):
        actions[due_on] += 1
    days = [
        Day(day, (*_visits(visits[day]), *_closures(closures[day]), *_actions(actions[day])))
        for day in iter_days(today, until)
    ]
    return [day for day in days if day.entries]


def _visits(visits):
    if len(visits) == 1:
        visit = visits[0]
        at = f" · {clock(visit.starts_at)}" if visit.starts_at else ""
        yield visit.establishment.name, f"{visit.get_kind_display()}{at}", visit.get_absolute_url()
    elif visits:
        yield _names(visits), words()["visit"].counted(len(visits)), ""


def _closures(closures):
    if closures:
        whole = sorted({closure.get_cause_display() for closure in closures})
        yield (
            _names(closures),
            f"{words()['closure'].counted(len(closures))}{'' if not whole else ' · '}" + (sentence_list(whole)),
            "",
        )


def _actions(count):
    if count:
        yield f"{words()['action'].counted(count)} à échéance", "", ""


def _names(records):
    """ "Les Lilas, Piat, Rampal et 4 autres"."""
    names = list(dict.fromkeys(record.establishment.name for record in records))
    more = len(names) - NAMES_A_DAY
    shown = names[:NAMES_A_DAY]
    return sentence_list([*shown, counted(more, "autre")] if more > 0 else shown)


def attendance(user, today):
    """The attendance of the user's own perimeter; None when she reads no aggregates. Two queries."""
    activities = MonthlyActivity.objects.visible_to(user, Capability.VIEW_AGGREGATES)
    houses = Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES).open_on(today).count()
    return attendance_of(activities, houses, today) if houses else None


@dataclass(frozen=True)
class News:
    at: datetime
    title: str
    text: str
    url: str

    @property
    def when(self) -> str:
        local = timezone.localtime(self.at)
        return f"{local.day} {MONTHS[local.month - 1]} à {clock(local.time())}"


def seen_since(user, now) -> datetime:
    """The last « marquer comme vu »; the last seven days for who never did."""
    return user.home_seen_at or now - timedelta(days=FIRST_DAYS)


def news(user, now) -> tuple[list[News], bool]:
    """(what others decided and what the user was told since, the newest first; whether there is more). Two queries."""
    since = seen_since(user, now)
    decided = (
        JournalEntry.objects.visible_to(user, Capability.VIEW)
        .filter(Q(at__gt=since, at__lte=now))
        .exclude(actor=user)
        .select_related("actor", "establishment")
    )
    told = user.notifications.filter(created_at__gt=since, created_at__lte=now)
    found = [_decision(entry) for entry in decided[: NEWS + 1]]
    found += [News(one.created_at, one.title, one.body, "") for one in told[: NEWS + 1]]
    found.sort(key=lambda one: one.at, reverse=True)
    return found[:NEWS], len(found) > NEWS


def _decision(entry):
    by = f" par {entry.actor}" if entry.actor else ""
    place = entry.establishment
    parts = [entry.subject, "" if not place or place.name in entry.subject else place.name]
    return News(
        entry.at,
        f"{capitalise(entry.verb)}{by}",
        " · ".join(filter(None, parts)),
        place.get_absolute_url() if place else "",
    )


def mark_seen(user, upto):
    """What was told up to `upto` is no longer new on the home page; it never goes back in time."""
    if user.home_seen_at is None or upto > user.home_seen_at:
        user.home_seen_at = upto
        user.save(update_fields=["home_seen_at"])


def places_of(mandates) -> str:
    """ "Secteur Belleville et Pôle 19e", for the head of the page."""
    places = list(dict.fromkeys(str(mandate.territory or mandate.establishment) for mandate in mandates))
    more = len(places) - NAMES_A_DAY
    return sentence_list([*places[:NAMES_A_DAY], counted(more, "autre")] if more > 0 else places)


def transmitted_reports(user, today, held):
    """The last reports given to those who read them without writing any. One query, none for the others."""
    if Capability.READ_TRANSMITTED not in held or Capability.LOG_VISIT in held:
        return []
    return list(
        Visit.objects.visible_to(user, Capability.READ_TRANSMITTED)
        .transmitted()
        .filter(shared_at__date__gte=today - timedelta(days=REPORT_DAYS))
        .select_related("establishment")
        .order_by("-shared_at", "-pk")[:REPORTS]
    )


@dataclass(frozen=True)
class Place:
    """A territory or a house of the user's mandates; `note` counts its houses and its late visits."""

    name: str
    url: str
    note: str = ""
    late: int = 0

    @property
    def late_text(self) -> str:
        return f"{words()['visit'].counted(self.late)} en retard"


def territories(user, mandates, today) -> list[Place]:
    """The territories whose aggregates the user reads, those just below a pôle or wider, and her own houses.

    Two queries, none without such a mandate.
    """
    found = [Place(str(m.establishment), m.establishment.get_absolute_url()) for m in mandates if m.establishment]
    own = [m.territory_id for m in mandates if m.territory and Capability.VIEW_AGGREGATES in CAPABILITIES[m.role]]
    if not own:
        return found
    wanted = Q(ancestor__in=own) | Q(ancestor__parent__in=own)
    links = TerritoryLink.objects.filter(wanted, active_on(today, prefix="ancestor__"))
    holders, names = defaultdict(set), {}
    for ancestor, name, place in links.order_by("ancestor__name", "ancestor").values_list(
        "ancestor", "ancestor__name", "descendant"
    ):
        names[ancestor] = name
        holders[place].add(ancestor)
    counts, late = Counter(), Counter()
    houses = with_freshness(Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES).open_on(today), today)
    for place, freshness in houses.with_territories(today).values_list("sector_id", "freshness"):
        for ancestor in holders[place]:
            counts[ancestor] += 1
            late[ancestor] += freshness == schedule.OVERDUE
    first = sorted(names, key=lambda pk: pk not in own)
    return found + [
        Place(
            names[pk],
            reverse("dashboard:territory", args=[pk]),
            words()["establishment"].counted(counts[pk]),
            late[pk],
        )
        for pk in first
    ]


def register_gaps(user, today, held) -> list[Place]:
    """What the register lacks, for who keeps it: houses without known places, without a sector. One query."""
    if Capability.MANAGE_REGISTER not in held:
        return []
    houses = Establishment.objects.visible_to(user, Capability.MANAGE_REGISTER).open_on(today)
    sectors = Territory.objects.filter(kind=Territory.Kind.SECTOR).values("pk")
    rows = houses.with_places(today).with_territories(today)
    gaps = rows.aggregate(
        places=Count("pk", filter=Q(places__isnull=True)),
        sector=Count("pk", filter=~Q(sector_id__in=sectors)),
        position=Count("pk", filter=Q(latitude__isnull=True)),
    )
    try:
        url = reverse("admin:establishments_establishment_changelist")
    except NoReverseMatch:  # TEMPORARY: the administration is still being built
        return []
    labels = {"places": "sans places connues", "sector": f"sans {words()['sector']}", "position": "sans position"}
    return [Place(label, url, words()["establishment"].counted(gaps[name])) for name, label in labels.items()]
