"""Told at once, once a day, or on the page only: chosen by each person, judged when the mail leaves."""

import datetime
import re
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse

from core import notices
from core.jobs import notify, send_notification
from core.models import Digest, Notification, NotificationChoice, User
from core.recurring import forget_old_rows
from tests.factories import UserFactory
from tests.visits.factories import VisitFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
EVENT = re.compile(r'event=f"(\w+)-')
SEVEN = datetime.datetime(2026, 3, 17, 6, 30, tzinfo=datetime.UTC)  # 7:30 in Paris
EARLY = datetime.datetime(2026, 3, 17, 4, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def reader(db):
    return UserFactory(last_name="Lectrice")


def choose(user, kind, way):
    NotificationChoice.objects.create(user=user, kind=kind, way=way)


def tell(capture, user, event, **more):
    with capture(execute=True):
        notify([user], event=event, title=f"Titre {event}", **more)


def test_without_a_choice_the_mail_leaves_at_once(reader, django_capture_on_commit_callbacks):
    tell(django_capture_on_commit_callbacks, reader, "weekly-1-sent")
    assert [one.subject for one in mail.outbox] == ["Titre weekly-1-sent"]


def test_a_digest_is_one_mail_a_day_from_seven_o_clock(reader, django_capture_on_commit_callbacks):
    choose(reader, "weekly", "digest")
    choose(reader, "visit", "digest")
    for event in ("weekly-1-sent", "weekly-2-sent", "visit-3-shared"):
        tell(django_capture_on_commit_callbacks, reader, event)
    assert mail.outbox == []
    assert (notices.send_digests(EARLY), notices.send_digests(SEVEN), notices.send_digests(SEVEN)) == (0, 1, 0)
    (message,) = mail.outbox
    assert message.subject == "3 choses à lire, mardi 17 mars 2026"
    assert all(f"Titre {event}" in message.body for event in ("weekly-1-sent", "weekly-2-sent", "visit-3-shared"))
    assert Notification.objects.exclude(mailed_at=None).count() == 3
    tell(django_capture_on_commit_callbacks, reader, "weekly-4-sent")
    assert notices.send_digests(SEVEN) == 0
    assert notices.send_digests(SEVEN + DAY) == 1
    assert "weekly-1-sent" not in mail.outbox[1].body


def test_what_was_read_meanwhile_is_left_out_and_nothing_to_tell_sends_nothing(
    reader, django_capture_on_commit_callbacks
):
    choose(reader, "weekly", "digest")
    tell(django_capture_on_commit_callbacks, reader, "weekly-1-sent")
    Notification.objects.update(read_at=SEVEN)
    assert notices.send_digests(SEVEN) == 0
    assert mail.outbox == []


@pytest.mark.usefixtures("today")
def test_what_she_may_no_longer_see_is_left_out(
    creche, far_creche, coordinator, neighbour, django_capture_on_commit_callbacks
):
    choose(coordinator, "visit", "digest")
    mine = VisitFactory(establishment=creche, coordinator=coordinator)
    theirs = VisitFactory(establishment=far_creche, coordinator=neighbour)
    for visit in (mine, theirs):
        tell(django_capture_on_commit_callbacks, coordinator, f"visit-{visit.pk}-x", url=visit.get_absolute_url())
    assert notices.send_digests(SEVEN) == 1
    assert f"visit-{mine.pk}-x" in mail.outbox[0].body
    assert f"visit-{theirs.pk}-x" not in mail.outbox[0].body
    assert Notification.objects.get(event=f"visit-{theirs.pk}-x").read_at


@pytest.mark.usefixtures("today")
def test_a_mail_of_the_moment_is_judged_the_same_way(
    far_creche, coordinator, neighbour, django_capture_on_commit_callbacks
):
    visit = VisitFactory(establishment=far_creche, coordinator=neighbour)
    tell(django_capture_on_commit_callbacks, coordinator, f"visit-{visit.pk}-x", url=visit.get_absolute_url())
    assert mail.outbox == []


def test_on_the_page_only_never_mails(reader, django_capture_on_commit_callbacks):
    choose(reader, "weekly", "page")
    tell(django_capture_on_commit_callbacks, reader, "weekly-1-sent")
    send_notification.enqueue(Notification.objects.get().pk)
    assert notices.send_digests(SEVEN) == 0
    assert mail.outbox == []
    assert Notification.objects.unread().count() == 1


def test_a_closed_account_gets_no_digest(reader, django_capture_on_commit_callbacks):
    choose(reader, "weekly", "digest")
    tell(django_capture_on_commit_callbacks, reader, "weekly-1-sent")
    User.objects.update(is_active=False)
    assert notices.send_digests(SEVEN) == 0


def test_the_page_keeps_one_choice_a_kind(client, reader):
    client.force_login(reader)
    url = reverse("core:notification_choices")
    typed = dict.fromkeys(notices.KINDS, "now") | {"weekly": "digest", "visit": "page"}
    for _ in range(2):
        assert client.post(url, typed).status_code == 302
    chosen = dict(NotificationChoice.objects.values_list("kind", "way"))
    assert chosen == {"weekly": "digest", "visit": "page"}
    assert client.post(url, typed | {"weekly": "pigeon"}).status_code == 200
    client.post(url, dict.fromkeys(notices.KINDS, "now"))
    assert not NotificationChoice.objects.exists()


def test_mails_of_a_day_are_forgotten_after_a_year(reader):
    Digest.objects.create(user=reader, on=datetime.date(2020, 1, 1), sent_at=SEVEN - 3000 * DAY)
    forget_old_rows.enqueue()
    assert not Digest.objects.exists()


def test_every_event_that_a_room_tells_has_a_kind_that_a_person_may_choose():
    rooms = ("establishments", "indicators", "staffing", "projects", "visits", "dashboard", "core")
    sources = [path.read_text(encoding="utf-8") for room in rooms for path in (ROOT / room).rglob("*.py")]
    told = {kind for text in sources for kind in EVENT.findall(text)}
    assert len(told) > 15
    assert told - set(notices.KINDS) == set()
