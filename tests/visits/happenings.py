"""An event, told as somebody of the house tells it."""

import datetime

from visits.models import Event

MOMENT = datetime.datetime(2026, 3, 16, 9, 30, tzinfo=datetime.UTC)


def told(establishment, by, **facts):
    given = {"family": "building", "severity": 2, "title": "Fuite d’eau au sous-sol", "happened_at": MOMENT, **facts}
    return Event(establishment=establishment, **given).report(by=by)
