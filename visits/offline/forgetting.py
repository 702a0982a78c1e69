"""Retention: a change that is written, or that a person has settled, is forgotten after a while; the others stay."""

import datetime

from visits.models import FieldChange

# A device that sends it again later than that is shown two texts, and loses none.
KEPT = datetime.timedelta(days=90)


def forget_settled(now):
    """How many changes were forgotten."""
    return FieldChange.objects.filter(settled_at__lt=now - KEPT).delete()[0]
