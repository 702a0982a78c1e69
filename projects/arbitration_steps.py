"""The steps of an arbitration: en préparation → proposé → rendu (its own form), or abandonné."""

from establishments.models import Capability

from .models import Arbitration
from .stepping import Step

Status = Arbitration.Status

STEPS = {
    "propose": Step(
        label="Proposer à l’arbitrage",
        capability=Capability.PROPOSE_ARBITRATION,
        start=(Status.DRAFT,),
        consequence="Qui décide pour ce territoire verra la fiche parmi ce qui l’attend.",
        said="Fiche proposée.",
    ),
    "drop": Step(
        label="Abandonner",
        capability=Capability.PROPOSE_ARBITRATION,
        start=(Status.DRAFT, Status.PROPOSED),
        consequence="La question n’est plus posée\u202f; la fiche reste avec votre raison.",
        said="Arbitrage abandonné.",
        text="Pourquoi",
        tone="alert",
    ),
}
