"""What goes up and down the network: questions, orders, arbitrations, notices of watch, good practices."""

from datetime import timedelta
from decimal import Decimal

from core.calendar import add_months, add_working_days, is_working_day, month_end, month_start
from core.french import normalise, typo
from projects.models import (
    Arbitration,
    ArbitrationOption,
    GoodPractice,
    OrderAddressee,
    PracticeReuse,
    ServiceOrder,
    ServiceRequest,
    WatchNotice,
    WatchReading,
)

from .world import some, uuid_of

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


# order, issuer, days from today to its date, load, status, state of each addressee in turn
ORDERS = [
    ("Plan canicule : relevé des salles fraîches", "childhood", -12, 1, "closed", ["done"]),
    ("Enquête sur les repas", "both", 9, 2, "sent", ["running", "seen", "unseen"]),
    ("Prévisions d’effectifs de rentrée", "schools", 24, 3, "sent", ["unseen", "seen"]),
    ("Recensement des besoins de mobilier", "childhood", 24, Decimal("2.5"), "draft", ["unseen"]),
]


def build(world):
    _requests(world)
    _orders(world)
    _arbitration(world)
    _watch(world)
    _practices(world)


# title, theme, what, how, status, houses that took it up
CARDS = [
    (
        "Un casier à doudous à hauteur d’enfant",
        "Respecter le rythme",
        "Chaque enfant prend et range son doudou quand il veut.",
        "Un casier bas par section, une photo de l’objet, jamais de nom affiché.",
        "published",
        3,
    ),
    (
        "Le repas raconté avant de passer à table",
        "Repas",
        "Un professionnel annonce le menu en montrant les aliments.",
        "Cinq minutes, toujours au même endroit.",
        "published",
        1,
    ),
    ("Sortir tous les jours, même sous la pluie", "Nature et dehors", "Des bottes et des vestes partagées.", "",
     "proposed", 0),
]  # fmt: skip


def _practices(world):
    chance = world.stream("bonnes pratiques")
    houses = [house for house in world.houses if house.directing_on(world.today)]
    for rank, (title, theme, what, how, status, taken) in enumerate(CARDS):
        house = houses[rank]
        director, on = house.directing_on(world.today), world.today - timedelta(days=70 - 20 * rank)
        seen_by = world.coordinator_of(house.sector, world.today) or world.people["pole_head"]
        card = GoodPractice(
            establishment=house.row,
            title=typo(title),
            theme=theme,
            what=what,
            how=how,
            status=status,
            observer_by=seen_by,
            observer_on=on,
            created_by=seen_by,
            client_uuid=uuid_of(chance),
            search_text=normalise(f"{title} {theme} {what}")[:400],
        )
        if status == "published":
            card.house_by, card.house_on = director, on + timedelta(days=3)
            card.territory, card.published_on = world.direction, on + timedelta(days=5)
        world.add(card)
        for other in houses[rank + 1 : rank + 1 + taken]:
            by = other.directing_on(world.today)
            days = on + timedelta(days=chance.randrange(8, 30))
            world.add(PracticeReuse(practice=card, establishment=other.row, taken_by=by, taken_on=days))
    world.write(GoodPractice, PracticeReuse)


def _arbitration(world):
    """One sheet to decide: the same section closed for a month, or half of it."""
    head, coordinator, chance = world.people["pole_head"], world.people["coordinator"], world.stream("arbitrage")
    house = world.houses[0]
    starts_on = month_start(add_months(world.today, 2))
    sheet = world.add(
        Arbitration(
            territory=house.sector,
            title=typo("Section des moyens : fermer un mois ou accueillir à moitié ?"),
            context="Deux postes ne sont pas pourvus avant l’été.",
            decide_before=world.today + timedelta(days=12),
            status=Arbitration.Status.PROPOSED,
            created_by=coordinator or head,
            client_uuid=uuid_of(chance),
        )
    )
    world.write(Arbitration)
    for title, places in [("Fermer la section", -20), ("Accueillir à moitié", -10)]:
        days = {"starts_on": starts_on, "ends_on": month_end(starts_on)}
        world.add(
            ArbitrationOption(arbitration=sheet, title=title, places=places, client_uuid=uuid_of(chance), **days)
        )
    world.write(ArbitrationOption)
    for option in world.rows[ArbitrationOption]:
        option.houses.add(house.row)


NOTICES = [
    ("Température des salles : conduite à tenir", "health", "Note de service", 20, "published"),
    ("Évaluation de la qualité : calendrier", "legal", "Décret n° 2025-304 du 1er avril 2025", 4, "published"),
    ("Éclairer les temps de transition", "trade", "Journée d’étude de l’école des métiers", 1, "draft"),
]


def _watch(world):
    head, chance = world.people["pole_head"], world.stream("veille")
    pole = world.sectors[0].parent
    for title, kind, source, ago, status in NOTICES:
        published_on = world.today - timedelta(days=ago)
        signed = {"published_by": head, "published_on": published_on} if status == "published" else {}
        notice = world.add(
            WatchNotice(
                territory=pole,
                kind=kind,
                title=typo(title),
                text="Ce qui change, pour qui, et ce qu’il faut avoir fait avant la date d’application.",
                source=source,
                source_on=published_on - timedelta(days=30),
                applies_on=world.today + timedelta(days=60) if kind == "legal" else None,
                status=status,
                reminded_on=published_on + timedelta(days=7) if ago > 10 else None,
                created_by=head,
                client_uuid=uuid_of(chance),
                **signed,
            )
        )
        for house in world.houses if status == "published" else []:
            director = house.directing_on(world.today)
            if director and house.sector.parent is pole and some(chance, 0.8 if ago > 10 else 0.3):
                read_on = published_on + timedelta(days=chance.randrange(0, ago))
                world.add(WatchReading(notice=notice, establishment=house.row, read_by=director, read_on=read_on))
    world.write(WatchNotice, WatchReading)


def _orders(world):
    central, chance = world.people["central"], world.stream("commandes")
    for title, issuer, ahead, load, status, states in ORDERS:
        due_on = world.today + timedelta(days=ahead)
        while not is_working_day(due_on):
            due_on += timedelta(days=1)
        sent = {} if status == "draft" else {"sent_by": central, "sent_on": due_on - timedelta(days=30)}
        order = world.add(
            ServiceOrder(
                territory=world.direction,
                issuer=issuer,
                title=typo(title),
                text="Le tableau joint est à rendre complété, un par territoire.",
                due_on=due_on,
                workload_days=load,
                status=status,
                created_by=central,
                client_uuid=uuid_of(chance),
                **sent,
            )
        )
        for rank, division in enumerate(world.divisions):
            state = states[rank % len(states)]
            seen = {} if state == "unseen" else {"seen_by": world.people["division_head"], "seen_on": world.today}
            world.add(OrderAddressee(order=order, territory=division, status=state, **seen))
    world.write(ServiceOrder, OrderAddressee)


def _requests(world):
    head, pole = world.people["pole_head"], world.sectors[0].parent
    houses = [house for house in world.houses if house.directing_on(world.today)]
    for rank, (title, text, ago, delay, status, answer) in enumerate(QUESTIONS):
        chance, house = world.stream("demandes", rank), houses[rank % len(houses)]
        asked_on = add_working_days(world.today, -ago)
        coordinator = world.coordinator_of(house.sector, world.today) or head
        row = ServiceRequest(
            establishment=house.row,
            title=typo(title),
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
