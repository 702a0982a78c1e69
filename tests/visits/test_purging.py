"""Events and inspections are kept ten years after they were closed, then emptied; a certificate remains."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import SearchEntry
from tests.visits.controls import entered, found, looked_at, measured
from tests.visits.happenings import told
from visits.events.search import entries_of as event_entries
from visits.models import Event, EventNotice, FindingCheck, Inspection, PurgeCertificate
from visits.purging import purge_all

pytestmark = pytest.mark.usefixtures("today")
TODAY = datetime.date(2026, 3, 17)
OVER = datetime.datetime(2016, 3, 16, 9, 0, tzinfo=datetime.UTC)  # ten years and a day
KEPT = datetime.datetime(2016, 3, 17, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def event(creche, coordinator, pole_head):
    row = told(creche, coordinator, summary="Tuyau percé", place="sous-sol")
    row.close(by=coordinator, lessons="Tuyau changé.")
    return row


@pytest.fixture
def inspection(creche, coordinator, director, today):
    row = entered(creche, coordinator, reference="PMI-12")
    finding = found(row, coordinator)
    action = measured(finding, coordinator, director)
    action.declare_done(by=director, evidence="Photo")
    action.verify(by=coordinator)
    row.send_answer(by=coordinator, on=today, text="Fait.")
    looked_at(finding, coordinator)
    row.close(by=coordinator)
    return row


def closed_at(row, moment):
    type(row).objects.filter(pk=row.pk).update(closed_at=moment)


def test_nothing_is_purged_on_the_last_day_it_is_kept(event, inspection):
    closed_at(event, KEPT)
    closed_at(inspection, KEPT)
    assert purge_all(TODAY) == 0


def test_an_event_is_emptied_the_day_after_and_leaves_its_dates_and_a_certificate(event):
    closed_at(event, OVER)
    assert EventNotice.objects.filter(event=event).exists()
    assert SearchEntry.objects.filter(subject="visits.event", object_id=event.pk).exists()
    assert (purge_all(TODAY), purge_all(TODAY)) == (1, 0)
    event.refresh_from_db()
    assert (event.summary, event.place, event.lessons) == ("", "", "")
    assert (event.family, event.severity, event.purged_at) == ("building", 2, timezone.now())
    assert "Fuite" not in event.title
    assert not EventNotice.objects.filter(event=event).exists()
    assert not SearchEntry.objects.filter(subject="visits.event", object_id=event.pk).exists()
    assert event_entries(event) == []
    certificate = PurgeCertificate.objects.get()
    assert (certificate.kind, certificate.kept_until) == ("event", datetime.date(2026, 3, 16))


def test_an_inspection_is_emptied_with_its_findings_and_its_actions_stay(inspection):
    closed_at(inspection, OVER)
    assert purge_all(TODAY) == 1
    inspection.refresh_from_db()
    finding = inspection.findings.get()
    assert (inspection.answer, inspection.reference, finding.article) == ("", "", "")
    assert "secours" not in finding.text
    assert (finding.nature, finding.status) == ("injunction", "lifted")
    assert not FindingCheck.objects.exists()
    assert finding.raised.count() == 1
    assert PurgeCertificate.objects.get().reference == f"CT-{inspection.pk}"


def test_what_is_not_closed_is_never_purged(creche, coordinator):
    told(creche, coordinator)
    entered(creche, coordinator)
    assert purge_all(datetime.date(2060, 1, 1)) == 0
    assert Event.objects.count() == Inspection.objects.count() == 1


def test_a_notice_or_a_check_is_frozen_until_what_it_belongs_to_is_purged(event, inspection, pole_head):
    for rows in (EventNotice.objects.filter(event=event), FindingCheck.objects.filter(finding__inspection=inspection)):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.delete()
