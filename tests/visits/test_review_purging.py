"""Reviews and double ratings end ten years after their house closed; what is not finished is kept, and said."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.models import SearchEntry, SourceLink
from establishments.models import JournalEntry
from projects.models import ActionItem
from tests.visits.controls import entered
from tests.visits.factories import GridFactory, ObservationFactory, VisitFactory
from tests.visits.reviews import DUE, lived, opened, scheduled, validated
from visits.models import DoubleAnswer, DoubleRating, FunctioningReview, PurgeCertificate, ReviewItem
from visits.reviews.plan import raise_action
from visits.reviews.search import index_review
from visits.visit_purging import due, purge_visits

DAY = datetime.date
TODAY = DAY(2026, 3, 17)
OVER, LAST = DAY(2016, 3, 16), DAY(2016, 3, 17)  # ten years and a day; ten years


def closed(creche, day=OVER):
    type(creche).objects.filter(pk=creche.pk).update(opened_on=DAY(2000, 1, 1), closed_on=day)
    ActionItem.objects.filter(establishment=creche).delete()


@pytest.fixture
def old(creche, coordinator, director, pole_head, today):
    """A validated review with a word of its own everywhere somebody writes."""
    review = validated(lived(creche, coordinator), coordinator, director, pole_head)
    index_review(review)
    closed(creche)
    return review


@pytest.fixture
def settled(creche, coordinator, colleague, today):
    """A double rating of a visit, discussed to its end."""
    grid = GridFactory(items=2)
    visit = VisitFactory(establishment=creche, coordinator=coordinator, visited_on=DAY(2026, 3, 10), grid=grid)
    for item in grid.items.all():
        ObservationFactory(visit=visit, item=item, rating="not_observed", fact="Des bacs à hauteur d’enfant.")
    double = DoubleRating(establishment=creche, visit=visit, second=colleague)
    double = double.start(by=coordinator, client_uuid=visit.client_uuid)
    first, second = double.points.all()
    for rater, ratings in ((coordinator, ("acquired", "acquired")), (colleague, ("acquired", "strength"))):
        answers = {point.key: (rating, "Vu à midi.") for point, rating in zip((first, second), ratings, strict=True)}
        double.keep(by=rater, answers=answers)
        double.hand_in(by=rater)
    double.settle(by=coordinator, retained={second.key: ("strength", "Vu deux fois.")})
    closed(creche)
    return double


@pytest.mark.parametrize(("closed_on", "purged"), [(DAY(2016, 3, 18), 0), (LAST, 0), (OVER, 1)])
def test_a_review_and_a_double_rating_are_kept_ten_years_after_their_house_closed_and_not_a_day_more(
    old, settled, creche, closed_on, purged
):
    closed(creche, closed_on)
    found = purge_visits(TODAY)
    assert (len(found.reviews), len(found.doubles)) == (purged, purged)
    assert PurgeCertificate.objects.filter(kind__in=["review", "double"]).count() == 2 * purged


def test_the_review_of_a_house_that_lives_is_never_purged(old, creche):
    closed(creche, None)
    assert due(DAY(2090, 1, 1)).reviews == ()


def test_a_purged_review_keeps_its_dates_and_ratings_and_loses_every_text(client, old, coordinator):
    fingerprint = old.fingerprint
    assert SourceLink.objects.filter(document_kind="visits.functioningreview", document_id=old.pk).exists()
    purge_visits(TODAY)
    assert purge_visits(TODAY).reviews == ()
    old.refresh_from_db()
    assert (old.summary, old.director_opinion, old.document, old.fingerprint) == ("", "", None, fingerprint)
    assert (old.status, old.head_opinion) == ("validated", "Texte effacé au terme de sa conservation")
    assert set(old.items.values_list("rating", flat=True)) == {"acquired"}
    rows = old.items.values_list("proposal", "comment", "reason", "previous_text", "facts")
    assert {(*texts, str(facts)) for *texts, facts in rows} == {("", "", "", "", "{}")}
    assert not SourceLink.objects.filter(document_kind="visits.functioningreview", document_id=old.pk).exists()
    assert not SearchEntry.objects.filter(subject="visits.functioningreview", object_id=old.pk).exists()
    paper = PurgeCertificate.objects.get(kind="review")
    assert (paper.reference, paper.closed_on, paper.kept_until) == (f"AF-{old.pk}", OVER, DAY(2026, 3, 16))
    assert JournalEntry.objects.about(old).filter(verb="analyse purgée").count() == 1
    client.force_login(coordinator)
    page = client.get(old.get_absolute_url()).content.decode()
    assert "Analyse effacée" in page
    assert "Une équipe stable" not in page
    assert client.get(reverse("visits:review_pdf", args=[old.pk])).status_code == 404


def test_a_closed_review_moves_for_its_certificate_only(old):
    reviews, rows = FunctioningReview.objects.filter(pk=old.pk), ReviewItem.objects.filter(review=old)
    for change in (
        lambda: reviews.update(summary=""),
        lambda: reviews.update(document=None),
        lambda: reviews.update(document=None, purged_at=old.validated_at),
        lambda: rows.update(proposal=""),
        lambda: rows.update(comment="", reason=""),
        lambda: rows.update(facts={}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_review_not_finished_cited_by_an_action_or_under_control_is_kept_and_said(creche, coordinator, old):
    inspection = entered(creche, coordinator)
    assert [why for row, why in due(TODAY).held if row == old] == ["un contrôle de l’établissement n’est pas clos"]
    inspection.close(by=coordinator)
    assert due(TODAY).held == ()
    following = old.following
    closed(creche, None)
    following.open(by=coordinator)
    raise_action(following, by=coordinator, title="Revoir le repas", due_on=TODAY)
    type(creche).objects.filter(pk=creche.pk).update(closed_on=OVER)
    found = purge_visits(TODAY)
    assert [row.pk for row in found.reviews] == [old.pk]
    assert [why for row, why in found.held if row == following] == ["elle n’est pas validée"]
    assert following.items.exclude(previous_text="").exists()


def test_a_plan_still_followed_keeps_its_review(creche, coordinator, director, pole_head, today):
    review = opened(lived(creche, coordinator), coordinator)
    raise_action(review, by=coordinator, title="Revoir le repas", due_on=TODAY)
    review.items.update(rating="acquired")
    review.summary = "Une équipe stable."
    review.save()
    review.finish_draft(by=coordinator)
    review.share(by=coordinator)
    review.answer(by=director, opinion="Oui.")
    review.validate(by=pole_head, opinion="Validée.")
    type(creche).objects.filter(pk=creche.pk).update(opened_on=DAY(2000, 1, 1), closed_on=OVER)
    assert [why for row, why in due(TODAY).held if row == review] == ["une action de son plan est encore suivie"]


def test_a_review_never_opened_says_nothing_and_leaves_no_certificate(creche, today):
    scheduled(creche, due_on=DUE)
    closed(creche)
    assert purge_visits(TODAY).reviews == ()


def test_a_purged_double_rating_keeps_its_ratings_and_loses_what_was_seen_and_noted(settled):
    purge_visits(TODAY)
    assert purge_visits(TODAY).doubles == ()
    assert not settled.points.exclude(fact="", reason="").exists()
    answers = DoubleAnswer.objects.filter(point__double=settled)
    assert not answers.exclude(note="").exists()
    assert sorted(answers.values_list("rating", flat=True)) == ["acquired", "acquired", "acquired", "strength"]
    assert PurgeCertificate.objects.get(kind="double").reference == f"DC-{settled.pk}"
    assert JournalEntry.objects.about(settled).filter(verb="double cotation purgée").count() == 1


def test_a_double_rating_moves_for_its_certificate_only_and_waits_for_its_end(settled):
    for change in (
        lambda: settled.points.update(fact="Autre chose"),
        lambda: settled.points.update(reason=""),
        lambda: DoubleAnswer.objects.filter(point__double=settled).update(note=""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    DoubleRating.objects.filter(pk=settled.pk).update(status="compared", settled_by=None, settled_at=None)
    found = purge_visits(TODAY)
    assert [why for row, why in found.held if row == settled] == ["elle n’est ni concertée ni abandonnée"]
    assert found.doubles == ()


def test_a_dry_run_names_reviews_and_double_ratings_and_writes_nothing(old, settled):
    said = io.StringIO()
    call_command("purge_visits", "--dry-run", stdout=said)
    assert f"analyse AF-{old.pk}, " in said.getvalue()
    assert f"double cotation DC-{settled.pk}, " in said.getvalue()
    assert "1 analyse, 1 double cotation" in said.getvalue()
    assert not PurgeCertificate.objects.exists()
    call_command("purge_visits", stdout=said)
    assert PurgeCertificate.objects.filter(kind__in=["review", "double"]).count() == 2
