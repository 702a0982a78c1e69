"""An appraisal, taken as far as a test needs it."""

import datetime
import uuid

from staffing.models import Appraisal, AppraisalObjective
from tests.factories import TODAY

NOTICE = datetime.timedelta(days=8)


def convened(establishment, person, by, *, year=2026, meeting_on=TODAY + NOTICE):
    row = Appraisal(
        establishment=establishment, person=person, year=year, meeting_on=meeting_on, client_uuid=uuid.uuid4()
    )
    return row.convene(by=by)


def held(establishment, person, by, report="", **given):
    """Convened three weeks ago, held five days ago."""
    row = convened(establishment, person, by, **given)
    Appraisal.objects.filter(pk=row.pk).update(convened_on=TODAY - datetime.timedelta(days=21))
    row.refresh_from_db()
    row.hold(TODAY - datetime.timedelta(days=5), by=by)
    if report:
        row.write(report, version=0, by=by)
    return row


def notified(establishment, person, by, report="Une année posée.", **given):
    row = held(establishment, person, by, report, **given)
    row.notify_report(by=by)
    return row


def objective(row, by, text="Conduire le projet d’accueil"):
    made = AppraisalObjective(client_uuid=uuid.uuid4())
    made.text = text
    return row.add_objective(made, by=by)
