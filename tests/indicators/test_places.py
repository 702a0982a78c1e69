"""Places to give and frozen places: within the dated capacity, translated into hours, children and euros."""

import datetime
import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from establishments.models import CapacityChange, Closure
from indicators.capacity import Closed, Frozen, Hours, Places, Terms
from indicators.models import PlaceOffer
from indicators.places import MonthAhead, frozen_lines, frozen_summary, vacancies
from indicators.vacancies import Offer, available, open_places, overbooked, place_days, week_of
from tests.factories import EstablishmentFactory
from tests.indicators.factories import ActivityFactory

D = datetime.date
START = D(2025, 1, 1)
WEEK = tuple(Hours(START, None, day, 450, 1_110) for day in range(1, 6))
TERMS = Terms(START, None, (Places(START, None, 40),), WEEK, frozen=(Frozen(D(2026, 4, 1), None, 38),))
OFFERS = [Offer("babies", day, 3, START, None) for day in (1, 2)] + [Offer("middle", 1, 2, START, D(2026, 6, 30))]
MONDAY = D(2026, 3, 16)
AGES = ("babies", "middle")


def test_offers_are_read_by_age_weekday_and_date():
    assert week_of(OFFERS, TERMS, MONDAY, "babies") == (3, 3, 0, 0, 0)
    assert week_of(OFFERS, TERMS, D(2026, 3, 20), "middle") == (2, 0, 0, 0, 0)
    assert week_of(OFFERS, TERMS, D(2026, 7, 6), "middle") == (0, 0, 0, 0, 0)
    assert week_of(OFFERS, TERMS, D(2026, 4, 6), "babies") == (None, 3, 0, 0, 0)  # nobody is welcomed at Easter


def test_no_more_is_given_than_the_house_may_open_that_day():
    assert open_places(TERMS, MONDAY) == 40
    assert available(OFFERS, TERMS, MONDAY, AGES) == (3, 2)
    assert (open_places(TERMS, D(2026, 4, 13)), available(OFFERS, TERMS, D(2026, 4, 13), AGES)) == (2, (2, 0))
    assert available(OFFERS, TERMS, D(2026, 4, 6), AGES) == (0, 0)  # Easter Monday
    assert overbooked(OFFERS, TERMS, D(2026, 4, 15)) == [D(2026, 4, 13), D(2026, 4, 14)]
    assert open_places(Terms(START, None, (), WEEK), MONDAY) is None


def test_day_places_of_a_month_leave_closures_out():
    closed = Terms(START, None, TERMS.places, WEEK, closures=(Closed(D(2026, 3, 16), D(2026, 3, 17), True),))
    whole = place_days(OFFERS, Terms(START, None, TERMS.places, WEEK), D(2026, 3, 1), AGES)
    assert whole == (10 * 3, 5 * 2)
    assert place_days(OFFERS, closed, D(2026, 3, 1), AGES) == (8 * 3, 4 * 2)


def offer(house, **given):
    values = {"age_group": "babies", "weekday": 1, "places": 3, "starts_on": D(2026, 1, 1)}
    return PlaceOffer(establishment=house, **values | given)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestPages:
    def test_two_offers_of_an_age_and_a_weekday_never_hold_at_once(self, creche):
        offer(creche).save()
        with pytest.raises(ValidationError, match="déjà ces dates"):
            offer(creche, starts_on=D(2026, 2, 1)).full_clean()
        offer(creche, weekday=2).full_clean()

    def test_the_committee_sees_its_week_and_the_year_ahead(self, client, coordinator, creche, far_creche):
        offer(creche).save()
        offer(far_creche).save()
        CapacityChange.objects.create(establishment=creche, places=38, reason="vacancy", starts_on=D(2026, 3, 1))
        found = vacancies(coordinator, D(2026, 3, 18))
        (line,) = found.lines
        assert (line.house, line.monday, line.open_places) == ("Crèche Les Lilas", 3, 2)
        assert line.warning == "plus d’offres que de places ouvertes\u00a0: 16/03/2026"
        assert len(found.ahead) == 12
        assert found.ahead[0] == MonthAhead(D(2026, 3, 1), babies=2 * 5, middle=0, older=0)
        client.force_login(coordinator)
        text = client.get(reverse("indicators:places"), {"le": "2026-03-18"}).content.decode()
        assert "en journées-places" in text
        assert '<td class="num" data-label="Moins d’un an">10</td>' in text
        assert far_creche.name not in text

    def test_frozen_places_become_hours_children_and_euros(self, coordinator, creche):
        CapacityChange.objects.create(establishment=creche, places=4, reason="vacancy", starts_on=D(2024, 9, 1))
        Closure.objects.create(establishment=creche, cause="works", starts_on=D(2024, 9, 2), ends_on=D(2024, 9, 3))
        month = D(2024, 9, 1)
        ActivityFactory(establishment=creche, month=month, validated=True)
        (line,) = frozen_lines(coordinator, month)
        assert (line.reason, line.hours) == ("poste vacant", Decimal(4 * 11 * 19))  # 21 weekdays, two of works
        assert round(float(line.children), 2) == round(836 / (10_700 / 64), 2)
        assert line.funding == Decimal(round(836 * 9_630 / 11_880 * 6.63))

    def test_offers_to_come_are_told_in_a_week_without_any_and_the_year_is_a_file(self, client, coordinator, creche):
        offer(creche, starts_on=D(2026, 9, 1)).save()
        client.force_login(coordinator)
        text = client.get(reverse("indicators:places"), {"le": "2026-03-18"}).content.decode()
        assert "Aucune place à attribuer" in text
        assert '<a href="?le=2026-09-01">semaine du mardi 1er septembre 2026</a>' in text
        assert "en journées-places" in text
        address = re.search(r'href="([^"]*tableau=annee[^"]*)csv"', text)[1].replace("&amp;", "&")
        rows = b"".join(client.get(f"{reverse('indicators:places')}{address}csv")).decode("utf-8-sig").splitlines()
        assert rows[0] == "Mois;Moins d’un an;De un à deux ans;Deux ans et plus;Ensemble"
        assert rows[7] == "01/09/2026;12;0;0;12"

    def test_one_place_is_told_in_the_singular(self, coordinator, creche):
        assert frozen_summary(frozen_lines(coordinator, D(2026, 2, 1))) == "Aucune place gelée ce mois-là."
        CapacityChange.objects.create(establishment=creche, places=1, reason="works", starts_on=D(2026, 2, 1))
        found = frozen_summary(frozen_lines(coordinator, D(2026, 2, 1)))
        assert found == "1 place gelée, 220 heures d’accueil, environ 0 enfant."

    def test_an_unknown_value_leaves_the_euros_empty(self, coordinator, creche):
        CapacityChange.objects.create(establishment=creche, places=4, reason="works", starts_on=D(2026, 2, 1))
        (line,) = frozen_lines(coordinator, D(2026, 2, 1))
        assert (line.children, line.funding) == (None, None)

    @pytest.mark.parametrize("page", ["indicators:places", "indicators:frozen_places"])
    def test_the_same_queries_for_1_and_30_houses(
        self, client, coordinator, sector, page, django_assert_max_num_queries
    ):
        def add(count):
            for _ in range(count):
                house = EstablishmentFactory(sector=sector)
                offer(house).save()
                CapacityChange.objects.create(establishment=house, places=4, reason="works", starts_on=D(2026, 2, 1))
                ActivityFactory(establishment=house, validated=True)

        add(1)
        client.force_login(coordinator)
        with django_assert_max_num_queries(15) as few:
            client.get(reverse(page))
        add(29)
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(reverse(page))
