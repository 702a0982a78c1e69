"""The circuit of a version: brouillon → proposé → avis → à reprendre or validé → en vigueur → à réviser."""

from establishments.models import Capability
from establishments.vocabulary import said

from .models import EstablishmentProject
from .stepping import Step

Status = EstablishmentProject.Status
PROPOSE, DECIDE = Capability.PROPOSE_PROJECT, Capability.DECIDE_PROJECT

STEPS = {
    "propose": Step(
        label="Proposer",
        capability=PROPOSE,
        start=tuple(EstablishmentProject.WRITABLE),
        consequence="Cette version ne s’écrira plus, sauf si elle revient à reprendre. Un avis sera demandé.",
        said="Version proposée\u00a0: un avis est attendu.",
    ),
    "give_opinion": Step(
        label="Donner un avis",
        capability=DECIDE,
        start=(Status.PROPOSED,),
        consequence=said("{director.cap} {establishment.du} lira votre avis. La validation vient ensuite."),
        said="Avis donné.",
        text="Votre avis",
    ),
    "send_back": Step(
        label="À reprendre",
        capability=DECIDE,
        start=(Status.PROPOSED, Status.REVIEWED),
        consequence="La version redevient modifiable, avec ce que vous demandez.",
        said="Version à reprendre.",
        text="Ce qui est à reprendre",
    ),
    "validate_project": Step(
        label="Valider",
        capability=DECIDE,
        start=(Status.REVIEWED,),
        consequence="Chaque partie exigée par la loi ce jour doit être écrite. Le texte sera figé.",
        said="Version validée\u00a0: son texte est figé.",
    ),
    "enforce": Step(
        label="Mettre en vigueur",
        capability=DECIDE,
        start=(Status.VALIDATED,),
        consequence="La version précédente sera remplacée\u202f; la prochaine révision est attendue dans cinq ans.",
        said="Version en vigueur.",
        day="En vigueur à partir du",
    ),
    "ask_revision": Step(
        label="À réviser",
        capability=DECIDE,
        start=(Status.IN_FORCE,),
        consequence="La version reste en vigueur jusqu’à la suivante\u202f; une nouvelle version est attendue.",
        said="Révision demandée.",
        text="Pourquoi réviser",
    ),
}
