import datetime

from django.utils import timezone
from django_tasks import task

from core.scheduler import Recurring

from .models import Appraisal, PoolProposal, StaffImport
from .posts.steps import purge_meetings

PROPOSALS_KEPT = datetime.timedelta(days=30)
IMPORTS_KEPT = datetime.timedelta(days=365)


@task()
def purge_appraisals():
    """Retention: erase the texts of the appraisals whose time is over, one by one."""
    for appraisal in Appraisal.objects.to_purge(timezone.localdate()).order_by("pk"):
        appraisal.purge()


@task()
def purge_disciplinary_meetings():
    """Retention: three years after the convocation, nothing remains of a disciplinary meeting but a line."""
    purge_meetings(timezone.localdate())


@task()
def forget_proposals():
    """Retention: a distribution that the planner only proposed is kept thirty days."""
    PoolProposal.objects.filter(asked_at__lt=timezone.now() - PROPOSALS_KEPT).delete()


@task()
def forget_imports():
    """Retention: what the agents were before and after a file is kept one year; it cannot be taken back after that."""
    StaffImport.objects.filter(imported_at__lt=timezone.now() - IMPORTS_KEPT).delete()


RECURRING = [
    Recurring("staffing.purge_disciplinary_meetings", purge_disciplinary_meetings, datetime.timedelta(days=1)),
    Recurring("staffing.purge_appraisals", purge_appraisals, datetime.timedelta(days=1)),
    Recurring("staffing.forget_proposals", forget_proposals, datetime.timedelta(days=1)),
    Recurring("staffing.forget_imports", forget_imports, datetime.timedelta(days=1)),
]
