"""The steps of an order, and those of each of its addressees."""

from establishments.models import Capability

from .models import OrderAddressee, ServiceOrder
from .stepping import Step

Order, Line = ServiceOrder.Status, OrderAddressee.Status
GIVE, CARRY = Capability.GIVE_ORDERS, Capability.CARRY_ORDERS

ORDER = {
    "send": Step(
        label="Envoyer",
        capability=GIVE,
        start=(Order.DRAFT,),
        consequence="Chaque destinataire est prévenu et doit accuser réception. La commande ne se modifiera plus.",
        said="Commande envoyée.",
        text="Pourquoi malgré un conflit de dates",
        optional=True,
    ),
    "close": Step(
        label="Clore",
        capability=GIVE,
        start=(Order.SENT,),
        consequence="Le suivi s’arrête\u202f; ce que chacun a dit reste.",
        said="Commande close.",
    ),
    "withdraw": Step(
        label="Retirer",
        capability=GIVE,
        start=(Order.DRAFT, Order.SENT),
        consequence="Les destinataires n’ont plus rien à faire. Elle reste dans le registre.",
        said="Commande retirée.",
        text="Pourquoi",
        tone="alert",
    ),
}
ADDRESSEE = {
    "acknowledge": Step(
        label="Accuser réception",
        capability=CARRY,
        start=(Line.UNSEEN,),
        consequence="Les directions voient que la commande est reçue.",
        said="Réception accusée.",
    ),
    "start": Step(
        label="Commencer",
        capability=CARRY,
        start=(Line.UNSEEN, Line.SEEN),
        consequence="La commande est en cours chez vous.",
        said="Commande en cours.",
        text="Précision",
        optional=True,
    ),
    "finish": Step(
        label="C’est fait",
        capability=CARRY,
        start=tuple(OrderAddressee.OPEN),
        consequence="La commande est faite pour votre territoire.",
        said="Commande faite.",
        text="Ce qui a été rendu",
        optional=True,
    ),
    "refuse": Step(
        label="C’est impossible",
        capability=CARRY,
        start=tuple(OrderAddressee.OPEN),
        consequence="Les directions verront votre raison.",
        said="Réponse enregistrée.",
        text="Pourquoi",
        tone="alert",
    ),
}
