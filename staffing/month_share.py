"""What leaves do to the 40 % of category 1° of a month: told when they take a house under it (CSP R. 2324-42)."""

from datetime import date
from fractions import Fraction

from core.calendar import iter_days, month_end, month_start
from core.french import NBSP, month_name, percent
from establishments.regulation import rule

from .coverage import MonthlyQualification, monthly_qualification
from .day_book import AS_IT_IS, DayBook, Scenario

LONGEST_DAY = 24 * 60


def months_broken(book: DayBook, house: int, days, after: Scenario, known: dict) -> list[str]:
    """ "moins de 40 % de catégorie 1° en avril 2026 (38,2 %)" for each month of these days that held before.

    A month is judged on its open days whose hours of work are known, and only when the book holds all of it. `known`
    keeps what was judged from one leave to the next.
    """
    found = []
    for month in dict.fromkeys(month_start(day) for day in days):
        if (house, month) not in known:
            known[house, month] = _judged(book, house, month, AS_IT_IS), _judged(book, house, month, after)
        before, then = known[house, month]
        if then is not None and then.compliant is False and before is not None and before.compliant is not False:
            asked = rule("QUALIF-40", month)
            share = percent(asked.value["share"], 0) if asked else ""
            found.append(f"moins de {share} de catégorie{NBSP}1° en {month_name(month)} ({percent(then.share)})")
    return found


def keeps_share(book: DayBook, house: int, month: date, days: int, before: Scenario, after: Scenario, known: dict):
    """Whether a month that holds before still does after one person was away `days` days of it."""
    if month not in known:
        known[month] = _judged(book, house, month, before)
    found, asked = known[month], rule("QUALIF-40", month)
    if found is None or not found.compliant or asked is None:
        return True
    spare = found.category_1_mean - Fraction(asked.value["share"]) * found.reference_mean
    if spare * found.minutes >= days * LONGEST_DAY:
        return True
    then = _judged(book, house, month, after)
    return then is None or then.compliant is not False


def _judged(book: DayBook, house: int, month: date, scenario: Scenario) -> MonthlyQualification | None:
    if month < book.starts_on or book.ends_on < month_end(month):
        return None
    days = [day for day in iter_days(month, month_end(month)) if book.has_hours(house, day)]
    return monthly_qualification({day: book.assess(house, day, scenario) for day in days})
