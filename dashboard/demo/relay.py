"""What goes up and down the network: questions of the field and their answers."""

from datetime import timedelta

from core.calendar import add_working_days
from projects.models import ServiceRequest

from .world import uuid_of

Status = ServiceRequest.Status
# question, details, working days ago, delay, status, answer
QUESTIONS = [
    ("Qui change la serrure du portail ?", "Elle se bloque depuis la rentrée.", 16, 5, Status.RELAYED, ""),
    ("Serrure du portail : à qui s’adresser ?", "", 3, 5, Status.ASKED, ""),
    ("Combien de jours pour une sortie au parc ?", "Et quel encadrement prévoir ?", 30, 10, Status.ANSWERED,
     "Une déclaration huit jours avant suffit\u202f; l’encadrement des sorties est celui du protocole."),
    ("Peut-on avancer la commande de couches ?", "", 45, 10, Status.CLOSED, "Oui, jusqu’au 10 du mois."),
    ("Quel modèle pour le registre des exercices ?", "", 60, 10, Status.CLOSED,
     "Le modèle du document de sécurité, en ligne sur l’intranet."),
    ("Formation aux gestes d’urgence : prochaines dates ?", "Deux agents à inscrire.", 6, 10, Status.TAKEN, ""),
]  # fmt: skip


def build(world):
    head, pole = world.people["pole_head"], world.sectors[0].parent
    houses = [house for house in world.houses if house.directing_on(world.today)]
    for rank, (title, text, ago, delay, status, answer) in enumerate(QUESTIONS):
        chance, house = world.stream("demandes", rank), houses[rank % len(houses)]
        asked_on = add_working_days(world.today, -ago)
        coordinator = world.coordinator_of(house.sector, world.today) or head
        row = ServiceRequest(
            establishment=house.row,
            title=title,
            text=text,
            delay_days=delay,
            asked_by=house.directing_on(world.today),
            asked_on=asked_on,
            due_on=add_working_days(asked_on, delay),
            owner=head if status == Status.RELAYED else coordinator,
            service="Service technique" if status == Status.RELAYED else "",
            status=status,
            client_uuid=uuid_of(chance),
        )
        if answer:
            row.answer, row.answered_by = answer, coordinator
            row.answered_on = min(add_working_days(asked_on, chance.randrange(1, 9)), world.today - timedelta(days=1))
            row.broadcast = pole
        world.add(row)
    world.write(ServiceRequest)
