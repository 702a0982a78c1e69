"""Hours of work of the first pôle's teams, who may direct, and two summer plans to look at."""

from datetime import time, timedelta

from establishments.models import Unavailability
from staffing.models import DirectionRelay, LeavePlan, LeaveRequest, Posting, Roster, RosterSlot

from . import story
from .world import at, monday_on_or_after, some, uuid_of

Job, Task = Posting.Job, RosterSlot.Task
SHIFT = 450  # minutes of presence a day, the half-hour of lunch apart
LUNCH = 30
LUNCHES = (0, -1, 1, 0, 1)  # half-hours from the middle of a shift
OFFICE = (time(9), time(17))
CHILDREN = [Job.EJE, Job.NURSE, Job.AUXILIARY, Job.ASSISTANT]
RELAYS = 6


def build(world):
    """Written after the teams: only the pôle of the cast, so that the largest size stays light."""
    sectors = {sector for sector in world.sectors if sector.parent == world.poles[0]}
    houses = [house for house in world.houses if house.sector in sectors]
    for house in houses:
        _house(world, world.stream("horaires", house.number), house)
    world.write(Roster, RosterSlot, DirectionRelay)
    for house in houses:
        if story.tells(world, house) and house.rank in {story.DIRECTED, story.ANSWERED}:
            _plan(world, world.stream("planning", house.number), house)
    world.write(LeavePlan, LeaveRequest, Unavailability)


def _house(world, chance, house):
    _, _, opens, closes = house.hours[-1]
    present = [(e, p) for e, p in house.staff if p.ends_on is None]
    turns = {"child": 0}
    for _, posting in present:
        roster = world.add(Roster(posting=posting, weeks=1, starts_on=posting.starts_on))
        if posting.job in CHILDREN:
            _with_children(world, chance, roster, turns, opens, closes)
        else:
            task = Task.CHILDREN if posting.job == Job.DEPUTY else Task.OTHER
            for weekday in _days(posting, turns):
                _slot(world, roster, 1, weekday, *OFFICE, task)
    if story.tells(world, house) and house.rank == story.OLD_DRAFT:
        _uncovered(world, chance, house, present)
        return
    able = [e for e, p in present if p.job in (Job.EJE, Job.AUXILIARY)][:RELAYS]
    for rank, employee in enumerate(able, start=1):
        world.add(DirectionRelay(establishment=house.row, employee=employee, rank=rank, starts_on=world.since))


def _uncovered(world, chance, house, present):
    """The page of continuity has something to show: heads on leave in three weeks, and no relay designated."""
    start = monday_on_or_after(world.today + timedelta(days=21))
    by, on = world.coordinator_of(house.sector, world.today), world.today - timedelta(days=9)
    for employee, posting in present:
        taken = [row for row in world.rows[LeaveRequest] if row.employee is employee and row.ends_on >= start]
        if posting.job not in Posting.HEADS or any(row.starts_on <= start + timedelta(days=4) for row in taken):
            continue
        row = world.add(
            LeaveRequest(
                employee=employee,
                establishment=house.row,
                starts_on=start,
                ends_on=start + timedelta(days=4),
                status=LeaveRequest.Status.GRANTED,
                proposed_by=house.directing_on(on) or by,
                proposed_at=at(on, 9),
                decided_by=by,
                decided_at=at(on, 17),
                derogation="Relais organisé avec une maison voisine",
                client_uuid=uuid_of(chance),
            )
        )
        world.tell(row.decided_at, by, "congé accordé par dérogation", row, house.row, row.derogation)
        if employee.user:
            world.add(Unavailability(person=employee.user, starts_on=row.starts_on, ends_on=row.ends_on))


def _with_children(world, chance, roster, turns, opens, closes):
    """Most open or close in turn, one in six comes with the first wave of children, another with the second.

    A planning that holds as a rule, as real ones do: what is short then comes from absences. Lunches follow one
    another; one person in eight changes every other week.
    """
    turn = turns["child"]
    turns["child"] += 1
    first, last = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    length = min(SHIFT + LUNCH, last - first)
    closing = last - length
    starts = (first, closing, first, closing, min(first + 60, closing), min(first + 90, closing))
    roster.weeks = 2 if some(chance, 0.125) else 1
    for week in range(1, roster.weeks + 1):
        start = starts[(turn + 2 * (week - 1)) % len(starts)]
        lunch = start + length // 2 + LUNCH * LUNCHES[turn % len(LUNCHES)]
        for weekday in _days(roster.posting, turns):
            _slot(world, roster, week, weekday, _clock(start), _clock(lunch), Task.CHILDREN)
            _slot(world, roster, week, weekday, _clock(lunch + LUNCH), _clock(start + length), Task.CHILDREN)


def _days(posting, turns):
    """Five days, or those that a part time leaves: never the same one off for everybody."""
    off = 5 - int(posting.weekly_days)
    first = turns["child"] % 5
    away = {(first + n) % 5 + 1 for n in range(off)}
    return [weekday for weekday in range(1, 6) if weekday not in away]


def _clock(minutes):
    return time(minutes // 60, minutes % 60)


def _slot(world, roster, week, weekday, starts_at, ends_at, task):
    world.add(RosterSlot(roster=roster, week=week, weekday=weekday, starts_at=starts_at, ends_at=ends_at, task=task))


def _next_summer(today):
    year = today.year + (today.month >= 6)
    return today.replace(year=year, month=7, day=1), today.replace(year=year, month=8, day=31)


def _plan(world, chance, house):
    """The next summer: sent by one house, still prepared by the house of the cast."""
    today = world.today
    start, end = _next_summer(today)
    author = house.directing_on(today) or world.people["coordinator"]
    sent = house.rank == story.ANSWERED
    plan = world.add(
        LeavePlan(
            establishment=house.row,
            season=LeavePlan.Season.SUMMER,
            starts_on=start,
            ends_on=end,
            status=LeavePlan.Status.SUBMITTED if sent else LeavePlan.Status.PREPARING,
            created_by=author,
            created_at=at(today - timedelta(days=20), 9),
            submitted_by=author if sent else None,
            submitted_at=at(today - timedelta(days=6), 17) if sent else None,
            client_uuid=uuid_of(chance),
        )
    )
    _lines(world, chance, house, plan, author)
    if sent:
        world.tell(at(today - timedelta(days=6), 17), author, "planning transmis", plan, house.row)


def _lines(world, chance, house, plan, author):
    """Most of those who work with the children ask for one to three weeks, many of them the same."""
    start, today = plan.starts_on, world.today
    busy = {(row.employee, row.starts_on) for row in world.rows[LeaveRequest] if row.ends_on >= start}
    first = monday_on_or_after(start + timedelta(days=4))
    team = [e for e, p in house.staff if p.ends_on is None and p.job in CHILDREN]
    for rank, employee in enumerate(team):
        if any(employee is other for other, _ in busy) or some(chance, 0.2):
            continue
        begins = first + timedelta(weeks=chance.choice([0, 0, 2, 3, 4]))
        world.add(
            LeaveRequest(
                employee=employee,
                establishment=house.row,
                plan=plan,
                starts_on=begins,
                ends_on=begins + timedelta(days=chance.choice([4, 11, 18])),
                proposed_by=author,
                proposed_at=at(today - timedelta(days=18 - rank % 10), 10, chance.randrange(60)),
                client_uuid=uuid_of(chance),
            )
        )
