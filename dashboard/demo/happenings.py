"""What happens in houses besides visits: events told and closed, inspections, their findings and what was done."""

from datetime import timedelta

from core.calendar import add_months
from core.french import normalise
from establishments.models import Level
from projects.models import ActionItem
from visits.inspections import findings
from visits.models import ActionOrigin, Event, EventNotice, Finding, FindingCheck, Inspection

from . import story
from .world import at, some, uuid_of

# (family, severity, title, what was done at once)
EVENTS = [
    ("building", 2, "Chauffage en panne dans une section", "Section regroupée, chauffagiste appelé."),
    ("building", 1, "Fuite d’eau dans un local technique", "Arrivée d’eau coupée."),
    ("staff", 2, "Sous-effectif à l’ouverture", "Renfort demandé au pool volant."),
    ("food", 2, "Livraison des repas en retard", "Repas de secours servis."),
    ("complaint", 1, "Réclamation sur les horaires d’accueil", "Rendez-vous proposé à la famille."),
    ("complaint", 1, "Réclamation sur les transmissions du soir", "Point fait avec l’équipe."),
    ("accident", 2, "Chute sans gravité dans le jardin", "Soins sur place, famille prévenue."),
    ("highlight", 0, "Inauguration du jardin partagé", ""),
    ("building", 3, "Alarme incendie, évacuation complète", "Évacuation faite, pompiers venus, retour au calme."),
]
LESSONS = "Vu avec l’équipe, rien ne reste à faire."
# (authority, months between two, share of the houses, object)
ROUNDS = [
    ("pmi", 18, 0.5, "Contrôle sur place"),
    ("safety", 30, 0.5, "Visite périodique de la commission"),
    ("ddpp", 30, 0.25, "Contrôle de l’hygiène alimentaire"),
    ("caf", 33, 0.15, "Contrôle des heures facturées"),
    ("audit", 30, 0.15, "Audit des protocoles"),
]
# By authority: (nature, finding, text of reference, measure)
FOUND = {
    "pmi": [
        ("gap", "Protocole de sortie non affiché en section", "CSP R. 2324-30", "Afficher le protocole en section"),
        ("remark", "Transmissions écrites tenues avec soin", "", ""),
        ("recommendation", "Prévoir un temps d’analyse des pratiques", "CSP R. 2324-37", "Planifier les séances"),
        ("prescription", "Revoir le rangement des produits", "", "Poser une serrure au placard"),
    ],
    "safety": [
        ("prescription", "Désencombrer le dégagement du sous-sol", "", "Vider le dégagement"),
        ("prescription", "Vérifier les blocs de secours", "", "Faire vérifier les blocs"),
    ],
    "ddpp": [("gap", "Relevé de température incomplet", "", "Tenir le relevé chaque jour"),
             ("remark", "Plan de maîtrise sanitaire à jour", "", "")],
    "caf": [("remark", "Écarts de saisie corrigés sur place", "", "")],
    "audit": [("recommendation", "Tenir un registre unique des protocoles", "", "Réunir les protocoles")],
}  # fmt: skip
SETTLED = 5  # months after which everything was answered and lifted: a real pôle has one or two under way
UNDER_WAY = 24  # days since the inspection that is being answered
LATE = ("injunction", "Issue de secours du dortoir condamnée", "CSP L. 2324-3", "Rétablir l’issue de secours")


def build(world):
    for house in world.houses:
        _events(world, world.stream("événements", house.number), house)
        _inspections(world, world.stream("contrôles", house.number), house)
    world.write(Event, EventNotice, Inspection)
    world.write(ActionItem)
    world.write(Finding, FindingCheck)
    world.write(ActionOrigin)


def _events(world, chance, house):
    first = max(house.row.opened_on + timedelta(days=30), add_months(world.today, -24))
    for _ in range(chance.randrange(1, 5)):
        span = (world.today - first).days - 10
        if span < 30:
            return
        day = house.open_day_before(first + timedelta(days=chance.randrange(10, span)))
        if day is None:
            continue
        family, severity, title, measures = chance.choice(EVENTS)
        teller = house.directing_on(day) or world.people["pole_head"]
        handler = world.coordinator_of(house.sector_on(day), day) or world.people["pole_head"]
        moment = at(day, chance.randrange(8, 17), chance.randrange(60))
        event = world.add(
            Event(
                establishment=house.row, family=family, severity=severity, title=title, measures=measures,
                happened_at=moment, reported_by=teller, reported_at=moment + timedelta(minutes=12),
                status=Event.Status.CLOSED, acknowledged_by=handler, lessons=LESSONS,
                acknowledged_at=moment + timedelta(minutes=31), closed_by=handler,
                closed_at=moment + timedelta(days=2), client_uuid=uuid_of(chance),
            )
        )  # fmt: skip
        told = {"event": event, "whom": str(handler), "how": "dans Ronde"}
        world.add(EventNotice(user=handler, told_by=teller, told_at=event.reported_at, **told))
        world.tell(event.reported_at, teller, "événement signalé", event, house.row)
        world.tell(event.closed_at, handler, "événement clos", event, house.row)


def _inspections(world, chance, house):
    for authority, apart, share, subject in ROUNDS:
        if not some(chance, share):
            continue
        day = house.open_day_before(add_months(world.today, -chance.randrange(SETTLED, apart)))
        if day is not None and day > house.row.opened_on:
            _inspected(world, chance, house, day, authority, subject, chance.sample(FOUND[authority], 1))
    if story.tells(world, house) and house.rank == story.WORKS:
        day = house.open_day_before(world.today - timedelta(days=52))
        _inspected(world, chance, house, day, "pmi", "Contrôle inopiné", [LATE], is_told=True)
    if story.tells(world, house) and house.rank == story.WORKS + 1:
        day = house.open_day_before(world.today - timedelta(days=UNDER_WAY))
        _inspected(world, chance, house, day, "safety", "Visite périodique de la commission", FOUND["safety"])


def _inspected(world, chance, house, day, authority, subject, found, *, is_told=False):
    """An inspection of the past, answered and lifted; the told one is under way, its injunction late."""
    keeper = world.coordinator_of(house.sector_on(day), day) or world.people["pole_head"]
    arrived = house.open_day_after(day + timedelta(days=7))
    recent = (world.today - day).days < 150  # a summer closure may lie between two steps
    inspection = world.add(
        Inspection(
            establishment=house.row, authority=authority, held_on=day, subject=subject, is_announced=not is_told,
            reference=f"{authority.upper()}-{day:%Y}-{house.number + 1:03d}", recorded_by=keeper,
            recorded_at=at(arrived, 10), client_uuid=uuid_of(chance), answer_due_on=day + timedelta(days=60),
        )
    )  # fmt: skip
    world.tell(at(arrived, 10), keeper, "contrôle enregistré", inspection, house.row)
    rows = [_finding(world, chance, house, inspection, one, keeper, arrived) for one in found]
    if is_told or recent:
        return
    answered = house.open_day_after(arrived + timedelta(days=20))
    inspection.status, inspection.answered_on, inspection.answered_by = Inspection.Status.CLOSED, answered, keeper
    inspection.answer = "Vous trouverez ci-joint les mesures prises pour chaque constat."
    lifted = house.open_day_after(answered + timedelta(days=40))
    for row, action in rows:
        _lifted(world, chance, house, row, action, keeper, lifted)
    inspection.closed_by, inspection.closed_at = keeper, at(lifted, 16)
    world.tell(at(lifted, 16), keeper, "contrôle clos", inspection, house.row)


def _finding(world, chance, house, inspection, one, keeper, arrived):
    nature, text, article, measure = one
    due_on = inspection.held_on + timedelta(days=40) if nature != findings.REMARK else None
    finding = world.add(
        Finding(
            inspection=inspection, nature=nature, text=text, article=article, due_on=due_on, noted_by=keeper,
            noted_at=at(arrived, 10, 30), must_display=nature == findings.INJUNCTION, client_uuid=uuid_of(chance),
            displayed_on=arrived if nature == findings.INJUNCTION else None,
        )
    )  # fmt: skip
    if not measure:
        return finding, None
    action = ActionItem(
        establishment=house.row, title=measure, due_on=due_on, kind=ActionItem.Kind.CORRECTIVE,
        owner=house.directing_on(world.today) or house.directing_on(arrived), priority=ActionItem.Priority.HIGH,
        theme="Contrôles", origin_kind=ActionItem.Origin.INSPECTION, origin_label=str(inspection)[:200],
        level=Level.ETABLISSEMENT, status=ActionItem.Status.IN_PROGRESS, created_by=keeper,
        created_at=at(arrived, 11), client_uuid=uuid_of(chance),
    )  # fmt: skip
    action.search_text = normalise(f"{action.title} {action.theme} {action.detail}")[:400]
    world.add(action)
    world.add(ActionOrigin(action=action, finding=finding))
    return finding, action


def _lifted(world, chance, house, finding, action, keeper, day):
    seen = house.open_day_after(day - timedelta(days=chance.randrange(9, 30)))
    if action is not None:
        director = house.directing_on(seen) or world.people["pole_head"]
        action.status, action.evidence = ActionItem.Status.VERIFIED, "Vu sur place, photo au dossier."
        action.declared_by, action.declared_at = director, at(seen - timedelta(days=3), 12)
        action.closed_by, action.closed_at = keeper, at(seen, 15)
        world.tell(at(seen, 15), keeper, "action vérifiée", action, house.row, action.evidence)
    finding.status, finding.lifted_on = Finding.Status.LIFTED, day
    world.add(
        FindingCheck(
            finding=finding, checked_on=day, outcome="lifted", is_on_site=True, due_before=finding.due_on,
            noted_by=keeper, noted_at=at(day, 15, 30), client_uuid=uuid_of(chance),
        )
    )  # fmt: skip
    world.tell(at(day, 15, 30), keeper, "constat levé", finding, house.row)
