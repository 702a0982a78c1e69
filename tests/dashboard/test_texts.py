"""Search in the texts: what each person may read and no more, the same answers on both engines."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import SearchEntry
from core.search.index import Entry, replace_entries
from dashboard.indexing import rebuild
from dashboard.texts import entries_matching
from establishments.models import Level
from tests.visits.conftest import grid, visit  # noqa: F401 the visit that says everything
from tests.visits.factories import VisitFactory
from visits.search import index_visit

URL = reverse("dashboard:texts")


def found(user, typed, today):
    return [entry.title for entry in entries_matching(user, typed, today)]


@pytest.fixture
def shared(visit, coordinator):  # noqa: F811
    visit.share(by=coordinator)
    return visit


def test_a_report_is_found_by_a_word_of_its_text_whatever_its_accents_and_its_form(shared, coordinator, today):
    for typed in ("équipe", "equipes", "posées", "JEU libre", "berceau gelé"):
        assert len(found(coordinator, typed, today)) == 1, typed
    assert found(coordinator, "parapluie", today) == []


def test_every_word_must_be_there(shared, coordinator, today):
    assert found(coordinator, "équipe parapluie", today) == []


def test_a_director_finds_what_was_transmitted_and_no_word_above_it(shared, coordinator, director, today):
    assert len(found(director, "équipe posée", today)) == 1
    assert found(director, "vacant", today) == []  # the interview is for the pôle
    assert found(director, "technique", today) == []  # so is that observation
    assert len(found(coordinator, "vacant", today)) == 1


def test_a_draft_is_found_by_the_coordinator_alone(visit, coordinator, director, today):  # noqa: F811
    index_visit(visit)
    assert len(found(coordinator, "équipe", today)) == 1
    assert found(director, "équipe", today) == []


def test_the_fullest_reading_is_shown_once(shared, coordinator, today):
    assert SearchEntry.objects.count() == 2
    assert len(found(coordinator, "équipe", today)) == 1


def test_outside_the_perimeter_nothing_is_found(shared, neighbour, former, nobody, superuser, far_director, today):
    for person in (neighbour, former, nobody, superuser, far_director):
        assert found(person, "équipe", today) == []


def test_an_entry_that_asks_for_an_unknown_right_is_found_by_nobody(creche, coordinator, pole_head, today):
    entry = Entry("x", "note", "Secret", "perroquet", "/", "read_minds", creche.pk)
    replace_entries("tests.note", 1, [entry])
    assert found(pole_head, "perroquet", today) == found(coordinator, "perroquet", today) == []


def test_what_is_no_longer_said_is_no_longer_found(visit, coordinator, today):  # noqa: F811
    index_visit(visit)
    visit.summary = "Tout autre chose, avec un perroquet."
    visit.summary_level = Level.PUBLIC
    visit.save()
    index_visit(visit)
    assert found(coordinator, "posée", today) == []
    assert len(found(coordinator, "perroquets", today)) == 1


def test_a_rebuild_finds_everything_again_and_changes_nothing_the_second_time(shared, coordinator, today):
    before = list(SearchEntry.objects.order_by("pk").values())
    list(rebuild())
    assert list(SearchEntry.objects.order_by("pk").values()) == before
    SearchEntry.objects.all().delete()
    call_command("rebuild_search")
    assert len(found(coordinator, "équipe", today)) == 1


def test_a_rebuild_forgets_documents_that_are_gone(creche, coordinator, today):
    replace_entries("visits.visit", 987654, [Entry("interne", "note", "Parti", "perroquet", "/", "view", creche.pk)])
    list(rebuild())
    assert found(coordinator, "perroquet", today) == []


def test_the_page_shows_the_passage_with_its_words_marked(client, shared, coordinator):
    client.force_login(coordinator)
    page = client.get(URL, {"q": "portes ouvertes"}).content.decode()
    assert "<mark>Porte</mark>" in page
    assert "<mark>ouverte</mark>" in page
    assert shared.get_absolute_url() in page


def test_the_search_of_the_header_shows_the_texts_too(client, shared, coordinator):
    client.force_login(coordinator)
    page = client.get(reverse("dashboard:search"), {"q": "posée"}).content.decode()
    assert "Dans les textes" in page
    assert "<mark>posée</mark>" in page


def test_nothing_typed_lists_nothing_and_says_what_to_do(client, shared, coordinator):
    client.force_login(coordinator)
    page = client.get(URL).content.decode()
    assert "Aucun texte" in page
    assert "Tapez" in page


@pytest.mark.parametrize("typed", ['"', "a OR b", "NEAR(", "x'); DROP", "é" * 500, "*", "-", "qz", "&|!:*", "le la"])
def test_a_hostile_query_is_a_calm_page(client, shared, coordinator, typed):
    client.force_login(coordinator)
    assert client.get(URL, {"q": typed}).status_code == 200


def test_the_list_takes_the_same_queries_for_1_and_30_texts(client, shared, creche, coordinator, grid):  # noqa: F811
    client.force_login(coordinator)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(URL, {"q": "équipe"})
        counts.append(len(captured))
        for _ in range(30):
            index_visit(VisitFactory(establishment=creche, coordinator=coordinator, summary="Une équipe de plus."))
    assert counts[0] == counts[1] <= 12
