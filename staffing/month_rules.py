"""What is judged over a month and over its weeks: 40 % of category 1°, hours of presence, overcapacity. Three queries.

Read from the same days as everything else (staffing/day_book.py): what was planned, leaves granted, agents sent.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.calendar import add_months, iter_days, month_end, month_start
from core.french import NBSP, counted, hours, month_name, number, percent, period, points
from establishments.compliance import Requirement
from establishments.regulation import rule

from .compliance import ComplianceLine
from .coverage import (
    MonthlyQualification,
    Segment,
    Topic,
    WeeklyOccupancy,
    half_hours_in_breach,
    monthly_qualification,
)
from .day_book import DayBook, open_book
from .week_load import monday_of, weeks_of

MOST_HOUSES = 60  # beyond, the table of the city keeps to the lines that need no engine
QUALIFICATION, WEEK = "QUALIF-40", "SURNOMBRE-HEBDO"


@dataclass(frozen=True)
class WeekLine:
    """One week that touches the month: hours of presence against its capacity, moments over the limit."""

    monday: date
    load: WeeklyOccupancy
    over: int
    article: str

    @property
    def dates(self) -> str:
        return period(self.monday, self.monday + timedelta(days=6))

    @property
    def presence(self) -> str:
        return hours(self.load.presence_hours)

    @property
    def capacity(self) -> str:
        return hours(self.load.capacity_hours)

    @property
    def rate(self) -> str:
        return percent(self.load.rate)

    @property
    def instants(self) -> int:
        return self.over

    @property
    def is_met(self) -> bool:
        return self.load.breach is None and not self.over

    @property
    def state(self) -> str:
        return "tenu" if self.is_met else "en écart"


@dataclass(frozen=True)
class MonthRules:
    """One house over one calendar month."""

    house: int
    house_name: str
    month: date
    qualification: MonthlyQualification | None
    with_floor: MonthlyQualification | None
    weeks: tuple[WeekLine, ...]
    known: bool
    days: int
    source: str

    @property
    def article(self) -> str:
        return _article(QUALIFICATION, self.month)

    @property
    def share(self) -> str:
        return percent(self.qualification.share) if self.qualification else "—"

    @property
    def means(self) -> tuple[str, str]:
        """Professionals of category 1° and of reference, on average."""
        found = self.qualification
        return (number(found.category_1_mean, 2), number(found.reference_mean, 2)) if found else ("—", "—")

    @property
    def other_reading(self) -> str:
        return percent(self.with_floor.share) if self.with_floor else "—"

    @property
    def tone(self) -> str:
        met = self.qualification.compliant if self.qualification else None
        return "neutral" if met is None else "good" if met else "alert"

    @property
    def sentence(self) -> str:
        found, month = self.qualification, month_name(self.month)
        if not self.known or found is None or found.share is None:
            return (
                f"En {month}, la part de la catégorie{NBSP}1° ne se calcule pas{NBSP}: horaires ou enfants manquent."
            )
        held = "tenue" if found.compliant else "non tenue"
        return (
            f"En {month}, {self.means[0]} professionnels de catégorie{NBSP}1° en moyenne pour {self.means[1]} exigés, "
            f"soit {self.share}{NBSP}: la règle des {percent(_share(self.month), 0)} est {held}."
        )


def month_rules(houses: Collection[int], month: date, today: date) -> list[MonthRules]:
    """Every house given by its id, by name."""
    first = month_start(month)
    last = month_end(first)
    book = open_book(houses, monday_of(first), monday_of(last) + timedelta(days=6), today)
    found = [_house(book, pk, first, last) for pk in book.houses]
    return sorted(found, key=lambda one: (one.house_name, one.house))


def _house(book: DayBook, pk: int, first: date, last: date) -> MonthRules:
    facts = book.houses[pk]
    days = {day: given for day in iter_days(book.starts_on, book.ends_on) if (given := book.house_day(pk, day))}
    inside = [day for day in days if first <= day <= last]
    segments = {day: book.assess(pk, day) for day in days}
    timed = {day: segments[day] for day in inside if book.has_hours(pk, day)}
    return MonthRules(
        house=pk,
        house_name=facts.name,
        month=first,
        qualification=monthly_qualification(timed),
        with_floor=monthly_qualification(timed, with_floor=True),
        weeks=tuple(
            WeekLine(monday, load, _over(segments, monday), _article(WEEK, monday))
            for monday, load in (weeks_of(days).items() if _limits_weeks(facts.kind, first) else ())
        ),
        known=bool(timed) and len(timed) == len(inside),
        days=len(inside),
        source=facts.expectation.source_text(facts.expectation.source_on(first)),
    )


def _over(segments: dict[date, list[Segment]], monday: date) -> int:
    """Half-hours of a week with more children than 115 % of the places."""
    week = [found for day, found in segments.items() if monday_of(day) == monday]
    return sum(len(half_hours_in_breach(found, {Topic.OVERCAPACITY})) for found in week)


def _limits_weeks(kind: str, on: date) -> bool:
    found = rule(WEEK, on)
    return found is not None and kind in found.kinds


def _article(rule_id: str, on: date) -> str:
    found = rule(rule_id, on)
    return found.article if found else ""


def _share(month: date) -> Fraction:
    found = rule(QUALIFICATION, month)
    return Fraction(found.value["share"]) if found else Fraction(0)


def month_lines(houses: Collection[int], today: date) -> list[ComplianceLine]:
    """The lines of the compliance table that the engine computes, for the month of today."""
    return [
        ComplianceLine(one.house, one.house_name, requirement)
        for one in month_rules(houses, today, today)
        for requirement in (_qualification(one), _hours(one))
        if requirement is not None
    ]


def _qualification(one: MonthRules) -> Requirement | None:
    if not one.article:
        return None
    label, required = f"Catégorie{NBSP}1°, {month_name(one.month)}", percent(_share(one.month), 0)
    found = one.qualification
    if found is None or found.share is None:
        return Requirement(label, required, one.article)
    gap = points(found.share - _share(one.month))
    return Requirement(label, required, one.article, one.share, found.compliant, gap)


def _hours(one: MonthRules) -> Requirement | None:
    """The fullest week of the month."""
    judged = [week for week in one.weeks if week.load.rate is not None and week.article]
    if not judged:
        return None
    fullest = max(judged, key=lambda week: week.load.rate or 0)
    met = fullest.load.breach is None
    return Requirement(
        f"Heures de la semaine la plus remplie, {month_name(one.month)}",
        percent(1, 0),
        fullest.article,
        fullest.rate,
        met,
        points((fullest.load.rate or 0) - 1),
    )


def months_offered(today: date) -> list[date]:
    """Twelve months back, three to come."""
    return [add_months(month_start(today), back) for back in range(3, -13, -1)]


def weeks_sentence(one: MonthRules) -> str:
    over = [week for week in one.weeks if not week.is_met]
    if not one.weeks:
        return "Les places autorisées ou l’ouverture ne sont pas connues."
    if not over:
        return "Chaque semaine tient dans ses heures, et chaque instant dans la limite du surnombre."
    return f"{counted(len(over), 'semaine')} en écart."
