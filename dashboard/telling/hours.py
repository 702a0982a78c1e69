"""The hours of a place over whole months, as the pages of indicators add them up.

Month by month, the houses are those attached on its last day and alive in it (indicators.territory): a text and the
engine never differ.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from core.calendar import month_end
from core.periods import touching
from establishments.models import Establishment, SectorAttachment
from indicators.models import HOURS, MonthlyActivity

from ..rates import LOCKED
from .spans import HOUSE, TERRITORY

Asked = tuple[str, tuple[date, ...]]  # a place, "t12" or "e7", and its months in order


def hours_of(asked: Iterable[Asked]) -> dict[Asked, list]:
    """[months entered, validated, expected, hours as text…] of each place and its months. Three queries at most."""
    asked = set(asked)
    around = (min(months[0] for _, months in asked), max(months[-1] for _, months in asked))
    lives = _lives({place for place, _ in asked}, around)
    rows = MonthlyActivity.objects.published().filter(
        establishment__in={house for held in lives.values() for house, *_ in held}, month__range=around
    )
    given: dict[tuple[int, date], tuple] = {
        (house, month): (status, hours)
        for house, month, status, *hours in rows.order_by().values_list("establishment", "month", "status", *HOURS)
    }
    return {(place, months): _summed(months, lives[place], given) for place, months in asked}


def _lives(places: set[str], months: tuple[date, date]) -> dict[str, list[tuple]]:
    """{place: [(house, attached from, to, opened on, closed on)]}; a house is attached to itself. Two queries."""
    found: dict[str, list[tuple]] = {place: [] for place in places}
    around = (months[0], month_end(months[1]))
    below = [int(place[1:]) for place in places if place.startswith(TERRITORY)]
    rows = SectorAttachment.objects.filter(touching(*around), territory__ancestor_links__ancestor__in=below)
    columns = ("starts_on", "ends_on", "establishment__opened_on", "establishment__closed_on")
    values = rows.order_by("establishment", "starts_on").values_list(
        "territory__ancestor_links__ancestor", "establishment", *columns
    )
    for territory, *life in values if below else []:
        found[f"{TERRITORY}{territory}"].append(tuple(life))
    own = [int(place[1:]) for place in places if place.startswith(HOUSE)]
    lives = Establishment.objects.filter(pk__in=own).values_list("pk", "opened_on", "closed_on") if own else []
    for house, opened, closed in lives:
        found[f"{HOUSE}{house}"].append((house, opened, None, opened, closed))
    return found


def _summed(months: Sequence[date], lives: list[tuple], given: dict[tuple[int, date], tuple]) -> list:
    entered, locked, expected, sums = 0, 0, 0, [Decimal(0)] * len(HOURS)
    for month in months:
        end = month_end(month)
        for house, since, until, opened, closed in lives:
            attached = since <= end and (until is None or until >= end)
            if not attached or opened > end or (closed is not None and closed <= month):
                continue
            expected += 1
            if (house, month) in given:
                status, hours = given[house, month]
                entered += 1
                locked += status in LOCKED
                sums = [total + one for total, one in zip(sums, hours, strict=True)]
    return [entered, locked, expected, *(str(total) for total in sums)]
