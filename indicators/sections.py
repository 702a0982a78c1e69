"""The pages of the indicators beside one another: each a real address, shown to who may open it."""

from django.urls import reverse

from establishments.context import held_capabilities
from establishments.models import Capability
from establishments.tabs import Tab

SECTIONS = [
    ("Vue d’ensemble", "indicators:overview", Capability.VIEW_AGGREGATES),
    ("Saisie du mois", "indicators:activity_grid", Capability.ENTER_ACTIVITY),
    ("Imports", "indicators:import_list", Capability.ENTER_ACTIVITY),
    ("Comparaison", "indicators:comparison", Capability.VIEW_AGGREGATES),
    ("Complétude", "indicators:completeness", Capability.VIEW_AGGREGATES),
    ("Places à attribuer", "indicators:places", Capability.VIEW_AGGREGATES),
    ("Simuler une place", "staffing:admission", Capability.VIEW_AGGREGATES),
    ("Places gelées", "indicators:frozen_places", Capability.VIEW_AGGREGATES),
    ("Heures libres", "indicators:free_hours", Capability.VIEW_AGGREGATES),
    ("Budget", "indicators:budget", Capability.VIEW_AGGREGATES),
    ("Contexte", "indicators:context", Capability.VIEW_AGGREGATES),
]


def sections(request, current):
    """Tabs open to the user; `current` is the URL name of the page shown. No query but that of the mandates."""
    held = held_capabilities(request)
    return [Tab(label, reverse(name), name == current) for label, name, capability in SECTIONS if capability in held]
