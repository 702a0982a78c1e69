"""The page of the allocation committee: houses ranked, half-hours drawn, nothing of a family."""

import pytest
from django.urls import reverse

from tests.factories import EstablishmentFactory
from tests.staffing.factories import expect, short_staffed, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
ASKED = {"age": "marche", "places": 1, "jours": ["1", "2"], "de": "08:30", "a": "17:30", "des_le": "2026-03-23",
         "semaines": 2}  # fmt: skip


@pytest.fixture
def full(creche):
    """Sixteen children who walk and two professionals: the next child takes a third one."""
    expect(creche, 0, 16)
    worker(creche)
    worker(creche)
    return creche


@pytest.fixture
def roomy(sector):
    house = EstablishmentFactory(name="Crèche du Parc", sector=sector)
    expect(house, 0, 8)
    worker(house)
    worker(house)
    return house


def page(client, user, **given):
    client.force_login(user)
    return client.get(reverse("staffing:admission"), ASKED | given)


def test_the_house_that_holds_comes_first_and_what_breaks_is_named(client, coordinator, full, roomy):
    found = page(client, coordinator).context["found"]
    assert [(row.name, row.verdict) for row in found.houses] == [
        ("Crèche du Parc", "tient"),
        ("Crèche Les Lilas", "ne tient pas"),
    ]
    # Mondays and Tuesdays of two weeks, from 8 h 30 to 17 h 30.
    assert found.houses[1].broken == 4 * 18
    assert found.drawn.name == "Crèche du Parc"


def test_a_house_of_the_list_is_drawn_with_its_table_and_articles(client, coordinator, full, roomy):
    answer = page(client, coordinator, voir=full.pk)
    html = answer.content.decode()
    assert answer.context["found"].drawn.pk == full.pk
    assert answer.context["found"].figure.rows[0][1] == "2 de plus"
    assert "CSP R. 2324-46-4" in html
    assert "17 enfants" in html


def test_a_place_already_short_is_not_blamed_on_the_child(client, coordinator, creche):
    short_staffed(creche)
    (row,) = page(client, coordinator).context["found"].houses
    assert (row.broken, row.found.already) == (0, 4 * 18)
    assert "déjà en défaut" in row.reason


def test_without_the_hours_of_the_staff_only_the_places_are_judged(client, coordinator, creche):
    expect(creche, 0, 8)
    (row,) = page(client, coordinator).context["found"].houses
    assert (row.verdict, row.tone, row.broken) == ("places seules jugées", "watch", 0)


def test_what_makes_no_sense_is_said_and_computes_nothing(client, coordinator, full):
    answer = page(client, coordinator, a="08:00")
    assert answer.context["found"] is None
    assert "précède" in answer.content.decode()


def test_opened_without_anything_it_answers_for_a_usual_place(client, director, full):
    client.force_login(director)
    answer = client.get(reverse("staffing:admission"))
    assert [row.name for row in answer.context["found"].houses] == ["Crèche Les Lilas"]
    csv = client.get(reverse("staffing:admission"), {"export": "csv"})
    assert "Crèche Les Lilas" in b"".join(csv).decode("utf-8-sig")


@pytest.mark.parametrize("houses", [1, 30])
def test_thirty_houses_take_as_many_queries_as_one(client, coordinator, sector, houses, django_assert_max_num_queries):
    for _ in range(houses):
        EstablishmentFactory(sector=sector)
    client.force_login(coordinator)
    with django_assert_max_num_queries(15):
        found = client.get(reverse("staffing:admission"), ASKED).context["found"]
    assert len(found.houses) == houses


def test_the_committee_finds_it_beside_the_places_to_give(client, coordinator, creche):
    client.force_login(coordinator)
    assert reverse("staffing:admission") in client.get(reverse("indicators:places")).content.decode()
