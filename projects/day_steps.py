"""The steps of a pedagogical day: demandée → avis → validée (the day closes) → bilan; refused or cancelled before."""

from establishments.models import Capability

from .models import PedagogicalDay
from .stepping import Step

Status = PedagogicalDay.Status
PROPOSE, DECIDE = Capability.PROPOSE_PROJECT, Capability.DECIDE_PROJECT

STEPS = {
    "advise": Step(
        label="Donner un avis",
        capability=DECIDE,
        start=(Status.REQUESTED,),
        consequence="Votre avis accompagne la demande. La validation vient ensuite.",
        said="Avis donné.",
        text="Votre avis",
    ),
    "validate_day": Step(
        label="Valider",
        capability=DECIDE,
        start=(Status.ADVISED,),
        consequence="Le jour sera fermé au calendrier et sortira des heures autorisées et ouvertes.",
        said="Journée validée\u00a0: elle est au calendrier.",
    ),
    "refuse": Step(
        label="Ne pas retenir",
        capability=DECIDE,
        start=(Status.REQUESTED, Status.ADVISED),
        consequence="La demande sera close, avec votre raison.",
        said="Journée non retenue.",
        text="Pourquoi",
        tone="alert",
    ),
    "cancel": Step(
        label="Annuler",
        capability=PROPOSE,
        start=(Status.REQUESTED, Status.ADVISED, Status.VALIDATED),
        consequence="Le jour redeviendra un jour d’ouverture et les taux le compteront de nouveau.",
        said="Journée annulée.",
        text="Pourquoi",
        tone="alert",
    ),
}
