"""The two-month rule: a day that a coordinator can count on her fingers, and a list that says the same."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from establishments.regulation import single
from visits import schedule
from visits.schedule import bimester_label, bimester_satisfied, bounds, freshness, next_due

DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))
MONTHS = st.integers(1, 30)
WARN = st.integers(0, 90)


def due_by_counting(day, months):
    """Walk month by month on a calendar, then come back from a day that does not exist."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    existing = [d for d in calendar.Calendar().itermonthdates(year, month) if d.month == month]
    return max(d for d in existing if d.day <= day.day)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2026, 1, 15), date(2026, 3, 15)),
        (date(2026, 8, 31), date(2026, 10, 31)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 31), date(2028, 2, 29)),
        (date(2026, 12, 28), date(2027, 2, 28)),
        (date(2026, 2, 28), date(2026, 4, 28)),
    ],
)
def test_golden_17_the_next_visit_is_due_two_calendar_months_later(last, due):
    assert next_due(last) == due


def test_golden_17_a_visit_in_january_satisfies_the_first_bimestre_only():
    assert bimester_satisfied([date(2026, 1, 15)], 2026) == (True, False, False, False, False, False)


def test_the_interval_is_the_one_of_the_catalogue():
    assert single("VISITE-BIMESTRIELLE").value["months_between"] == schedule.MONTHS_BETWEEN_VISITS == 2


@given(DAYS, MONTHS)
def test_the_due_day_is_the_one_counted_on_a_calendar(last, months):
    assert next_due(last, months=months) == due_by_counting(last, months)


@pytest.mark.parametrize(
    ("today", "status", "late", "left", "label"),
    [
        (date(2026, 1, 15), "up_to_date", 0, 59, "à jour"),
        (date(2026, 2, 27), "up_to_date", 0, 16, "à jour"),
        (date(2026, 2, 28), "to_plan", 0, 15, "à planifier"),
        (date(2026, 3, 15), "to_plan", 0, 0, "à planifier"),
        (date(2026, 3, 16), "overdue", 1, 0, "en retard de 1 jour"),
        (date(2026, 4, 14), "overdue", 30, 0, "en retard de 30 jours"),
        (date(2029, 3, 15), "overdue", 1096, 0, "en retard de 1\u202f096 jours"),
    ],
)
def test_after_a_visit_on_15_january_the_status_of_each_day(today, status, late, left, label):
    found = freshness(date(2026, 1, 15), today)
    assert (found.status, found.due_on, found.days_late, found.days_left, found.label) == (
        status,
        date(2026, 3, 15),
        late,
        left,
        label,
    )


def test_a_house_never_visited_says_so_and_keeps_the_date_of_its_first_visit():
    assert freshness(None, date(2026, 3, 1)) == schedule.Freshness("never", None, 0, 0, "jamais visitée")
    new = freshness(None, date(2026, 3, 1), first_due_on=date(2026, 2, 1))
    assert (new.status, new.due_on, new.days_late, new.label) == ("never", date(2026, 2, 1), 28, "jamais visitée")


def test_a_director_who_takes_office_is_visited_sooner():
    found = freshness(date(2026, 1, 15), date(2026, 2, 6), interval_days=21)
    assert (found.status, found.due_on, found.days_late) == ("overdue", date(2026, 2, 5), 1)


def status_by_comparison(last, today, **options):
    """What the database does for a list: two comparisons on the last visit's date."""
    overdue_before, to_plan_before = bounds(today, **options)
    if last is None:
        return "never"
    if last < overdue_before:
        return "overdue"
    return "to_plan" if last < to_plan_before else "up_to_date"


@given(DAYS, st.integers(-40, 1200), MONTHS, WARN)
@example(date(2026, 2, 28), 61, 2, 15)  # due on 28 April, seen on 30 April, to which no visit leads
@example(date(2026, 12, 31), 59, 2, 15)
def test_the_bounds_of_the_list_give_the_status_of_the_page(last, later, months, warn_days):
    today = last + timedelta(later)
    expected = freshness(last, today, months=months, warn_days=warn_days).status
    assert status_by_comparison(last, today, months=months, warn_days=warn_days) == expected


def test_the_bounds_give_the_status_of_the_page_on_every_day_of_five_years():
    first = date(2023, 12, 1)
    for gap in range(30, 80):
        for offset in range(5 * 366):
            last = first + timedelta(offset)
            today = last + timedelta(gap)
            assert status_by_comparison(last, today) == freshness(last, today).status, (last, today)


@given(DAYS, st.integers(-40, 400), st.integers(1, 60), WARN)
def test_the_bounds_follow_a_shorter_interval_too(last, later, interval_days, warn_days):
    today = last + timedelta(later)
    expected = freshness(last, today, interval_days=interval_days, warn_days=warn_days).status
    assert status_by_comparison(last, today, interval_days=interval_days, warn_days=warn_days) == expected


def test_no_date_is_never_visited_in_the_list_as_on_the_page():
    assert status_by_comparison(None, date(2026, 3, 1)) == freshness(None, date(2026, 3, 1)).status


@given(st.lists(DAYS, max_size=20), st.integers(1990, 2200))
def test_a_bimestre_is_satisfied_by_a_visit_in_one_of_its_two_months(visits, year):
    months = [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 12)]
    expected = tuple(any(day.year == year and day.month in pair for day in visits) for pair in months)
    assert bimester_satisfied(visits, year) == expected


def test_six_visits_well_spread_are_six_bimestres_and_six_in_a_row_are_not():
    spread = bimester_satisfied([date(2026, month, 10) for month in (1, 4, 5, 8, 9, 12)], 2026)
    assert bimester_label(spread) == "6 bimestres sur 6"
    gathered = bimester_satisfied([date(2026, 1, day) for day in range(1, 7)], 2026)
    assert bimester_label(gathered) == "1 bimestre sur 6"


def test_the_kinds_that_count_are_the_five_visits_in_person():
    assert [schedule.KIND_LABELS[kind] for kind in schedule.COUNTING_KINDS] == [
        "visite régulière",
        "visite thématique",
        "visite d’analyse",
        "accompagnement de prise de fonction",
        "visite inopinée",
    ]


@pytest.mark.parametrize("options", [{"months": 0}, {"interval_days": 0}, {"warn_days": -1}])
def test_an_impossible_interval_is_refused(options):
    with pytest.raises(ValueError, match="positive"):
        freshness(date(2026, 1, 1), date(2026, 1, 1), **options)
    with pytest.raises(ValueError, match="positive"):
        bounds(date(2026, 1, 1), **options)
