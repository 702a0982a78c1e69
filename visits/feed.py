"""What the visits tell of a person's days: those she makes and her appointments, planned or made."""

import datetime

from django.db.models import Q
from django.utils import timezone

from core.feeds import FeedEvent
from core.french import capitalise
from establishments.models import Capability

from .models import Visit

LENGTH = datetime.timedelta(minutes=150)


def feed_events(user, first, last):
    """Visits of hers in the houses she still goes to; what was cancelled or postponed is not there."""
    within = Q(visited_on__range=(first, last)) | Q(visited_on__isnull=True, planned_on__range=(first, last))
    visits = Visit.objects.visible_to(user, Capability.LOG_VISIT).filter(within, coordinator=user)
    live = visits.filter(status__in=[Visit.Status.PLANNED, Visit.Status.DONE]).while_open()
    for visit in live.select_related("establishment").order_by("pk"):
        starts, ends = _hours(visit)
        house = visit.establishment
        yield FeedEvent(
            key=f"visit-{visit.pk}",
            starts=starts,
            ends=ends,
            title=f"{capitalise(visit.get_kind_display())} — {house.name}",
            place=", ".join(filter(None, [house.name, house.address])),
            detail=capitalise(visit.get_status_display()),
            url=visit.get_absolute_url(),
        )


def _hours(visit):
    """Its hours where they are known, else the whole day."""
    day, at = visit.happens_on, visit.starts_at or visit.planned_at
    if at is None:
        return day, day
    starts = _aware(day, at)
    return starts, _aware(day, visit.ends_at) if visit.starts_at and visit.ends_at else starts + LENGTH


def _aware(day, at):
    return timezone.make_aware(datetime.datetime.combine(day, at))
