"""Good practices: one click, both sides, offered around, taken up once a house, suggested where the theme came up."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from core.models import Notification, SearchEntry
from establishments.workflow import StaleVersion, TransitionRefused
from projects.attention import attention
from projects.models import GoodPractice, PracticeReuse
from projects.models.practices import HOUSE, OBSERVER
from tests.factories import TODAY
from tests.pdf_reading import extract_text
from tests.visits.factories import GridFactory, ObservationFactory, VisitFactory
from visits.cards import seen_in, suggestions_for
from visits.models import PracticeOrigin, Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def seen(house, coordinator, grid, *, validated=True, **given):
    """An observation « bonne pratique » of a report, validated once it is written."""
    visit = VisitFactory(establishment=house, coordinator=coordinator, grid=grid, answered=True)
    facts = {"nature": "good_practice", "fact": "Le casier est à leur hauteur.", "item": grid.items.first(), **given}
    made = ObservationFactory(visit=visit, **facts)
    if validated:
        stamps = {"validated_by": coordinator, "validated_at": visit.shared_at, "fingerprint": "0" * 64}
        Visit.objects.filter(pk=visit.pk).update(report_status="validated", **stamps)
    return made


@pytest.fixture
def grid():
    return GridFactory(items=2)


@pytest.fixture
def observation(creche, coordinator, grid, director):
    return seen(creche, coordinator, grid)


def click(client, user, observation):
    client.force_login(user)
    return client.post(f"/visites/observations/{observation.pk}/bonne-pratique/")


@pytest.fixture
def card(client, observation, coordinator, next_creche, far_creche):
    click(client, coordinator, observation)
    return GoodPractice.objects.get()


def publish(card, director, coordinator):
    card.agree(HOUSE, by=director)
    card.publish(by=coordinator)
    return card


def test_one_click_makes_one_card_agreed_by_one_side(client, observation, coordinator, director):
    for _ in range(2):
        response = click(client, coordinator, observation)
    card = GoodPractice.objects.get()
    assert response.headers["Location"] == card.get_absolute_url()
    assert (card.title, card.theme, card.what) == ("Point 1", "Accueil", "Le casier est à leur hauteur.")
    assert (card.status, card.observer_by, card.house_by) == ("proposed", coordinator, None)
    assert PracticeOrigin.objects.get().observation == observation
    assert [row.user for row in Notification.objects.all()] == [director]
    assert f"practice-{card.pk}" in {item.key for item in attention(director, TODAY)}


def test_the_director_may_click_first_and_the_coordinator_agrees(client, observation, coordinator, director):
    click(client, director, observation)
    card = GoodPractice.objects.get()
    assert (card.house_by, card.observer_by) == (director, None)
    client.force_login(coordinator)
    client.post(f"{card.get_absolute_url()}etape/agree_seen/")
    card.refresh_from_db()
    assert card.status == "agreed"


@pytest.mark.parametrize("given", [{"validated": False}, {"nature": "strength"}, {"level": "pole"}])
def test_only_what_a_validated_report_let_the_house_read_becomes_a_card(
    client, creche, coordinator, director, grid, given
):
    assert click(client, director, seen(creche, coordinator, grid, **given)).status_code == 404
    assert not GoodPractice.objects.exists()


def test_nothing_is_published_before_both_agree(card, coordinator, director):
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        card.publish(by=coordinator)
    with pytest.raises(TransitionRefused, match="l’autre est attendu"):
        card.agree(OBSERVER, by=coordinator)
    for status in ("agreed", "published"):
        with pytest.raises(IntegrityError), transaction.atomic():
            GoodPractice.objects.update(status=status)
    assert publish(card, director, coordinator).status == "published"


def test_words_changed_by_one_side_are_agreed_again_by_the_other(client, card, coordinator, director):
    client.force_login(director)
    sent = {"title": "Le doudou", "theme": "Accueil", "what": "Un casier bas", "version": 0}
    client.post(f"{card.get_absolute_url()}ecrire/", sent)
    card.refresh_from_db()
    assert (card.title, card.house_by, card.observer_by, card.status) == ("Le doudou", director, None, "proposed")
    page = client.post(f"{card.get_absolute_url()}ecrire/", sent | {"title": "Trop tard"})
    assert "Le doudou" in page.content.decode()
    with pytest.raises(StaleVersion):
        card.amend(OBSERVER, by=coordinator, seen=0)
    publish_refused = GoodPractice.objects.get()
    publish_refused.agree(OBSERVER, by=coordinator)
    with pytest.raises(TransitionRefused, match="ne se modifie plus"):
        publish_refused.amend(OBSERVER, by=coordinator, seen=1)


def test_a_card_is_offered_to_everyone_once_published(client, card, coordinator, director, far_director):
    url = card.get_absolute_url()
    client.force_login(far_director)
    assert client.get(url).status_code == 404
    publish(card, director, coordinator)
    assert client.get(url).status_code == 200
    assert "Point 1" in client.get("/recherche/textes/?q=casier").content.decode()
    card.withdraw(by=director, text="Nous ne le faisons plus")
    assert client.get(url).status_code == 404
    assert not SearchEntry.objects.filter(subject="projects.goodpractice").exists()


def test_a_house_takes_it_up_once_and_never_its_own(client, card, coordinator, director, far_director, far_creche):
    publish(card, director, coordinator)
    client.force_login(far_director)
    for _ in range(2):
        client.post(
            f"{card.get_absolute_url()}reprendre/", {"establishment": far_creche.pk, "note": "Chez les grands"}
        )
    assert PracticeReuse.objects.get().establishment == far_creche
    assert GoodPractice.objects.with_reuse().get().n_reuses == 1
    assert card.reuse(far_creche, by=far_director) is False
    with pytest.raises(TransitionRefused, match="celui de la bonne pratique"):
        card.reuse(card.establishment, by=director)
    page = client.post(f"{card.get_absolute_url()}reprendre/", {"establishment": card.establishment_id})
    assert "establishment" in page.context["form"].errors


def test_it_is_suggested_where_the_last_visit_raised_the_same_theme(
    client, card, coordinator, director, colleague, next_creche, grid
):
    publish(card, director, coordinator)
    assert suggestions_for(next_creche, colleague) == ()
    visit = VisitFactory(establishment=next_creche, coordinator=colleague, grid=grid)
    ObservationFactory(visit=visit, item=grid.items.last(), nature="to_improve")
    assert suggestions_for(next_creche, colleague) == (card,)
    client.force_login(colleague)
    assert "Ce qui marche ailleurs" in client.get(f"/visites/mallette/{next_creche.pk}/").content.decode()
    later = VisitFactory(
        establishment=next_creche, coordinator=colleague, grid=grid, visited_on=TODAY - datetime.timedelta(days=1)
    )
    assert suggestions_for(next_creche, colleague) == (), "the last visit raised nothing"
    assert suggestions_for(next_creche, colleague, before=later) == (card,)
    card.reuse(next_creche, by=colleague)
    assert suggestions_for(next_creche, colleague, before=later) == (), "they do it already"


def test_a_house_is_not_offered_its_own_card(card, coordinator, director, creche, grid):
    publish(card, director, coordinator)
    last = VisitFactory(establishment=creche, coordinator=coordinator, grid=grid, visited_on=TODAY)
    ObservationFactory(visit=last, item=grid.items.last(), nature="gap")
    assert suggestions_for(creche, coordinator) == ()


def test_the_visit_shows_the_button_then_the_card(client, observation, coordinator):
    client.force_login(coordinator)
    url = observation.visit.get_absolute_url()
    assert "En faire une carte" in client.get(url).content.decode()
    click(client, coordinator, observation)
    page = client.get(url).content.decode()
    assert "En faire une carte" not in page
    assert "Voir la carte" in page
    assert [one.card for one in seen_in(observation.visit)] == [GoodPractice.objects.get()]


def test_the_paper_says_who_took_it_up(client, card, coordinator, director, far_director, far_creche):
    publish(card, director, coordinator)
    card.reuse(far_creche, by=far_director)
    client.force_login(coordinator)
    text = extract_text(client.get(f"{card.get_absolute_url()}carte.pdf").content)
    assert far_creche.name in " ".join(text.split())


def test_the_list_asks_the_same_queries_for_1_and_30_rows(
    client, card, coordinator, creche, django_assert_max_num_queries
):
    client.force_login(coordinator)
    with django_assert_max_num_queries(12) as few:
        assert client.get("/projets/pratiques/").status_code == 200
    facts = {"establishment": creche, "title": "X", "what": "Y", "created_by": coordinator}
    GoodPractice.objects.bulk_create(GoodPractice(**facts) for _ in range(29))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/projets/pratiques/")
