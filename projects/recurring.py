"""What runs by itself: each owner is reminded of her own actions, from the state of the moment."""

import datetime
import re

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from core.french import full_date
from core.jobs import notify
from core.scheduler import Recurring

from .models import ActionItem, ServiceRequest, WatchNotice
from .owners import may_read
from .purging import purge_all
from .reminders import AHEAD, is_due, week_key

EVENT = "action-rappel-{pk}-{week}"
REQUEST_WRITTEN = re.compile(r"demande-(\d+)-retard-\d{4}-\d\d-\d\d")
WRITTEN = re.compile(r"action-rappel-(\d+)-\d{4}-S\d\d")


def still_to_remind(action, today):
    """The condition itself: asked when the reminder is written, asked again when its mail leaves."""
    if action is None or action.owner is None or not action.owner.is_active:
        return False
    facts = {"is_open": action.status in action.OPEN, "kind": action.kind, "due_on": action.due_on}
    created_on = timezone.localtime(action.created_at).date()
    return is_due(**facts, created_on=created_on, today=today) and may_read(action.owner, action.place, action.level)


def _locked(pk):
    return ActionItem.objects.select_for_update(of=("self",)).filter(pk=pk).first()


def reminder_still_true(notification):
    """For core.jobs, in the transaction that sends the mail: done or given to somebody else meanwhile, no mail."""
    action = _locked(int(WRITTEN.fullmatch(notification.event)[1]))
    return still_to_remind(action, timezone.localdate()) and action.owner_id == notification.user_id


@task()
def remind_owners():
    """Tell the owner, and nobody else, of what is late or due within a week."""
    today = timezone.localdate()
    candidates = ActionItem.objects.open().filter(owner__isnull=False, due_on__lte=today + AHEAD)
    for pk in candidates.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            action = _locked(pk)
            if still_to_remind(action, today):
                _remind(action, today)


def _remind(action, today):
    late = action.lateness(today)
    notify(
        [action.owner],
        event=EVENT.format(pk=action.pk, week=week_key(today)),
        title="Une action vous attend",
        body=f"{action.title} ({action.place}), attendue le {full_date(action.due_on)}"
        + (f", {late}." if late else "."),
        url=action.get_absolute_url(),
    )


@task()
def recall_requests():
    """Tell the owner of a question once when its delay is over, then her head once (ServiceRequest.escalate)."""
    today = timezone.localdate()
    for request in ServiceRequest.objects.overdue(today).filter(same_as__isnull=True).order_by("pk"):
        if request.owner and request.owner.is_active:
            notify(
                [request.owner],
                event=f"demande-{request.pk}-retard-{request.due_on}",
                title="Une demande attend votre réponse",
                body=f"{request.title} ({request.place}), attendue le {full_date(request.due_on)}.",
                url=request.get_absolute_url(),
            )
        request.escalate(today=today)


@task()
def recall_watch():
    """Remind once those who did not read a notice five working days after it was published."""
    today = timezone.localdate()
    for notice in WatchNotice.objects.to_remind(today).order_by("pk"):
        notice.remind(today=today)


def request_still_late(notification):
    """For core.jobs: answered or given to somebody else meanwhile, no mail."""
    request = ServiceRequest.objects.filter(pk=int(REQUEST_WRITTEN.fullmatch(notification.event)[1])).first()
    return request is not None and request.status in request.OPEN and request.owner_id == notification.user_id


@task()
def purge_network():
    """Retention: erase questions, orders, minutes and names of readers whose time is over, one by one."""
    purge_all(timezone.localdate())


RECURRING = [
    Recurring("projects.purge_network", purge_network, datetime.timedelta(days=1)),
    Recurring("projects.remind_owners", remind_owners, datetime.timedelta(days=1)),
    Recurring("projects.recall_requests", recall_requests, datetime.timedelta(days=1)),
    Recurring("projects.recall_watch", recall_watch, datetime.timedelta(days=1)),
]
