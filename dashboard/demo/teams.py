"""People who work in the houses, about one for three places, and the leave they ask for."""

from datetime import timedelta
from decimal import Decimal

from core.french import normalise
from establishments.models import Kind, Unavailability
from staffing.models import Employee, LeaveRequest, Posting

from . import story
from .names import person_name
from .world import at, holds, monday_on_or_after, some, uuid_of

Job, Status, LeaveKind, Reason = Posting.Job, LeaveRequest.Status, LeaveRequest.Kind, LeaveRequest.Reason
FTE = [(Decimal(1), Decimal(5))] * 8 + [(Decimal("0.80"), Decimal(4))] * 2
HALF = (Decimal("0.50"), Decimal("2.5"))
VERBS = {Status.GRANTED: "congé accordé", Status.REFUSED: "congé refusé", Status.CANCELLED: "congé annulé"}
BLOCK_DAYS = 28  # at most one leave of a person in each block, so that none overlaps another
KINDS = [LeaveKind.ANNUAL] * 6 + [LeaveKind.RTT] * 2 + [LeaveKind.CET, LeaveKind.SPLIT]


def build(world):
    world.staff_numbers = 0
    for house in world.houses:
        chance = world.stream("equipe", house.number)
        _directors(world, house)
        for job, number in jobs(house).items():
            for _ in range(number):
                _post(world, chance, house, job)
    world.write(Employee, Posting)
    for house in world.houses:
        _leaves(world, world.stream("conges", house.number), house)
        if story.tells(world, house):
            _told_leaves(world, world.stream("conges racontes", house.number), house)
    world.write(LeaveRequest, Unavailability)


def jobs(house):
    """How many of each job a house employs besides its direction (about the quotas of CSP R. 2324-46-1 to -46-3)."""
    places = house.authorisations[-1].places
    nearby = round(places / 4.2)
    if house.row.kind == Kind.CRECHE_FAMILIALE:
        nearby = round(places / 3)
    auxiliaries = max(1, nearby * 13 // 20)
    return {
        Job.EJE: 1 + places // 25,
        Job.NURSE: 1 if places >= 40 else 0,
        Job.AUXILIARY: auxiliaries,
        Job.ASSISTANT: max(1, nearby - auxiliaries),
        Job.SUPPORT: 1 + places // 30,
    }


def _employee(world, first_name, last_name, user=None):
    world.staff_numbers += 1
    return world.add(
        Employee(
            first_name=first_name,
            last_name=last_name,
            staff_number=f"D{world.staff_numbers:06}",
            user=user,
            search_name=normalise(f"{first_name} {last_name}")[:200],
        )
    )


def _posting(world, house, employee, job, starts_on, ends_on=None, fte=(Decimal(1), Decimal(5))):
    row = Posting(
        employee=employee,
        establishment=house.row,
        job=job,
        category=Posting.CATEGORIES[job],
        fte=fte[0],
        weekly_days=fte[1],
        starts_on=starts_on,
        ends_on=ends_on,
    )
    house.staff.append((employee, world.add(row)))


def _directors(world, house):
    """Directors and deputies are employees too; an interim stays posted as a deputy."""
    for row in house.directorships:
        if not row.is_interim:
            employee = _employee(world, row.person.first_name, row.person.last_name, row.person)
            job = Job.DIRECTOR if row.position == "director" else Job.DEPUTY
            _posting(world, house, employee, job, row.starts_on, row.ends_on)


def _post(world, chance, house, job):
    """A post held by one person, or by two one after the other; some are empty today."""
    began = max(house.row.opened_on, world.since - timedelta(days=chance.randrange(100, 4000)))
    fte = HALF if job == Job.NURSE and some(chance, 0.5) else chance.choice(FTE)
    if some(chance, 0.18) and house.row.opened_on < world.since:
        left_on = world.since + timedelta(days=chance.randrange((world.today - world.since).days))
        _posting(world, house, _employee(world, *person_name(chance)), job, began, left_on, fte)
        began = left_on + timedelta(days=chance.randrange(1, 120))
        if began > world.today:
            return
    _posting(world, house, _employee(world, *person_name(chance)), job, began, None, fte)


def _leaves(world, chance, house):
    """Three leaves a person and a year, decided; those of the coming weeks too; a few still to decide."""
    undecided = 0 if story.tells(world, house) or not some(chance, 0.4) else chance.randint(1, 3)
    first_block = monday_on_or_after(world.today - timedelta(days=12 * BLOCK_DAYS))
    for employee, posting in house.staff:
        if posting.ends_on:
            continue
        directs = posting.job in {Job.DIRECTOR, Job.DEPUTY}
        for block in sorted(chance.sample(range(15), 4)):
            start = first_block + timedelta(days=block * BLOCK_DAYS + chance.choice([0, 0, 7, 7, 1, 2, 3, 4]))
            if start <= posting.starts_on or (directs and abs((start - world.today).days) < 14):
                continue
            if directs and start > world.today and story.tells(world, house):
                continue  # theirs are told
            end = start + timedelta(days=0 if start.weekday() else chance.choice([0, 1, 4, 4, 4, 11]))
            pending = undecided > 0 and start > world.today + timedelta(days=5)
            undecided -= pending
            _leave(world, chance, house, employee, start, end, Status.PROPOSED if pending else None)


def _leave(world, chance, house, employee, start, end, status=None, *, asked_days_before=None, kind=None):
    draw = chance.random()
    if status is None:
        status = Status.GRANTED if draw < 0.94 else Status.REFUSED if draw < 0.985 else Status.CANCELLED
    asked_on = start - timedelta(days=asked_days_before or chance.randrange(28, 75))
    if asked_on >= world.today:
        asked_on = world.today - timedelta(days=chance.randrange(1, 12))
    decided_on = min(asked_on + timedelta(days=chance.randrange(2, 12)), world.today - timedelta(days=1))
    decided_on = max(decided_on, asked_on)
    deciding = world.coordinator_of(house.sector_on(decided_on), decided_on) or world.people["pole_head"]
    decided = status != Status.PROPOSED
    row = LeaveRequest(
        employee=employee,
        establishment=house.row,
        kind=kind or (LeaveKind.ANNUAL if end > start else chance.choice(KINDS)),
        starts_on=start,
        ends_on=end,
        status=status,
        proposed_by=house.directing_on(asked_on) or house.directing_on(asked_on, "deputy") or deciding,
        proposed_at=at(asked_on, 10, chance.randrange(60)),
        decided_by=deciding if decided else None,
        decided_at=at(decided_on, 16, chance.randrange(60)) if decided else None,
        refusal_reason=chance.choice(Reason.values) if status == Status.REFUSED else "",
        client_uuid=uuid_of(chance),
    )
    world.add(row)
    if decided:
        reason = row.get_refusal_reason_display() if row.refusal_reason else ""
        world.tell(row.decided_at, deciding, VERBS[status], row, house.row, reason)
    if status == Status.GRANTED and employee.user:
        # What granting does: whoever calls the house is told the days, never why.
        world.add(Unavailability(person=employee.user, starts_on=start, ends_on=end))


def _told_leaves(world, chance, house):
    """The sector of the story: a director away, two who ask for the same days, summers already asked for."""
    today = world.today
    director, deputy = (_posted(world, house, job) for job in (Job.DIRECTOR, Job.DEPUTY))
    summer = monday_on_or_after(today.replace(year=today.year + (today.month >= 6), month=7, day=7))
    if house.rank == story.AWAY and director:
        _leave(world, chance, house, director, today - timedelta(days=1), today + timedelta(days=4), Status.GRANTED)
    if house.rank == story.CONFLICT and director and deputy:
        start = monday_on_or_after(today + timedelta(days=15))
        for person, days in ((director, 4), (deputy, 3)):
            end = start + timedelta(days=days)
            _leave(world, chance, house, person, start, end, Status.PROPOSED, asked_days_before=26)
            _leave(world, chance, house, person, summer, summer + timedelta(days=days + 14), Status.PROPOSED)
    if house.rank == story.DIRECTED and director:
        _leave(world, chance, house, director, summer, summer + timedelta(days=18), Status.GRANTED)


def _posted(world, house, job):
    return next((e for e, posting in house.staff if posting.job == job and holds(posting, world.today)), None)
