"""Visits end ten years after their house closed, plans after a year; what is leant on is kept."""

import datetime
import io

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.models import SearchEntry
from establishments.models import JournalEntry
from tests.visits.controls import entered
from tests.visits.factories import ActionFactory
from visits import retention
from visits.models import (
    ActionCheck,
    BusyPeriod,
    CalendarFeed,
    FunctioningReview,
    PurgeCertificate,
    Remark,
    TourPlan,
    VisitAttachment,
    VisitResponse,
)
from visits.search import index_visit
from visits.visit_purging import due, purge_visits

pytestmark = pytest.mark.usefixtures("today")
DAY = datetime.date
TODAY = DAY(2026, 3, 17)
OVER, LAST = DAY(2016, 3, 16), DAY(2016, 3, 17)  # ten years and a day; ten years


@pytest.fixture
def old(visit, creche, coordinator, director, tmp_path, settings):
    """A validated report with a remark and a photograph, of a house closed for ten years and a day."""
    settings.MEDIA_ROOT = tmp_path
    piece = VisitAttachment(
        visit=visit, filename="entree.jpg", content_type="image/jpeg", size=3, digest="a" * 64, uploaded_by=coordinator
    )
    piece.key = visit.client_uuid
    piece.file.save("entree.jpg", ContentFile(b"abc"))
    visit.share(by=coordinator)
    visit.answer(by=director, remark="Il manque une armoire.")
    for remark in visit.remarks.all():
        remark.accept(by=coordinator)
    visit.validate_report(by=coordinator)
    index_visit(visit)
    closed(creche, OVER)
    ActionFactory._meta.model.objects.update(
        status="abandoned", abandon_reason="Maison fermée", closed_by=coordinator, closed_at=visit.validated_at
    )
    visit.refresh_from_db()
    return visit


def closed(creche, day):
    type(creche).objects.filter(pk=creche.pk).update(opened_on=DAY(2000, 1, 1), closed_on=day)


@pytest.mark.parametrize(("closed_on", "purged"), [(DAY(2016, 3, 18), 0), (LAST, 0), (OVER, 1)])
def test_a_visit_is_kept_ten_years_after_its_house_closed_and_not_a_day_more(old, creche, closed_on, purged):
    closed(creche, closed_on)
    assert len(purge_visits(TODAY).visits) == purged
    assert PurgeCertificate.objects.filter(kind="visit").count() == purged


def test_the_visits_of_a_house_that_lives_are_never_purged(old, creche):
    closed(creche, None)
    assert due(DAY(2090, 1, 1)).visits == ()


def test_a_purged_visit_keeps_its_dates_and_ratings_and_loses_every_text_and_file(
    old, creche, django_capture_on_commit_callbacks
):
    file = old.attachments.get().file
    before = [row.rating for row in old.observations.order_by("pk")]
    assert any(row.fact for row in old.observations.all())
    with django_capture_on_commit_callbacks(execute=True):
        purge_visits(TODAY)
    assert purge_visits(TODAY).visits == ()
    old.refresh_from_db()
    assert (old.summary, old.interview, old.decisions, old.context_note, old.directing, old.facts) == (*[""] * 5, None)
    assert (old.report_status, old.visited_on, [row.rating for row in old.observations.order_by("pk")]) == (
        "validated",
        DAY(2026, 3, 10),
        before,
    )
    assert not any(row.fact or row.appreciation for row in old.observations.all())
    assert not any(row.note for row in ActionCheck.objects.filter(visit=old))
    for model in (Remark, VisitResponse, VisitAttachment):
        assert not model.objects.filter(visit=old).exists()
    assert not file.storage.exists(file.name)
    assert not SearchEntry.objects.filter(subject="visits.visit", object_id=old.pk).exists()
    paper = PurgeCertificate.objects.get()
    assert (paper.reference, paper.closed_on, paper.kept_until) == (f"VI-{old.pk}", OVER, DAY(2026, 3, 16))
    assert JournalEntry.objects.about(old).filter(verb="visite purgée").count() == 1


def test_a_validated_report_moves_for_its_certificate_only(old):
    for change in (
        lambda: type(old).objects.filter(pk=old.pk).update(summary=""),
        lambda: old.observations.update(fact=""),
        lambda: old.attachments.all().delete(),
        lambda: old.remarks.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_what_an_open_action_review_or_inspection_leans_on_is_kept_and_said(old, creche, coordinator):
    ActionFactory(establishment=creche)
    assert [visit.pk for visit in due(TODAY).visits] == [old.pk]  # the open action of the house cites no visit
    inspection = entered(creche, coordinator)
    ((kept, why),) = purge_visits(TODAY).held
    assert (kept.pk, why) == (old.pk, "un contrôle de l’établissement n’est pas clos")
    inspection.close(by=coordinator)
    assert due(TODAY).held == ()
    seen = old.checks.first()
    type(seen.action).objects.filter(pk=seen.action_id).update(
        status="in_progress", abandon_reason="", closed_by=None, closed_at=None, declared_by=None, declared_at=None
    )
    assert "action" in purge_visits(TODAY).held[0][1]
    assert PurgeCertificate.objects.count() == 0


@pytest.mark.parametrize(("until", "kept"), [(DAY(2026, 3, 9), 0), (DAY(2026, 3, 10), 1)])
def test_a_review_under_way_keeps_the_visits_of_its_period(old, creche, coordinator, until, kept):
    opened = {"opened_by": coordinator, "opened_at": old.validated_at, "status": "preparing"}
    FunctioningReview.objects.create(establishment=creche, due_on=TODAY, since=DAY(2024, 3, 1), until=until, **opened)
    held = purge_visits(TODAY).held
    reasons = [why for row, why in held if row == old]
    assert reasons == ["une analyse de fonctionnement en cours s’appuie sur elle"] * kept


def test_the_page_of_a_visit_says_that_it_is_kept_past_its_time_or_erased(client, old, creche, coordinator):
    client.force_login(coordinator)
    inspection = entered(creche, coordinator)
    assert "Conservée au-delà de son terme" in client.get(old.get_absolute_url()).content.decode()
    inspection.close(by=coordinator)
    assert "Conservée au-delà" not in client.get(old.get_absolute_url()).content.decode()
    purge_visits(TODAY)
    page = client.get(old.get_absolute_url()).content.decode()
    assert "Compte rendu effacé" in page
    assert "Une équipe posée" not in page
    assert client.get(reverse("visits:report_pdf", args=[old.pk])).status_code == 404


def test_a_dry_run_says_everything_and_writes_nothing(old, creche, coordinator):
    said = io.StringIO()
    call_command("purge_visits", "--dry-run", stdout=said)
    assert f"VI-{old.pk}" in said.getvalue()
    assert "à effacer\u00a0: 1 visite" in said.getvalue()
    old.refresh_from_db()
    assert old.purged_at is None
    entered(creche, coordinator)
    call_command("purge_visits", stdout=said)
    assert "gardée" in said.getvalue()
    assert "effacé\u00a0: 0 visite" in said.getvalue()
    assert PurgeCertificate.objects.count() == 0


@pytest.mark.parametrize(("ended", "gone"), [(DAY(2025, 3, 18), 0), (DAY(2025, 3, 17), 0), (DAY(2025, 3, 16), 1)])
def test_tours_and_days_not_free_are_kept_a_year(coordinator, ended, gone):
    starts = ended - datetime.timedelta(weeks=TourPlan.WEEKS) + datetime.timedelta(days=1)
    TourPlan.objects.create(owner=coordinator, starts_on=starts, status="proposed")
    BusyPeriod.objects.create(person=coordinator, starts_on=ended, ends_on=ended)
    purge_visits(TODAY)
    assert (1 - TourPlan.objects.count(), 1 - BusyPeriod.objects.count()) == (gone, gone)
    assert JournalEntry.objects.filter(verb="tournée purgée").count() == gone


def test_a_tour_that_a_kept_one_takes_up_waits_for_it(coordinator):
    first = TourPlan.objects.create(owner=coordinator, starts_on=DAY(2024, 1, 1), status="dropped")
    second = TourPlan.objects.create(owner=coordinator, starts_on=DAY(2025, 6, 2), status="proposed", revises=first)
    assert due(TODAY).plans == ()
    TourPlan.objects.filter(pk=second.pk).update(starts_on=DAY(2024, 1, 8))
    assert len(purge_visits(TODAY).plans) == 2
    assert not TourPlan.objects.exists()


@pytest.mark.parametrize(("read_on", "gone"), [(DAY(2025, 3, 18), 0), (DAY(2025, 3, 17), 0), (DAY(2025, 3, 16), 1)])
def test_the_address_of_a_calendar_that_nobody_reads_for_a_year_is_revoked(coordinator, read_on, gone):
    feed, token = CalendarFeed.renew(coordinator, "nothing")
    CalendarFeed.objects.filter(pk=feed.pk).update(
        read_on=read_on, created_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    )
    purge_visits(TODAY)
    assert (CalendarFeed.objects.with_token(token) is None) == bool(gone)


def test_the_address_of_a_closed_account_goes_and_one_never_read_counts_from_its_day(coordinator, director):
    CalendarFeed.renew(director, "nothing")
    assert due(TODAY).feeds == ()
    coordinator.is_active = False
    coordinator.save()
    CalendarFeed.renew(coordinator, "nothing")
    assert [row.user for row in purge_visits(TODAY).feeds] == [coordinator]
    assert CalendarFeed.objects.get().user == director


def test_every_object_of_the_room_says_by_which_rule_it_ends():
    room = {model._meta.model_name for model in apps.get_app_config("visits").get_models()}
    assert room == set(retention.OBJECTS)
