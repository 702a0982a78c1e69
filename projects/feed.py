"""What the meetings tell of a person's days: those of the series she is a member of, with their hours."""

from core.feeds import FeedEvent
from core.french import capitalise
from establishments.models import Capability

from .models import Meeting


def feed_events(user, first, last):
    """Meetings called and not cancelled, where she still works."""
    mine = Meeting.objects.visible_to(user, Capability.JOIN_MEETINGS).filter(series__memberships__person=user)
    for meeting in mine.live().filter(held_on__range=(first, last)).select_related("series").order_by("pk"):
        yield FeedEvent(
            key=f"meeting-{meeting.pk}",
            starts=meeting.starts,
            ends=meeting.ends,
            title=meeting.series.title,
            place=meeting.place or meeting.link,
            detail=capitalise(meeting.get_status_display()),
            url=meeting.get_absolute_url(),
        )
