"""The steps of a request: posée → prise en charge → relayée → répondue → close; retirée before the answer."""

from establishments.models import Capability

from .models import ServiceRequest
from .stepping import Step

Status = ServiceRequest.Status
ASK, HANDLE = Capability.ASK_REQUEST, Capability.HANDLE_REQUESTS

STEPS = {
    "take": Step(
        label="Prendre en charge",
        capability=HANDLE,
        start=(Status.ASKED, Status.RELAYED),
        consequence="La demande sera chez vous, et vous seul·e serez rappelé·e à son échéance.",
        said="La demande est chez vous.",
    ),
    "ungroup": Step(
        label="Dégrouper",
        capability=HANDLE,
        start=tuple(ServiceRequest.OPEN),
        consequence="Cette demande aura de nouveau sa propre réponse.",
        said="Demande dégroupée.",
        tone="alert",
    ),
    "close": Step(
        label="La réponse convient",
        capability=ASK,
        start=(Status.ANSWERED,),
        consequence="La demande sera close et ne se modifiera plus.",
        said="Demande close.",
    ),
    "contest": Step(
        label="Il manque quelque chose",
        capability=ASK,
        start=(Status.ANSWERED,),
        consequence="Elle revient à qui a répondu, avec un nouveau délai.",
        said="Demande renvoyée.",
        text="Ce qui manque",
        tone="alert",
    ),
    "withdraw": Step(
        label="Retirer",
        capability=ASK,
        start=tuple(ServiceRequest.OPEN),
        consequence="Personne n’y répondra plus. Elle reste dans l’historique.",
        said="Demande retirée.",
        text="Pourquoi",
        tone="alert",
    ),
}
