"""The pages of the projects as two menus, each leading to the other: an entry is shown to those who may open it."""

from dataclasses import dataclass

from django.urls import reverse

from establishments.context import held_capabilities
from establishments.models import Capability
from establishments.vocabulary import said

READ = Capability.READ_TRANSMITTED
# label, URL name, capability (any of them when several open the page)
SECTIONS = [
    (said("{project.caps}"), "projects:project_list", READ),
    ("Journées pédagogiques", "projects:day_list", READ),
    ("Fermetures", "projects:closure_list", READ),
    ("Travaux", "projects:works_list", READ),
    ("Projets transversaux", "projects:transversal_list", READ),
    ("Actions locales", "projects:local_list", READ),
    ("Partenaires", "projects:partner_list", READ),
    ("Événements", "projects:event_list", READ),
    ("Stages", "projects:trainee_list", READ),
    ("Adoption", "projects:adoption", (Capability.VIEW, Capability.STEER_PROJECTS)),
    ("Vie du réseau", "projects:request_list", READ),
]
# What goes up and down between the field and the directions.
NETWORK = [
    ("Demandes", "projects:request_list", READ),
    ("Commandes", "projects:order_list", Capability.READ_ORDERS),
    ("Arbitrages", "projects:arbitration_list", Capability.PROPOSE_ARBITRATION),
    ("Veille", "projects:watch_list", READ),
    ("Réunions", "projects:meeting_list", Capability.JOIN_MEETINGS),
    ("Décisions", "projects:decision_list", Capability.JOIN_MEETINGS),
    ("Bonnes pratiques", "projects:practice_list", READ),
    ("Projets", "projects:project_list", READ),
]


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    current: bool


def sections(request, current):
    """Entries for the `tabs` component; `current` is the URL name of the page shown."""
    held = held_capabilities(request)
    menu = NETWORK if current in {name for _, name, _ in NETWORK[:-1]} else SECTIONS  # the last leads to the other
    return [Entry(label, reverse(name), name == current) for label, name, needed in menu if _opens(needed, held)]


def _opens(needed, held):
    return bool(held & set(needed)) if isinstance(needed, tuple) else needed in held
