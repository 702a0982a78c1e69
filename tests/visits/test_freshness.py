"""The statuses computed in SQL are those of the pure rule, house by house."""

import datetime
import itertools
import random

import pytest

from core.calendar import add_months
from establishments.models import Establishment
from establishments.taking_office import is_taking_office
from tests.factories import DirectorshipFactory, EstablishmentFactory
from tests.visits.factories import VisitFactory
from visits import schedule
from visits.freshness import by_lateness, due_on, standing, why, with_freshness

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
DAYS = [
    datetime.date(2026, 3, 17),
    datetime.date(2026, 2, 28),
    datetime.date(2024, 2, 29),
    datetime.date(2026, 4, 30),
    datetime.date(2026, 10, 31),
    datetime.date(2026, 12, 31),
]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_sql_and_the_pure_rule_agree_for_every_house(today):
    lasts = [None, *(today - datetime.timedelta(days=days) for days in [0, 1, *range(40, 70), 200])]
    expected = {}
    for last in lasts:
        house = EstablishmentFactory(places=False, hours=False)
        if last is not None:
            VisitFactory(establishment=house, visited_on=last)
        expected[house.pk] = schedule.freshness(last, today)
    rows = with_freshness(Establishment.objects.all(), today)
    assert {row.pk: row.freshness for row in rows} == {pk: state.status for pk, state in expected.items()}
    assert {row.pk: standing(row, today) for row in rows} == expected
    assert {row.pk: due_on(row) for row in rows} == {pk: state.due_on for pk, state in expected.items()}


def test_random_histories_agree_too():
    rng = random.Random(20)
    today = datetime.date(2026, 3, 17)
    lasts = {}
    for _ in range(20):
        house = EstablishmentFactory(places=False, hours=False)
        for _ in range(rng.randrange(4)):
            day = today - datetime.timedelta(days=rng.randrange(-5, 120))
            kind = rng.choice(["regular", "thematic", "appointment", "team_meeting"])
            VisitFactory(establishment=house, visited_on=day, kind=kind)
            if day <= today and kind in schedule.COUNTING_KINDS:
                lasts[house.pk] = max(day, lasts.get(house.pk, day))
    for row in with_freshness(Establishment.objects.all(), today):
        assert row.last_visit_on == lasts.get(row.pk)
        assert row.freshness == schedule.freshness(lasts.get(row.pk), today).status


def test_the_latest_comes_first_then_the_never_visited():
    today = datetime.date(2026, 3, 17)
    for name, days in [("à jour", 3), ("très en retard", 200), ("en retard", 90), ("bientôt", 55)]:
        VisitFactory(establishment__name=name, visited_on=today - datetime.timedelta(days=days))
    EstablishmentFactory(name="jamais")
    names = [row.name for row in by_lateness(with_freshness(Establishment.objects.all(), today))]
    assert names == ["très en retard", "en retard", "jamais", "bientôt", "à jour"]


def test_the_status_can_be_filtered_and_counted():
    today = datetime.date(2026, 3, 17)
    VisitFactory(visited_on=today)
    EstablishmentFactory()
    rows = with_freshness(Establishment.objects.all(), today)
    assert rows.filter(freshness=schedule.NEVER).count() == 1
    assert rows.filter(freshness=schedule.UP_TO_DATE).count() == 1


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_sql_and_the_pure_rule_agree_while_directors_take_office(today):
    starts = [add_months(today, -6), add_months(today, -6) + DAY, add_months(today, -6) - DAY, today, today + DAY]
    starts += [today - 400 * DAY, today - 60 * DAY]
    lasts = [None, *(today - days * DAY for days in (0, 14, 15, 16, 29, 30, 31, 45, 46, 47, 58, 62, 63, 90))]
    tenures = [{}, {"position": "deputy"}, {"is_interim": True, "ends_on": today + 9 * DAY}, {"ends_on": today - DAY}]
    rng, expected = random.Random(8), {}
    for start, last in itertools.product(starts, lasts):
        house, tenure = EstablishmentFactory(places=False, hours=False), rng.choice([{}, {}, *tenures])
        if tenure.get("ends_on", start) < start:
            tenure = {}
        DirectorshipFactory(establishment=house, starts_on=start, **tenure)
        if last is not None:
            VisitFactory(establishment=house, visited_on=last)
        days = 30 if not tenure and is_taking_office(start, today) else None
        expected[house.pk] = schedule.freshness(last, today, interval_days=days)
    rows = list(with_freshness(Establishment.objects.all(), today))
    assert {row.pk: row.freshness for row in rows} == {pk: state.status for pk, state in expected.items()}
    assert {row.pk: standing(row, today) for row in rows} == expected
    assert {row.pk: due_on(row) for row in rows} == {pk: state.due_on for pk, state in expected.items()}


def test_a_house_whose_director_takes_office_is_due_after_thirty_days():
    today = datetime.date(2026, 3, 17)
    newcomer, veteran = (
        VisitFactory(establishment=DirectorshipFactory(starts_on=start).establishment, visited_on=today - 31 * DAY)
        for start in (today - 100 * DAY, today - 300 * DAY)
    )
    rows = {row.pk: row for row in with_freshness(Establishment.objects.all(), today)}
    first, second = rows[newcomer.establishment_id], rows[veteran.establishment_id]
    assert standing(first, today).label == "en retard de 1 jour"
    assert due_on(first) == today - DAY
    assert why(first) == "intervalle de 30 jours\u00a0: prise de fonction"
    assert (standing(second, today).status, why(second)) == (schedule.UP_TO_DATE, "")


def test_the_two_intervals_are_sorted_together_by_the_day_they_are_due():
    today = datetime.date(2026, 3, 17)
    for name, days, taken in [("b", 80, 2000), ("a", 60, 100), ("d", 66, 2000), ("c", 40, 100), ("e", 10, 100)]:
        house = EstablishmentFactory(name=name, places=False, hours=False)
        DirectorshipFactory(establishment=house, starts_on=today - taken * DAY)
        VisitFactory(establishment=house, visited_on=today - days * DAY)
    names = [row.name for row in by_lateness(with_freshness(Establishment.objects.all(), today))]
    assert names == ["a", "b", "c", "d", "e"]
