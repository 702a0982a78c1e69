"""Targets: dated, of one level, inherited from the nearest; a new one never changes what a past month reached."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from establishments.models import Role
from indicators.attainment import attainments, rolling
from indicators.models import Target
from indicators.rates import Activity
from tests.factories import MandateFactory, UserFactory
from tests.indicators.factories import FEBRUARY, ActivityFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date
DAY = D(2026, 2, 28)


def target(**given):
    values = {"indicator": "attendance_rate", "goal": Decimal("75"), "starts_on": D(2026, 1, 1)}
    return Target(**{**values, **given})


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def told(by_month, month=FEBRUARY, **given):
    goal = target(**given)
    (found,) = attainments(by_month, month, {goal.indicator: goal})
    return found | {key: plain(found[key]) for key in ("value", "note", "sentence")}


def month(actual):
    return Activity(1_000, 1_000, 1_000, actual, actual)


def test_the_nearest_target_applies_and_the_house_comes_first(creche, sector, pole, far_sector):
    target(territory=pole, goal=70).save()
    target(territory=far_sector, goal=99).save()
    target(territory=pole, goal=85, indicator="admission_rate").save()
    assert Target.objects.over_establishment(creche, DAY)["attendance_rate"].goal == 70
    assert Target.objects.over_territory(sector, DAY)["attendance_rate"].goal == 70
    target(territory=sector, goal=72).save()
    assert Target.objects.over_establishment(creche, DAY)["attendance_rate"].goal == 72
    assert Target.objects.over_territory(pole, DAY)["attendance_rate"].goal == 70
    target(establishment=creche, goal=74).save()
    found = Target.objects.over_establishment(creche, DAY)
    assert {name: row.goal for name, row in found.items()} == {"attendance_rate": 74, "admission_rate": 85}


def test_targets_are_read_in_one_query(creche, pole, sector, django_assert_num_queries):
    target(territory=pole).save()
    target(territory=sector).save()
    with django_assert_num_queries(1):
        assert Target.objects.over_establishment(creche, DAY)["attendance_rate"].territory.name == sector.name


def test_a_new_target_changes_no_past_month(creche):
    target(establishment=creche, starts_on=D(2025, 1, 1), ends_on=D(2026, 2, 28), goal=70).save()
    target(establishment=creche, starts_on=D(2026, 3, 1), goal=80).save()
    goals = [Target.objects.over_establishment(creche, day)["attendance_rate"].goal for day in (DAY, D(2026, 3, 31))]
    assert goals == [70, 80]
    assert Target.objects.over_establishment(creche, D(2024, 12, 31)) == {}


@pytest.mark.parametrize("level", ["territory", "establishment"])
def test_two_targets_never_hold_at_once(creche, sector, level):
    over = {level: {"territory": sector, "establishment": creche}[level]}
    target(**over, ends_on=D(2026, 12, 31)).save()
    target(**over, indicator="admission_rate").save()
    late = target(**over, starts_on=D(2026, 12, 31))
    with pytest.raises(ValidationError, match="déjà un objectif"):
        late.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        late.save()


@pytest.mark.parametrize("case", ["none", "both", "zero", "beyond"])
def test_a_target_is_a_rate_of_one_level(creche, sector, case):
    given = {
        "none": {},
        "both": {"territory": sector, "establishment": creche},
        "zero": {"territory": sector, "goal": Decimal("0")},
        "beyond": {"territory": sector, "goal": Decimal("100.01")},
    }[case]
    with pytest.raises(ValidationError):
        target(**given).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        target(**given).save()


def test_a_reached_target_is_said_to_be_and_the_year_before_is_compared():
    by_month = {FEBRUARY: month(750), D(2025, 2, 1): month(700)}
    found = told(by_month)
    assert (found["value"], found["note"], found["tone"]) == ("75,0 %", "objectif 75,0 %", "good")
    assert found["sentence"] == (
        "Février 2026 : objectif de 75,0 % atteint (depuis le 01/01/2026). "
        "Sur un an : + 5,0 points. Sur douze mois : 75,0 % (1 mois connu)."
    )


def test_a_missed_target_says_what_is_missing():
    found = told({FEBRUARY: month(745), D(2025, 12, 1): month(700)})
    assert (found["tone"], "non atteint, il manque 0,5 point (" in found["sentence"]) == ("watch", True)
    assert "Sur douze mois : 72,3 % (2 mois connus)." in found["sentence"]
    assert "Sur un an" not in found["sentence"]


def test_a_month_without_data_is_neither_reached_nor_missed():
    found = told({})
    assert (found["value"], found["tone"]) == ("—", None)
    assert found["sentence"] == "Février 2026 : objectif de 75,0 %, sans donnée (depuis le 01/01/2026)."


def test_twelve_months_are_summed_then_divided():
    by_month = {D(2025, 2, 1): month(0), D(2025, 3, 1): Activity(3_000, 3_000, 3_000, 3_000, 0), FEBRUARY: month(0)}
    total, known = rolling(by_month, FEBRUARY)
    assert (total.attendance_rate * 100, known) == (75, 2)


def test_the_tab_and_the_overview_show_the_target_in_one_more_query(
    client, coordinator, creche, sector, django_assert_max_num_queries
):
    target(territory=sector).save()
    ActivityFactory(establishment=creche, validated=True)
    client.force_login(coordinator)
    with django_assert_max_num_queries(25):
        tab = plain(client.get(reverse("indicators:establishment_activity", args=[creche.pk])).content.decode())
    assert "objectif de 75,0 % non atteint, il manque 2,0 points" in tab
    assert f"fixé pour {sector.name}" in tab
    url = reverse("indicators:overview")
    with django_assert_max_num_queries(12):
        shown = client.get(url, {"mois": "2026-02", "territoire": sector.pk}).content.decode()
    assert "objectif de 75,0 % non atteint" in plain(shown)
    assert "objectif de" not in plain(client.get(url, {"mois": "2026-02"}).content.decode())


def test_an_administrator_sets_targets_in_her_perimeter_only(client, pole, sector, far_sector):
    keeper = UserFactory()
    MandateFactory(user=keeper, role=Role.ADMINISTRATOR, territory=pole)
    client.force_login(keeper)
    url = reverse("admin:indicators_target_add")
    sent = {"indicator": "attendance_rate", "goal": "72.5", "starts_on": "2026-01-01", "ends_on": ""}
    assert client.post(url, sent | {"territory": far_sector.pk}).status_code == 200
    assert not Target.objects.exists()
    assert client.post(url, sent | {"territory": sector.pk}).status_code == 302
    assert Target.objects.get().territory == sector
