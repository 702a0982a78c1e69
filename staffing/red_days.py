"""Days that were under the ratio, house by house: what early warning counts. Three queries, whatever the number.

As the rosters, the absences and the children told it. A day without known hours, or of which nobody said how many
children come, is not judged: filling the house by its places would put every day in the red.
"""

from collections.abc import Collection
from datetime import date

from core.calendar import iter_days

from .coverage import half_hours_in_breach
from .coverage.shapes import Topic
from .day_book import DayBook, open_book
from .expected import Source

HEADCOUNT = frozenset({Topic.RATIO, Topic.MINIMUM})  # CSP R. 2324-46-4 and R. 2324-43 I: not enough people


def red_days_of(houses: Collection[int], start: date, end: date, today: date) -> dict[int, int | None]:
    """{house: open days under the ratio, even for one half-hour}; None where no day can be judged."""
    book = open_book(houses, start, end, today)
    return {house: _count(book, house, start, end) for house in book.houses}


def _count(book: DayBook, house: int, start: date, end: date) -> int | None:
    days = [day for day in iter_days(start, end) if _can_be_judged(book, house, day)]
    if not days:
        return None
    return sum(bool(half_hours_in_breach(book.assess(house, day), HEADCOUNT)) for day in days)


def _can_be_judged(book: DayBook, house: int, day: date) -> bool:
    facts = book.houses[house]
    if facts.opening_on(day) is None or not book.has_hours(house, day):
        return False
    return facts.expectation.source_on(day) != Source.PLACES
