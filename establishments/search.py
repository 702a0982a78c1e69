"""What a person may find in the texts: the door, applied to the index."""

from django.db.models import Q, QuerySet

from core.models import SearchEntry

from .around import territories_around
from .models import Capability, Establishment, Territory

# The rights an entry may ask for; an entry that asks for another one is found by nobody.
SEARCHED = (
    Capability.SUMMARY,
    Capability.VIEW,
    Capability.READ_TRANSMITTED,
    Capability.VIEW_ACTIONS,
    Capability.VIEW_AGGREGATES,
    Capability.VIEW_EVENTS,
    Capability.VIEW_INSPECTIONS,
    Capability.READ_SYNTHESES,
    Capability.READ_ELECTED,
)
# Those for which a fuller reading of the same document may exist (Entry.unless).
FULLER = SEARCHED[:5]
SCOPES = {"establishment": (Establishment, SEARCHED), "territory": (Territory, SEARCHED)}
# What is told to everyone who works in a territory or below it asks for this right, and for no other.
AROUND, TOLD = "around", Capability.READ_TRANSMITTED


def search_scope(name, model, capabilities):
    """Let the entries of a room be found by its own door: once, when the applications are ready."""
    SCOPES[name] = (model, capabilities)


def readable_entries(user, on=None) -> QuerySet[SearchEntry]:
    """Entries that `user` may open, each document in the fullest reading she has."""
    may_read = Q(scope=AROUND, capability=TOLD, scope_id__in=territories_around(user, TOLD, on))
    for scope, (model, capabilities) in SCOPES.items():
        reached = {c: model.objects.visible_to(user, c, on).order_by().values("pk") for c in capabilities}
        for capability in capabilities:
            entries = Q(scope=scope, capability=capability, scope_id__in=reached[capability])
            for fuller in FULLER:
                if fuller != capability and fuller in reached:
                    entries &= ~Q(unless=fuller, scope_id__in=reached[fuller])
            may_read |= entries
    return SearchEntry.objects.filter(may_read)
