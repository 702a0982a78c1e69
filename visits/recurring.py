import datetime

from django.utils import timezone
from django_tasks import task

from core.scheduler import Recurring

from .events.alerts import escalate_all
from .models import SensitiveFile
from .offline.forgetting import forget_settled
from .purging import purge_all
from .visit_purging import purge_visits


@task()
def purge_sensitive_files():
    """Erase the sensitive files whose time is over, one by one; each leaves a certificate."""
    for file in SensitiveFile.objects.to_purge(timezone.localdate()).order_by("pk"):
        file.purge()


@task()
def purge_events_and_inspections():
    """Erase what events and inspections tell once their time is over; each leaves a certificate."""
    purge_all(timezone.localdate())


@task()
def purge_visits_and_plans():
    """Erase what visits and analyses tell once their house is closed for long, and what only served to plan."""
    purge_visits(timezone.localdate())


@task()
def forget_settled_changes():
    """Forget the changes of devices that were written or settled long ago."""
    forget_settled(timezone.now())


@task()
def escalate_alerts():
    """One level up for every alert that nobody took in charge in thirty minutes."""
    escalate_all(timezone.now())


RECURRING = [
    Recurring("visits.escalate_alerts", escalate_alerts, datetime.timedelta(minutes=5)),
    Recurring("visits.purge_sensitive_files", purge_sensitive_files, datetime.timedelta(days=1)),
    Recurring("visits.purge_events_and_inspections", purge_events_and_inspections, datetime.timedelta(days=1)),
    Recurring("visits.purge_visits_and_plans", purge_visits_and_plans, datetime.timedelta(days=1)),
    Recurring("visits.forget_settled_changes", forget_settled_changes, datetime.timedelta(days=1)),
]
