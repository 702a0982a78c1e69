"""What the page, and the sheet on paper, of one event say: duties with their delay, who was told, what was raised."""

from dataclasses import dataclass
from datetime import datetime

from establishments.models import Capability
from projects.models import ActionItem

from .duties import Duty
from .tables import TONES


@dataclass(frozen=True)
class DutyLine:
    """One authority to tell: by when, and when it was done (None: still to do)."""

    duty: Duty
    due_at: datetime
    told_at: datetime | None
    told_by: str
    is_late: bool


def page_of(event, user, now) -> dict:
    """The context of the page; three queries, whatever the number of people told."""
    notices = list(event.notices.select_related("user", "told_by"))
    by_duty = {notice.duty: notice for notice in notices if notice.duty}
    return {
        "event": event,
        "tone": TONES[event.severity],
        "duties": [_duty(duty, event, by_duty.get(duty.key), now) for duty in event.duties],
        "notices": notices,
        "actions": list(raised_by(event, user)),
    }


def _duty(duty, event, notice, now) -> DutyLine:
    due = duty.due_at(event.reported_at)
    told = notice.told_at if notice else None
    return DutyLine(duty, due, told, str(notice.told_by or "") if notice else "", is_late=(told or now) > due)


def raised_by(event, user):
    """The actions that the event raised, for who may read them."""
    actions = ActionItem.objects.visible_to(user, Capability.VIEW_ACTIONS)
    return actions.filter(origin__event=event).select_related("owner")
