"""The steps of what is led in a territory: transversal projects, local actions, events."""

from establishments.models import Capability

from .models import LocalAction, NetworkEvent, TransversalProject
from .stepping import Step

Transversal, Local, Event = TransversalProject.Status, LocalAction.Status, NetworkEvent.Status
STEER, PARTNERS = Capability.STEER_PROJECTS, Capability.MANAGE_PARTNERS

TRANSVERSAL = {
    "launch": Step(
        label="Lancer",
        capability=STEER,
        start=(Transversal.DRAFT,),
        consequence="Les lieux que la règle désigne sont concernés dès maintenant et verront les jalons.",
        said="Projet lancé.",
    ),
    "refresh_houses": Step(
        label="Étendre aux nouveaux lieux",
        capability=STEER,
        start=(Transversal.RUNNING,),
        consequence="Les lieux ouverts ou rattachés depuis, que la règle désigne, s’ajoutent. Aucun ne sort.",
        said="Lieux à jour.",
    ),
    "close": Step(
        label="Terminer",
        capability=STEER,
        start=(Transversal.RUNNING,),
        consequence="Les jalons ne bougeront plus.",
        said="Projet terminé.",
        text="Bilan",
    ),
    "drop": Step(
        label="Abandonner",
        capability=STEER,
        start=(Transversal.DRAFT, Transversal.RUNNING),
        consequence="Le projet sort du suivi, avec votre raison.",
        said="Projet abandonné.",
        text="Pourquoi",
        tone="alert",
    ),
}
LOCAL = {
    "cancel": Step(
        label="Annuler",
        capability=PARTNERS,
        start=(Local.PLANNED,),
        consequence="L’action reste dans l’historique, annulée.",
        said="Action locale annulée.",
        text="Pourquoi",
        tone="alert",
    ),
}
EVENT = {
    "report": Step(
        label="Faire le bilan",
        capability=STEER,
        start=(Event.PLANNED,),
        consequence="L’événement est clos avec son bilan.",
        said="Bilan enregistré.",
        text="Bilan",
    ),
    "cancel": Step(
        label="Annuler",
        capability=STEER,
        start=(Event.PLANNED,),
        consequence="Les agents qui devaient partir restent\u00a0: leurs absences sont retirées.",
        said="Événement annulé.",
        text="Pourquoi",
        tone="alert",
    ),
}
