import datetime

from django.utils import timezone
from django_tasks import task

from core.scheduler import Recurring

from .models import Appraisal


@task()
def purge_appraisals():
    """Retention: erase the texts of the appraisals whose time is over, one by one."""
    for appraisal in Appraisal.objects.to_purge(timezone.localdate()).order_by("pk"):
        appraisal.purge()


RECURRING = [
    Recurring("staffing.purge_appraisals", purge_appraisals, datetime.timedelta(days=1)),
]
