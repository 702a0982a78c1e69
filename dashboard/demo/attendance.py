"""The days of the last weeks by half-hour, true to the hours of their month, and what they make us expect."""

from datetime import timedelta

from core.calendar import iter_days, month_start
from establishments.models import Closure, Kind
from indicators.entry.expected import Counted, draw
from indicators.half_hours import HALF_HOURS, span
from indicators.models import DailyActivity, ExpectedAttendance, MonthlyActivity

from .world import holds

WEEKS = {"direction": 6}  # of counted days; a pôle has half a year
USUAL_WEEKS = 26
ARRIVALS, DEPARTURES = 0.16, 0.24  # shares of the opening over which children come, then leave
WEDNESDAY = 3
FEWER, MORE = 0.88, 1.03  # on Wednesdays many families keep their children; the other days make up for it
NON_WALKERS = (0.28, 0.42)


def build(world):
    since = world.today - timedelta(weeks=WEEKS.get(world.size.name, USUAL_WEEKS))
    targets = _targets(world)
    for house in world.houses:
        if house.row.kind == Kind.CRECHE_FAMILIALE:
            continue  # the children are at the homes of the childminders: nobody counts them by half-hour
        chance = world.stream("presences", house.number)
        share = 0.0 if house.row.kind == Kind.JARDIN_ENFANTS else chance.uniform(*NON_WALKERS)
        days = [
            _day(world, chance, house, day, share, target)
            for day in iter_days(max(since, house.row.opened_on), world.today - timedelta(days=1))
            if house.is_open_day(day) and not _is_short(house, day) and (target := _target(targets, house, day))
        ]
        _expect(world, house, days)
    world.write(DailyActivity, ExpectedAttendance)


def _targets(world):
    """{house number: {month: child-hours of a day}} of the months that were entered."""
    found = {house.number: {} for house in world.houses}
    numbers = {house.row: house.number for house in world.houses}
    for row in world.rows[MonthlyActivity]:
        if row.opening_days:
            found[numbers[row.establishment]][row.month] = float(row.actual_hours) / row.opening_days
    return found


def _target(targets, house, day):
    """Those of its month, or of the last month entered before it."""
    known = [month for month in targets[house.number] if month <= day]
    return targets[house.number][max(known)] if known else None


def _is_short(house, day):
    return any(row.part != Closure.Part.DAY and holds(row, day) for row in house.closures)


def _shape(places):
    """How full each half-hour is: children come, stay, leave."""
    length = len(places)
    edges = [(number + 0.5) / length for number in range(length)]
    return [min(1.0, edge / ARRIVALS, (1 - edge) / DEPARTURES) for edge in edges]


def _day(world, chance, house, day, share, target):
    opens, closes = next((opens, closes) for start, end, opens, closes in house.hours if _held(start, end, day))
    places = span(opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute)
    shape = _shape(places)
    usual = FEWER if day.isoweekday() == WEDNESDAY else MORE
    scale = 2 * target * usual * chance.uniform(0.96, 1.04) / sum(shape)
    most = house.places_on(day) * 115 // 100  # R. 2324-27: never more children at once
    present = [min(round(scale * full), most) for full in shape]
    non_walkers, walkers = [0] * HALF_HOURS, [0] * HALF_HOURS
    for place, count in zip(places, present, strict=True):
        non_walkers[place] = round(count * share)
        walkers[place] = count - non_walkers[place]
    row = DailyActivity(
        establishment=house.row,
        day=day,
        non_walkers=tuple(non_walkers),
        walkers=tuple(walkers),
        entered_by=house.directing_on(day) or house.directing_on(day, "deputy"),
    )
    world.add(row.fill())
    return Counted(day, row.non_walkers, row.walkers)


def _held(start, end, day):
    return day >= start and (end is None or day <= end)


def _expect(world, house, days):
    starts_on = month_start(world.today)
    before = [counted for counted in days if starts_on - timedelta(weeks=12) <= counted.day < starts_on]
    for weekday, drawn in draw(before).items():
        world.add(
            ExpectedAttendance(
                establishment=house.row,
                weekday=weekday,
                non_walkers=drawn.non_walkers,
                walkers=drawn.walkers,
                origin=ExpectedAttendance.Origin.DERIVED,
                derived_since=before[0].day,
                derived_until=before[-1].day,
                starts_on=starts_on,
                entered_by=house.directing_on(starts_on),
            )
        )
