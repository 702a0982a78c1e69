"""A float pool of the cast's sector, and needs of staff at each step, proved by the coverage engine itself."""

from datetime import time, timedelta
from decimal import Decimal

from core.calendar import iter_days
from core.french import normalise
from staffing.coverage import assessed
from staffing.day_book import open_book
from staffing.models import (
    AgencyBooking,
    Employee,
    FloatAssignment,
    Posting,
    Roster,
    RosterSlot,
    StaffingNeed,
)
from staffing.need_proof import proof_of
from staffing.short_staff import in_breach

from .names import person_name
from .world import at, monday_on_or_after, uuid_of

FLOATS = 4
HOURS = (time(8, 30), time(12, 30), time(13), time(17, 30))
NEEDS = 5
WORKED = 540  # minutes asked at most, a float's day
Status = StaffingNeed.Status


def build(world):
    """After the rosters and the children expected: a need is proved by what the engine finds."""
    sector = world.sectors[0]
    houses = [house for house in world.houses if house.sector == sector]
    if not houses:
        return
    pool = [
        _float(world, world.stream("pool", number), sector, houses[number % len(houses)]) for number in range(FLOATS)
    ]
    world.write(Employee, Posting, Roster, RosterSlot)
    needs = _needs(world, world.stream("renforts"), houses)
    world.write(StaffingNeed)
    _answers(world, world.stream("reponses"), needs, pool)
    world.write(FloatAssignment, AgencyBooking)


def _float(world, chance, sector, house):
    first_name, last_name = person_name(chance)
    world.staff_numbers += 1
    employee = world.add(
        Employee(
            first_name=first_name,
            last_name=last_name,
            staff_number=f"D{world.staff_numbers:06}",
            children_since=world.since,
            search_name=normalise(f"{first_name} {last_name}")[:200],
        )
    )
    starts_on = max(house.row.opened_on, world.since)
    job = chance.choice([Posting.Job.AUXILIARY, Posting.Job.EJE, Posting.Job.ASSISTANT])
    posting = world.add(
        Posting(
            employee=employee,
            establishment=house.row,
            pool=sector,
            job=job,
            category=Posting.CATEGORIES[job],
            starts_on=starts_on,
        )
    )
    roster = world.add(Roster(posting=posting, weeks=1, starts_on=starts_on))
    for weekday in range(1, 6):
        for start, end in (HOURS[:2], HOURS[2:]):
            world.add(RosterSlot(roster=roster, week=1, weekday=weekday, starts_at=start, ends_at=end))
    return employee


def _needs(world, chance, houses):
    """The first days of the next fortnight when a house falls under the ratio, one need a house."""
    start = monday_on_or_after(world.today + timedelta(days=1))
    book = open_book([house.row.pk for house in houses], start, start + timedelta(days=11), world.today)
    found = []
    for house in houses:
        day = next((d for d in iter_days(book.starts_on, book.ends_on) if _is_short(book, house.row.pk, d)), None)
        if day is not None and len(found) < NEEDS:
            need = _need(world, chance, house, day, len(found))
            found += [need] if need else []
    return found


def _is_short(book, house, day):
    given = book.house_day(house, day)
    return given is not None and book.has_hours(house, day) and bool(in_breach(assessed(given)))


def _need(world, chance, house, day, rank):
    between = _hours(proof_of(house.row, day))
    proof = proof_of(house.row, day, between=between)
    asked_on, coordinator, head = world.today - timedelta(days=3 - rank % 3), *_deciders(world, house)
    status = (Status.ASKED, Status.AGREED, Status.APPROVED, Status.APPROVED, Status.ASKED)[rank]
    agreed, decided = status != Status.ASKED, status == Status.APPROVED
    asked_at = at(asked_on, 8, 40)
    need = world.add(
        StaffingNeed(
            establishment=house.row,
            on=day,
            starts_at=_clock(between[0]),
            ends_at=_clock(between[1]),
            half_hours=proof.half_hours,
            children=proof.children,
            category_1=proof.category_1,
            proof=proof.stored() | {"computed_on": asked_on.isoformat()},
            status=status,
            asked_by=house.directing_on(asked_on) or coordinator,
            asked_at=asked_at,
            agreed_by=coordinator if agreed else None,
            agreed_at=at(asked_on, 11) if agreed else None,
            decided_by=head if decided else None,
            decided_at=at(asked_on, 15) if decided else None,
            client_uuid=uuid_of(chance),
        )
    )
    world.tell(asked_at, need.asked_by, "renfort demandé", need, house.row)
    if agreed:
        world.tell(need.agreed_at, coordinator, "renfort accepté par la coordination", need, house.row)
    if decided:
        world.tell(need.decided_at, head, "renfort validé", need, house.row)
    return need


def _deciders(world, house):
    return world.coordinator_of(house.sector, world.today) or world.people["coordinator"], world.people["pole_head"]


def _hours(proof):
    """What one person may work of the hours under the ratio."""
    start, end = proof.bounds
    return start, min(end, start + WORKED)


def _clock(minutes):
    return time(minutes // 60, minutes % 60)


def _answers(world, chance, needs, pool):
    """The first approved need has hours of an agency; the second somebody of the pool."""
    approved = [need for need in needs if need.status == Status.APPROVED]
    for need in approved[:1]:
        by, on = need.agreed_by, need.decided_at + timedelta(hours=1)
        booking = world.add(
            AgencyBooking(
                need=need,
                provider="Agence du Littoral",
                hours_ordered=Decimal(round(need.hours * 4)) / 4,
                ordered_by=by,
                ordered_at=on,
                client_uuid=uuid_of(chance),
            )
        )
        world.tell(on, by, "intérim commandé", booking, need.establishment)
    for need, employee in zip(approved[1:2], pool, strict=False):
        row = world.add(
            FloatAssignment(
                need=need,
                employee=employee,
                establishment=need.establishment,
                on=need.on,
                starts_at=need.starts_at,
                ends_at=need.ends_at,
                reason="Choix de la coordination.",
                decided_by=need.agreed_by,
                decided_at=need.decided_at + timedelta(hours=1),
                confirmed_in=uuid_of(chance),
            )
        )
        world.tell(row.decided_at, need.agreed_by, "affectation du pool confirmée", row, need.establishment)
