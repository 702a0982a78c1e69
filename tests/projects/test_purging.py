"""What the network writes is kept its time and not a day more; a line says so, what is open is never erased."""

import datetime
from io import StringIO

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.models import SearchEntry
from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from projects.meeting_steps import hold, publish
from projects.minutes_writing import write
from projects.models import (
    ActionItem,
    Attendance,
    Decision,
    Meeting,
    OrderAddressee,
    OrderDocument,
    ServiceOrder,
    ServiceRequest,
    WatchNotice,
)
from projects.purging import purge_all
from projects.recurring import purge_network
from projects.retention import PURGED, YEARS, kept_until, over_before
from projects.searching import meetings as meeting_search
from projects.searching import requests as request_search
from tests.factories import TODAY
from tests.projects.factories import RequestFactory
from tests.projects.meeting_factories import MeetingFactory, SeriesFactory, SubjectFactory

pytestmark = pytest.mark.usefixtures("today")
DAY = datetime.timedelta(days=1)
NOTHING = dict.fromkeys(("request", "order", "meeting", "reading"), 0)
TEXT = "décision : fermer à 18 h le vendredi\naction : @alice afficher le protocole avant le 30 avril"


def last_day(kind):
    """The last day on which what was over today is kept."""
    return kept_until(kind, TODAY)


def erase(kind):
    """The day after: how many of this kind."""
    return purge_all(last_day(kind) + DAY)[kind]


@pytest.fixture
def question(creche, coordinator, director):
    row = RequestFactory(establishment=creche, text="Le portail", asked_by=director, owner=coordinator)
    row.reply(by=coordinator, answer="Demain.")
    row.close(by=director)
    return row


@pytest.fixture
def order(direction, pole, central, settings):
    row = ServiceOrder(territory=direction, title="Recenser les lits", due_on=TODAY)
    row.prepare(by=central, places=[pole])
    given = {"filename": "note.pdf", "content_type": "application/pdf", "size": 1, "digest": "0" * 64}
    OrderDocument.objects.create(order=row, uploaded_by=central, file=ContentFile(b"x", name="note.pdf"), **given)
    ServiceOrder.objects.filter(pk=row.pk).update(status="closed", sent_by=central, sent_on=TODAY)
    return row


@pytest.fixture
def meeting(creche, sector, director, coordinator):
    series = SeriesFactory(territory=sector, people=[director, coordinator])
    row = MeetingFactory(series=series, held_on=TODAY, place="Salle du pôle", created_by=coordinator)
    SubjectFactory(series=series, meeting=row, title="Le plan canicule", detail="Les stores", sponsor=director)
    write(row, TEXT, by=coordinator, seen=1)
    row.attend({director.pk: "excused"}, by=coordinator, guests="Mme Aubry")
    hold(row, by=coordinator)
    publish(row, by=coordinator)
    Decision.objects.get().apply(by=coordinator, text="Vu")
    return Meeting.objects.get(pk=row.pk)


@pytest.fixture
def notice(creche, sector, pole_head, director):
    row = WatchNotice(territory=sector, title="Décret", text="Ce qui change.", source="JO", source_on=TODAY)
    row.prepare(by=pole_head)
    row.publish(by=pole_head)
    row.acknowledge([creche], by=director)
    return row


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2060, 12, 31)), st.sampled_from(sorted(YEARS)))
def test_the_first_day_without_a_row_follows_the_last_day_it_is_kept(since, kind):
    last = kept_until(kind, since)
    assert not since < over_before(kind, last)
    assert since < over_before(kind, last + 2 * DAY)  # a 29 February is kept until the 28th, read one day later


@pytest.mark.parametrize("kind", ["request", "order", "meeting", "reading"])
def test_each_is_kept_to_its_last_day_and_erased_the_day_after(kind, question, order, meeting, notice):
    before = JournalEntry.objects.count()
    for day in (last_day(kind) - DAY, last_day(kind)):
        assert purge_all(day, dry_run=True)[kind] == 0
    after = last_day(kind) + DAY
    assert purge_all(after, dry_run=True)[kind] == 1
    assert JournalEntry.objects.count() == before
    told = purge_all(after)
    assert told[kind] == 1
    assert JournalEntry.objects.count() == before + sum(told.values())
    assert purge_all(after) == NOTHING


def test_a_question_keeps_its_dates_and_loses_its_texts(client, question, director):
    assert erase("request") == 1
    question.refresh_from_db()
    assert (question.title, question.text, question.answer, question.owner) == (PURGED, "", "", None)
    assert (question.status, question.answered_on) == ("closed", TODAY)
    assert not SearchEntry.objects.filter(subject=request_search.SUBJECT).exists()
    assert list(request_search.documents()) == []
    client.force_login(director)
    page = client.get(question.get_absolute_url())
    assert page.status_code == 200
    assert "portail" not in page.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRequest.objects.filter(pk=question.pk).update(title="Autre")


def test_an_answer_that_nobody_closed_is_erased_and_contested_no_more(creche, coordinator, director):
    row = RequestFactory(establishment=creche, asked_by=director, owner=coordinator)
    row.reply(by=coordinator, answer="Demain.")
    assert erase("request") == 1
    row.refresh_from_db()
    with pytest.raises(TransitionRefused):
        row.contest(by=director, text="Et après ?")


def test_an_order_goes_whole_with_its_file(order, django_capture_on_commit_callbacks):
    document = order.documents.get()
    storage, name = document.file.storage, document.file.name
    with django_capture_on_commit_callbacks(execute=True):
        assert erase("order") == 1
    assert not ServiceOrder.objects.exists()
    assert not OrderAddressee.objects.exists()
    assert not storage.exists(name)
    line = JournalEntry.objects.filter(verb="commande purgée").get()
    assert (line.subject, line.actor) == (PURGED, None)


def test_minutes_lose_their_words_and_their_people_and_their_actions_stay(client, meeting, director):
    assert SearchEntry.objects.filter(subject=meeting_search.SUBJECT).exists()
    assert erase("meeting") == 1
    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.guests, meeting.place, meeting.status) == ("", "", "", "published")
    assert (Decision.objects.get().text, Decision.objects.get().note) == (PURGED, "")
    assert {line.text for line in meeting.lines.all()} == {PURGED}
    assert (meeting.subjects.get().title, meeting.subjects.get().sponsor) == (PURGED, None)
    assert not Attendance.objects.exists()
    assert ActionItem.objects.get().title == "Afficher le protocole"
    assert not SearchEntry.objects.filter(subject__in=["projects.meeting", "projects.decision"]).exists()
    client.force_login(director)
    text = client.get(meeting.get_absolute_url()).content.decode()
    assert "canicule" not in text
    assert "vendredi" not in text


def test_a_reading_forgets_who_and_the_house_read_it_all_the_same(client, notice, creche, pole_head):
    assert erase("reading") == 1
    assert notice.readings.get().read_by is None
    assert not notice.unread(TODAY).exists()
    client.force_login(pole_head)
    for page in ("", "note.pdf"):
        assert client.get(f"{notice.get_absolute_url()}{page}").status_code == 200


def test_what_is_open_is_never_erased(creche, coordinator, meeting, order, central):
    RequestFactory(establishment=creche, asked_by=coordinator)
    ServiceOrder.objects.filter(pk=order.pk).update(status="sent")
    Decision.objects.get().reopen(by=coordinator)
    assert purge_all(datetime.date(2060, 1, 1)) == NOTHING


def test_minutes_erased_are_written_no_more(meeting, coordinator, sector):
    other = MeetingFactory(series=meeting.series, held_on=TODAY - DAY, created_by=coordinator)
    Meeting.objects.filter(pk=other.pk).update(held_on=over_before("meeting", TODAY) - DAY)
    assert purge_all(TODAY)["meeting"] == 1
    for act in (
        lambda: write(other, "Autre", by=coordinator, seen=1),
        lambda: other.attend({}, by=coordinator),
        lambda: Meeting.objects.get(pk=other.pk).keep(by=coordinator),
    ):
        with pytest.raises(TransitionRefused):
            act()


def test_the_daily_job_and_the_command_do_the_same(question, order):
    said = StringIO()
    with time_machine.travel(datetime.datetime.combine(last_day("request") + DAY, datetime.time(9)), tick=False):
        call_command("purge_projects", "--dry-run", stdout=said)
        question.refresh_from_db()
        assert question.purged_at is None
        purge_network.call()
        question.refresh_from_db()
        assert question.purged_at is not None
        call_command("purge_projects", stdout=said)
    assert said.getvalue().count("À effacer : 1") == 2
    assert said.getvalue().count("Effacé : 0") == 4
