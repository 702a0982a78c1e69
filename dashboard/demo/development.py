"""Training wished and done, analysis of practices, hours of the shared professionals: the first pôle's houses."""

from datetime import date, timedelta
from decimal import Decimal

from staffing.models import Intervention, Training

from .world import at, uuid_of

Wish, Done = Training.Status, Intervention.Status
TRAININGS = [
    ("safety", "Secours\u00a0: recyclage", 7, Wish.DONE),
    ("inclusion", "Accueillir un enfant en situation de handicap", 14, Wish.AGREED),
    ("language", "Langage et jeux de doigts", 6, Wish.WISHED),
    ("team", "Conduire une réunion d’équipe", 12, Wish.WISHED),
]
VISITS = [("rsai", 12, Decimal("2.5")), ("nurse", 7, Decimal(6)), ("psychologist", 21, Decimal(2))]
GROUP = 12


def build(world):
    sectors = {sector for sector in world.sectors if sector.parent == world.poles[0]}
    for house in (house for house in world.houses if house.sector in sectors):
        chance = world.stream("formations", house.number)
        author = house.directing_on(world.today) or world.people["coordinator"]
        _trainings(world, chance, house, author)
        _practice(world, chance, house, author)
        for function, every, hours in VISITS:
            if chance.random() < 0.85:
                _visits(world, chance, house, author, function, every, hours)
    world.write(Training, Intervention)


def _trainings(world, chance, house, author):
    for theme, title, hours, status in chance.sample(TRAININGS, chance.randrange(1, 4)):
        day = world.today - timedelta(days=chance.randrange(20, 120))
        world.add(
            Training(
                establishment=house.row,
                theme=theme,
                title=title,
                people=chance.randrange(1, 6),
                hours=hours,
                year=world.today.year,
                status=status,
                done_on=day if status == Wish.DONE else None,
                created_by=author,
                created_at=at(day - timedelta(days=60), 10),
                client_uuid=uuid_of(chance),
            )
        )


def _practice(world, chance, house, author):
    """A session of two hours a month for one group after the other, some months missed."""
    for month in range(1, 13):
        if month not in (7, 8) and chance.random() < 0.7:
            day = date(world.today.year, month, chance.randrange(3, 25))
            for _ in range(1 + (house.authorisations[-1].places > 55)):
                _session(world, chance, house, author, "practice", day, Decimal(2), chance.randrange(8, GROUP + 1))


def _visits(world, chance, house, author, function, every, hours):
    day = date(world.today.year, 1, 5) + timedelta(days=chance.randrange(every))
    while day.year == world.today.year and day < world.today + timedelta(days=60):
        if day.weekday() < 5:
            _session(world, chance, house, author, function, day, hours, None)
        day += timedelta(days=every)


def _session(world, chance, house, author, function, day, hours, people):
    world.add(
        Intervention(
            establishment=house.row,
            function=function,
            held_on=day,
            hours=hours,
            people=people,
            status=Done.DONE if day < world.today else Done.PLANNED,
            created_by=author,
            created_at=at(min(day, world.today) - timedelta(days=15), 9),
            client_uuid=uuid_of(chance),
        )
    )
