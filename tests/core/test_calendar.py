"""The French calendar, checked by counting and against the published lists."""

import csv
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import calendar

ROOT = Path(__file__).parents[2]
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
MAYBE_DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 12))


def trial_rows(name):
    folder = os.environ.get("RONDE_TRIAL_DATA") or ROOT.parent / "shared" / "data"
    path = Path(folder) / name
    if not path.exists():
        reason = f"{name} is absent: set RONDE_TRIAL_DATA to the folder that holds it"
        print(reason)  # noqa: T201
        pytest.skip(reason)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_public_holidays_are_those_of_the_published_list():
    published = [date.fromisoformat(row["date"]) for row in trial_rows("jours_feries_metropole_2024_2028.csv")]
    assert [day for year in range(2024, 2029) for day in calendar.public_holidays(year)] == published


def test_school_holidays_of_zone_c_are_those_of_the_published_list():
    published = [
        calendar.SchoolHoliday(
            row["nom"].replace("'", "’"),
            date.fromisoformat(row["premier_jour"]),
            date.fromisoformat(row["dernier_jour"]),
        )
        for row in trial_rows("vacances_scolaires_zone_c_2024_2028.csv")
    ]
    known = {h for year in range(2024, 2029) for h in calendar.school_holidays("C", year)}
    inside = [h for h in known if h.ends_on >= date(2024, 1, 8)]
    assert sorted(inside, key=lambda h: h.starts_on) == published[1:]


def test_holidays_have_their_french_names():
    assert calendar.holiday_name(date(2026, 5, 14)) == "Ascension"
    assert calendar.holiday_name(date(2026, 1, 1)) == "Jour de l’an"
    assert calendar.holiday_name(date(2026, 5, 15)) is None
    assert calendar.is_public_holiday(date(2026, 7, 14))


def test_alsace_moselle_has_two_more_days():
    more = calendar.public_holidays(2026, alsace_moselle=True).keys() - calendar.public_holidays(2026).keys()
    assert more == {date(2026, 4, 3), date(2026, 12, 26)}
    assert not calendar.is_working_day(date(2026, 4, 3), alsace_moselle=True)
    assert calendar.is_working_day(date(2026, 4, 3))


def test_eight_working_days_jump_over_weekends_and_may_holidays():
    assert calendar.add_working_days(date(2026, 4, 30), 8) == date(2026, 5, 15)
    assert calendar.add_working_days(date(2026, 5, 13), 1) == date(2026, 5, 15)
    assert calendar.add_working_days(date(2026, 5, 18), -2) == date(2026, 5, 13)
    assert calendar.add_working_days(date(2026, 5, 14), 0) == date(2026, 5, 14)


@given(DAYS, st.integers(-40, 40))
def test_counting_working_days_undoes_adding_them(day, n):
    reached = calendar.add_working_days(day, n)
    assert calendar.working_days_between(day, reached) == n
    assert n == 0 or calendar.is_working_day(reached)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 8, 31), 2, date(2026, 10, 31)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_calendar_months_are_clipped_to_the_end_of_the_month(day, n, expected):
    assert calendar.add_months(day, n) == expected


@given(DAYS, DAYS)
def test_months_between_is_the_largest_number_that_fits(start, end):
    n = calendar.months_between(start, end)
    assert calendar.add_months(start, n) <= end < calendar.add_months(start, n + 1)


@given(DAYS)
def test_month_quarter_and_bimester_hold_their_day(day):
    assert calendar.month_start(day) <= day <= calendar.month_end(day)
    assert (calendar.month_end(day) + timedelta(days=1)).day == 1
    first, last = calendar.bimester_bounds(day)
    assert first <= day <= last
    assert {calendar.bimester(d) for d in calendar.iter_days(first, last)} == {calendar.bimester(day)}


def test_the_year_has_four_quarters_and_six_bimesters():
    months = list(calendar.iter_months(date(2026, 1, 31), date(2026, 12, 1)))
    assert [m.month for m in months] == list(range(1, 13))
    assert [calendar.quarter(m) for m in months] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    assert [calendar.bimester(m) for m in months] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]


def test_days_and_months_of_an_empty_period_are_none():
    assert list(calendar.iter_days(date(2026, 3, 2), date(2026, 3, 1))) == []
    assert list(calendar.iter_months(date(2026, 4, 2), date(2026, 3, 1))) == []


def test_school_holidays_by_day_and_zone():
    assert calendar.school_holiday_name(date(2026, 2, 16)) == ""
    assert calendar.school_holiday_name(date(2026, 2, 16), "B") == "Vacances d’hiver"
    assert calendar.school_holiday_name(date(2026, 3, 8)) == "Vacances d’hiver"


def test_a_christmas_holiday_is_one_holiday_in_both_years():
    christmas = calendar.SchoolHoliday("Vacances de Noël", date(2025, 12, 20), date(2026, 1, 4))
    assert christmas in calendar.school_holidays("C", 2025)
    assert christmas in calendar.school_holidays("C", 2026)


def test_an_unpublished_school_calendar_is_unknown_rather_than_empty():
    _, last = calendar.school_calendar_bounds("C")
    assert last >= date(2028, 8, 31)
    assert calendar.school_holidays("C", last.year + 1) is None
    assert calendar.school_holiday_name(last + timedelta(days=1)) is None


def test_an_unknown_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        calendar.school_holidays("D", 2026)


def days_of(start, end):
    """Brute force: the days of the period inside a window wider than any drawn bound."""
    window = [date(2025, 12, 25) + timedelta(days=n) for n in range(40)]
    return {day for day in window if (start is None or day >= start) and (end is None or day <= end)}


@given(MAYBE_DAYS, MAYBE_DAYS, MAYBE_DAYS, MAYBE_DAYS)
def test_overlap_and_clip_agree_with_the_days_in_common(start, end, low, high):
    common = days_of(start, end) & days_of(low, high)
    assert calendar.overlaps(start, end, low, high) == bool(common)
    clipped = calendar.clip(start, end, low, high)
    assert (days_of(*clipped) if clipped else set()) == common
    assert all(calendar.covers(start, end, day) for day in common)


def test_a_period_covers_both_its_ends():
    start, end = date(2026, 3, 1), date(2026, 3, 15)
    assert calendar.covers(start, end, start)
    assert calendar.covers(start, end, end)
    assert not calendar.covers(start, end, end + timedelta(days=1))
    assert not calendar.covers(start, None, start - timedelta(days=1))
    assert calendar.covers(None, None, start)
