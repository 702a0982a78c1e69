import datetime

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from . import list_paper
from .models import Digest, Notification, RecurringRun
from .scheduler import Recurring

KEPT = datetime.timedelta(days=365)


@task()
def send_waiting_mail():
    """Mail what could not leave when it was told (mail server away, worker stopped)."""
    from .jobs import send_notification

    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return
    hour_ago = timezone.now() - datetime.timedelta(hours=1)
    waiting = Notification.objects.unread().filter(mailed_at__isnull=True, created_at__lt=hour_ago)
    for pk in waiting.order_by("pk").values_list("pk", flat=True)[:500]:
        send_notification.enqueue(pk)


@task()
def send_daily_mail():
    """One mail a day to those who asked for it, from the morning on."""
    from .notices import send_digests

    send_digests(timezone.now())


@task()
def forget_old_rows():
    """Retention: read notifications, mails of a day and traces of recurring runs are kept one year."""
    limit = timezone.now() - KEPT
    Notification.objects.filter(read_at__lt=limit).delete()
    RecurringRun.objects.filter(due_at__lt=limit).delete()
    Digest.objects.filter(sent_at__lt=limit).delete()


@task()
def forget_results():
    """Retention: the file of a task is kept seven days, for who asked for it."""
    list_paper.forget_results(timezone.now())


RECURRING = [
    Recurring("core.send_waiting_mail", send_waiting_mail, datetime.timedelta(hours=1)),
    Recurring("core.send_daily_mail", send_daily_mail, datetime.timedelta(hours=1)),
    Recurring("core.forget_old_rows", forget_old_rows, datetime.timedelta(days=1)),
    Recurring("core.forget_results", forget_results, datetime.timedelta(days=1)),
]
