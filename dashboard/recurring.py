import datetime

from django.utils import timezone
from django_tasks import task

from core.scheduler import Recurring


@task()
def write_weekly_reports():
    """Draft the CRAs on Thursday, remind their authors from Friday on (once each)."""
    from .weekly.drafting import run

    run(timezone.localdate())


RECURRING = [Recurring("dashboard.write_weekly_reports", write_weekly_reports, datetime.timedelta(hours=6))]
