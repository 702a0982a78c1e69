"""When the next visit is due, and how late it is: pure (fiche de poste: one visit at least every two months).

Two readings are kept. *Rolling*: the same day two calendar months later, clipped to the month's end; it drives the
alerts. *By bimestre* (January-February, …): it drives the yearly count "6 bimestres sur 6".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import add_months, bimester
from core.french import counted
from establishments.regulation import single

MONTHS_BETWEEN_VISITS: int = single("VISITE-BIMESTRIELLE").value["months_between"]
WARN_DAYS = 15

# Kinds of visit, in the words of the job. Only the first five, in person, count towards the two-month rule.
REGULAR = "regular"
THEMATIC = "thematic"
REVIEW = "review"
TAKING_OFFICE = "taking_office"
UNANNOUNCED = "unannounced"
KIND_LABELS = {
    REGULAR: "visite régulière",
    THEMATIC: "visite thématique",
    REVIEW: "visite d’analyse",
    TAKING_OFFICE: "accompagnement de prise de fonction",
    UNANNOUNCED: "visite inopinée",
    "sensitive_support": "appui en situation sensible",
    "pedagogical_day": "journée pédagogique",
    "follow_up": "suivi PMI ou travaux",
    "team_meeting": "réunion d’équipe",
}
COUNTING_KINDS = (REGULAR, THEMATIC, REVIEW, TAKING_OFFICE, UNANNOUNCED)

UP_TO_DATE = "up_to_date"
TO_PLAN = "to_plan"
OVERDUE = "overdue"
NEVER = "never"
STATUS_LABELS = {
    UP_TO_DATE: "à jour",
    TO_PLAN: "à planifier",
    OVERDUE: "en retard",
    NEVER: "jamais visitée",
}


@dataclass(frozen=True)
class Freshness:
    """Where an establishment stands on a day. `days_late` is 0 until the due day is over; `days_left` 0 from it on.

    `due_on` and the days are None or 0 when nothing is known to be due (never visited, no first due date).
    """

    status: str
    due_on: date | None
    days_late: int
    days_left: int
    label: str


def next_due(last_visit_on: date, *, months: int = MONTHS_BETWEEN_VISITS, interval_days: int | None = None) -> date:
    """The last day for the next visit: `months` calendar months later, clipped to the month's end.

    `interval_days` replaces the months by a shorter interval, as when a director has just taken office.
    """
    _check(months, interval_days)
    return add_months(last_visit_on, months) if interval_days is None else last_visit_on + timedelta(interval_days)


def freshness(
    last_visit_on: date | None,
    today: date,
    *,
    months: int = MONTHS_BETWEEN_VISITS,
    warn_days: int = WARN_DAYS,
    interval_days: int | None = None,
    first_due_on: date | None = None,
) -> Freshness:
    """The status on `today` after a last counting visit; `first_due_on` only dates a first visit never made.

    A visit is not late on the day it is due, and is to be planned from `warn_days` before that day.
    """
    _check(months, interval_days, warn_days)
    if last_visit_on is None:
        return _freshness(NEVER, first_due_on, today)
    due_on = next_due(last_visit_on, months=months, interval_days=interval_days)
    if today > due_on:
        return _freshness(OVERDUE, due_on, today)
    return _freshness(TO_PLAN if (due_on - today).days <= warn_days else UP_TO_DATE, due_on, today)


def bounds(
    today: date,
    *,
    months: int = MONTHS_BETWEEN_VISITS,
    warn_days: int = WARN_DAYS,
    interval_days: int | None = None,
) -> tuple[date, date]:
    """(overdue_before, to_plan_before): the statuses of `freshness` as comparisons of the last visit's date, for SQL.

    Never visited: no date. Overdue: last visit < overdue_before. To plan: last visit < to_plan_before.
    Up to date: the others. The months' ends make these differ from `today` minus two months: see `_first_reaching`.
    """
    _check(months, interval_days, warn_days)
    return (
        _first_reaching(today, months, interval_days),
        _first_reaching(today + timedelta(warn_days + 1), months, interval_days),
    )


def bimester_satisfied(visit_dates: Iterable[date], year: int) -> tuple[bool, ...]:
    """For each of the six bimestres of a year, from January-February on, whether a counting visit fell in it."""
    visited = {bimester(day) for day in visit_dates if day.year == year}
    return tuple(index in visited for index in range(1, 7))


def bimester_label(satisfied: Iterable[bool]) -> str:
    """ "6 bimestres sur 6", for the yearly count."""
    flags = tuple(satisfied)
    return f"{counted(sum(flags), 'bimestre')} sur {len(flags)}"


def _first_reaching(day: date, months: int, interval_days: int | None) -> date:
    """The earliest last visit whose next one is due on `day` or later.

    Due dates never go back when the last visit moves forward, so there is one such day: `day` minus the months, unless
    that was clipped. No visit leads to 30 April (28 February leads to the 28th, 1 March to 1 May): then the next.
    """
    if interval_days is not None:
        return day - timedelta(interval_days)
    first = add_months(day, -months)
    return first if add_months(first, months) >= day else first + timedelta(1)


def _freshness(status: str, due_on: date | None, today: date) -> Freshness:
    late = max(0, (today - due_on).days) if due_on else 0
    left = max(0, (due_on - today).days) if due_on else 0
    label = f"en retard de {counted(late, 'jour')}" if status == OVERDUE else STATUS_LABELS[status]
    return Freshness(status, due_on, late, left, label)


def _check(months: int, interval_days: int | None, warn_days: int = 0) -> None:
    if months < 1 or warn_days < 0 or (interval_days is not None and interval_days < 1):
        raise ValueError("the interval between two visits must be positive, its warning not negative")
