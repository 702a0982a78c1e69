"""The steps of a good practice: proposée → agréée by both sides → publiée; retirée by either."""

from establishments.models import Capability

from .models import GoodPractice
from .models.practices import HOUSE, OBSERVER
from .stepping import Step

Status = GoodPractice.Status
LIVING = (Status.PROPOSED, Status.AGREED, Status.PUBLISHED)
AGREE = {"label": "Agréer", "start": (Status.PROPOSED,), "said": "Bonne pratique agréée de votre côté."}
WITHDRAW = {
    "label": "Retirer",
    "start": LIVING,
    "said": "Bonne pratique retirée.",
    "text": "Pourquoi",
    "tone": "alert",
}
GONE = "La carte n’est plus offerte à personne."

STEPS = {
    "agree_seen": Step(capability=OBSERVER, consequence="Vous confirmez ce qui a été observé.", **AGREE),
    "agree_house": Step(capability=HOUSE, consequence="Vous acceptez que d’autres lieux lisent cette carte.", **AGREE),
    "publish": Step(
        label="Publier",
        capability=Capability.STEER_PROJECTS,
        start=(Status.AGREED,),
        consequence="Tous les lieux de la collectivité pourront la lire et la reprendre.",
        said="Bonne pratique publiée.",
    ),
    "withdraw": Step(capability=OBSERVER, consequence=GONE, **WITHDRAW),
    "withdraw_house": Step(capability=HOUSE, consequence=GONE, **WITHDRAW),
}
RULES = {
    "agree_seen": lambda card, *, by: card.agree(OBSERVER, by=by),
    "agree_house": lambda card, *, by: card.agree(HOUSE, by=by),
    "publish": GoodPractice.publish,
    "withdraw": GoodPractice.withdraw,
    "withdraw_house": GoodPractice.withdraw,
}


def still_useful(card, steps):
    """Without the agreement already given."""
    done = {"agree_seen": card.observer_by_id, "agree_house": card.house_by_id}
    return {name: step for name, step in steps.items() if not done.get(name)}
