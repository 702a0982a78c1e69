"""Authorised and open hours: golden vectors of the trade, then a brute force minute by minute."""

import datetime
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import is_public_holiday, iter_days
from core.french import percent
from establishments.models import AuthorisationSlot, CapacityChange, Closure
from indicators.capacity import (
    Capacity,
    Closed,
    Frozen,
    Hours,
    Places,
    Slot,
    Terms,
    day_capacity,
    is_open_on,
    month_capacity,
    period_capacity,
)
from indicators.rates import Activity
from indicators.terms import terms_of, terms_of_one
from tests.factories import LONG_AGO, EstablishmentFactory

D = datetime.date
OPENS, CLOSES = 450, 1110  # 7 h 30 – 18 h 30: 11 hours
MONDAY = D(2026, 3, 16)


def house(places=60, **changes):
    weekdays = tuple(Hours(LONG_AGO, None, weekday, OPENS, CLOSES) for weekday in range(1, 6))
    return replace(Terms(opened_on=LONG_AGO, places=(Places(LONG_AGO, None, places),), hours=weekdays), **changes)


def working_days(start, count):
    found = [day for day in iter_days(start, start + datetime.timedelta(days=400)) if is_open_on(house(), day)]
    return found[:count]


def test_golden_vector_11_a_year_of_60_places_over_223_days_of_11_hours():
    days = working_days(D(2026, 1, 1), 223)
    capacity = period_capacity(house(), days[0], days[-1])
    assert (capacity.authorised_hours, capacity.opening_days) == (Decimal(147_180), 223)
    year = Activity(capacity.authorised_hours, capacity.open_hours, 0, 103_000, 110_000)
    shown = [percent(rate, 2) for rate in (year.attendance_rate, year.billed_occupancy_rate, year.billing_rate)]
    assert shown == ["69,98\u202f%", "74,74\u202f%", "106,80\u202f%"]


def test_golden_vector_12_six_frozen_places_over_20_days():
    days = working_days(D(2026, 2, 2), 20)
    terms = house(frozen=(Frozen(D(2026, 2, 1), None, 6),))
    capacity = period_capacity(terms, days[0], days[-1])
    assert (capacity.authorised_hours, capacity.open_hours) == (Decimal(13_200), Decimal(11_880))
    month = Activity(capacity.authorised_hours, capacity.open_hours, 10_700, 9_630, 10_486)
    rates = [month.opening_rate, month.admission_rate, month.assiduity_rate, month.attendance_rate]
    assert [percent(rate, 2) for rate in rates] == ["90,00\u202f%", "90,07\u202f%", "90,00\u202f%", "72,95\u202f%"]
    assert [percent(month.billed_occupancy_rate, 2), percent(month.billing_rate, 2)] == [
        "79,44\u202f%",
        "108,89\u202f%",
    ]


@pytest.mark.parametrize(
    ("planned", "part", "authorised", "opened"),
    [
        (True, "day", 0, 0),
        (False, "day", 11 * 60, 0),
        (True, "morning", Fraction(11, 2) * 60, Fraction(11, 2) * 60),
        (False, "afternoon", 11 * 60, Fraction(11, 2) * 60),
    ],
)
def test_what_a_closure_takes_from_the_two_denominators(planned, part, authorised, opened):
    terms = house(closures=(Closed(MONDAY, MONDAY, planned, part),))
    capacity = day_capacity(terms, MONDAY)
    assert (capacity.authorised_hours, capacity.open_hours) == (authorised, opened)
    assert capacity.opening_days == int(opened > 0)


def test_two_halves_closed_for_two_reasons_make_a_day():
    closures = (Closed(MONDAY, MONDAY, True, "morning"), Closed(MONDAY, MONDAY, False, "afternoon"))
    capacity = day_capacity(house(closures=closures), MONDAY)
    assert capacity == Capacity(authorised_minutes=330 * 60)
    assert not is_open_on(house(closures=closures), MONDAY)


def test_public_holidays_and_week_ends_count_nowhere():
    assert is_public_holiday(D(2026, 5, 1))
    assert day_capacity(house(), D(2026, 5, 1)) == day_capacity(house(), D(2026, 3, 15)) == Capacity()


def test_a_change_of_places_on_a_day_changes_nothing_before_it():
    change = D(2026, 3, 18)
    before = (Places(LONG_AGO, D(2026, 3, 17), 60), Places(change, None, 45))
    terms = house(places=60)
    changed = replace(terms, places=before)
    assert period_capacity(changed, D(2026, 3, 1), D(2026, 3, 17)) == period_capacity(
        terms, D(2026, 3, 1), D(2026, 3, 17)
    )
    assert day_capacity(changed, change).authorised_minutes == 45 * 660


def test_days_without_authorisation_are_counted_as_unknown():
    terms = house(places=60)
    unknown = replace(terms, places=())
    assert month_capacity(unknown, D(2026, 3, 31)) == Capacity(opening_days=22, unknown_days=22)


def test_frozen_places_never_make_a_negative_capacity():
    terms = house(places=10, frozen=(Frozen(MONDAY, MONDAY, 8), Frozen(MONDAY, MONDAY, 8)))
    assert day_capacity(terms, MONDAY).open_minutes == 0


def test_a_house_counts_between_its_opening_and_its_last_day():
    terms = house(opened_on=D(2026, 3, 10), closed_on=D(2026, 3, 12))
    assert month_capacity(terms, D(2026, 3, 1)).opening_days == 2


def minute_by_minute(terms, day):
    """The same rule written apart: every minute of the day asks every term."""
    if is_public_holiday(day) or day < terms.opened_on or (terms.closed_on and day >= terms.closed_on):
        return 0, 0
    authorised = opened = 0
    for hours in terms.hours:
        if hours.weekday != day.isoweekday() or not hours.starts_on <= day or (hours.ends_on and day > hours.ends_on):
            continue
        middle = (hours.start + hours.end) // 2
        for minute in range(hours.start, hours.end):
            shut = {c.planned for c in terms.closures if c.starts_on <= day <= c.ends_on
                    if c.part == "day" or (c.part == "morning") == (minute < middle)}  # fmt: skip
            for places in terms.places:
                if places.starts_on <= day and (places.ends_on is None or day <= places.ends_on):
                    count = places.places
                    for slot in places.slots:
                        if slot.weekday == day.isoweekday() and slot.start <= minute < slot.end:
                            count = slot.places
                    gone = sum(f.places for f in terms.frozen if f.starts_on <= day <= (f.ends_on or D.max))
                    authorised += 0 if True in shut else count
                    opened += 0 if shut else max(count - gone, 0)
    return authorised, opened


days = st.dates(D(2026, 4, 27), D(2026, 5, 20))


@st.composite
def some_terms(draw):
    change, places = draw(days), st.integers(1, 40)
    cuts = sorted(draw(st.sets(st.integers(420, 1140), min_size=4, max_size=4)))
    slots = tuple(Slot(draw(st.integers(1, 5)), low, high, draw(places)) for low, high in [cuts[:2], cuts[2:]])
    one_day = datetime.timedelta(days=1)
    hours = tuple(
        Hours(LONG_AGO, None, n, draw(st.integers(430, 500)), draw(st.integers(900, 1140))) for n in (1, 3, 5)
    )
    closures = tuple(
        Closed(day, day, draw(st.booleans()), draw(st.sampled_from(["day", "morning", "afternoon"])))
        for day in draw(st.lists(days, max_size=6))
    )
    frozen = tuple(Frozen(day, day + 3 * one_day, draw(places)) for day in draw(st.lists(days, max_size=3)))
    authorised = (Places(LONG_AGO, change - one_day, draw(places), slots), Places(change, None, draw(places)))
    return Terms(LONG_AGO, draw(st.none() | days), authorised, hours, closures, frozen)


@settings(max_examples=60, deadline=None)
@given(terms=some_terms(), day=days)
def test_the_sum_equals_a_count_of_every_minute(terms, day):
    capacity = day_capacity(terms, day)
    assert (capacity.authorised_minutes, capacity.open_minutes) == minute_by_minute(terms, day)


@pytest.mark.django_db
def test_the_terms_are_read_from_the_register(django_assert_num_queries):
    creche = EstablishmentFactory(places=20)
    authorisation = creche.authorisations.get()
    slot = AuthorisationSlot.objects.create(
        authorisation=authorisation, weekday=1, starts_at="07:30", ends_at="08:30", places=10
    )
    Closure.objects.create(establishment=creche, cause="works", starts_on=MONDAY, ends_on=MONDAY, part="afternoon")
    CapacityChange.objects.create(establishment=creche, places=5, reason="vacancy", starts_on=MONDAY)
    others = [EstablishmentFactory().pk for _ in range(3)]
    with django_assert_num_queries(6):
        terms = terms_of([creche.pk, *others], MONDAY, MONDAY)
    assert terms[creche.pk] == terms_of_one(creche, MONDAY, MONDAY)
    assert terms[creche.pk].places[0].slots == (Slot(slot.weekday, 450, 510, 10),)
    capacity = day_capacity(terms[creche.pk], MONDAY)
    assert capacity.authorised_minutes == 60 * 10 + 600 * 20
    assert capacity.open_minutes == 60 * 5 + 270 * 15
