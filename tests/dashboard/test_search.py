"""Search by name: accents do not matter, rights do, each hit says why, hostile queries do nothing."""

import pytest
from django.urls import reverse

from dashboard.search import SHOWN
from dashboard.search import search as results_of
from staffing.models import Employee
from tests.dashboard.city import ask_leave
from tests.factories import TODAY, DirectorshipFactory, EstablishmentFactory
from tests.visits.factories import ActionFactory, VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def found(user, text):
    """{label of the group: titles of its hits}."""
    return {group.label: [hit.title for hit in group.hits] for group in results_of(user, text, TODAY).groups}


def page(client, user, text):
    client.force_login(user)
    response = client.get(reverse("dashboard:search"), {"q": text})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("typed", ["Crèche Les Lilas", "creche lilas", "LILAS", "les-lilas", " lilas  crèche ", "lil"])
def test_a_house_is_found_whatever_the_accents_the_case_and_the_order(coordinator, creche, typed):
    assert "Crèche Les Lilas" in found(coordinator, typed)["Établissements"]


def test_every_word_must_be_there(coordinator, creche):
    assert "Établissements" not in found(coordinator, "lilas inconnue")


def test_each_hit_says_where_the_words_were_found(coordinator, creche):
    (by_name,) = results_of(coordinator, "crèche lilas", TODAY).groups[0].hits
    (by_street,) = results_of(coordinator, "12 rue", TODAY).groups[0].hits
    assert (by_name.reason, by_street.reason) == ("dans le nom", "dans l’adresse")


def test_the_director_of_a_known_house_and_her_coordinator_are_found(coordinator, director, colleague, creche):
    assert found(coordinator, "roux")["Personnes"] == ["Alice Roux"]
    assert found(director, "benali")["Personnes"] == ["Samira Benali"]
    assert found(colleague, "benali")["Personnes"] == ["Samira Benali"]


def test_a_person_of_another_pole_is_not_found(coordinator, neighbour, far_director, creche, far_creche):
    assert found(coordinator, "duval") == {}
    assert found(coordinator, "blanc") == {}


def test_who_holds_two_mandates_is_shown_by_those_over_the_same_houses_only(coordinator, director, creche, far_creche):
    DirectorshipFactory(establishment=far_creche, person=director)
    hits = next(group.hits for group in results_of(coordinator, "roux", TODAY).groups if group.label == "Personnes")
    assert [hit.note for hit in hits] == ["responsable d’établissement · Crèche Les Lilas"]


def test_agents_are_for_those_who_see_the_staff(coordinator, colleague, central, creche):
    ask_leave(creche, coordinator)
    Employee.objects.get().save()
    assert found(coordinator, "anne agent0")["Agents"] == ["Anne Agent0"]
    assert found(colleague, "anne agent0") == {}
    assert found(central, "anne agent0") == {}


def test_territories_are_found_where_their_dashboard_opens(coordinator, pole_head, sector, next_sector, creche):
    assert found(coordinator, "secteur")["Territoires"] == ["Secteur Belleville"]
    assert found(pole_head, "secteur")["Territoires"] == ["Secteur Belleville", "Secteur Gambetta"]


def test_visits_are_found_by_their_house_and_a_draft_is_not_found_by_the_director(coordinator, director, creche):
    VisitFactory(establishment=creche, coordinator=coordinator)
    shared = VisitFactory(establishment=creche, coordinator=coordinator, shared=True)
    assert len(found(coordinator, "lilas")["Visites"]) == 2
    (group,) = [one for one in results_of(director, "lilas", TODAY).groups if one.label == "Visites"]
    assert [hit.url for hit in group.hits] == [shared.get_absolute_url()]


def test_a_colleague_who_knows_the_house_in_summary_finds_neither_its_visits_nor_its_actions(colleague, creche):
    VisitFactory(establishment=creche, shared=True)
    ActionFactory(establishment=creche, title="Lilas")
    assert list(found(colleague, "lilas")) == ["Établissements"]


def test_actions_are_found_by_their_title_unless_kept_inside_the_pole(coordinator, director, creche):
    ActionFactory(establishment=creche, title="Réparer la clôture")
    ActionFactory(establishment=creche, title="Clôture : note interne", level="pole")
    assert len(found(coordinator, "cloture")["Actions"]) == 2
    assert found(director, "cloture")["Actions"] == ["Réparer la clôture"]


def test_eight_hits_of_a_kind_then_a_link_to_the_whole_filtered_list(client, coordinator, sector):
    for n in range(SHOWN + 1):
        EstablishmentFactory(name=f"Jardin n° {n}", sector=sector)
    (group,) = results_of(coordinator, "jardin", TODAY).groups
    assert len(group.hits) == SHOWN
    assert group.more_url == f"{reverse('establishments:list')}?q=jardin"
    assert "Voir tout" in page(client, coordinator, "jardin")


def test_exactly_eight_hits_need_no_link(coordinator, sector):
    for n in range(SHOWN):
        EstablishmentFactory(name=f"Jardin n° {n}", sector=sector)
    assert results_of(coordinator, "jardin", TODAY).groups[0].more_url == ""


@pytest.mark.parametrize("who", ["former", "nobody", "superuser", "elected"])
def test_without_a_mandate_nothing_is_found(request, who, creche, director, coordinator):
    VisitFactory(establishment=creche, coordinator=coordinator)
    ActionFactory(establishment=creche, title="Lilas")
    for text in ("lilas", "roux", "secteur", "benali"):
        assert found(request.getfixturevalue(who), text) == {}


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "a",
        "%",
        "_",
        "'",
        '"',
        "'; DROP TABLE core_user; --",
        "\x00",
        "\ud800".encode("utf-8", "replace").decode(),
    ]
    + ["x" * 100_000, "mot " * 5_000, "<script>alert(1)</script>", "🦀", "%_%", "\\", "(", "Ｌｉｌａｓ inexistants"],
)
def test_a_hostile_query_is_a_calm_page(client, coordinator, creche, typed):
    shown = page(client, coordinator, typed)
    assert "<script>alert(1)" not in shown
    assert "Crèche Les Lilas" not in shown


def test_repeated_parameters_are_one_search(client, coordinator, creche):
    client.force_login(coordinator)
    response = client.get(f"{reverse('dashboard:search')}?q=rien&q=lilas")
    assert "Crèche Les Lilas" in response.content.decode()


def test_an_empty_search_says_what_can_be_looked_for(client, coordinator):
    assert "Que cherchez-vous\u202f?" in page(client, coordinator, "")
    assert "Deux lettres au moins" in page(client, coordinator, "a")
    assert "Aucun résultat" in page(client, coordinator, "zzzz")


def test_the_search_takes_the_same_queries_for_1_and_30_houses(
    client, coordinator, sector, creche, django_assert_max_num_queries
):
    client.force_login(coordinator)
    counts = []
    for number in (1, 29):
        for n in range(number):
            house = EstablishmentFactory(name=f"Lilas {n}", sector=sector)
            VisitFactory(establishment=house, coordinator=coordinator)
            ActionFactory(establishment=house, title=f"Lilas {n}")
            DirectorshipFactory(establishment=house, person__first_name="Lilas")
        with django_assert_max_num_queries(12) as captured:
            client.get(reverse("dashboard:search"), {"q": "lilas"})
        counts.append(len(captured))
    assert counts[0] == counts[1]
