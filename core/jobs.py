"""Long tasks with progress, notifications, and the mail that follows them through the queue."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from .models import Job, Notification, NotificationChoice
from .notices import is_visible, way_for

CONDITIONS = []  # (pattern of the event, condition): what must still be true when the mail leaves


def tell_only_while(pattern, condition):
    """Mail the events that match only while `condition(notification)` holds, asked in the transaction of the mail."""
    CONDITIONS.append((pattern, condition))


def still_true(row):
    """Whether a notification is still to be told: its conditions hold, and the person may still see its object."""
    return all(condition(row) for pattern, condition in CONDITIONS if pattern.fullmatch(row.event)) and is_visible(row)


@task()
def send_notification(notification_id):
    """Mail one notification, once, from the state of the moment: nothing is sent for what was read meanwhile."""
    with transaction.atomic():
        row = Notification.objects.select_for_update().filter(pk=notification_id).select_related("user").first()
        if row is None or row.mailed_at or row.read_at or not row.user.is_active:
            return
        if way_for(row) != NotificationChoice.Way.NOW:
            return  # the mail of the day tells it, or the page alone
        if not still_true(row):
            row.read_at = timezone.now()  # no longer to be told, by mail or on the page
            row.save(update_fields=["read_at"])
            return
        link = f"{settings.RONDE_BASE_URL}{row.url}" if row.url else ""
        send_mail(row.title, "\n\n".join(filter(None, [row.body, link])), None, [row.user.email])
        row.mailed_at = timezone.now()
        row.save(update_fields=["mailed_at"])


def notify(users, *, event, title, body="", url=""):
    """Tell each person once of one event: `event` is its unique key; mail leaves after the commit, by the queue."""
    for user in users:
        row, created = Notification.objects.get_or_create(
            user=user, event=event, defaults={"title": title[:200], "body": body, "url": url}
        )
        if created:
            transaction.on_commit(lambda pk=row.pk: send_notification.enqueue(pk))


def mark_read(user, url):
    """Opening the object is what reads its notifications."""
    Notification.objects.filter(user=user, url=url, read_at__isnull=True).update(read_at=timezone.now())


class JobStopped(Exception):
    """The owner asked for the stop: the caller rolls back what is not finished."""


class Progress:
    """Writes the advance of a job, at most every `step` items; raises JobStopped when its owner asked for it."""

    def __init__(self, job, total, *, step=25):
        self.job, self.step = job, step
        Job.objects.filter(pk=job.pk).update(status=Job.Status.RUNNING, total=total, done=0)

    def advance(self, done):
        if done % self.step:
            return
        Job.objects.filter(pk=self.job.pk).update(done=done)
        if Job.objects.filter(pk=self.job.pk, stop_requested=True).exists():
            raise JobStopped

    def finish(self, message=""):
        job = Job.objects.get(pk=self.job.pk)
        job.status, job.done, job.message, job.finished_at = Job.Status.DONE, job.total, message, timezone.now()
        job.save()
