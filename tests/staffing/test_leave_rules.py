"""Rights to leave, what a request costs, days in a row: against the golden vectors and against counting."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import is_public_holiday
from staffing.leave_rules import (
    AFTERNOON,
    CET,
    MORNING,
    OTHER,
    RTT,
    SPLIT,
    Calendar,
    Leave,
    Service,
    Span,
    WorkPattern,
    absence_with,
    absences,
    annual_right,
    balance,
    cet_transferable,
    leave_days,
    may_feed_cet,
    next_feasible,
    outside_summer,
    splitting_bonus,
    to_half_days,
)

FULL = WorkPattern.of_days(1, 2, 3, 4, 5)
WEEK = Calendar(FULL)


def span(first, last=None, from_noon=False, until_noon=False):
    """Days of 2026, written (day, month)."""
    last = last or first
    return Span(date(2026, first[1], first[0]), date(2026, last[1], last[0]), from_noon, until_noon)


def leave(first, last=None, **kind):
    return Leave(span(first, last), **kind)


@pytest.mark.parametrize(("weekly_days", "right"), [(5, 25), (4, 20), (Decimal("2.5"), Fraction(25, 2))])
def test_the_right_is_five_times_the_days_of_a_week(weekly_days, right):
    assert annual_right([Service(weekly_days)], 2026) == right


def test_golden_18_four_days_a_week_and_six_days_in_winter_give_twenty_days_and_one():
    calendar = Calendar(WorkPattern.of_days(1, 2, 3, 4))
    found = balance(2026, right=annual_right([Service(4)], 2026), leaves=[leave((25, 2), (5, 3))], calendar=calendar)
    assert (found.right, found.granted, found.bonus, found.remaining) == (20, 6, 1, 15)


@pytest.mark.parametrize(("last", "days", "too_long"), [((31, 7), 31, False), ((1, 8), 32, True)])
def test_golden_19_thirty_one_days_in_a_row_are_accepted_thirty_two_are_not(last, days, too_long):
    (found,) = absences([leave((1, 7), last)], WEEK)
    assert (found.calendar_days, found.too_long) == (days, too_long)


@pytest.mark.parametrize(
    ("services", "right"),
    [
        ([Service(5, date(2026, 4, 1))], Fraction(75, 4)),  # nine months
        ([Service(5, date(2025, 4, 1), date(2026, 1, 31))], Fraction(25, 12)),
        ([Service(5, None, date(2026, 6, 30)), Service(4, date(2026, 7, 1))], Fraction(45, 2)),
        ([Service(5, date(2026, 2, 15), date(2026, 2, 28))], Fraction(25, 24)),
        ([Service(5, date(2027, 1, 1))], 0),
        ([], 0),
    ],
)
def test_part_of_a_year_counts_month_by_month(services, right):
    assert annual_right(services, 2026) == right


def test_service_periods_do_not_overlap_and_a_week_has_seven_days():
    with pytest.raises(ValueError, match="overlap"):
        annual_right([Service(5, None, date(2026, 6, 30)), Service(4, date(2026, 6, 30))], 2026)
    for wrong in (0, 8, -1):
        with pytest.raises(ValueError, match="week"):
            Service(wrong)


@given(st.integers(1, 7), st.dates(date(2024, 1, 1), date(2024, 12, 30)))
def test_a_year_cut_in_two_gives_the_whole_right(weekly_days, cut):
    parts = [Service(weekly_days, None, cut), Service(weekly_days, cut + timedelta(days=1))]
    assert annual_right(parts, 2024) == 5 * weekly_days


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("18.75", "19"), ("18.74", "18.5"), ("18.25", "18.5"), ("18.24", "18"), ("12.5", "12.5"), ("0", "0")],
)
def test_a_right_is_rounded_to_the_nearest_half_day_and_a_tie_upwards(exact, rounded):
    assert to_half_days(Fraction(exact)) == Fraction(rounded)


@pytest.mark.parametrize(
    ("days", "bonus"), [(0, 0), (Decimal("4.5"), 0), (5, 1), (6, 1), (Fraction(15, 2), 1), (8, 2), (20, 2)]
)
def test_five_days_out_of_summer_win_one_and_eight_win_two(days, bonus):
    assert splitting_bonus(days) == bonus


def test_summer_goes_from_the_first_of_may_to_the_last_of_october():
    edges = [date(2026, 4, 30), date(2026, 5, 1), date(2026, 10, 31), date(2026, 11, 1)]
    assert [outside_summer([(day, MORNING)]) for day in edges] == [Fraction(1, 2), 0, 0, Fraction(1, 2)]


@pytest.mark.parametrize(
    ("taken", "may", "saved"),
    [(Fraction(39, 2), False, 0), (20, True, 5), (Fraction(49, 2), True, Fraction(1, 2)), (26, True, 0)],
)
def test_the_account_is_fed_once_twenty_days_were_taken(taken, may, saved):
    assert may_feed_cet(taken) is may
    assert cet_transferable(Fraction(25), taken) == saved


@pytest.mark.parametrize(
    ("asked", "pattern", "days"),
    [
        (span((13, 7), (17, 7)), FULL, 4),  # 14 July is a Tuesday
        (span((11, 7), (12, 7)), FULL, 0),
        (span((6, 7), (19, 7)), FULL, 9),
        (span((6, 7), (10, 7)), WorkPattern.of_days(1, 2, 4, 5), 4),
        (span((6, 7), (10, 7)), WorkPattern.of_days(1, 2, half=[(3, MORNING)]), Fraction(5, 2)),
        (span((8, 7), (8, 7), from_noon=True), WorkPattern.of_days(1, 2, half=[(3, MORNING)]), 0),
        (span((6, 7), (6, 7), until_noon=True), FULL, Fraction(1, 2)),
        (span((6, 7), (8, 7), from_noon=True, until_noon=True), FULL, 2),
    ],
)
def test_only_what_would_have_been_worked_is_counted(asked, pattern, days):
    assert leave_days(asked, Calendar(pattern)) == days


def test_alternating_weeks_come_in_turn():
    long, short = frozenset((d, p) for d in range(1, 6) for p in (0, 1)), frozenset({(1, MORNING)})
    pattern = WorkPattern((long, short), origin=date(2026, 6, 3))  # the week of 1 June is long
    assert pattern.weekly_days == Fraction(11, 4)
    calendar = Calendar(pattern)
    assert [leave_days(span((d, 6), (d + 6, 6)), calendar) for d in (1, 8, 15, 22)] == [
        *(5, Fraction(1, 2), 5, Fraction(1, 2))
    ]
    assert leave_days(Span(date(2026, 5, 18), date(2026, 5, 24)), calendar) == 5
    with pytest.raises(ValueError, match="at least one week"):
        WorkPattern(())


def test_closures_take_leave_or_leave_it_alone():
    calendar = Calendar(FULL, consuming=(span((3, 8), (7, 8)),), free=(span((10, 8), (10, 8), until_noon=True),))
    assert leave_days(span((3, 8), (14, 8)), calendar) == Fraction(9, 2)
    found = balance(2026, right=Fraction(25), leaves=[leave((6, 8), (14, 8))], calendar=calendar)
    assert (found.closures, found.granted, found.taken, found.remaining) == (
        *(5, Fraction(9, 2), Fraction(19, 2), Fraction(31, 2)),
    )


def test_alsace_has_two_more_public_holidays():
    friday = span((3, 4))
    assert leave_days(friday, WEEK) == 1
    assert leave_days(friday, Calendar(FULL, alsace_moselle=True)) == 0


SPANS = st.builds(
    lambda start, length, from_noon, until_noon: Span(
        start, start + timedelta(days=length), from_noon and length > 0, until_noon
    ),
    st.dates(date(2026, 4, 1), date(2026, 8, 31)),
    st.integers(0, 20),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(SPANS, max_size=4), st.lists(SPANS, max_size=2), st.sets(st.integers(1, 7)))
def test_days_are_what_counting_each_half_day_gives(asked, free, weekdays):
    calendar = Calendar(WorkPattern.of_days(*weekdays), free=tuple(free))

    def within(spans, day, part):
        return any(
            each.starts_on <= day <= each.ends_on
            and not (day == each.starts_on and each.from_noon and part == MORNING)
            and not (day == each.ends_on and each.until_noon and part == AFTERNOON)
            for each in spans
        )

    expected = 0
    for number in range(200):
        day = date(2026, 3, 31) + timedelta(days=number)
        for part in (MORNING, AFTERNOON):
            worked = day.isoweekday() in weekdays and not is_public_holiday(day) and not within(free, day, part)
            expected += worked and within(asked, day, part)
    assert len(calendar.counted(asked)) == expected


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        (span((29, 6), (10, 7)), span((13, 7), (24, 7)), [26]),  # a weekend joins
        (span((29, 6), (13, 7)), span((15, 7), (24, 7)), [26]),  # 14 July joins
        (span((29, 6), (9, 7)), span((13, 7), (24, 7)), [11, 12]),  # a Friday worked does not
        (span((29, 6), (10, 7), until_noon=True), span((13, 7), (24, 7)), [12, 12]),  # nor an afternoon
        (span((29, 6), (10, 7)), span((13, 7), (24, 7), from_noon=True), [12, 12]),
        (span((29, 6), (10, 7), until_noon=True), span((10, 7), (24, 7), from_noon=True), [26]),
        (span((29, 6), (24, 7)), span((6, 7), (10, 7)), [26]),
    ],
)
def test_leaves_are_joined_by_days_that_nobody_works(first, second, days):
    found = absences([Leave(second), Leave(first, kind=RTT)], WEEK)
    assert [each.calendar_days for each in found] == days


def test_a_leave_inside_another_does_not_hide_what_follows():
    leaves = [leave((29, 6), (24, 7)), leave((6, 7), (10, 7), kind=RTT), leave((27, 7), (31, 7))]
    assert [each.calendar_days for each in absences(leaves, WEEK)] == [33]


def test_closures_join_leaves_and_those_that_take_leave_are_part_of_the_absence():
    leaves = [leave((29, 6), (17, 7)), leave((27, 7), (7, 8))]
    week = span((20, 7), (24, 7))
    assert [each.calendar_days for each in absences(leaves, WEEK)] == [19, 12]
    for calendar in (Calendar(FULL, free=(week,)), Calendar(FULL, consuming=(week,))):
        (joined,) = absences(leaves, calendar)
        assert (joined.calendar_days, joined.too_long) == (40, True)
    (before,) = absences(leaves[:1], Calendar(FULL, free=(week,)))
    (with_it,) = absences(leaves[:1], Calendar(FULL, consuming=(week,)))
    assert (before.calendar_days, with_it.calendar_days) == (19, 26)


def test_the_days_off_of_a_part_time_agent_join_two_leaves():
    calendar = Calendar(WorkPattern.of_days(1, 2, 4, 5))
    assert [a.calendar_days for a in absences([leave((6, 7), (7, 7)), leave((9, 7), (10, 7))], calendar)] == [5]


def test_other_absences_are_not_leave_unless_they_are_what_is_asked():
    training = leave((13, 7), (17, 7), kind=OTHER)
    weeks = [leave((29, 6), (10, 7)), leave((20, 7), (31, 7), kind=CET)]
    assert [a.calendar_days for a in absences([*weeks, training], WEEK)] == [12, 12]
    assert absence_with(weeks[0], [weeks[1], training], WEEK).calendar_days == 12
    assert absence_with(training, weeks, WEEK).calendar_days == 33


def test_what_waits_is_counted_apart():
    leaves = [
        leave((2, 2), (5, 2)),
        leave((9, 2), (9, 2), pending=True),
        leave((9, 2), (12, 2), pending=True, kind=SPLIT),
        leave((4, 2), (6, 2), pending=True),
        leave((16, 2), (27, 2), kind=RTT),
        leave((2, 3), (3, 3), kind=SPLIT),
        leave((31, 12), (31, 12), pending=True),
        Leave(Span(date(2026, 12, 31), date(2027, 1, 8)), pending=True),
    ]
    found = balance(2026, right=Fraction(25), leaves=leaves, calendar=WEEK, carried_over=Fraction(3))
    assert (found.granted, found.pending, found.taken) == (6, 6, 6)
    assert (found.bonus, found.bonus_if_granted) == (0, 1)  # splitting days win no other
    assert (found.remaining, found.remaining_if_granted) == (22, 17)


def test_closures_of_the_year_win_splitting_days_too():
    calendar = Calendar(FULL, consuming=(Span(date(2026, 12, 21), date(2027, 1, 1)),))
    found = balance(2026, right=Fraction(25), leaves=[], calendar=calendar)
    assert (found.closures, found.bonus, found.bonus_if_granted) == (8, 2, 2)


def test_the_next_feasible_dates_are_the_nearest_of_the_same_cost():
    asked = span((6, 7), (10, 7))
    tried = []

    def feasible(candidate):
        tried.append(candidate)
        return not candidate.starts_on <= date(2026, 7, 8) <= candidate.ends_on

    found = next_feasible(asked, feasible, WEEK, earliest=date(2026, 6, 29), latest=date(2026, 8, 31))
    assert found == [span((9, 7), (16, 7)), span((10, 7), (17, 7)), span((1, 7), (7, 7))]
    assert all(leave_days(each, WEEK) == 5 for each in found)
    assert asked not in tried
    assert len(tried) == len(set(tried))
    only = next_feasible(asked, feasible, WEEK, earliest=date(2026, 6, 29), latest=date(2026, 8, 31), limit=1)
    assert only == found[:1]


def test_half_days_have_their_next_feasible_dates():
    monday = span((6, 7), (6, 7), until_noon=True)
    found = next_feasible(monday, lambda _: True, WEEK, earliest=date(2026, 7, 6), latest=date(2026, 7, 7))
    assert found == [
        span((6, 7), (6, 7), from_noon=True),
        span((7, 7), (7, 7), until_noon=True),
        span((7, 7), (7, 7), from_noon=True),
    ]


def test_an_agent_of_the_afternoons_is_offered_afternoons_outside_closures():
    calendar = Calendar(WorkPattern.of_days(half=[(d, AFTERNOON) for d in range(1, 6)]), consuming=(span((8, 7)),))
    found = next_feasible(
        span((6, 7), (7, 7)), lambda _: True, calendar, earliest=date(2026, 7, 7), latest=date(2026, 7, 10)
    )
    assert found == [Span(date(2026, 7, d), date(2026, 7, e), from_noon=True) for d, e in ((7, 9), (9, 10))]


def test_the_later_of_two_dates_as_near_comes_first_and_closures_cost_nothing():
    calendar = Calendar(FULL, consuming=(span((8, 7), (10, 7)),))
    found = next_feasible(
        span((7, 7), (8, 7)), lambda _: True, calendar, earliest=date(2026, 7, 1), latest=date(2026, 7, 31), limit=2
    )
    assert found == [span((6, 7)), span((3, 7))]
    around = next_feasible(
        span((22, 7)), lambda _: True, WEEK, earliest=date(2026, 7, 1), latest=date(2026, 7, 31), limit=2
    )
    assert around == [span((23, 7)), span((21, 7))]


def test_no_date_is_offered_for_nothing_or_out_of_bounds():
    bounds = {"earliest": date(2026, 7, 6), "latest": date(2026, 7, 10)}
    assert next_feasible(span((11, 7), (12, 7)), lambda _: True, WEEK, **bounds) == []
    assert next_feasible(span((13, 7), (24, 7)), lambda _: True, WEEK, **bounds) == []
    reversed_bounds = {"earliest": date(2026, 7, 10), "latest": date(2026, 7, 6)}
    assert next_feasible(span((6, 7)), lambda _: True, WEEK, **reversed_bounds) == []


@pytest.mark.parametrize(
    ("first", "last", "from_noon", "until_noon"),
    [((7, 7), (6, 7), False, False), ((6, 7), (6, 7), True, True)],
)
def test_a_span_ends_after_it_starts(first, last, from_noon, until_noon):
    with pytest.raises(ValueError, match="end after"):
        span(first, last, from_noon, until_noon)
    assert span((6, 7), (8, 7)).calendar_days == 3
