"""The rules kept by the database, through the form and straight to it, on both engines."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.models import User
from establishments.models import Authorisation, Closure, Directorship, OpeningHours
from tests.factories import EstablishmentFactory, UserFactory

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.fixture
def house():
    return EstablishmentFactory(places=False, hours=False)


def refused_by_the_database(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "clash"),
    [
        (D(2025, 1, 1), D(2025, 3, 31), False),
        (D(2025, 1, 1), D(2025, 4, 1), True),
        (D(2025, 5, 1), D(2025, 5, 31), True),
        (D(2025, 6, 30), None, True),
        (D(2025, 7, 1), None, False),
        (D(2024, 1, 1), None, True),
    ],
)
def test_periods_share_no_day(house, starts_on, ends_on, clash):
    Authorisation.objects.create(establishment=house, places=30, starts_on=D(2025, 4, 1), ends_on=D(2025, 6, 30))
    row = Authorisation(establishment=house, places=40, starts_on=starts_on, ends_on=ends_on)
    if not clash:
        row.full_clean()
        row.save()
        return
    with pytest.raises(ValidationError, match="couvre déjà"):
        row.full_clean()
    refused_by_the_database(row)


def test_a_row_may_be_saved_again_and_moved_onto_free_days_only(house):
    first = Authorisation.objects.create(
        establishment=house, places=30, starts_on=D(2025, 1, 1), ends_on=D(2025, 6, 30)
    )
    second = Authorisation.objects.create(establishment=house, places=40, starts_on=D(2025, 7, 1))
    second.full_clean()
    second.save()
    second.starts_on = D(2025, 6, 30)
    refused_by_the_database(second)
    first.ends_on = D(2025, 5, 31)
    first.save()
    second.save()


def test_the_same_days_are_free_in_another_house_and_for_another_weekday(house):
    other = EstablishmentFactory(places=False, hours=False)
    hours = {"opens_at": datetime.time(8), "closes_at": datetime.time(18), "starts_on": D(2025, 1, 1)}
    OpeningHours.objects.create(establishment=house, weekday=1, **hours)
    OpeningHours.objects.create(establishment=house, weekday=2, **hours)
    OpeningHours.objects.create(establishment=other, weekday=1, **hours)
    refused_by_the_database(OpeningHours(establishment=house, weekday=1, **hours))


def test_one_director_at_a_time_but_several_deputies(house):
    Directorship.objects.create(establishment=house, person=UserFactory(), starts_on=D(2025, 1, 1))
    for _ in range(2):
        Directorship.objects.create(
            establishment=house, person=UserFactory(), starts_on=D(2025, 1, 1), position=Directorship.Position.DEPUTY
        )
    second = Directorship(establishment=house, person=UserFactory(), starts_on=D(2026, 1, 1))
    with pytest.raises(ValidationError, match="dirige déjà"):
        second.full_clean()
    refused_by_the_database(second)


def test_dates_in_the_wrong_order_say_so(house):
    closure = Closure(establishment=house, cause=Closure.Cause.YEARLY, starts_on=D(2025, 8, 10), ends_on=D(2025, 8, 1))
    with pytest.raises(ValidationError, match="précède la date de début"):
        closure.full_clean()
    refused_by_the_database(closure)


def test_names_are_sorted_as_in_french():
    for name in ["Zoé", "éclair", "Eclair", "étoile", "Écume", "abeille"]:
        UserFactory(last_name=name)
    listed = list(User.objects.order_by("last_name").values_list("last_name", flat=True))
    assert [name.casefold() for name in listed[:1] + listed[3:]] == ["abeille", "écume", "étoile", "zoé"]
    assert set(listed[1:3]) == {"éclair", "Eclair"}
