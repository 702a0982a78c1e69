"""Projects of the houses, days asked for, works, and what the network leads: partners, local actions, events."""

from datetime import timedelta

from core.calendar import add_months, add_working_days, is_working_day, month_start
from core.french import normalise
from establishments.models import CapacityChange, WorksCheck, WorksPeriod
from establishments.works import REOPENING
from projects.models import (
    EstablishmentProject,
    LocalAction,
    Milestone,
    MilestoneReached,
    NetworkEvent,
    Partner,
    PartnerContact,
    PartnerExchange,
    PedagogicalDay,
    ProjectSection,
    ProjectTarget,
    SectionRule,
    TraineePlace,
    TransversalProject,
)
from projects.models.versions import REVIEWED_AFTER_MONTHS, REVISED_AFTER_MONTHS

from .world import at, some, uuid_of

Version = EstablishmentProject.Status
PARTNERS = [
    ("PMI de l’arrondissement", "pmi", "médecin de secteur"),
    ("Caisse d’allocations familiales", "caf", "conseillère technique"),
    ("Bibliothèque du Vieux Port", "culture", "référente jeunesse"),
    ("École maternelle des Embruns", "school", "directrice"),
    ("École des métiers", "training", "responsable des stages"),
]
CONTACTS = ["Mme Aubry", "M. Delorme", "Mme Kessler", "M. Ortiz", "Mme Vasseur"]
PROMISES = ["Envoyer le protocole relu", "Proposer deux dates", "Prêter une malle d’albums"]
THEMES = ["Le jeu libre", "L’accueil du matin", "Vivre dehors", "Parler aux tout-petits", "Les repas"]
MILESTONES = [
    ("Choisir les albums", -90, -40),
    ("Former un relais lecture", -45, 20),
    ("Ouvrir le coin lecture", 10, 70),
]
TEXT = "Ce que l’équipe a écrit ensemble, relu avec les familles et repris à chaque rentrée."


def build(world):
    _versions(world)
    _days(world)
    _works(world)
    _partners(world)
    _transversal(world)
    _events(world)


def _versions(world):
    """One version in force a house, a few to be revised; in the first sector one is proposed and one is a draft."""
    rules = list(SectionRule.objects.in_force("project", world.today))
    for house in world.houses:
        chance = world.stream("projet", house.number)
        months = chance.choice([8, 14, 22, 30, 41, 52, 61])
        since = max(add_months(month_start(world.today), -months), house.row.opened_on + timedelta(days=90))
        if since < world.today and some(chance, 0.92):
            _version(world, chance, house, rules, since=since, number=1)
        elif house.sector is world.sectors[0]:
            _version(world, chance, house, rules, since=None, number=1)
    world.write(EstablishmentProject, ProjectSection)
    settled = [row for row in world.rows[EstablishmentProject] if row.planned]
    for row in settled:
        row.status, row.decided_by, row.decided_at = row.planned
    EstablishmentProject.objects.bulk_update(settled, ["status", "decided_by", "decided_at"])


def _version(world, chance, house, rules, *, since, number):
    author = house.directing_on(since or world.today) or world.people["pole_head"]
    decider = world.coordinator_of(house.sector_on(since or world.today), since or world.today)
    row = EstablishmentProject(
        establishment=house.row,
        number=number,
        created_by=author,
        created_at=at(add_months(since or world.today, -4), 10),
        client_uuid=uuid_of(chance),
    )
    row.planned = None  # a version is born a draft: its sections first, then its status and its stamps
    if since:
        row.judged_on = since
        row.proposed_by, row.proposed_at = author, at(since - timedelta(days=40), 11)
        row.opinion, row.opinion_at = "Avis favorable.", at(since - timedelta(days=20), 15)
        row.opinion_by = decider or world.people["pole_head"]
        row.planned = (Version.IN_FORCE, row.opinion_by, at(since - timedelta(days=5), 16))
        row.starts_on = since
        row.review_on = add_months(since, REVIEWED_AFTER_MONTHS)
        row.revise_on = add_months(since, REVISED_AFTER_MONTHS)
        world.tell(row.planned[2], row.opinion_by, "projet validé", row, house.row)
    world.add(row)
    for rule in rules if since else rules[:6]:
        world.add(ProjectSection(project=row, key=rule.key, text=f"{rule.title}. {TEXT}"))


def _days(world):
    """Days asked for in the months to come: nothing past changes, so no month already counted moves."""
    for house in world.houses:
        chance = world.stream("journee", house.number)
        director = house.directing_on(world.today)
        if director is None or not (house.number == 0 or some(chance, 0.2)):
            continue
        held_on = add_working_days(world.today, chance.randrange(60, 90))
        asked_on = world.today - timedelta(days=chance.randrange(2, 20))
        day = world.add(
            PedagogicalDay(
                establishment=house.row,
                held_on=held_on,
                theme=chance.choice(THEMES),
                aims="Observer ensemble, puis choisir deux changements à essayer.",
                speaker="École des métiers" if some(chance, 0.5) else "",
                families_told_on=asked_on if some(chance, 0.7) else None,
                created_by=director,
                created_at=at(asked_on, 14),
                client_uuid=uuid_of(chance),
            )
        )
        world.tell(day.created_at, director, "journée pédagogique demandée", day, house.row)
    world.write(PedagogicalDay)


def _works(world):
    """Needs waiting, one of them about safety for more than two months, and works decided for later."""
    head = world.people["pole_head"]
    for house in world.houses:
        chance = world.stream("travaux", house.number)
        if house.number == 2:
            _decided(world, chance, house, head)
        elif house.number == 1 or some(chance, 0.12):
            old = house.number == 1 or some(chance, 0.2)
            world.add(
                WorksPeriod(
                    establishment=house.row,
                    title=chance.choice(["Reprise du portail", "Étanchéité de la terrasse", "Store du dortoir"]),
                    need="Constaté en visite, devis demandé.",
                    is_safety=old,
                    priority=1 if old else 2,
                    needed_on=world.today - timedelta(days=74 if old else chance.randrange(5, 50)),
                    created_by=house.directing_on(world.today) or head,
                    created_at=at(world.today - timedelta(days=74 if old else 5), 9),
                    client_uuid=uuid_of(chance),
                )
            )
        elif some(chance, 0.05):
            _decided(world, chance, house, head)
    world.write(WorksPeriod, WorksCheck, CapacityChange)


def _decided(world, chance, house, head):
    starts_on = add_months(month_start(world.today), 4) + timedelta(days=6)
    while not is_working_day(starts_on):
        starts_on += timedelta(days=1)
    works = world.add(
        WorksPeriod(
            establishment=house.row,
            title="Réfection des sols",
            need="Sols de deux sections à reprendre.",
            status=WorksPeriod.Status.DECIDED,
            needed_on=world.today - timedelta(days=120),
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=18),
            places=min(20, house.places_on(world.today)),
            staff_note="Une équipe rejoint l’autre section.",
            decided_by=head,
            decided_at=at(world.today - timedelta(days=30), 10),
            created_by=head,
            created_at=at(world.today - timedelta(days=120), 9),
            client_uuid=uuid_of(chance),
        )
    )
    world.tell(works.decided_at, head, "travaux décidés", works, house.row)
    world.add(
        CapacityChange(
            establishment=house.row,
            works=works,
            places=works.places,
            reason=CapacityChange.Reason.WORKS,
            note=works.title,
            starts_on=starts_on,
        )
    )
    for label in REOPENING:
        world.add(WorksCheck(works=works, label=label))


def _partners(world):
    coordinator, chance = world.people["coordinator"], world.stream("partenaires")
    pole = world.sectors[0].parent
    for rank, ((name, kind, role), person) in enumerate(zip(PARTNERS, CONTACTS, strict=True)):
        partner = world.add(Partner(territory=pole, name=name, kind=kind, search_name=normalise(name)))
        since = world.today - timedelta(days=400 + 30 * rank)
        contact = world.add(PartnerContact(partner=partner, name=person, role=role, starts_on=since))
        if rank == 1:
            contact.ends_on = world.today - timedelta(days=60)
        for turn in range(3):
            waiting = turn == 0 and rank < 3
            world.add(
                PartnerExchange(
                    partner=partner,
                    contact=contact,
                    held_on=world.today - timedelta(days=80 + 70 * turn + 3 * rank),
                    summary="Point sur l’année et les rendez-vous à venir.",
                    commitment=PROMISES[rank] if waiting else "",
                    due_on=world.today - timedelta(days=9) if waiting and rank == 0 else None,
                    recorded_by=coordinator,
                    client_uuid=uuid_of(chance),
                )
            )
    world.add(
        LocalAction(
            territory=world.sectors[0],
            title="Lectures au square",
            aim="Faire découvrir la bibliothèque aux familles.",
            starts_on=world.today - timedelta(days=30),
            ends_on=world.today - timedelta(days=28),
            status=LocalAction.Status.REPORTED,
            families_reached=46,
            balance="À refaire au printemps, avec deux lieux de plus.",
            created_by=coordinator,
            client_uuid=uuid_of(chance),
        )
    )
    world.write(Partner, PartnerContact, PartnerExchange, LocalAction)


def _transversal(world):
    head, chance = world.people["pole_head"], world.stream("transversal")
    pole, today = world.sectors[0].parent, world.today
    project = world.add(
        TransversalProject(
            territory=pole,
            title="Lire dès la naissance",
            aim="Un coin lecture et un relais formé dans chaque lieu.",
            starts_on=today - timedelta(days=100),
            ends_on=today + timedelta(days=90),
            status=TransversalProject.Status.RUNNING,
            created_by=head,
            created_at=at(today - timedelta(days=110), 10),
            client_uuid=uuid_of(chance),
        )
    )
    milestones, before = [], None
    for title, start, due in MILESTONES:
        days = {"starts_on": today + timedelta(days=start), "due_on": today + timedelta(days=due)}
        before = world.add(Milestone(project=project, title=title, after=before, **days))
        world.write(TransversalProject, Milestone)
        milestones.append(before)
    for house in world.houses:
        if house.sector.parent is not pole:
            continue
        target = world.add(ProjectTarget(project=project, establishment=house.row, by_rule=True))
        for milestone, share in zip(milestones, (0.8, 0.4, 0.1), strict=True):
            director = house.directing_on(today) or head
            if some(chance, share):
                done_on = min(milestone.due_on, today) - timedelta(days=chance.randrange(1, 15))
                world.add(MilestoneReached(target=target, milestone=milestone, done_on=done_on, done_by=director))
    world.write(ProjectTarget, MilestoneReached)


def _events(world):
    head, chance = world.people["pole_head"], world.stream("evenements")
    world.add(
        NetworkEvent(
            territory=world.sectors[0].parent,
            kind=NetworkEvent.Kind.WEEK,
            title="Semaine de la petite enfance",
            aim="Portes ouvertes et ateliers avec les familles.",
            starts_on=world.today + timedelta(days=34),
            ends_on=world.today + timedelta(days=38),
            created_by=head,
            client_uuid=uuid_of(chance),
        )
    )
    for house in world.houses:
        drawn = world.stream("stages", house.number)
        if some(drawn, 0.3):
            offered = drawn.randrange(1, 4)
            world.add(
                TraineePlace(
                    establishment=house.row,
                    diploma=drawn.choice(["CAP AEPE", "Auxiliaire de puériculture", "Éducateur de jeunes enfants"]),
                    school="École des métiers",
                    offered=offered,
                    taken=drawn.randrange(0, offered + 1),
                    starts_on=world.today + timedelta(days=20),
                    ends_on=world.today + timedelta(days=75),
                    created_by=house.directing_on(world.today) or head,
                    created_at=at(world.today - timedelta(days=12), 10),
                    client_uuid=uuid_of(drawn),
                )
            )
    world.write(NetworkEvent, TraineePlace)
