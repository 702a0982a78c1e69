"""What the coverage engine says of a month, of a week, and of many houses at once."""

import random
from datetime import date, time, timedelta
from fractions import Fraction

import pytest

from establishments.regulation import CapacitySlot
from staffing.coverage import (
    ChildrenPresence,
    HouseDay,
    Segment,
    Topic,
    assess_day,
    assess_days,
    monthly_qualification,
    weekly_overcapacity,
)
from tests.staffing.test_coverage import HOUSE, TUESDAY, day, staff


def stretch(start, end, category_1, need):
    return Segment(start, end, 10, max(2, need), category_1, category_1, True, (), need=need)


@pytest.mark.parametrize(("minutes_of_three", "compliant"), [(8, True), (7, False)])
def test_golden_8_a_mean_of_5_2_takes_2_08_of_category_1(minutes_of_three, compliant):
    first = [stretch(0, 50, 2, 5), stretch(50, 50 + minutes_of_three, 3, 5), stretch(50 + minutes_of_three, 80, 2, 5)]
    found = monthly_qualification({TUESDAY: first, date(2026, 3, 31): [stretch(0, 20, 2, 6)]})
    assert found.reference_mean == Fraction(52, 10)
    assert found.category_1_mean == Fraction(200 + minutes_of_three, 100)
    assert found.compliant is compliant
    assert found.share == found.category_1_mean / Fraction(52, 10)


def test_the_floor_of_two_is_not_in_the_reference_of_the_month_unless_asked():
    child = day([ChildrenPresence(480, 1080, 0, 1)], [staff(480, 780), staff(category=2)])
    days = {TUESDAY: child}
    assert monthly_qualification(days).reference_mean == 1
    assert monthly_qualification(days).compliant is True
    assert monthly_qualification(days, with_floor=True).reference_mean == 2
    assert monthly_qualification(days, with_floor=True).compliant is False


def test_a_month_without_opening_or_before_2023_is_not_judged():
    assert monthly_qualification({}) is None
    closed = monthly_qualification({TUESDAY: []})
    assert (closed.minutes, closed.share, closed.compliant) == (0, None, None)
    assert monthly_qualification({date(2022, 12, 5): [stretch(0, 60, 0, 5)]}).compliant is None
    empty = monthly_qualification({TUESDAY: day([], [])})
    assert (empty.share, empty.compliant) == (None, True)
    with pytest.raises(ValueError, match="one calendar month"):
        monthly_qualification({TUESDAY: [], date(2026, 4, 1): []})


WEEK = [CapacitySlot(weekday, time(7, 30), time(18, 30), 33) for weekday in range(1, 6)]


@pytest.mark.parametrize(("hours", "breached"), [(1815, False), (1816, True)])
def test_golden_7_the_week_holds_1815_hours_of_presence(hours, breached):
    days = {TUESDAY: [ChildrenPresence(0, 60, 0, hours - 1000)], date(2026, 3, 20): [ChildrenPresence(0, 60, 1000, 0)]}
    found = weekly_overcapacity(days, WEEK, kind="creche_collective")
    assert (found.presence_hours, found.capacity_hours) == (hours, 1815)
    assert found.rate == Fraction(hours, 1815)
    assert (found.breach is not None) is breached
    assert weekly_overcapacity(days, WEEK, kind="creche_familiale").breach is None
    if breached:
        assert (found.breach.rule_id, found.breach.topic) == ("SURNOMBRE-HEBDO", Topic.OVERCAPACITY)
        assert found.breach.message == "1\u202f816\u00a0h de présence dans la semaine, 1\u202f815\u00a0h au plus."


def test_a_week_is_one_week():
    assert weekly_overcapacity({}, [], kind="creche_collective").rate is None
    with pytest.raises(ValueError, match="one week"):
        weekly_overcapacity({TUESDAY: [], date(2026, 3, 23): []}, WEEK, kind="creche_collective")
    with pytest.raises(ValueError, match="overlap"):
        weekly_overcapacity({TUESDAY: []}, WEEK * 2, kind="creche_collective")


def summer(rng, houses=15, days=20, people=20):
    """A sector over a month: 300 agents on shifts of eight hours, children by half-hour."""
    found = {}
    for house in range(houses):
        for number in range(days):
            shifts = [450 + 30 * rng.randrange(7) for _ in range(people)]
            children = [
                ChildrenPresence(t, t + 30, rng.randrange(15), rng.randrange(25)) for t in range(450, 1110, 30)
            ]
            presences = [staff(t, t + 450, 1 + n % 2, n < 3, person=(house, n)) for n, t in enumerate(shifts)]
            on = date(2026, 7, 1) + timedelta(days=number)
            found[house, on] = HouseDay((450, 1110), children, presences, **(HOUSE | {"on": on, "places": 60}))
    return found


def test_a_month_of_a_sector_is_the_same_day_by_day():
    days = summer(random.Random(2026))
    together = assess_days(days)
    for key, given_day in days.items():
        house = {name: getattr(given_day, name) for name in ("rule", "places", "kind", "on")}
        alone = assess_day(
            opening=given_day.opening, children=given_day.children, presences=given_day.presences, **house
        )
        assert together[key] == alone
