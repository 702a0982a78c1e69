"""Days of closure, year after year, and places withdrawn from welcome."""

from datetime import date, timedelta

from core.calendar import add_months, add_working_days, is_working_day, iter_days, public_holidays
from establishments.models import CapacityChange, Closure

from . import story
from .world import first_weekday, some

Cause, Part, Reason = Closure.Cause, Closure.Part, CapacityChange.Reason
STAYS_OPEN_IN_AUGUST = 3  # one house in four, by rank: it welcomes the children of its neighbours
FREEZES = [
    (Reason.VACANCY, "Poste d’auxiliaire de puériculture non pourvu"),
    (Reason.VACANCY, "Deux postes vacants, recrutement en cours"),
    (Reason.VACANCY, "Poste d’éducatrice de jeunes enfants non pourvu"),
    (Reason.VACANCY, "Poste non pourvu depuis une mutation"),
    (Reason.RATIO, "Effectif insuffisant en fin de journée"),
    (Reason.WORKS, "Réfection d’une salle de vie"),
    (Reason.SAFETY, "Cour fermée en attendant la réparation de la clôture"),
    (Reason.DAMAGE, "Dégât des eaux dans un dortoir"),
    (Reason.OTHER, "Ouverture progressive d’une section"),
]


def build(world):
    strikes = _strikes(world)
    hosts = {
        sector: [h for h in world.houses if h.sector is sector and h.rank % 4 == STAYS_OPEN_IN_AUGUST]
        for sector in world.sectors
    }
    for house in world.houses:
        chance = world.stream("fermetures", house.number)
        for year in range(world.since.year, add_months(world.today, 12).year + 1):
            _year(world, chance, house, year, hosts[house.sector], strikes.get(year))
        _accidents(world, chance, house)
        _freezes(world, chance, house)
    world.write(Closure, CapacityChange)


def _strikes(world):
    """One day a year when many houses are on strike."""
    chance = world.stream("greves")
    days = {}
    for year in range(world.since.year, world.today.year + 1):
        day = first_weekday(year, chance.choice([3, 10, 11]), 3) + timedelta(days=7)
        days[year] = day if day < world.today and is_working_day(day) else None
    return days


def _close(world, house, cause, start, end, *, label="", part=Part.DAY, host=None):
    """Add a closure unless the house had not opened yet, or is already closed then."""
    if start <= house.row.opened_on or any(day in house.closed for day in iter_days(start, end)):
        return
    told = start - timedelta(days=75 if cause in Closure.PLANNED else 1)
    informed = told if told <= world.today and cause != Cause.STRIKE else None
    row = Closure(
        establishment=house.row,
        cause=cause,
        part=part,
        label=label,
        host=host.row if host else None,
        families_informed_on=informed,
        starts_on=start,
        ends_on=end,
    )
    house.closures.append(world.add(row))
    if part == Part.DAY:
        house.closed.update(dict.fromkeys(iter_days(start, end), cause))


def _year(world, chance, house, year, hosts, strike):
    monday = first_weekday(year, 8, 0)
    if house.rank % 4 != STAYS_OPEN_IN_AUGUST:
        start = monday - timedelta(days=7 if some(chance, 0.25) else 0)
        host = chance.choice(hosts) if hosts else None
        if host and host.row.opened_on >= start:
            host = None
        _close(world, house, Cause.YEARLY, start, monday + timedelta(days=18), label="Fermeture d’été", host=host)
    if some(chance, 0.8):
        end = date(year + 1, 1, 1)
        _close(world, house, Cause.YEARLY, date(year, 12, 24), end, label="Fermeture de fin d’année")
    ascension = next(day for day, name in public_holidays(year).items() if "Ascension" in name)
    if some(chance, 0.7):
        friday = ascension + timedelta(days=1)
        _close(world, house, Cause.BRIDGE, friday, friday, label="Pont de l’Ascension")
    for month in (chance.choice([3, 4, 5]), chance.choice([10, 11])):
        day = add_working_days(date(year, month, chance.randint(6, 20)), 1)
        _close(world, house, Cause.PEDAGOGICAL, day, day, label="Journée pédagogique")
    if strike and some(chance, 0.35):
        part = Part.MORNING if some(chance, 0.2) else Part.DAY
        _close(world, house, Cause.STRIKE, strike, strike, part=part, label="Mouvement national")


def _accidents(world, chance, house):
    """What nobody had planned: works, a leak, an afternoon without enough people."""
    span = (world.today - world.since).days
    if some(chance, 0.08):
        start = add_working_days(world.since + timedelta(days=chance.randrange(span)), 1)
        end = min(start + timedelta(days=chance.choice([4, 9, 11])), world.today)
        if start <= end:
            _close(world, house, Cause.WORKS, start, end, label="Travaux de rénovation")
    if some(chance, 0.06):
        day = add_working_days(world.since + timedelta(days=chance.randrange(span - 1)), 1)
        _close(world, house, Cause.DAMAGE, day, day, label="Fuite d’eau")
    if some(chance, 0.12):
        day = add_working_days(world.since + timedelta(days=chance.randrange(span - 1)), 1)
        _close(world, house, Cause.STAFF, day, day, part=Part.AFTERNOON, label="Effectif insuffisant")
    if story.tells(world, house) and house.rank == story.WORKS:
        start = add_working_days(world.today + timedelta(days=19), 1)
        _close(world, house, Cause.WORKS, start, start + timedelta(days=4), label="Remplacement des menuiseries")


def _freezes(world, chance, house):
    """Places withdrawn for some months, several times in three years; some withdrawals still run."""
    day = max(world.since, house.row.opened_on) + timedelta(days=chance.randrange(10, 240))
    while day < world.today - timedelta(days=20):
        end = day + timedelta(days=chance.randrange(50, 210))
        running = end >= world.today
        places = house.places_on(day)
        reason, note = chance.choice(FREEZES)
        number = max(1, round(places * chance.uniform(0.11, 0.21)))
        stop = None if running and some(chance, 0.5) else end
        _freeze(world, house, number, reason, note, day, stop)
        day = end + timedelta(days=chance.randrange(110, 420))
    told = story.tells(world, house)
    if (
        told
        and house.rank == story.WORKS
        and not any(row.ends_on is None or row.ends_on >= world.today for row in house.frozen)
    ):
        _freeze(world, house, 8, Reason.WORKS, "Menuiseries à remplacer", world.today - timedelta(days=33), None)


def _freeze(world, house, places, reason, note, start, end):
    row = CapacityChange(
        establishment=house.row, places=places, reason=reason, note=note, starts_on=start, ends_on=end
    )
    house.frozen.append(world.add(row))
