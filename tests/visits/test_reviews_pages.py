"""The pages of the functioning reviews: the whole way from the plan to the paper, and what each person is asked."""

import datetime

import pytest
from django.urls import reverse

from core.calendar import add_months
from dashboard.attention import things_to_do
from establishments.models import JournalEntry, Level
from establishments.workflow import TransitionRefused
from projects.models import ActionItem
from tests.factories import TODAY, EstablishmentFactory
from tests.pdf_reading import extract_text, tags, words_of
from tests.visits.reviews import lived, opened, scheduled, shared, validated, written
from visits.models import FunctioningReview
from visits.reviews.attention import asked, months_left
from visits.reviews.evolution import evolution
from visits.reviews.paper import review_file
from visits.reviews.plan import raise_action
from visits.reviews.planning import plan_for
from visits.reviews.scheduling import first_due, schedule_missing

pytestmark = pytest.mark.usefixtures("today")
Status = FunctioningReview.Status


@pytest.fixture
def house(creche, coordinator, director, today):
    return lived(creche, coordinator)


def page(client, user, name, *args, **query):
    client.force_login(user)
    response = client.get(reverse(f"visits:{name}", args=args), query)
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"visits:{name}", args=args), data)


def test_from_the_first_proposal_to_the_validated_paper(client, house, coordinator, director, pole_head):
    post(client, coordinator, "review_campaign")
    review = house.reviews.get()
    assert "les propositions suivent leurs sources" in page(client, coordinator, "review", review.pk)
    post(client, coordinator, "review_open", review.pk)
    shown = page(client, coordinator, "review", review.pk)
    assert reverse("indicators:establishment_activity", args=[house.pk]) in shown  # a proposal opens its sources
    answers = {f"{key}-rating": "acquired" for key in review.items.values_list("key", flat=True)}
    answers |= {
        "seen": review.version,
        "summary": "Une équipe posée.",
        "charte-01-comment": "Vu sur place, deux fois.",
    }
    post(client, coordinator, "review_write", review.pk, **answers)
    assert review.items.get(key="charte-01").text == "Vu sur place, deux fois."
    post(client, coordinator, "review_action", review.pk, **an_action())
    action = ActionItem.objects.get(origin__review=review)
    assert (action.origin_kind, action.level) == ("review", Level.POLE)
    for step in ("review_visit", "review_draft", "review_share"):
        post(client, coordinator, step, review.pk)
    action.refresh_from_db()
    assert action.level == Level.ETABLISSEMENT
    post(client, director, "review_answer", review.pk, opinion="D’accord sur l’essentiel.")
    post(client, pole_head, "review_validate", review.pk, opinion="Validée.")
    review.refresh_from_db()
    assert (review.status, review.following.status) == (Status.VALIDATED, Status.SCHEDULED)
    text = words_of(extract_text(review_file(review)[0]))
    for words in (
        "Une équipe posée.",
        "Vu sur place, deux fois.",
        "D’accord sur l’essentiel.",
        "Validée.",
        action.title,
    ):
        assert words in text


def test_the_second_to_save_sees_that_somebody_saved_and_keeps_what_she_typed(client, house, coordinator, pole_head):
    review = opened(house, coordinator)
    form = {"seen": review.version, "summary": "Texte de la première."}
    assert post(client, coordinator, "review_write", review.pk, **form).status_code == 302
    typed = {**form, "summary": "Texte de la seconde.", "charte-01-comment": "Mon commentaire."}
    shown = post(client, pole_head, "review_write", review.pk, **typed).content.decode()
    for words in ("Quelqu’un a enregistré", "Texte de la seconde.", "Mon commentaire."):
        assert words in shown
    review.refresh_from_db()
    assert review.summary == "Texte de la première."
    again = {**typed, "seen": review.version}
    assert post(client, pole_head, "review_write", review.pk, **again).status_code == 302
    assert review.items.get(key="charte-01").comment == "Mon commentaire."


def an_action():
    due_on = add_months(TODAY, 6)
    return {"title": "Récrire le projet", "due_on": due_on, "client_uuid": "5b0f3c1e-30a5-4f0e-9b0e-0d6a5c0f7a11"}


def test_the_paper_is_tagged_and_keeps_its_words_when_the_house_changes(house, coordinator, director, pole_head):
    review = validated(house, coordinator, director, pole_head)
    content, name = review_file(review)
    assert name == "analyse-de-fonctionnement-creche-les-lilas-2026-03-17.pdf"
    assert {"H1", "H2", "Table", "TH"} <= set(tags(content))
    assert "PROJET" not in extract_text(content)
    house.name = "Crèche rebaptisée"
    house.save()
    ActionItem.objects.filter(origin__review=review).update(title="Autre")
    again = FunctioningReview.objects.get(pk=review.pk)
    assert review_file(again)[0] == content


def test_a_source_that_moved_is_said_beside_the_point_and_the_text_stays(client, house, coordinator):
    review = opened(house, coordinator)
    before = review.items.get(key="plan-open").proposal
    assert "périmé" not in page(client, coordinator, "review", review.pk)
    ActionItem.objects.first().delete()
    shown = page(client, coordinator, "review", review.pk)
    assert "périmé" in shown
    assert "a changé depuis" in shown
    assert before in shown


def test_a_director_reads_the_review_without_the_sources_of_others(client, house, coordinator, director):
    review = shared(house, coordinator)
    shown = page(client, director, "review", review.pk)
    assert "Donner mon avis" in shown
    assert "Sources" not in shown


def test_the_previous_review_stands_beside_with_its_arrow(client, house, coordinator, director, pole_head):
    validated(house, coordinator, director, pole_head)
    review = FunctioningReview.objects.get(status=Status.SCHEDULED)
    review.open(by=coordinator)
    review.items.filter(key="charte-01").update(rating="to_build", reason="Équipe renouvelée.")
    shown = page(client, coordinator, "review", review.pk)
    for words in ("Analyse précédente", "en recul", "Équipe renouvelée."):
        assert words in shown


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("to_build", "acquired", "en progrès"),
        ("strength", "acquired", "en recul"),
        ("acquired", "acquired", "stable"),
        ("", "acquired", None),
        ("acquired", "not_observed", None),
    ],
)
def test_an_arrow_only_between_two_known_ratings(before, now, said):
    found = evolution(before, now)
    assert (found and found.label) == said


def test_moving_a_review_shows_the_effect_and_writes_nothing_until_accepted(client, coordinator, sector, settings):
    settings.RONDE_REVIEWS_PER_MONTH = 1
    houses = [EstablishmentFactory(name=f"Crèche {n}", sector=sector) for n in range(3)]
    reviews = [scheduled(one, due_on=datetime.date(2026, 9, 30)) for one in houses]
    shown = page(client, coordinator, "review_move", reviews[0].pk, month="2026-08")
    assert "août 2026" in shown
    assert "change de mois" in shown or "changent de mois" in shown or "Aucune autre" in shown
    reviews[0].refresh_from_db()
    assert reviews[0].fixed_month is None
    late = page(client, coordinator, "review_move", reviews[0].pk, month="2026-12")
    assert "Passerait son échéance" in late
    post(client, coordinator, "review_move", reviews[0].pk, month="2026-08")
    reviews[0].refresh_from_db()
    assert reviews[0].fixed_month == datetime.date(2026, 8, 1)
    assert JournalEntry.objects.filter(verb="analyse déplacée", note="en août 2026").exists()
    assert "Crèche 0" in page(client, coordinator, "review_campaign")


def test_scheduling_the_missing_ones_takes_the_municipal_houses_once(house, coordinator, sector):
    EstablishmentFactory(sector=sector, management_mode="association")
    houses = type(house).objects.all()
    assert schedule_missing(houses, by=coordinator, today=TODAY) == 1
    assert schedule_missing(houses, by=coordinator, today=TODAY) == 0


def test_a_first_review_is_due_two_years_after_the_opening_or_from_today(house):
    house.opened_on = datetime.date(2025, 6, 10)
    assert first_due(house, TODAY) == datetime.date(2027, 6, 10)
    house.opened_on = datetime.date(1988, 9, 1)
    assert first_due(house, TODAY) == datetime.date(2028, 3, 17)


def test_the_same_form_twice_gives_one_review(client, house, coordinator):
    data = {"establishment": house.pk, "client_uuid": "0a4c9a3e-0c5e-4a77-8ad4-6f1c1f6f9b01"}
    first, second = (post(client, coordinator, "review_create", **data) for _ in range(2))
    assert FunctioningReview.objects.count() == 1
    assert first.status_code == 302
    assert second.status_code in {200, 302}


def test_an_action_out_of_the_twenty_four_months_is_refused(house, coordinator):
    review = opened(house, coordinator)
    with pytest.raises(TransitionRefused, match="vingt-quatre mois"):
        raise_action(review, by=coordinator, title="Trop loin", due_on=add_months(TODAY, 30))
    assert not review.raised.exists()


@pytest.mark.parametrize(("months", "told"), [(7, None), (6, 6), (3, 3), (1, 1), (-1, 0)])
def test_the_home_warns_six_three_and_one_months_before(house, coordinator, months, told):
    scheduled(house, due_on=add_months(TODAY, months))
    items = list(asked(coordinator, TODAY))
    assert [item.key for item in items] == ([] if told is None else [f"review-conduct-{house.reviews.get().pk}"])
    if told is not None:
        assert months_left(add_months(TODAY, months), TODAY) == told


def test_each_is_asked_for_what_waits_for_her(house, coordinator, director, pole_head, colleague):
    review = shared(house, coordinator, due_on=add_months(TODAY, 20))
    told = {who: [item.key for item in asked(who, TODAY)] for who in (director, pole_head, coordinator)}
    assert told == {director: [f"review-answer-{review.pk}"], pole_head: [], coordinator: []}
    review.answer(by=director, opinion="Lu.")
    assert [item.key for item in asked(pole_head, TODAY)] == [f"review-validate-{review.pk}"]
    assert list(asked(director, TODAY)) == []
    assert list(asked(colleague, TODAY)) == []


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_and_the_campaign_take_at_most_twelve_queries_for_1_and_30_reviews(
    client, coordinator, sector, count, django_assert_max_num_queries
):
    for n in range(count):
        scheduled(EstablishmentFactory(name=f"Crèche {n}", sector=sector))
    client.force_login(coordinator)
    for name in ("reviews", "review_campaign"):
        client.get(reverse(f"visits:{name}"))
        with django_assert_max_num_queries(12):
            assert "Crèche 0" in client.get(reverse(f"visits:{name}")).content.decode()


def test_the_list_exports_and_filters(client, house, coordinator):
    written(house, coordinator)
    assert "Les Lilas" in page(client, coordinator, "reviews", export="csv")
    assert "Les Lilas" not in page(client, coordinator, "reviews", export="csv", status="validated")


@pytest.mark.parametrize("how", [{"closed_on": datetime.date(2026, 3, 17)}, {"management_mode": "delegated"}])
def test_a_house_that_closed_or_left_the_regie_asks_for_its_next_review_no_more(creche, coordinator, today, how):
    """Its slot in the campaign is free and nothing is overdue; one already opened is still to be finished."""
    review = scheduled(creche, due_on=datetime.date(2026, 4, 1))
    assert plan_for(coordinator, today).count == 1
    type(creche).objects.filter(pk=creche.pk).update(**how)
    later = datetime.date(2026, 6, 1)
    for day in (today, later):
        assert plan_for(coordinator, day).count == 0
        assert not any("analyse" in item.title for item in things_to_do(coordinator, day))
    type(creche).objects.filter(pk=creche.pk).update(closed_on=None, management_mode="regie")
    lived(creche, coordinator)
    review.open(by=coordinator)
    type(creche).objects.filter(pk=creche.pk).update(**how)
    assert plan_for(coordinator, later).count == 1
