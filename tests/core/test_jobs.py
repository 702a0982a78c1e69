import datetime

import pytest
from django.core import mail
from django.utils import timezone

from core.jobs import JobStopped, Progress, mark_read, notify, send_notification
from core.models import Job, Notification
from core.recurring import forget_old_rows
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_one_event_tells_each_person_once(django_capture_on_commit_callbacks):
    people = [UserFactory(), UserFactory()]
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            notify(people, event="visite-12-transmise", title="Compte rendu transmis", url="/taches/12/")
    assert Notification.objects.count() == len(mail.outbox) == 2
    assert mail.outbox[0].body.endswith("/taches/12/")


def test_nothing_is_mailed_before_the_commit_nor_after_a_rollback(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        notify([UserFactory()], event="e", title="t")
    assert mail.outbox == []


def test_a_notification_read_meanwhile_is_not_mailed():
    row = Notification.objects.create(user=UserFactory(), event="e", title="t", read_at=timezone.now())
    send_notification.func(row.pk)
    assert mail.outbox == []


def test_a_notification_is_mailed_once_even_when_the_job_runs_twice():
    row = Notification.objects.create(user=UserFactory(), event="e", title="t")
    send_notification.func(row.pk)
    send_notification.func(row.pk)
    assert len(mail.outbox) == 1


def test_opening_the_object_reads_its_notifications():
    user = UserFactory()
    Notification.objects.create(user=user, event="e", title="t", url="/visites/1/")
    Notification.objects.create(user=user, event="f", title="t", url="/visites/2/")
    mark_read(user, "/visites/1/")
    assert [n.url for n in user.notifications.unread()] == ["/visites/2/"]


def test_a_job_shows_its_progress_and_stops_when_asked():
    job = Job.objects.create(owner=UserFactory(), label="Import")
    progress = Progress(job, 100, step=10)
    progress.advance(10)
    job.refresh_from_db()
    assert (job.status, job.done, job.total) == (Job.Status.RUNNING, 10, 100)
    Job.objects.filter(pk=job.pk).update(stop_requested=True)
    with pytest.raises(JobStopped):
        progress.advance(20)


def test_read_notifications_are_forgotten_after_a_year():
    old = timezone.now() - datetime.timedelta(days=400)
    user = UserFactory()
    Notification.objects.create(user=user, event="old", title="t", read_at=old)
    Notification.objects.create(user=user, event="unread", title="t", created_at=old)
    forget_old_rows.func()
    assert [n.event for n in user.notifications.all()] == ["unread"]
