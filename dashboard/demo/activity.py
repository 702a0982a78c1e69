"""Thirty-six months of hours: places that open, contracts, presences, bills, with the seasons of a real year."""

from datetime import timedelta
from decimal import Decimal

from core.calendar import add_months, iter_months, month_end, month_start
from establishments.models import Kind
from indicators.capacity import month_capacity
from indicators.models import MonthlyActivity
from indicators.terms import terms_of

from . import story
from .world import at, some

Status = MonthlyActivity.Status
# January to December. Admission falls in September (first days of the new children) and in August.
ADMISSION = (0.90, 0.90, 0.91, 0.91, 0.91, 0.91, 0.88, 0.78, 0.81, 0.85, 0.88, 0.89)
ASSIDUITY = (0.87, 0.86, 0.89, 0.88, 0.88, 0.89, 0.85, 0.80, 0.89, 0.89, 0.89, 0.86)
FAMILIAL = 0.86  # crèches familiales are less full
MISSING = 0.004  # of the old months: what was never entered


def build(world):
    # From the register itself, as when a month is submitted: no figure of the demonstration differs from its reasons.
    terms = terms_of([house.row.pk for house in world.houses], world.since, world.today)
    for house in world.houses:
        chance = world.stream("activite", house.number)
        # The habits of a house: how well its places are given, and how faithfully families come.
        habits = chance.uniform(0.93, 1.06), chance.uniform(0.95, 1.04), chance.uniform(1.03, 1.115)
        if house.row.kind == Kind.CRECHE_FAMILIALE:
            habits = (habits[0] * FAMILIAL, habits[1], habits[2])
        for month in iter_months(world.since, month_start(world.today) - timedelta(days=1)):
            if month >= month_start(add_months(house.row.opened_on, 1)) and not some(chance, MISSING):
                _month(world, chance, house, month, habits, month_capacity(terms[house.row.pk], month))
    world.write(MonthlyActivity)


def _month(world, chance, house, month, habits, capacity):
    status = _status(world, chance, house, month)
    if status is None:
        return
    admission = min(1.0, ADMISSION[month.month - 1] * habits[0] * chance.uniform(0.97, 1.03))
    assiduity = min(1.0, ASSIDUITY[month.month - 1] * habits[1] * chance.uniform(0.97, 1.03))
    contracted = int(capacity.open_minutes * admission)
    actual = int(contracted * assiduity)
    done = status in {Status.VALIDATED, Status.CLOSED}
    last = month_end(month)
    entered_on = min(last + timedelta(days=chance.randrange(2, 8)), world.today - timedelta(days=1))
    validated_on = min(entered_on + timedelta(days=chance.randrange(1, 9)), world.today - timedelta(days=1))
    coordinator = world.coordinator_of(house.sector_on(validated_on), validated_on) or world.people["pole_head"]
    row = world.add(
        MonthlyActivity(
            establishment=house.row,
            month=month,
            authorised_hours=capacity.authorised_hours,
            open_hours=capacity.open_hours,
            contracted_hours=hours(contracted),
            actual_hours=hours(actual),
            billed_hours=hours(int(actual * habits[2] * chance.uniform(0.985, 1.015))),
            children_enrolled=round(house.places_on(last) * admission * chance.uniform(1.12, 1.3)),
            opening_days=capacity.opening_days,
            status=status,
            entered_by=house.directing_on(entered_on) or house.directing_on(entered_on, "deputy") or coordinator,
            validated_by=coordinator if done else None,
            validated_at=at(validated_on, 17) if done else None,
        )
    )
    if done:
        world.tell(row.validated_at, coordinator, "activité validée", row, house.row)


def hours(minutes):
    """Minutes as hours with two decimals, rounded down: the order between quantities is kept."""
    return Decimal(minutes * 100 // 60) / 100


def _status(world, chance, house, month):
    """Old months are closed; the last one is on its way: missing, being typed, submitted or validated."""
    age = (world.today.year - month.year) * 12 + world.today.month - month.month
    if age >= 4:
        return Status.CLOSED
    if age >= 3:
        return Status.VALIDATED
    draw = chance.random()
    if age == 2:
        return Status.VALIDATED if draw < 0.95 or story.tells(world, house) else Status.SUBMITTED
    if story.tells(world, house):
        told = {story.DIRECTED: Status.DRAFT, story.SUBMITTED: Status.SUBMITTED, story.MISSING: None}
        return told.get(house.rank, Status.VALIDATED)
    late = 0.5 if world.today.day < 8 else 0.12
    if draw < late:
        return None if draw < late * 2 / 3 else Status.DRAFT
    return Status.SUBMITTED if draw < late + 0.25 else Status.VALIDATED
