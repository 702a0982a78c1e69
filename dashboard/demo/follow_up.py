"""Actions: raised by what was seen, declared done by directors, looked at again at each visit."""

from datetime import timedelta

from core.calendar import add_working_days
from core.french import normalise, short_date
from establishments.models import Level
from projects.models import ActionItem
from visits.models import ActionCheck, ActionOrigin, Observation

from .sentences import bank
from .world import at, some, uuid_of

Status, State = ActionItem.Status, ActionCheck.State
AT_ONCE = 5  # open actions of a house: beyond, nothing new is asked
# What a visit finds, by the status of the action before it.
SEEN = {
    Status.TO_START: [State.IN_PROGRESS] * 8
    + [State.VERIFIED] * 5
    + [State.TO_START] * 3
    + [State.NOT_SEEN] * 2
    + [State.ABANDONED],
    Status.IN_PROGRESS: [State.VERIFIED] * 12
    + [State.IN_PROGRESS] * 4
    + [State.DONE] * 2
    + [State.NOT_SEEN] * 2
    + [State.ABANDONED],
    Status.DONE: [State.VERIFIED] * 14 + [State.IN_PROGRESS] + [State.NOT_SEEN],
}


def follow(world, chance, house, visit, *, known):
    """One check an open action, in the state seen; `known` False leaves some of them for later (a draft)."""
    checks = []
    for action in house.actions:
        if action.status in ActionItem.FOLLOWED and (known or some(chance, 0.5)):
            state = chance.choice(SEEN[action.status])
            note = chance.choice(bank()["seen"][state])
            checks.append(world.add(ActionCheck(visit=visit, action=action, state=state, note=note)))
    return checks


def apply(world, check, by, instant):
    """What sharing does to an action: the same steps as visits.closing, with the stamps of the day."""
    action, state = check.action, check.state
    note = check.note or f"vu le {short_date(check.visit.visited_on)}, en visite"
    if state == State.ABANDONED:
        action.status, action.abandon_reason = Status.ABANDONED, note
        action.closed_by, action.closed_at = by, instant
        world.tell(instant, by, "action abandonnée", action, action.establishment, note)
    elif state == State.VERIFIED:
        action.declared_by, action.declared_at = action.declared_by or by, action.declared_at or instant
        action.status, action.evidence = Status.VERIFIED, note
        action.closed_by, action.closed_at = by, instant
        world.tell(instant, by, "action vérifiée", action, action.establishment, note)
    elif state == State.DONE and action.status in ActionItem.OPEN:
        declare(world, action, by, instant, note)
    elif state in {State.TO_START, State.IN_PROGRESS} and action.status == Status.DONE:
        action.status, action.declared_by, action.declared_at = Status.IN_PROGRESS, None, None
        world.tell(instant, by, "action à reprendre", action, action.establishment, note)
    elif state == State.IN_PROGRESS and action.status == Status.TO_START:
        action.status = Status.IN_PROGRESS
        world.tell(instant, by, "action lancée", action, action.establishment)


def declare(world, action, by, instant, evidence):
    action.status, action.evidence = Status.DONE, evidence
    action.declared_by, action.declared_at = by, instant
    world.tell(instant, by, "action déclarée réalisée", action, action.establishment, evidence)


def declared_meanwhile(world, chance, house, since, until):
    """Between two visits a director declares done some of what she was asked."""
    for action in house.actions:
        if action.status in ActionItem.OPEN and some(chance, 0.18) and (until - since).days > 14:
            # After the report was shared, which may take a week.
            day = since + timedelta(days=chance.randrange(9, (until - since).days - 2))
            director = house.directing_on(day)
            if director and since < day < until:
                declare(
                    world, action, director, at(day, 12, chance.randrange(60)), "Fait, preuve tenue à disposition."
                )


def raise_actions(world, chance, house, visit, observations, *, shared):
    """Actions for what is not yet right; inside the pôle until the report is shared."""
    origins = []
    for observation in observations:
        share = {Observation.Rating.TO_BUILD: 0.85, Observation.Rating.IN_PROGRESS: 0.35}.get(observation.rating, 0)
        followed = [action for action in house.actions if action.status in ActionItem.FOLLOWED]
        if len(followed) >= AT_ONCE or not some(chance, share):
            continue
        title, detail = chance.choice(bank()["items"][observation.item.key]["actions"])
        if title in {action.title for action in followed}:
            continue
        gap = observation.nature == Observation.Nature.GAP
        action = new_action(
            world,
            chance,
            house,
            visit.visited_on,
            (title, detail),
            kind=ActionItem.Kind.CORRECTIVE if gap else ActionItem.Kind.IMPROVEMENT,
            priority=ActionItem.Priority.HIGH if gap else ActionItem.Priority.NORMAL,
            theme=observation.item.theme.title[:80],
            origin_kind=ActionItem.Origin.VISIT,
            origin_label=str(visit)[:200],
            level=observation.level if shared else Level.POLE,
            created_by=visit.coordinator,
        )
        origin = ActionOrigin(action=action, visit=visit, item=observation.item, level_when_shared=observation.level)
        origins.append(world.add(origin))
    return origins


def new_action(world, chance, house, day, words, *, created_by, **more):
    title, detail = words
    action = ActionItem(
        establishment=house.row,
        title=title,
        detail=detail,
        owner=house.directing_on(day) or house.directing_on(day, "deputy"),
        due_on=add_working_days(day + timedelta(days=chance.randrange(40, 110)), 1),
        created_by=created_by,
        created_at=at(day, 11, chance.randrange(60)),
        client_uuid=uuid_of(chance),
        **more,
    )
    action.search_text = normalise(f"{action.title} {action.theme} {action.detail}")[:400]
    house.actions.append(world.add(action))
    return action


def other_actions(world, chance, house):
    """What no visit raised: indicators, projects, meetings."""
    head = world.people["pole_head"]
    for *words, origin in bank()["other_actions"]:
        if some(chance, 0.12):
            day = world.today - timedelta(days=chance.randrange(10, 70))
            if day > house.row.opened_on:
                author = world.coordinator_of(house.sector_on(day), day) or head
                more = {"theme": "Pilotage", "origin_kind": origin, "created_by": author}
                new_action(world, chance, house, day, words, **more)
