"""The tabs of an establishment's page: each a real URL, shown to those who may open it."""

from dataclasses import dataclass

from django.db.models import CharField, Value

from core.addresses import address
from core.compiled import rows_once

from .models import Capability, Establishment

# label, URL name (rooms above are named, never imported), capability
TABS = [
    ("Synthèse", "establishments:detail", Capability.SUMMARY),
    ("Visites", "visits:establishment_visits", Capability.READ_TRANSMITTED),
    ("Actions", "projects:establishment_actions", Capability.VIEW_ACTIONS),
    ("Projets", "projects:establishment_projects", Capability.READ_TRANSMITTED),
    ("Analyses", "visits:establishment_reviews", Capability.READ_TRANSMITTED),
    ("Événements", "visits:establishment_events", Capability.VIEW_EVENTS),
    ("Contrôles", "visits:establishment_inspections", Capability.VIEW_INSPECTIONS),
    ("Activité", "indicators:establishment_activity", Capability.VIEW_AGGREGATES),
    ("Équipe et congés", "staffing:establishment_team", Capability.VIEW_STAFF),
    ("Autorisation et horaires", "establishments:authorisation", Capability.SUMMARY),
    ("Fermetures", "establishments:calendar", Capability.SUMMARY),
    ("Obligations", "establishments:obligations", Capability.VIEW),
    ("Documents", "establishments:documents", Capability.READ_TRANSMITTED),
    ("Historique", "establishments:history", Capability.VIEW),
]


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


def establishment_tabs(establishment, user, current, held=None):
    """Tabs open to the user, in order; `current` is the URL name of the page shown. One query, none with `held`."""
    held = capabilities_over(establishment, user) if held is None else held
    return [
        Tab(label, address(name, establishment.pk), name == current)
        for label, name, capability in TABS
        if capability in held
    ]


def capabilities_over(establishment, user):
    """Every capability that the user holds over one establishment today, in one query."""
    return set(_held(establishment, user))


@rows_once
def _held(establishment, user):
    wanted = {capability for _, _, capability in TABS}
    queries = [
        Establishment.objects.filter(pk=establishment.pk)
        .order_by()
        .visible_to(user, capability)
        .annotate(held=Value(capability.value, output_field=CharField()))
        .values_list("held", flat=True)
        for capability in sorted(wanted)
    ]
    return queries[0].union(*queries[1:])
