"""Activity by hour: the usual week of a house, and the half-hours that stayed free."""

import datetime
import random

import pytest

from establishments.models import CapacityChange
from indicators.day_places import HalfHour
from indicators.half_hours import NOBODY
from indicators.hours import FEWEST_DAYS, Day, Moment, stretches, sure, week
from tests.factories import EstablishmentFactory
from tests.indicators.factories import DailyActivityFactory, counted

D = datetime.date
MONDAY = D(2026, 1, 5)


def plain(page):
    return page.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def a_day(number, present, places=20):
    """A Monday open from 8 h to 12 h."""
    open_halves = tuple(HalfHour(half * 30, places, places, None) for half in range(16, 24))
    return Day(MONDAY + datetime.timedelta(weeks=number), counted(present), open_halves)


class TestWeek:
    def test_a_median_the_most_and_what_stayed_free_nine_days_in_ten(self):
        counts = [10, 12, 14, 19, 11, 12, 13, 12, 20, 12]
        moment = week([a_day(n, {16: count}) for n, count in enumerate(counts)])[(1, 16)]
        assert (moment.days, moment.usual, moment.most, moment.places) == (10, 12, 20, 20)
        assert moment.free == 1  # full one day out of ten: that day is the one forgiven, 19 children come next
        assert moment.filling == pytest.approx(0.6)

    def test_fewer_days_than_a_habit_tell_nothing(self):
        assert week([a_day(n, {16: 3}) for n in range(FEWEST_DAYS - 1)]) == {}

    def test_a_day_without_any_child_is_left_out(self):
        days = [a_day(n, {16: 8}) for n in range(4)] + [a_day(4, {}), a_day(5, {})]
        assert week(days)[(1, 16)].days == 4

    def test_an_unknown_authorisation_gives_no_free_place(self):
        days = [a_day(n, {16: 8}) for n in range(4)] + [a_day(4, {16: 8}, places=None)]
        moment = week(days)[(1, 16)]
        assert (moment.usual, moment.places, moment.free, moment.filling) == (8, None, None, None)

    def test_more_children_than_places_is_no_free_place_and_not_less(self):
        assert week([a_day(n, {16: 25}) for n in range(4)])[(1, 16)].free == 0

    def test_free_is_the_most_that_enough_days_kept(self):
        chance = random.Random(7)
        for _ in range(300):
            free = [chance.randrange(12) for _ in range(chance.randrange(1, 40))]
            kept = sure(free)
            assert sum(value >= kept for value in free) * 10 >= 9 * len(free)
            assert sum(value >= kept + 1 for value in free) * 10 < 9 * len(free)


def moments(free, weekday=1, first=16):
    return {(weekday, first + n): Moment(weekday, first + n, 10, 5, 9, 20, count) for n, count in enumerate(free)}


class TestStretches:
    def shown(self, found):
        return [(run.start, run.end, run.places) for run in stretches(found)]

    def test_two_hours_at_least(self):
        assert self.shown(moments([0, 2, 2, 2, 0])) == []
        assert self.shown(moments([0, 2, 2, 2, 2, 0])) == [(510, 630, 2)]

    def test_the_richer_of_two_runs_over_the_same_hours(self):
        assert self.shown(moments([1, 1, 1, 1, 6, 6, 6, 6])) == [(600, 720, 6)]
        assert self.shown(moments([3] * 8 + [4] * 4)) == [(480, 840, 3)]

    def test_a_hole_in_the_opening_cuts_a_run(self):
        found = moments([2] * 4) | moments([2] * 4, first=22)
        assert self.shown(found) == [(480, 600, 2), (660, 780, 2)]

    def test_unknown_places_are_not_free(self):
        assert self.shown(moments([None] * 6)) == []

    def test_runs_never_overlap_hold_what_they_promise_and_miss_no_long_one(self):
        chance = random.Random(11)
        for _ in range(400):
            free = [chance.choice([0, 0, 1, 1, 2, 5]) for _ in range(chance.randrange(1, 24))]
            found = self.shown(moments(free))
            held = set()
            for start, end, places in found:
                halves = range(start // 30 - 16, end // 30 - 16)
                assert len(halves) >= 4
                assert min(free[half] for half in halves) == places > 0
                assert not held & set(halves)
                held |= set(halves)
            for first in range(len(free) - 3):
                quad = set(range(first, first + 4))
                assert held & quad or min(free[half] for half in quad) == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestPages:
    def fill(self, house, weeks=6):
        """Mondays with 12 children from 8 h to 17 h, in 40 places."""
        for number in range(weeks):
            DailyActivityFactory(
                establishment=house,
                day=D(2026, 2, 2) + datetime.timedelta(weeks=number),
                non_walkers=NOBODY,
                walkers=counted(dict.fromkeys(range(16, 34), 12)),
            )

    def test_the_week_of_a_house_its_twin_and_its_free_hours(self, client, coordinator, creche):
        self.fill(creche)
        client.force_login(coordinator)
        page = plain(client.get(f"/indicateurs/etablissement/{creche.pk}/heures/"))
        assert "12 / 40" in page
        assert "6 jours relevés" in page
        assert "<svg" in page
        exported = client.get(f"/indicateurs/etablissement/{creche.pk}/heures/?export=csv")
        rows = b"".join(exported.streaming_content).decode()
        assert "Lundi" in rows
        assert ";28;" in rows

    def test_a_house_without_days_says_what_it_needs(self, client, coordinator, creche):
        client.force_login(coordinator)
        page = plain(client.get(f"/indicateurs/etablissement/{creche.pk}/heures/"))
        assert "quatre jours relevés" in page
        assert "Aucun créneau libre" in page

    def test_the_free_hours_of_a_perimeter_stay_in_it(self, client, coordinator, creche, far_creche):
        for house in (creche, far_creche):
            self.fill(house)
        client.force_login(coordinator)
        page = plain(client.get("/indicateurs/heures-libres/"))
        assert "Crèche Les Lilas" in page
        assert "Crèche Villette" not in page
        assert "heures d’accueil par semaine" in page

    def test_a_closed_day_or_a_frozen_place_is_not_offered(self, client, coordinator, creche):
        self.fill(creche)
        CapacityChange.objects.create(establishment=creche, places=28, reason="vacancy", starts_on=D(2026, 1, 1))
        client.force_login(coordinator)
        assert "Aucun créneau libre" in plain(client.get("/indicateurs/heures-libres/"))

    def test_the_same_queries_for_1_and_21_houses(
        self, client, coordinator, creche, sector, django_assert_max_num_queries
    ):
        self.fill(creche, weeks=4)
        client.force_login(coordinator)
        client.get("/indicateurs/heures-libres/")
        with django_assert_max_num_queries(15) as few:
            client.get("/indicateurs/heures-libres/")
        for house in [EstablishmentFactory(sector=sector) for _ in range(20)]:
            self.fill(house, weeks=4)
        with django_assert_max_num_queries(len(few.captured_queries)):
            page = plain(client.get("/indicateurs/heures-libres/"))
        assert "21 créneaux" in page
