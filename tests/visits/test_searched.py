"""Events and reviews in the search of the texts: those who may open them find them, nobody else; and the facts."""

import pytest

from core.models import SearchEntry
from dashboard.indexing import rebuild
from dashboard.search import search
from tests.visits.controls import entered, found
from tests.visits.happenings import told
from tests.visits.reviews import lived, opened, shared
from visits.models import FunctioningReview

pytestmark = pytest.mark.usefixtures("today")


def hits(user, words, today):
    return [hit.url for hit in search(user, words, today).texts]


def test_an_event_is_found_by_those_who_read_events_and_follows_what_is_written(
    creche, coordinator, pole_head, director, colleague, neighbour, administrator, today
):
    event = told(creche, coordinator, summary="Dégât au plafond")
    for user in (coordinator, pole_head, director):
        assert hits(user, "plafond", today) == [event.get_absolute_url()]
    for user in (colleague, neighbour, administrator):
        assert hits(user, "plafond", today) == []
    event.complete(by=coordinator, measures="Zone balisée")
    assert hits(coordinator, "balisée", today) == [event.get_absolute_url()]


def test_a_restricted_event_is_in_nobody_s_search_not_even_after_a_rebuild(creche, coordinator, pole_head, today):
    told(creche, coordinator, family="suspicion", severity=3, title="Signalement discret")
    list(rebuild())
    assert hits(pole_head, "discret", today) == hits(coordinator, "discret", today) == []
    assert not SearchEntry.objects.filter(words__contains="discret").exists()


@pytest.fixture
def house(creche, coordinator, director, today):
    return lived(creche, coordinator)


def test_a_review_is_found_inside_from_its_opening_and_by_the_house_once_transmitted(
    house, coordinator, director, pole_head, colleague, today
):
    review = shared(house, coordinator)
    url = review.get_absolute_url()
    word = review.summary.split()[1].strip(".,").lower()
    assert url in hits(coordinator, word, today)
    assert url in hits(director, word, today)
    assert url not in hits(colleague, word, today)


def test_a_draft_review_is_not_found_by_the_director(house, coordinator, director, today):
    review = opened(house, coordinator)
    FunctioningReview.objects.filter(pk=review.pk).update(summary="Motrare du projet")
    list(rebuild())
    assert hits(coordinator, "motrare", today) == [review.get_absolute_url()]
    assert hits(director, "motrare", today) == []


def test_a_review_is_opened_with_what_inspections_found(house, coordinator):
    inspection = entered(house, coordinator)
    found(inspection, coordinator)
    found(inspection, coordinator, nature="remark", due_on=None, text="Rien à dire")
    item = opened(house, coordinator).items.get(key="inspections")
    assert "1 contrôle" in item.proposal
    assert "2 constats, dont 1 injonction" in item.proposal
    assert "2 restent à lever" in item.proposal
