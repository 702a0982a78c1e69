"""The functioning review: proposals that follow their sources, then facts that never move, and its states."""

import datetime
import random

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.sources import moved, read
from establishments.models import JournalEntry, ManagementMode
from establishments.workflow import TransitionRefused
from indicators.models import MonthlyActivity
from projects.models import ActionItem
from tests.factories import TODAY, EstablishmentFactory
from tests.visits.factories import ActionFactory, VisitFactory
from tests.visits.reviews import lived, opened, scheduled, shared, validated, written
from visits.models import Event, FunctioningReview, Observation, ReviewItem, Visit
from visits.models.events import RESTRICTED
from visits.reviews.facts import Window
from visits.reviews.pouring import document_of, proposals, window_of
from visits.reviews.sections import POINTS, SECTIONS
from visits.reviews.sentences import propose, unsaid
from visits.reviews.sources import PLACES, READINGS, sources_of

EDITS = 1_000


@pytest.fixture
def house(creche, coordinator, director, today):
    return lived(creche, coordinator)


def texts(house):
    return {one.point.key: one for one in proposals(window_of(house.pk, TODAY))[0]}


def test_the_fourteen_sections_hold_points_that_all_say_something():
    assert list(SECTIONS) == list(range(1, 15))
    assert {point.section for point in POINTS} == set(range(1, 13))  # 13 and 14 are the two opinions
    assert unsaid() == set()
    assert {subject for point in POINTS for subject in point.subjects} == set(READINGS) == set(PLACES)
    assert len({point.key for point in POINTS}) == len(POINTS)


def test_every_proposal_has_a_source_that_is_there(house):
    made, found = proposals(window_of(house.pk, TODAY))
    said = [one for one in made if one.text]
    assert len(said) >= 20
    for one in said:
        assert any(source in found for source in one.sources), one.point.key


def test_taking_a_subject_away_empties_the_proposals_that_read_it(house):
    made, _ = proposals(window_of(house.pk, TODAY))
    for one in (one for one in made if one.text):
        for subject in one.facts:
            left = {name: facts for name, facts in one.facts.items() if name != subject}
            assert propose(one.point, left) == "", (one.point.key, subject)


MUTANTS = [
    (MonthlyActivity, "activity-attendance"),
    (Observation, "charte-01"),
    (ActionItem, "plan-open"),
]


@pytest.mark.parametrize(("model", "key"), MUTANTS, ids=lambda value: getattr(value, "__name__", value))
def test_removing_any_source_row_changes_or_empties_the_proposals_that_cite_it(house, model, key):
    """Mutation, row by row: each deletion moves the text of `key` and the facts of everything that quotes the row."""
    for row in list(model._base_manager.order_by("pk")):
        before = texts(house)
        if model is MonthlyActivity:  # a submitted month is locked: it is reopened first
            MonthlyActivity.objects.filter(pk=row.pk).update(status="draft")
        row.delete()
        after = texts(house)
        changed = {k for k in before if (before[k].text, before[k].facts) != (after[k].text, after[k].facts)}
        if isinstance(row, Observation) and row.item.reference != "charte 1":
            assert f"charte-{int(row.item.reference.split()[1]):02}" in changed
        else:
            assert key in changed
            assert before[key].text != after[key].text
    assert texts(house)[key].text in {"", "Aucune action ouverte."}


def test_events_are_counted_without_the_families_kept_for_named_readers(house, coordinator):
    told = [("accident", 30), ("accident", 900), ("complaint", 30), *((family, 30) for family in RESTRICTED)]
    for family, days in told:
        Event.objects.create(
            establishment=house,
            family=family,
            severity=2,
            happened_at=timezone.now() - datetime.timedelta(days=days),
            reported_at=timezone.now() - datetime.timedelta(days=days),
            title="Canari",
            reported_by=coordinator,
        )
    said = texts(house)
    assert said["events"].text.startswith("1 événement\u00a0: ")
    assert said["families-complaints"].text.startswith("1 réclamation ")
    assert len(said["events"].facts["events"]) == 1
    assert not any("Canari" in one.text for one in said.values())


def test_before_the_opening_the_proposals_follow_their_sources(house):
    review = scheduled(house)
    before = texts(house)["plan-open"].text
    ActionItem.objects.first().delete()
    assert texts(house)["plan-open"].text != before
    assert not review.items.exists()


def frozen_of(review):
    names = ["key", "label", "proposal", "facts", "previous_rating", "previous_text"]
    return list(review.items.order_by("position").values_list(*names))


def really_moved(review, at_opening):
    """Written apart from the product: the points of which a subject reads otherwise now."""
    window = Window(review.establishment_id, review.since, review.until)
    found = set()
    for point in POINTS:
        sources = sources_of(point, window)
        now = read(sources.values())
        if any(now.get(source) != at_opening.get(source) for source in sources.values()):
            found.add(point.key)
    return found


def an_edit(chance, house, by):
    """One change somewhere in the life of the house, inside or outside the period."""
    kind = chance.randrange(6)
    if kind == 0:
        row = chance.choice(list(MonthlyActivity.objects.filter(establishment=house)))
        months = MonthlyActivity.objects.filter(pk=row.pk)
        months.update(status="draft")
        months.update(actual_hours=row.actual_hours + chance.choice([-3, 0, 5]))
        months.update(status="submitted")
    elif kind == 1:
        row = chance.choice(list(Observation.objects.filter(visit__establishment=house)))
        Observation.objects.filter(pk=row.pk).update(rating=chance.choice(Observation.SCORED))
    elif kind == 2:
        row = chance.choice(list(ActionItem.objects.filter(establishment=house)))
        row.due_on += datetime.timedelta(days=chance.choice([-200, 0, 200]))
        row.save()
    elif kind == 3:
        house.obligations.update(done_on=TODAY - datetime.timedelta(days=chance.randrange(40, 43)))
    elif kind == 4:  # the house lives on: a visit after the review's last day is no fact of the period
        day = TODAY + datetime.timedelta(days=chance.randrange(1, 200))
        Visit.objects.create(
            establishment=house, coordinator=by, created_by=by, status=Visit.Status.DONE, visited_on=day
        )
    else:
        house.authorisations.update(places=chance.choice([58, 60]))


def test_random_edits_after_the_opening_leave_the_facts_identical_and_mark_exactly_those_that_moved(
    house, coordinator
):
    review = opened(house, coordinator)
    frozen, window = frozen_of(review), Window(house.pk, review.since, review.until)
    at_opening = read(source for point in POINTS for source in sources_of(point, window).values())
    chance, marked_at_all, checked = random.Random("périmé"), set(), 0
    for number in range(1, EDITS + 1):
        an_edit(chance, house, coordinator)
        if number % 50 == 0:
            marked = moved(document_of(review))
            assert marked == really_moved(review, at_opening)
            assert frozen_of(review) == frozen
            marked_at_all |= marked
            checked += 1
    print(f"{EDITS} edits, {checked} looks: facts identical; {len(marked_at_all)} points marked, exactly")  # noqa: T201
    assert 5 <= len(marked_at_all) < len(POINTS)


def test_the_life_of_the_house_after_the_opening_marks_nothing(house, coordinator):
    """Only a correction of the period moves its facts: an action verified later was open on the last day."""
    review = opened(house, coordinator)
    with time_machine.travel(datetime.datetime(2026, 5, 20, 8, tzinfo=datetime.UTC), tick=False):
        for action in ActionItem.objects.filter(establishment=house):
            action.verify(by=coordinator, evidence="Vu.")
        VisitFactory(establishment=house, coordinator=coordinator, visited_on=datetime.date(2026, 5, 19))
        ActionFactory(establishment=house, created_by=coordinator)
        month = MonthlyActivity.objects.filter(establishment=house).last()
        month.pk, month.month, month._state.adding = None, datetime.date(2026, 4, 1), True
        month.save()
        house.closures.create(cause="strike", starts_on=datetime.date(2026, 4, 2), ends_on=datetime.date(2026, 4, 2))
        assert moved(document_of(review)) == set()


def test_the_database_refuses_to_touch_the_facts_of_an_open_review(house, coordinator):
    review = opened(house, coordinator)
    item = review.items.exclude(proposal="").first()
    for change in ({"proposal": "Autre"}, {"facts": {"a": 1}}, {"key": "autre"}, {"previous_rating": "acquired"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewItem.objects.filter(pk=item.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewItem.objects.create(review=review, position=99, section=1, key="ajout", label="Ajout")
    with pytest.raises(IntegrityError), transaction.atomic():
        FunctioningReview.objects.filter(pk=review.pk).update(since=datetime.date(2020, 1, 1))
    ReviewItem.objects.filter(pk=item.pk).update(rating="acquired", comment="Vu sur place.")


def test_a_validated_review_is_closed_even_to_a_forged_write(house, coordinator, director, pole_head):
    review = validated(house, coordinator, director, pole_head)
    rows, reviews = ReviewItem.objects.filter(review=review), FunctioningReview.objects.filter(pk=review.pk)
    for write in (
        lambda: rows.update(rating="strength"),
        lambda: rows.update(comment="Après coup"),
        lambda: reviews.update(summary="Autre"),
        lambda: reviews.update(head_opinion="Autre"),
        lambda: reviews.update(document={}),
        lambda: reviews.update(status="drafted"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    review.follow(by=coordinator)
    assert review.status == FunctioningReview.Status.FOLLOWED


@pytest.mark.parametrize("mode", [mode for mode in ManagementMode.values if mode != ManagementMode.REGIE])
def test_a_house_out_of_the_regie_has_no_review(db, mode):
    with pytest.raises(IntegrityError), transaction.atomic():
        scheduled(EstablishmentFactory(management_mode=mode))


def test_a_house_has_one_review_at_a_time(house):
    scheduled(house)
    with pytest.raises(IntegrityError), transaction.atomic():
        scheduled(house)


def test_the_states_follow_one_another_and_each_leaves_its_line(house, coordinator, director, pole_head):
    review = validated(house, coordinator, director, pole_head)
    verbs = JournalEntry.objects.filter(subject_kind="visits.functioningreview", subject_id=review.pk)
    assert list(verbs.order_by("number").values_list("verb", flat=True)) == [
        "analyse ouverte",
        "projet d’analyse écrit",
        "analyse transmise",
        "avis sur l’analyse",
        "analyse validée",
    ]
    for step in (review.open, review.start_visiting, review.finish_draft, review.share):
        with pytest.raises(TransitionRefused, match="Déjà traité"):
            step(by=coordinator)


def test_a_draft_without_synthesis_or_with_silent_points_is_not_transmitted(house, coordinator):
    review = opened(house, coordinator)
    with pytest.raises(TransitionRefused, match="La synthèse manque"):
        review.finish_draft(by=coordinator)
    review.summary = "Trois lignes."
    review.save()
    with pytest.raises(TransitionRefused, match="ni proposition, ni appréciation, ni commentaire"):
        review.finish_draft(by=coordinator)
    review.items.silent().update(rating="not_observed")
    review.finish_draft(by=coordinator)
    assert review.status == FunctioningReview.Status.DRAFTED


def test_silence_is_waited_for_before_the_validation(house, coordinator, pole_head):
    review = shared(house, coordinator)
    with pytest.raises(TransitionRefused, match="se valide à partir du lendemain"):
        review.validate(by=pole_head, opinion="Trop tôt")
    assert FunctioningReview.objects.get(pk=review.pk).status == FunctioningReview.Status.ANSWERING


def test_the_validation_schedules_the_next_review_in_twenty_four_months(house, coordinator, director, pole_head):
    review = validated(house, coordinator, director, pole_head)
    following = review.following
    assert (following.status, following.due_on) == ("scheduled", datetime.date(2028, 3, 17))
    following.open(by=coordinator)
    item = following.items.get(key="charte-01")
    assert item.previous_rating == "acquired"
    assert item.previous_text == review.items.get(key="charte-01").text


def test_a_director_knows_nothing_of_a_review_before_the_contradictoire(house, coordinator, director):
    review = written(house, coordinator)
    assert not FunctioningReview.objects.known_to(director).exists()
    review.share(by=coordinator)
    assert FunctioningReview.objects.known_to(director).get() == review


def test_every_sentence_ends_and_holds_no_english(house):
    said = [one.text for one in texts(house).values() if one.text]
    assert all(text.endswith(".") and "None" not in text and "  " not in text for text in said), said
