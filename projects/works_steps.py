"""The steps of some works that a button takes; scheduling and the reopening list have their own forms."""

from establishments import works as rules
from establishments.models import Capability, WorksPeriod

from .stepping import Step

Status = WorksPeriod.Status
DECIDE = Capability.DECIDE_PROJECT

STEPS = {
    "start": Step(
        label="Commencer",
        capability=DECIDE,
        start=(Status.DECIDED,),
        consequence="Dès lors, les places retirées ne reviennent que par la réouverture.",
        said="Travaux commencés.",
    ),
    "extend": Step(
        label="Prolonger",
        capability=DECIDE,
        start=(Status.IN_PROGRESS,),
        consequence="La fin prévue recule\u202f; les places restent retirées.",
        said="Fin prévue reculée.",
        day="Nouvelle fin prévue",
    ),
    "reopen": Step(
        label="Rouvrir",
        capability=DECIDE,
        start=(Status.IN_PROGRESS,),
        consequence="Chaque point de la liste doit être fait. Les places reviennent ce jour-là, dans les taux aussi.",
        said="Places rendues.",
        day="Les enfants reviennent le",
    ),
    "finish": Step(
        label="Terminer",
        capability=DECIDE,
        start=(Status.IN_PROGRESS,),
        consequence="Ces travaux n’ont retiré aucune place\u00a0: il n’y a rien à rouvrir.",
        said="Travaux terminés.",
    ),
    "refuse": Step(
        label="Ne pas retenir",
        capability=DECIDE,
        start=(Status.NEEDED,),
        consequence="Le besoin sera clos, avec votre raison.",
        said="Besoin non retenu.",
        text="Pourquoi",
        tone="alert",
    ),
    "cancel": Step(
        label="Annuler",
        capability=DECIDE,
        start=(Status.NEEDED, Status.DECIDED),
        consequence="Aucune place ne sera retirée.",
        said="Travaux annulés.",
        text="Pourquoi",
        tone="alert",
    ),
}
RULES = {name: getattr(rules, name) for name in STEPS}


def fitting(works, steps):
    """Without the steps that cannot be: works that took no place finish, the others reopen."""
    unfit = {"finish"} if works.withdraws else {"reopen"}
    return {name: step for name, step in steps.items() if name not in unfit}
