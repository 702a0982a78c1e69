"""Annual appraisals of the first pôle's directors: last year's signed, this year's at every step."""

from datetime import date, timedelta

from staffing.models import Appraisal, AppraisalObjective

from .world import at, uuid_of

Status, State = Appraisal.Status, AppraisalObjective.State
REPORT = (
    "Une année de travail posée\u00a0: les réunions d’équipe se tiennent, les transmissions sont relues. "
    "Le projet d’accueil reste à terminer."
)
OBJECTIVES = [
    ("Terminer la réécriture du projet d’accueil avec l’équipe", State.ON_COURSE),
    ("Tenir une réunion d’équipe par mois, avec un relevé de décisions", State.REACHED),
    ("Former un relais de direction", State.OPEN),
]
STEPS = [(None, 0), (Status.CONVENED, 10), (Status.HELD, -6), (Status.NOTIFIED, -18)]
STEPS += [(None, 0), (Status.CONVENED, 17), (None, 0), (Status.NOTIFIED, -24)]
REPLY = "J’ai lu. L’absence d’adjointe au printemps explique le retard du projet."


def build(world):
    """Written through the models, whose texts are sealed; the journal is told in the order of time."""
    sectors = {sector for sector in world.sectors if sector.parent == world.poles[0]}
    for rank, house in enumerate(house for house in world.houses if house.sector in sectors):
        director = house.directing_on(world.today)
        leader = world.coordinator_of(house.sector, world.today) or world.people["pole_head"]
        if director is None or Appraisal.objects.filter(person=director).exists():
            continue
        chance = world.stream("entretiens", house.number)
        began = next(d.starts_on for d in house.directorships if d.person is director)
        last = date(world.today.year - 1, 11, 4 + rank % 20)
        if began < last - timedelta(days=60):
            _appraise(world, chance, house, director, leader, last, Status.SIGNED)
        status, days = STEPS[rank % len(STEPS)]
        if status:
            _appraise(world, chance, house, director, leader, world.today + timedelta(days=days), status)


def _appraise(world, chance, house, director, leader, day, status):
    met = status != Status.CONVENED
    told = day + timedelta(days=9) if status in {Status.NOTIFIED, Status.SIGNED} else None
    row = Appraisal(
        establishment=house.row,
        person=director,
        year=(day if status == Status.SIGNED else world.today).year,
        status=status,
        convened_on=day - timedelta(days=14),
        meeting_on=day,
        held_on=day if met else None,
        notified_on=told,
        signed_on=told + timedelta(days=6) if status == Status.SIGNED else None,
        led_by=leader,
        version=1 if met else 0,
        client_uuid=uuid_of(chance),
    )
    if met:
        row.report = REPORT
    if status == Status.SIGNED:
        row.reply = REPLY
    row.save()
    world.decisions.append(
        (at(row.convened_on), len(world.decisions), leader, "entretien annuel convoqué", row, None, "")
    )
    for text, state in OBJECTIVES if met else []:
        objective = AppraisalObjective(
            appraisal=row, state=state, due_on=day + timedelta(days=300), client_uuid=uuid_of(chance)
        )
        objective.text = text
        objective.save()
