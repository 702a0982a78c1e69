"""The steps of a watch notice: en préparation → publiée, or retirée."""

from establishments.models import Capability

from .models import WatchNotice
from .stepping import Step

Status = WatchNotice.Status
PUBLISH = Capability.PUBLISH_WATCH

STEPS = {
    "publish": Step(
        label="Publier",
        capability=PUBLISH,
        start=(Status.DRAFT,),
        consequence="Chaque responsable du territoire est prévenu·e une fois, puis rappelé·e une seule fois.",
        said="Note publiée.",
    ),
    "withdraw": Step(
        label="Retirer",
        capability=PUBLISH,
        start=(Status.DRAFT, Status.PUBLISHED),
        consequence="La note n’est plus à lire. Les lectures restent.",
        said="Note retirée.",
        text="Pourquoi",
        tone="alert",
    ),
}
