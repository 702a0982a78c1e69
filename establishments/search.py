"""What a person may find in the texts: the door, applied to the index."""

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

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
SCOPES = {"establishment": (Establishment, SEARCHED), "territory": (Territory, SEARCHED)}
# What is told to everyone who works in a territory or below it asks for this right, and for no other.
AROUND, TOLD = "around", Capability.READ_TRANSMITTED


def search_scope(name, model, capabilities):
    """Let the entries of a room be found by its own door: once, when the applications are ready."""
    SCOPES[name] = (model, capabilities)


def readable_entries(user, on=None) -> QuerySet[SearchEntry]:
    """Entries that `user` may open, each document in the fullest reading she has.

    What she reaches is one set of "scope capability number", asked of the door once and looked up for each entry that
    holds the words: a condition by capability, in one « or », was read again for each of them.
    """
    reached = _reached(user, on)
    entries = SearchEntry.objects.alias(
        asks=_mark(F("scope"), F("capability"), F("scope_id")), fuller=_mark(F("scope"), F("unless"), F("scope_id"))
    )
    read_in_full = ~Q(unless="") & ~Q(unless=F("capability")) & Q(fuller__in=reached)
    return entries.filter(asks__in=reached).exclude(read_in_full)


def _reached(user, on):
    """One column: the marks of all that the user reaches."""
    around = Territory.objects.filter(pk__in=territories_around(user, TOLD, on))
    legs = [_leg(around, AROUND, TOLD)]
    for scope, (model, capabilities) in SCOPES.items():
        legs += [_leg(model.objects.visible_to(user, c, on), scope, c) for c in capabilities]
    return legs[0].union(*legs[1:], all=True)


def _leg(rows, scope, capability):
    return rows.order_by().annotate(mark=_mark(Value(scope), Value(capability.value), F("pk"))).values_list("mark")


def _mark(scope, capability, number):
    """ "establishment view 12"."""
    space = Value(" ")
    return Concat(scope, space, capability, space, Cast(number, CharField()), output_field=CharField())
