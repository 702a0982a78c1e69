"""What the mallette of one house holds on a day: one frozen object for its page, its paper and their tests."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Q

from core.calendar import add_months, add_working_days, month_start
from core.french import month_name, percent, period, points
from core.periods import active_on
from establishments.fiche import Fiche, fiche_of
from establishments.models import Capability, Establishment, Territory
from indicators.models import HOURS, MonthlyActivity
from indicators.rates import Activity
from projects.models import ActionItem, GoodPractice
from staffing.team import Team, team_of
from visits.cards import suggestions_for
from visits.models import Visit
from visits.report_facts import report_of
from visits.reports import VisitReport

REPORTS = 2
LOOK_BACK = 4  # months: the last one that the house gave
FEWEST_HOUSES = 5  # below, the rate of the group would tell the one of a neighbour
WORKS_AHEAD = timedelta(days=90)
RATES = [
    ("Ouverture", "opening_rate"),
    ("Admission", "admission_rate"),
    ("Assiduité", "assiduity_rate"),
    ("Fréquentation", "attendance_rate"),
]


@dataclass(frozen=True)
class RateLine:
    """A rate of the house beside the one of its pôle, in words; "" where the pôle is too small to be told."""

    label: str
    house: str
    pole: str
    gap: str


@dataclass(frozen=True)
class OpenAction:
    title: str
    owner: str
    due_on: date
    status: str
    is_late: bool


@dataclass(frozen=True)
class Mallette:
    """Everything of one house for one visit. `rates` is empty when no month was given."""

    day: date
    fiche: Fiche
    team: Team
    reports: tuple[VisitReport, ...]
    actions: tuple[OpenAction, ...]
    month: str
    rates: tuple[RateLine, ...]
    works: tuple[tuple[str, str], ...]
    practices: tuple[GoodPractice, ...] = ()

    @property
    def absences(self):
        """Those of the day and of the next: what she will meet."""
        return [absence for absence in self.team.absences if absence.is_today]

    @property
    def late_actions(self) -> int:
        return sum(action.is_late for action in self.actions)


def days_ahead(today: date) -> tuple[date, date]:
    """Today, and the next working day: what "tomorrow" means on a Friday."""
    return today, add_working_days(today, 1)


def visits_to_come(user, today):
    """The visits of the person that are planned for today or the next working day, the first to come first."""
    start, end = days_ahead(today)
    planned = Visit.objects.visible_to(user, Capability.LOG_VISIT).planned().while_open().filter(coordinator=user)
    rows = planned.filter(planned_on__gte=start, planned_on__lte=end).select_related("establishment")
    return rows.order_by("planned_on", "establishment__name", "pk")


def mallette_of(establishment, user, day, *, today) -> Mallette:
    """The mallette of a house for a visit on `day`."""
    month, rates = rates_of(establishment, today)
    return Mallette(
        day=day,
        fiche=fiche_of(establishment, day, today=day),
        team=team_of(establishment, day),
        reports=last_reports(establishment, user),
        actions=open_actions(establishment, user, today),
        month=month,
        rates=rates,
        works=works_of(establishment, day),
        practices=suggestions_for(establishment, user),
    )


def last_reports(establishment, user) -> tuple[VisitReport, ...]:
    made = Visit.objects.visible_to(user, Capability.VIEW).of(establishment).done().with_people()
    return tuple(report_of(visit) for visit in made.order_by("-visited_on", "-pk")[:REPORTS])


def open_actions(establishment, user, today) -> tuple[OpenAction, ...]:
    rows = ActionItem.objects.visible_to(user, Capability.VIEW_ACTIONS).of(establishment).to_follow()
    return tuple(
        OpenAction(
            title=action.title,
            owner=str(action.owner or ""),
            due_on=action.due_on,
            status=action.get_status_display(),
            is_late=action.due_on < today and action.status in ActionItem.OPEN,
        )
        for action in rows.select_related("owner").order_by("due_on", "pk")
    )


def pole_of(establishment, day):
    held = active_on(day, prefix="descendant_links__descendant__attachments__") & Q(
        descendant_links__descendant__attachments__establishment=establishment
    )
    return Territory.objects.filter(held, kind=Territory.Kind.POLE).first()


def rates_of(establishment, today) -> tuple[str, tuple[RateLine, ...]]:
    """(the last month given, its rates beside those of the pôle): hours summed, divided once."""
    first = add_months(month_start(today), -LOOK_BACK)
    given = MonthlyActivity.objects.published().filter(month__gte=first, month__lt=month_start(today))
    own = given.filter(establishment=establishment).order_by("-month").first()
    if own is None:
        return "", ()
    pole = pole_of(establishment, today)
    houses = Establishment.objects.within(pole, today).order_by().values("pk") if pole else []
    rows = list(given.filter(month=own.month, establishment__in=houses))
    whole = sum((_hours(row) for row in rows), start=0) if len(rows) >= FEWEST_HOUSES else None
    return month_name(own.month), tuple(_line(label, name, _hours(own), whole) for label, name in RATES)


def _hours(row) -> Activity:
    return Activity(**{name: getattr(row, name) for name in HOURS})


def _line(label, name, own, whole) -> RateLine:
    mine: Fraction | None = getattr(own, name)
    others: Fraction | None = getattr(whole, name) if whole else None
    gap = points(mine - others) if mine is not None and others is not None else ""
    return RateLine(label, percent(mine), percent(others) if whole else "", gap)


def works_of(establishment, day) -> tuple[tuple[str, str], ...]:
    """(what, when) of the works and closures under way or to come, and of the places taken away."""
    closed = establishment.closures.filter(ends_on__gte=day, starts_on__lte=day + WORKS_AHEAD)
    frozen = establishment.capacity_changes.active_on(day)
    lines = [(f"Fermeture, {row.get_cause_display()}", row) for row in closed.order_by("starts_on")]
    lines += [(f"{row.places} places retirées, {row.get_reason_display()}", row) for row in frozen]
    return tuple((label, period(row.starts_on, row.ends_on)) for label, row in lines)
