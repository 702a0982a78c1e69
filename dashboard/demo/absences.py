"""Half a year of unplanned absences in the first sector, over by today: what the weather of the teams learns from."""

from datetime import timedelta

from staffing.models import Absence, Posting

from .world import at, uuid_of

DAYS = 182
RATE = 0.045
MONTHS = {1: 1.6, 2: 1.5, 11: 1.3, 12: 1.5, 7: 0.7, 8: 0.6}  # winter takes more people than summer
WEEKDAYS = {0: 1.3, 4: 1.2}
CHILDREN = {Posting.Job.EJE, Posting.Job.NURSE, Posting.Job.AUXILIARY, Posting.Job.ASSISTANT}


def build(world):
    for house in (house for house in world.houses if house.sector is world.sectors[0]):
        chance = world.stream("absences", house.number)
        teller = house.directing_on(world.today) or world.people["coordinator"]
        lean = chance.choice([0.7, 1.0, 1.0, 1.4])
        for employee, posting in house.staff:
            if posting.job in CHILDREN and posting.ends_on is None:
                _missing(world, chance, house, employee, posting, teller, lean)
    world.write(Absence)


def _missing(world, chance, house, employee, posting, teller, lean):
    for back in range(DAYS, 0, -1):
        day = world.today - timedelta(days=back)
        rate = RATE * lean * MONTHS.get(day.month, 1.0) * WEEKDAYS.get(day.weekday(), 1.0)
        if day >= posting.starts_on and house.is_open_day(day) and chance.random() < rate:
            world.add(
                Absence(
                    employee=employee,
                    establishment=house.row,
                    kind=Absence.Kind.UNPLANNED,
                    starts_on=day,
                    ends_on=day,
                    told_by=teller,
                    told_at=at(day, 8),
                    client_uuid=uuid_of(chance),
                )
            )
