import datetime

from django.utils import timezone
from django_tasks import task

from core.scheduler import Recurring


@task()
def write_weekly_reports():
    """Draft the CRAs on Thursday, remind their authors from Friday on (once each)."""
    from .weekly.drafting import run

    run(timezone.localdate())


@task()
def resume_batches():
    """Batches whose worker is gone go on from the paper where it stopped."""
    from .batches.running import resume_asleep

    resume_asleep(timezone.now())


@task()
def forget_batches():
    """Retention: a batch and its files are kept seven days, for who asked for it."""
    from .batches.running import forget

    forget(timezone.now())


RECURRING = [
    Recurring("dashboard.write_weekly_reports", write_weekly_reports, datetime.timedelta(hours=6)),
    Recurring("dashboard.resume_batches", resume_batches, datetime.timedelta(minutes=5)),
    Recurring("dashboard.forget_batches", forget_batches, datetime.timedelta(days=1)),
]
