"""The weather of the teams: exact chances, a score on weeks kept aside, and the truth when it is no better."""

import datetime
import time
from itertools import product
from statistics import median

import pytest
from django.urls import reverse

from staffing.forecast import DayRecord, Rates, Skill, evaluate, fit, probability_of_break, usual
from staffing.forecast.facts import records_of, weather_of
from staffing.forecast.model import groups_of
from staffing.forecast.page import verdict
from staffing.models import Absence
from tests.factories import TODAY, EstablishmentFactory
from tests.staffing.absent_cities import FIRST, city, coins
from tests.staffing.factories import expect, worker

DAY = datetime.timedelta(days=1)
ASIDE = FIRST + datetime.timedelta(days=200)
MONDAY = datetime.date(2026, 3, 23)


def record(margin=0, present=3, day=MONDAY, house=1):
    return DayRecord(house, day, present, present, margin)


@pytest.mark.parametrize(("present", "margin"), [(3, 0), (4, 1), (5, 2), (5, 4), (2, 2)])
def test_the_chance_equals_the_sum_over_everybody_missing_or_not(present, margin):
    rate = 0.1
    everybody = product([False, True], repeat=present)
    expected = sum(rate ** sum(one) * (1 - rate) ** (present - sum(one)) for one in everybody if sum(one) > margin)
    assert probability_of_break(Rates(rate), record(margin, present)) == pytest.approx(expected)


def test_whoever_is_missing_at_opening_or_at_closing_breaks_a_day_with_nobody_to_spare():
    opening, closing = frozenset("ab"), frozenset("bc")
    assert groups_of([opening, closing], 0) == (3,)
    assert groups_of([opening, frozenset("cd"), closing], 1) == (2, 2)
    alone, two = record(1, 5), DayRecord(1, MONDAY, 10, 5, 1, groups=(5, 5))
    one = probability_of_break(Rates(0.1), alone)
    assert probability_of_break(Rates(0.1), two) == pytest.approx(1 - (1 - one) ** 2)


def test_a_day_that_already_lacks_somebody_is_certain_and_a_day_without_absences_never():
    assert probability_of_break(Rates(0.05), record(margin=-1)) == 1
    assert probability_of_break(Rates(0.05), record(margin=3, present=3)) == 0


def test_the_chance_falls_with_the_margin_and_grows_with_the_rate():
    falling = [probability_of_break(Rates(0.08), record(margin, 10)) for margin in range(5)]
    growing = [probability_of_break(Rates(rate), record(1, 10)) for rate in (0.02, 0.05, 0.1, 0.3)]
    assert falling == sorted(falling, reverse=True)
    assert growing == sorted(growing)


def test_the_rates_find_the_winter_the_mondays_and_the_house_again():
    rates = fit(city(1, houses=40))
    assert rates.months[1] > 1.25 > rates.months[9]
    assert rates.weekdays[0] > 1.15 > rates.weekdays[2]
    assert max(rates.houses.values()) > 1.3
    assert min(rates.houses.values()) < 0.8


def test_a_little_history_moves_little():
    few = [DayRecord(1, MONDAY, 10, 10, 1, absent, False) for absent in (0, 3)]
    many = [DayRecord(2, MONDAY, 10, 10, 1, 1, False)] * 200
    rates = fit([*few, *many])
    assert 0.9 < rates.houses[1] < 1.15


def test_nothing_is_learned_from_nothing():
    assert fit([]).base == 0
    assert usual([]) == {0: 0.0}
    assert not evaluate([], ASIDE).is_known


def test_on_twenty_unseen_cities_the_error_is_a_fifth_smaller_than_that_of_habit():
    gains, gaps = [], []
    for seed in range(100, 120):
        skill = evaluate(city(seed), ASIDE)
        gains.append(skill.gain)
        gaps += [abs(announced - happened) for announced, happened, days in skill.bins if days >= 100]
    print(f"\nmétéo des effectifs : gain médian {median(gains):.3f} (de {min(gains):.3f} à {max(gains):.3f}), ")  # noqa: T201
    print(f"écart médian annoncé/arrivé {median(gaps):.3f}")  # noqa: T201
    assert median(gains) >= 0.20
    assert median(gaps) <= 0.05


def test_it_says_so_when_nothing_can_be_forecast():
    for seed in range(5):
        skill = evaluate(coins(seed), ASIDE)
        assert skill.is_known
        assert not skill.is_better
        tone, title, sentence = verdict(skill)
        assert (tone, title) == ("watch", "Cette prévision ne fait pas mieux que l’habitude")
        assert "habituelle est montrée à sa place" in sentence


@pytest.mark.parametrize(("days", "breaks"), [(99, 20), (500, 4), (0, 0)])
def test_too_little_history_gives_no_score(days, breaks):
    skill = Skill(days, breaks, score=0.01, usual_score=0.2)
    assert not skill.is_better
    assert verdict(skill)[1] == "Trop peu d’histoire pour juger cette prévision"


def test_the_city_of_450_houses_is_forecast_in_a_bounded_time():
    rates = fit(city(7))
    asked = [record(n % 5, 8 + n % 9, MONDAY + (n % 20) * DAY, n % 450) for n in range(9000)]
    start = time.perf_counter()
    found = [probability_of_break(rates, one) for one in asked]
    print(f"\nmétéo des effectifs : 450 maisons, 20 jours en {time.perf_counter() - start:.2f} s")  # noqa: T201
    assert all(0 <= one <= 1 for one in found)


@pytest.fixture
def house(creche):
    for _ in range(4):
        worker(creche)
    expect(creche, 0, 16)  # two professionals are enough: two may be missing
    return creche


def absent(house, worker, day, by):
    return Absence.objects.create(
        employee=worker, establishment=house, kind="unplanned", starts_on=day, ends_on=day, told_by=by
    )


@pytest.mark.usefixtures("today")
def test_a_day_over_is_learned_from_as_it_was_planned_and_as_it_went(house, coordinator):
    people = [posting.employee for posting in house.postings.order_by("pk")]
    day = TODAY - DAY
    for one in people[:3]:
        absent(house, one, day, coordinator)
    (found,) = records_of([house.pk], day, day, TODAY, with_outcome=True).records
    assert (found.scheduled, found.margin, found.absent, found.broken) == (4, 2, 3, True)
    friday = day - 3 * DAY
    (before,) = records_of([house.pk], friday, friday, TODAY, with_outcome=True).records
    assert (before.absent, before.broken) == (0, False)


@pytest.mark.usefixtures("today")
def test_an_absence_already_told_for_a_day_to_come_is_no_longer_a_chance(house, coordinator):
    absent(house, house.postings.first().employee, TODAY + DAY, coordinator)
    (found,) = records_of([house.pk], TODAY + DAY, TODAY + DAY, TODAY).records
    assert (found.scheduled, found.margin) == (3, 1)


@pytest.mark.usefixtures("today")
def test_without_enough_history_the_page_shows_the_usual_and_says_it(client, house, coordinator):
    weather = weather_of([house.pk], TODAY)
    assert len(weather.days) == 19  # twenty weekdays, less Easter Monday
    assert all(one.chance == one.habit for one in weather.days)
    client.force_login(coordinator)
    assert "Trop peu d’histoire" in client.get(reverse("staffing:forecast")).content.decode()


@pytest.mark.usefixtures("today")
def test_the_page_takes_the_same_queries_for_1_and_12_houses(
    client, sector, coordinator, django_assert_max_num_queries
):
    client.force_login(coordinator)
    counts = []
    for number in range(12):
        worker(EstablishmentFactory(name=f"Crèche {number}", sector=sector))
        if number in (0, 11):
            with django_assert_max_num_queries(15) as captured:
                client.get(reverse("staffing:forecast"))
            counts.append(len(captured))
    assert counts[0] == counts[1]
