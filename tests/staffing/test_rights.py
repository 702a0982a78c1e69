"""Days of leave from the tables: rights, closures, pending apart (C23), compte épargne-temps."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from establishments.models import Closure
from staffing.day_book import open_book
from staffing.rights import days, pattern_of, rights_of
from tests.factories import LONG_AGO
from tests.staffing.factories import LeaveFactory, PostingFactory, RosterFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D, T = datetime.date, datetime.time


@pytest.fixture
def educator(creche):
    return PostingFactory(establishment=creche)


def one(posting, year=2026):
    return rights_of([posting.employee_id], year)[posting.employee_id]


def granted(posting, starts_on, ends_on, coordinator, **given):
    stamp = {"status": "granted", "decided_by": coordinator, "decided_at": timezone.now()}
    return LeaveFactory(person=posting, starts_on=starts_on, ends_on=ends_on, **stamp, **given)


def test_pending_requests_are_counted_apart_and_never_forgotten(educator, coordinator):
    granted(educator, D(2026, 7, 6), D(2026, 7, 10), coordinator)
    LeaveFactory(person=educator, starts_on=D(2026, 8, 3), ends_on=D(2026, 8, 14))
    LeaveFactory(person=educator, starts_on=D(2026, 9, 7), ends_on=D(2026, 9, 11), status="refused",
                 refusal_reason="ratio", decided_by=coordinator, decided_at=timezone.now())  # fmt: skip
    held = one(educator).balance
    assert (held.right, held.granted, held.pending) == (25, 5, 10)
    assert (held.remaining, held.remaining_if_granted) == (20, 10)
    assert "en attente\u00a0: 10 jours" in one(educator).sentence


def test_golden_18_four_days_a_week_and_six_days_taken_in_winter(educator, coordinator):
    educator.weekly_days = Decimal(4)
    educator.save()
    granted(educator, D(2026, 2, 2), D(2026, 2, 5), coordinator)
    granted(educator, D(2026, 3, 2), D(2026, 3, 3), coordinator)
    held = one(educator).balance
    assert (held.right, held.granted, held.bonus) == (20, 6, 1)


def test_the_yearly_closure_takes_leave_and_works_do_not(educator, creche):
    for cause, day in (("yearly", 3), ("bridge", 10), ("works", 17), ("pedagogical", 24)):
        Closure.objects.create(
            establishment=creche, cause=cause, starts_on=D(2026, 8, day), ends_on=D(2026, 8, day + 4)
        )
    assert one(educator).balance.closures == 10
    asked = LeaveFactory(person=educator, starts_on=D(2026, 8, 6), ends_on=D(2026, 8, 18))
    assert one(educator).cost(asked) == 2  # 17 and 18 August; the rest is closed anyway


def test_a_closure_of_a_house_left_before_takes_nothing(educator, creche, next_creche):
    educator.ends_on = D(2026, 6, 30)
    educator.save()
    PostingFactory(employee=educator.employee, establishment=next_creche, starts_on=D(2026, 7, 1))
    for house in (creche, next_creche):
        Closure.objects.create(establishment=house, cause="yearly", starts_on=D(2026, 6, 29), ends_on=D(2026, 7, 3))
    held = one(educator)
    assert held.balance.closures == 5  # two days of June in the first house, three of July in the second
    assert held.balance.right == 25


def test_part_of_a_year_and_public_holidays(educator, coordinator):
    educator.starts_on = D(2026, 4, 1)
    educator.save()
    granted(educator, D(2026, 5, 11), D(2026, 5, 15), coordinator)
    held = one(educator)
    assert (held.exact, held.balance.right) == (Fraction(75, 4), 19)
    assert held.balance.granted == 4  # Ascension


def test_the_recorded_week_counts_the_days_and_alternation_is_followed(educator, coordinator):
    roster = RosterFactory(posting=educator, weeks=2, starts_on=D(2026, 6, 1), at=T(8), at__days=(1, 2))
    roster.slots.create(week=2, weekday=5, starts_at=T(8), ends_at=T(12))
    granted(educator, D(2026, 6, 1), D(2026, 6, 5), coordinator)
    assert one(educator).balance.granted == 2
    granted(educator, D(2026, 6, 8), D(2026, 6, 12), coordinator)
    assert one(educator).balance.granted == Fraction(5, 2)


def test_rtt_and_cet_have_their_own_counters(educator, coordinator):
    granted(educator, D(2026, 6, 1), D(2026, 6, 2), coordinator, kind="rtt")
    granted(educator, D(2026, 6, 3), D(2026, 6, 3), coordinator, kind="cet", part="morning")
    held = one(educator)
    assert held.balance.granted == 0
    assert held.other == {"rtt": 2, "cet": Fraction(1, 2)}


@pytest.mark.parametrize(("last", "saved"), [(D(2026, 7, 30), 0), (D(2026, 7, 31), 5)])
def test_days_are_saved_only_once_twenty_were_taken(educator, coordinator, last, saved):
    granted(educator, D(2026, 9, 7), D(2026, 9, 18), coordinator)
    granted(educator, D(2026, 7, 20), last, coordinator)
    assert one(educator).saved == saved


@pytest.mark.parametrize(
    ("posting", "may"),
    [
        ({}, True),
        ({"starts_on": D(2026, 1, 1)}, True),
        ({"starts_on": D(2026, 1, 2)}, False),
        ({"ends_on": D(2026, 12, 30)}, False),
    ],
)
def test_nothing_is_saved_before_a_year_of_service_without_a_break(creche, coordinator, posting, may):
    person = PostingFactory(establishment=creche, **posting)
    granted(person, D(2026, 7, 1), D(2026, 7, 29), coordinator)
    held = one(person)
    assert (held.may_save, held.saved > 0) == (may, may)
    assert ("une année de service continu" in held.saving) is not may
    assert "20 jours" in one(PostingFactory(establishment=creche)).saving


def test_two_postings_in_a_row_are_one_service(creche, next_creche, coordinator):
    person = PostingFactory(establishment=creche, ends_on=D(2026, 5, 31))
    PostingFactory(establishment=next_creche, employee=person.employee, starts_on=D(2026, 6, 1))
    assert one(person).may_save


def test_good_friday_costs_nothing_where_it_is_a_holiday(educator, coordinator, settings):
    granted(educator, D(2026, 4, 3), D(2026, 4, 3), coordinator)
    assert one(educator).balance.granted == 1
    settings.RONDE_ALSACE_MOSELLE = True
    assert one(educator).balance.granted == 0
    book = open_book([educator.establishment_id], D(2026, 4, 2), D(2026, 4, 3))
    days = [book.houses[educator.establishment_id].opening_on(day) for day in (D(2026, 4, 2), D(2026, 4, 3))]
    assert [bool(opening) for opening in days] == [True, False]


def test_asking_too_much_is_seen_before_it_is_granted(educator):
    LeaveFactory(person=educator, starts_on=D(2026, 7, 1), ends_on=D(2026, 8, 14))
    held = one(educator)
    assert held.is_overdrawn
    assert held.longest.too_long


def test_two_queries_for_1_and_30_agents(creche, django_assert_num_queries):
    found = []
    for size in (1, 29):
        for _ in range(size):
            posting = PostingFactory(establishment=creche, starts_on=LONG_AGO)
            RosterFactory(posting=posting)
            LeaveFactory(person=posting)
            found.append(posting.employee_id)
        with django_assert_num_queries(2):
            assert len(rights_of(found, 2026)) == len(found)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(25), "25 jours"),
        (Fraction(1), "1 jour"),
        (Fraction(5, 2), "2,5 jours"),
        (Fraction(-3), "−3 jours"),
        (Fraction(-5, 2), "−2,5 jours"),
    ],
)
def test_days_are_said_in_french(value, text):
    assert days(value).replace("\u00a0", " ") == text


def test_a_week_without_recorded_hours_starts_on_monday():
    assert pattern_of(Fraction(5, 2)).weekly_days == Fraction(5, 2)
