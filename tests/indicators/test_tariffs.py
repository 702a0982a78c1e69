"""Barèmes of the PSU: dated, never two at once, empty where unknown, kept by the top of the tree."""

import datetime
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from establishments.models import JournalEntry, Role
from indicators.models import PsuTariff
from indicators.psu import TariffIncomplete, ceiling_price
from tests.factories import MandateFactory, UserFactory

pytestmark = pytest.mark.django_db
D = datetime.date
known = import_module("indicators.migrations.0003_known_psu_tariffs")
EDITOR = SimpleNamespace(connection=connection)  # all that the migration asks of a schema editor


@pytest.fixture(autouse=True)
def only_the_known_ones():
    """As after a migration, whatever another test left."""
    PsuTariff.objects.all().delete()
    known.write(apps, EDITOR)


def linear(**given):
    return PsuTariff(**{"starts_on": D(2026, 1, 1), "source": "essai", "p107": Decimal("10.05"), **given})


def test_the_seeded_values_are_the_verified_ones_and_the_others_stay_empty():
    new, old = PsuTariff.objects.order_by("-starts_on")
    assert (old.rule, old.p107, old.p117, old.p120, old.hourly) == (
        "steps",
        Decimal("10.05"),
        None,
        Decimal("8.27"),
        Decimal("6.63"),
    )
    assert (new.rule, new.p107, new.p117, new.p120, new.hourly) == (
        "linear",
        Decimal("10.05"),
        None,
        None,
        Decimal("6.63"),
    )
    assert not PsuTariff.objects.filter(starts_on__year=2026).exists()


def test_the_seeds_leave_without_what_was_entered_since():
    mine = linear(p120=Decimal("8.85"))
    mine.save()
    known.erase(apps, EDITOR)
    assert list(PsuTariff.objects.all()) == [mine]


def test_the_row_calculates_and_says_what_it_lacks():
    row = PsuTariff.objects.get(starts_on__year=2025)
    assert ceiling_price(1, row.tariff) == Decimal("10.05")
    with pytest.raises(TariffIncomplete):
        ceiling_price(2, row.tariff)
    assert linear(p120=Decimal("8.85")).tariff.linear


def test_a_month_has_one_tariff_at_most():
    overlapping = linear(starts_on=D(2025, 12, 31))
    with pytest.raises(ValidationError, match="couvre déjà ces dates"):
        overlapping.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        overlapping.save()
    linear().save()
    linear(starts_on=D(2025, 6, 1), services="partial").save()
    asked = PsuTariff.objects.between(D(2025, 12, 1), D(2026, 1, 31))
    assert [row.starts_on for row in asked] == [D(2025, 1, 1), D(2026, 1, 1)]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"ends_on": D(2025, 12, 31)}, "La date de fin précède"),
        ({"rule": "steps"}, "Trois paliers jusqu’au 31 décembre 2024"),
        ({"rule": "linear", "p117": Decimal("9.2")}, "Trois paliers jusqu’au 31 décembre 2024"),
        ({"p120": Decimal("10.06")}, "ne monte jamais"),
        ({"p120": Decimal("0")}, "ni nul ni négatif"),
        ({"hourly": Decimal("-1")}, "ni nul ni négatif"),
    ],
)
def test_the_form_and_the_database_refuse_the_same_wrong_tariffs(given, sentence):
    with pytest.raises(ValidationError, match=sentence):
        linear(**given).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        linear(**given).save()


def test_the_top_of_the_tree_keeps_the_tariffs_and_the_others_read_them(client, pole, direction):
    top, keeper = UserFactory(), UserFactory()
    MandateFactory(user=top, role=Role.ADMINISTRATOR, territory=direction)
    MandateFactory(user=keeper, role=Role.ADMINISTRATOR, territory=pole)
    row = PsuTariff.objects.get(starts_on__year=2025)
    url = reverse("admin:indicators_psutariff_change", args=[row.pk])
    sent = {
        "services": "full",
        "rule": "linear",
        "starts_on": "2025-01-01",
        "ends_on": "2025-12-31",
        "p107": "10.05",
        "p117": "",
        "p120": "8.85",
        "hourly": "6.63",
        "source": "Essai",
    }
    client.force_login(keeper)
    assert client.get(url).status_code == 200
    assert client.post(url, sent).status_code == 403
    client.force_login(top)
    assert client.post(url, sent).status_code == 302
    row.refresh_from_db()
    assert row.p120 == Decimal("8.85")
    assert JournalEntry.objects.filter(verb__contains="barème", actor=top).exists()


def test_the_list_of_tariffs_takes_fewer_than_eight_queries(client, direction, django_assert_max_num_queries):
    top = UserFactory()
    MandateFactory(user=top, role=Role.ADMINISTRATOR, territory=direction)
    for year in range(2026, 2046):
        linear(starts_on=D(year, 1, 1), ends_on=D(year, 12, 31)).save()
    client.force_login(top)
    with django_assert_max_num_queries(7):
        assert client.get(reverse("admin:indicators_psutariff_changelist")).status_code == 200
