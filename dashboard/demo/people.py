"""Accounts, mandates, directors and deputies with their changes, functions shared by several houses."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password

from core.calendar import add_months
from core.french import normalise
from core.models import User
from establishments.models import Directorship, Mandate, Role, SharedRole, Unavailability

from . import cast, parcours, story
from .city import LONG_AGO
from .names import person_name, slug
from .world import at, some

Position, Function = Directorship.Position, SharedRole.Function
UNUSABLE = "!"  # nobody signs in with it; the cast alone has a password


def build(world, password):
    """Everybody who has a mandate, a directorship or a shared function, written; the cast may sign in."""
    world.taken = set()
    secret = make_password(password)
    for member in cast.MEMBERS:
        world.people[member.key] = _user(
            world, member.first_name, member.last_name, member.email, secret, is_staff=member.role == "administrator"
        )
    _mandates(world)
    for house in world.houses:
        _direct(world, world.stream("direction", house.number), house)
    _shared(world)
    world.write(User, Mandate, Directorship, SharedRole, Unavailability)
    parcours.build(world)


def _user(world, first_name, last_name, email, password=UNUSABLE, **more):
    number = len(world.taken)
    world.taken.add(email)
    return world.add(
        User(
            email=email,
            first_name=first_name,
            last_name=last_name,
            phone=f"06 39 98 {number // 100:02} {number % 100:02}",
            search_name=normalise(f"{first_name} {last_name} {email}")[:200],
            password=password,
            date_joined=at(world.since),
            **more,
        )
    )


def someone(world, chance):
    """A new account, under an address that nobody has."""
    first_name, last_name = person_name(chance)
    base, rank = slug(f"{first_name} {last_name}").replace("-", "."), 1
    email = f"{base}@demo.example"
    while email in world.taken:
        rank += 1
        email = f"{base}.{rank}@demo.example"
    return _user(world, first_name, last_name, email)


def _mandate(world, user, role, starts_on=LONG_AGO, ends_on=None, *, is_interim=False, **where):
    row = Mandate(user=user, role=role, starts_on=starts_on, ends_on=ends_on, is_interim=is_interim, **where)
    world.mandates.append(row)
    return world.add(row)


def _mandates(world):
    """One head a pôle, one coordinator a sector, after others; the cast where it belongs."""
    chance, since, people = world.stream("mandats"), world.since, world.people
    for role in (Role.CENTRAL, Role.ADMINISTRATOR, Role.ELECTED):
        _mandate(world, people[role], role, since, territory=world.direction)
    for rank, division in enumerate(world.divisions):
        head = people[Role.DIVISION_HEAD] if rank == 0 else someone(world, chance)
        _mandate(world, head, Role.DIVISION_HEAD, since, territory=division)
    world.staff_of_pole = {}
    for rank, pole in enumerate(world.poles):
        roles = (Role.POLE_HEAD, Role.ASSISTANT, Role.HEALTH_LEAD)
        world.staff_of_pole[pole] = holders = {
            role: people[role] if rank == 0 else someone(world, chance) for role in roles
        }
        for role, user in holders.items():
            _mandate(world, user, role, since, territory=pole)
    former = someone(world, chance)
    _mandate(
        world,
        former,
        Role.COORDINATOR,
        ends_on=world.reorganised_on - timedelta(days=1),
        territory=world.former_sector,
    )
    for rank, sector in enumerate(world.sectors):
        _coordinate(world, chance, rank, sector)


def _coordinate(world, chance, rank, sector):
    """Two coordinators one after the other, an interim between them in one sector out of three."""
    cast_of = {0: world.people[Role.COORDINATOR], 1: world.people["colleague"]}
    current = cast_of.get(rank) or someone(world, chance)
    months = min(26, world.size.months) if rank == 0 else chance.randrange(2, max(4, world.size.months - 4))
    changed_on = add_months(world.today, -months)
    left_on = changed_on - timedelta(days=1)
    if rank % 3 == 1:
        left_on = changed_on - timedelta(days=61)
        start, end = left_on + timedelta(days=1), changed_on - timedelta(days=1)
        relay = cast_of[0] if rank == 1 else someone(world, chance)
        _mandate(world, relay, Role.COORDINATOR, start, end, is_interim=True, territory=sector)
    _mandate(world, someone(world, chance), Role.COORDINATOR, LONG_AGO, left_on, territory=sector)
    _mandate(world, current, Role.COORDINATOR, changed_on, territory=sector)


def _directorship(world, house, person, position, starts_on, ends_on, *, is_interim=False):
    mandate = _mandate(
        world, person, Role.DIRECTOR, starts_on, ends_on, is_interim=is_interim, establishment=house.row
    )
    row = Directorship(
        establishment=house.row,
        person=person,
        position=position,
        is_interim=is_interim,
        starts_on=starts_on,
        ends_on=ends_on,
        mandate=mandate,
    )
    house.directorships.append(world.add(row))


def _direct(world, chance, house):
    """Directors one after the other; between two of them nobody, or the deputy for the time it takes."""
    told, today = story.tells(world, house), world.today
    day = max(house.row.opened_on, world.since - timedelta(days=chance.randrange(100, 1200)))
    deputy = None
    if house.places_on(today) >= 60 or some(chance, 0.2) or (told and house.rank in story.DEPUTIES):
        deputy = someone(world, chance)
        _directorship(world, house, deputy, Position.DEPUTY, day, None)
    while day <= today:
        last = day + timedelta(days=chance.randrange(500, 2100))
        if told:
            last = story.director_leaves(house.rank, day, last, today)
        # A vacancy of today belongs to the story, or to chance in one house out of twenty.
        elif today - timedelta(days=80) < last < today and not some(chance, 0.3):
            last = today + timedelta(days=400)
        ends_on = last if last < today else None
        name = world.people[Role.DIRECTOR] if told and house.rank == story.DIRECTED and ends_on is None else None
        _directorship(world, house, name or someone(world, chance), Position.DIRECTOR, day, ends_on)
        if ends_on is None:
            return
        following = ends_on + timedelta(days=story.gap(house.rank) if told else chance.choice([1, 1, 1, 35, 62, 80]))
        if deputy and following - ends_on > timedelta(days=1) and (not told or house.rank == story.INTERIM):
            start, end = ends_on + timedelta(days=1), following - timedelta(days=1)
            _directorship(world, house, deputy, Position.DIRECTOR, start, end, is_interim=True)
        day = following


def _shared(world):
    """Health, nursing, technique, psychology: by rank of call, some of them away these days."""
    chance = world.stream("mutualisees")
    for division in world.divisions:
        _share(world, chance, Function.TECHNICAL, division)
    for function in (Function.DIETICIAN,):
        _share(world, chance, function, world.direction)
    for pole in world.poles:
        holders = world.staff_of_pole[pole]
        _share(world, chance, Function.RSAI, pole, holders[Role.HEALTH_LEAD])
        _share(world, chance, Function.RSAI, pole, rank=2)
        _share(world, chance, Function.ASSISTANT, pole, holders[Role.ASSISTANT])
        _share(world, chance, Function.ATEPE, pole)
        _share(world, chance, Function.PSYCHOLOGIST, pole)
    for sector in world.sectors:
        nurse = _share(world, chance, Function.NURSE, sector)
        if sector is world.sectors[0]:
            _away(world, nurse, -2, 9)
        elif some(chance, 0.3):
            first = chance.randrange(-20, 30)
            _away(world, nurse, first, first + chance.randrange(2, 15))


def _share(world, chance, function, territory, person=None, rank=1):
    person = person or someone(world, chance)
    world.add(SharedRole(function=function, person=person, territory=territory, rank=rank, starts_on=world.since))
    return person


def _away(world, person, first, last):
    world.add(
        Unavailability(
            person=person,
            starts_on=world.today + timedelta(days=first),
            ends_on=world.today + timedelta(days=last),
        )
    )
