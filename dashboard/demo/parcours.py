"""The parcours of the directors of the year: most steps in time, now and then one that was forgotten."""

from datetime import timedelta

from core.calendar import add_months
from establishments.models import TakingOfficeStep
from establishments.taking_office import FOLLOWED_MONTHS

from .world import some

NOTES = [
    "",
    "",
    "Fait sur place, une matinée.",
    "Le dossier a été remis, les questions ont été notées.",
    "À reprendre ensemble au prochain point.",
    "Équipe présente, échanges simples.",
]


def build(world):
    """Rows written apart from `Directorship.save`, which the bulk of the demonstration does not call."""
    for house in world.houses:
        chance = world.stream("prise de fonction", house.number)
        for directorship in house.directorships:
            if directorship.is_accompanied and _is_recent(directorship, world.today):
                for step in directorship.planned_steps():
                    _do(world, chance, house, world.add(step))
    world.write(TakingOfficeStep)


def _is_recent(directorship, today):
    started = add_months(today, -FOLLOWED_MONTHS) < directorship.starts_on <= today
    return started and directorship.ends_on is None


def _do(world, chance, house, step):
    forgotten, delay, note = some(chance, 0.04), chance.randrange(-2, 4), chance.choice(NOTES)
    day = max(step.due_on + timedelta(days=delay), step.directorship.starts_on)
    if day <= world.today and not forgotten:
        sector = house.sector_on(day)
        step.done_on, step.note = day, note
        step.done_by = world.coordinator_of(sector, day) or world.people["pole_head"]
