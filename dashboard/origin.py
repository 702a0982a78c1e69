"""Where an action comes from, when its reader may open it: the link is held by the rooms above the actions."""

from dataclasses import dataclass

from django.urls import reverse

from establishments.door import can
from establishments.models import Capability
from projects.models import ActionItem
from visits.models import ActionOrigin, Event, Finding, FunctioningReview, Visit

READ = Capability.READ_TRANSMITTED
# The page of each source, and the right that opens it.
SOURCES = {
    "visit": (Visit, READ),
    "review": (FunctioningReview, READ),
    "event": (Event, Capability.VIEW_EVENTS),
    "finding": (Finding, Capability.VIEW_INSPECTIONS),
}
# What is no single record leads to where it is followed for the house.
FOLLOWED = {
    ActionItem.Origin.INDICATOR: ("indicators:establishment_activity", Capability.VIEW_AGGREGATES),
    ActionItem.Origin.PROJECT: ("projects:establishment_projects", READ),
}


@dataclass(frozen=True)
class Origin:
    """The address of what raised an action and the words of its link."""

    url: str
    label: str


def origin_of(action, user):
    """An Origin, None when nothing opens or the reader may not. At most three queries."""
    if followed := FOLLOWED.get(action.origin_kind):
        name, capability = followed
        house = action.establishment
        if house is None or not can(user, capability, house):
            return None
        return Origin(reverse(name, args=[house.pk]), action.origin_label or str(house))
    held = ActionOrigin.objects.filter(action=action).values(*(f"{source}_id" for source in SOURCES)).first()
    for source, (model, capability) in SOURCES.items() if held else ():
        if pk := held[f"{source}_id"]:
            row = model.objects.visible_to(user, capability).filter(pk=pk).first()
            return Origin(row.get_absolute_url(), action.origin_label or str(row)) if row else None
    return None
