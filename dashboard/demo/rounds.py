"""Three years of visits, every two months or so, each by the coordinator of the time, and their reports."""

from datetime import timedelta

from core.calendar import add_working_days
from visits import contradictoire
from visits.frameworks.loading import SHIPPED as FRAMEWORKS
from visits.frameworks.loading import import_framework
from visits.grid_files import load_grid
from visits.models import Visit, VisitResponse
from visits.schedule import next_due

from . import contents, follow_up, story
from .sentences import bank
from .world import at, some, uuid_of

ReportStatus = Visit.ReportStatus


def build(world):
    """Visits of every house and what they raised, in memory; `written.py` puts them in the database."""
    for path in FRAMEWORKS:
        import_framework(path.read_bytes())
    world.grid = load_grid().grid
    world.items = list(world.grid.items.select_related("theme").order_by("theme__position", "position"))
    world.visits, world.dropped = [], []
    for house in world.houses:
        chance = world.stream("visites", house.number)
        house.quality = chance.choice([-4, -2, -1, 0, 0, 0, 1, 2, 3])
        _tour(world, chance, house)
        follow_up.other_actions(world, chance, house)
        if story.tells(world, house):
            _calm(world, chance, house)
        _plan(world, chance, house)


def _tour(world, chance, house):
    days = visit_days(world, chance, house)
    seen = None
    for rank, day in enumerate(days):
        is_last = rank == len(days) - 1
        kind = chance.choice(contents.KINDS)
        if seen:
            follow_up.declared_meanwhile(world, chance, house, seen, day)
        visit = contents.visit_of(world, chance, house, day, kind)
        _replaced(world, chance, house, visit, is_last)
        _report(world, chance, house, visit, is_last=is_last)
        seen = day
        if some(chance, 0.12) and not is_last and (days[rank + 1] - day).days > 30:
            other = house.open_day_before(day + timedelta(days=21))
            if other > day:
                extra = contents.visit_of(world, chance, house, other, chance.choice(contents.UNCOUNTED))
                _report(world, chance, house, extra, is_last=False)
    if seen and not (story.tells(world, house) and house.rank not in story.TO_VERIFY):
        follow_up.declared_meanwhile(world, chance, house, seen, world.today)


def visit_days(world, chance, house):
    """Days of the visits that count, the last one where the story or chance puts it."""
    told = story.tells(world, house)
    if told and house.rank == story.NEW_HOUSE:
        return []
    last = house.open_day_before(world.today - timedelta(days=_days_since_last(chance, house, told)))
    if last is None or last <= house.row.opened_on + timedelta(days=10):
        return []
    if house.row.opened_on > world.since:
        day = house.row.opened_on + timedelta(days=chance.randrange(12, 30))
    else:
        day = world.since + timedelta(days=chance.randrange(50))
    days = []
    while (day := house.open_day_after(day)) < last - timedelta(days=24):
        days.append(day)
        day += timedelta(days=chance.randrange(46, 60) + (chance.randrange(8, 30) if some(chance, 0.06) else 0))
    return [*days, last]


def _days_since_last(chance, house, told):
    if told:
        return story.LAST_VISIT.get(house.rank, chance.randrange(24, 42))
    draw = chance.random()
    if draw < 0.06:
        return chance.randrange(64, 96)
    return chance.randrange(47, 58) if draw < 0.14 else chance.randrange(2, 45)


def _replaced(world, chance, house, visit, is_last):
    """Now and then a visit was first planned for another day."""
    if is_last or not visit.planned_on or not some(chance, 0.03):
        return
    earlier = house.open_day_before(visit.visited_on - timedelta(days=chance.randrange(3, 9)))
    if earlier:
        row = _drop(world, chance, house, earlier, Visit.Status.POSTPONED, chance.choice(bank()["postponed"]))
        row.coordinator = row.created_by = visit.coordinator
        visit.replaces = row


def _drop(world, chance, house, day, status, reason):
    coordinator = world.coordinator_of(house.sector_on(day), day) or world.people["pole_head"]
    row = Visit(
        establishment=house.row,
        coordinator=coordinator,
        status=status,
        status_reason=reason,
        planned_on=day,
        created_by=coordinator,
        created_at=at(day - timedelta(days=20), 15),
        client_uuid=uuid_of(chance),
    )
    world.dropped.append(row)
    verb = "visite annulée" if status == Visit.Status.CANCELLED else "visite reportée"
    world.tell(at(day - timedelta(days=1), 9), coordinator, verb, row, house.row, reason)
    return row


def _report(world, chance, house, visit, *, is_last):
    """Observations, then how far the report went by today."""
    visit.created_at = at(visit.visited_on, visit.ends_at.hour, visit.ends_at.minute)
    shared_on, answered_on, validated_on = _progress(world, chance, house, visit, is_last)
    observations = []
    if visit.grid:
        observations = contents.observe(world, chance, house, visit)
    is_draft = shared_on is None
    if is_draft and is_last:
        del observations[3:]  # what is typed so far
    for observation in observations:
        world.add(observation)
    checks = follow_up.follow(world, chance, house, visit, known=not is_draft)
    origins = follow_up.raise_actions(world, chance, house, visit, observations, shared=not is_draft)
    if not is_draft or some(chance, 0.5):
        contents.write_up(chance, house, visit, observations)
    visit.next_visit_on = house.open_day_after(next_due(visit.visited_on) - timedelta(days=chance.randrange(1, 12)))
    house.visits.append(visit)
    world.visits.append(visit)
    visit.parts = (house, observations, checks, origins)
    if not is_draft:
        _share(world, chance, visit, checks, shared_on)
        _answer(world, chance, house, visit, answered_on)
    visit.ends = (visit.coordinator, at(validated_on, 17, chance.randrange(60))) if validated_on else None


def _progress(world, chance, house, visit, is_last):
    """Days on which the report was shared, answered and validated, None for what has not happened yet."""
    yesterday = world.today - timedelta(days=1)
    told = is_last and story.tells(world, house)
    if told and house.rank in {story.DRAFT, story.OLD_DRAFT}:
        return None, None, None
    shared_on = add_working_days(visit.visited_on, 1 if told else chance.randint(1, 5))
    if shared_on > yesterday:
        return None, None, None
    due_on = contradictoire.answer_due(shared_on)
    answers = house.rank == story.ANSWERED if told else some(chance, 0.4)
    answered_on = add_working_days(shared_on, 3 if told else chance.randint(1, 8)) if answers else None
    if answered_on and answered_on > yesterday:
        answered_on = None
    if told and house.rank in {story.DIRECTED, story.ANSWERED}:
        return shared_on, answered_on, None
    wait = 1 if told else chance.randint(1, 6)
    validated_on = add_working_days(answered_on or due_on, wait)
    return shared_on, answered_on, validated_on if validated_on <= yesterday else None


def _share(world, chance, visit, checks, day):
    instant = at(day, 10, chance.randrange(60))
    for check in checks:
        follow_up.apply(world, check, visit.coordinator, instant)
    visit.report_status = ReportStatus.SHARED
    visit.shared_by, visit.shared_at = visit.coordinator, instant
    visit.answer_due_on = contradictoire.answer_due(day)
    visit.version += 1
    visit.shared_version = visit.version
    world.tell(instant, visit.coordinator, "compte rendu transmis", visit, visit.establishment)


def _answer(world, chance, house, visit, day):
    director = day and (house.directing_on(day) or house.directing_on(day, "deputy"))
    if not director:
        return
    instant = at(day, 14, chance.randrange(60))
    remark = chance.choice(bank()["responses"])
    visit.reply = world.add(VisitResponse(visit=visit, remark=remark, answered_by=director, answered_at=instant))
    visit.report_status, visit.answered_at = ReportStatus.ANSWERED, instant
    visit.version += 1
    world.tell(instant, director, "observations reçues", visit, house.row)


def _calm(world, chance, house):
    """In the sector of the story few actions are overdue: the others were given a later day in time."""
    for action in house.actions:
        if action.is_late(world.today) and house.rank not in story.OVERDUE_ACTIONS:
            action.due_on = add_working_days(world.today + timedelta(days=chance.randrange(8, 50)), 1)
    if house.rank == story.DIRECTED:
        day, words = world.today - timedelta(days=58), bank()["other_actions"][2][:2]
        more = {"theme": "Sécurité", "created_by": world.people["coordinator"]}
        action = follow_up.new_action(world, chance, house, day, words, **more)
        action.due_on = world.today - timedelta(days=9)


def _plan(world, chance, house):
    """The next visit, planned unless it is one of those to plan."""
    if story.tells(world, house):
        if house.rank == story.CANCELLED:
            day = house.open_day_before(world.today - timedelta(days=6))
            _drop(world, chance, house, day, Visit.Status.CANCELLED, chance.choice(bank()["cancelled"]))
        unplanned = house.rank in story.NO_PLAN
    else:
        unplanned = some(chance, 0.25)
    if unplanned or not house.visits:
        return
    wanted = next_due(house.visits[-1].visited_on) - timedelta(days=6)
    wanted = max(world.today + timedelta(days=chance.randrange(1, 12)), wanted)
    if story.tells(world, house) and house.rank in story.THIS_WEEK:
        wanted = world.today + timedelta(days=story.THIS_WEEK[house.rank])
    day = house.open_day_after(wanted)
    coordinator = world.coordinator_of(house.sector, world.today) or world.people["pole_head"]
    world.dropped.append(
        Visit(
            establishment=house.row,
            coordinator=coordinator,
            planned_on=day,
            created_by=coordinator,
            created_at=at(world.today - timedelta(days=5), 15),
            client_uuid=uuid_of(chance),
        )
    )
