"""What a committee and a budget meeting find: offers of places, delegated lines, figures of the quarters."""

from datetime import date
from decimal import Decimal

from core.calendar import add_months, month_end, month_start
from establishments.models import Kind
from indicators.models import BudgetLine, ContextFigure, PlaceOffer

SOURCE = "Données inventées pour la démonstration"
EACH_PLACE = {"products": 180, "games": 45, "cleaning": 60, "agency": 240}  # euros a year
STATEMENTS = 4  # quarters behind us that the finances told
AGES = PlaceOffer.AgeGroup
RANGES = {
    ContextFigure.Kind.BIRTHS: (280, 900),
    ContextFigure.Kind.UNDER_3: (800, 2_600),
    ContextFigure.Kind.COVERAGE: (38, 66),
    ContextFigure.Kind.LONE_PARENT: (18, 34),
    ContextFigure.Kind.INCOME: (17_500, 33_000),
}


def build(world):
    for house in world.houses:
        chance = world.stream("offres", house.number)
        if house.row.kind != Kind.CRECHE_FAMILIALE and house.row.opened_on <= world.today:
            _offers(world, chance, house)
            _budget(world, chance, house)
    for sector in world.sectors:
        _context(world, world.stream("contexte", sector.code), sector)
    world.write(PlaceOffer, BudgetLine, ContextFigure)


def _offers(world, chance, house):
    """One house in two gives a few places after the summer, and some days of the week before."""
    for age in AGES.values:
        if chance.random() < 0.5:
            continue
        starts_on = add_months(month_start(world.today), chance.choice([1, 2, 3]))
        for weekday in chance.sample(range(1, 6), chance.choice([2, 3, 5])):
            world.add(
                PlaceOffer(
                    establishment=house.row,
                    age_group=age,
                    weekday=weekday,
                    places=chance.choice([1, 1, 2, 3]),
                    starts_on=starts_on,
                    ends_on=month_end(add_months(starts_on, 11)),
                )
            )


def _budget(world, chance, house):
    """Statements at the end of each quarter of this year and the last; the pace differs from a house to the next."""
    places = house.places_on(world.today)
    for category, amount in EACH_PLACE.items():
        allotted = Decimal(places * amount)
        pace = chance.uniform(0.75, 1.18)
        for day in _quarters(world.today):
            share = Decimal(str(round(min(1.2, day.timetuple().tm_yday / 365 * pace), 4)))
            spent = (allotted * share).quantize(Decimal("0.01"))
            world.add(
                BudgetLine(
                    establishment=house.row,
                    year=day.year,
                    category=category,
                    as_of=day,
                    allotted=allotted,
                    committed=(spent * Decimal("1.08")).quantize(Decimal("0.01")),
                    spent=spent,
                )
            )


def _quarters(today):
    ends = [month_end(date(year, month, 1)) for year in (today.year - 1, today.year) for month in (3, 6, 9, 12)]
    return [day for day in ends if day < today][-STATEMENTS:]


def _context(world, chance, sector):
    for kind, (low, high) in RANGES.items():
        value = chance.uniform(low, high)
        for back in (3, 2):
            value *= chance.uniform(0.97, 1.02)
            figure = Decimal(str(round(value, 1 if kind in ("coverage", "lone_parent") else 0)))
            world.add(
                ContextFigure(territory=sector, kind=kind, year=world.today.year - back, value=figure, source=SOURCE)
            )
