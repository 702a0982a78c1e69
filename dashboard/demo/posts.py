"""Posts budgeted a little above those filled, their recruitment, risks and accidents: the first pôle's houses."""

from datetime import timedelta
from decimal import Decimal

from establishments.models import CapacityChange
from staffing.models import AccidentYear, OccupationalRisk, Post, Posting, Recruitment

from .world import at, holds, some, uuid_of

RISKS = [
    ("back", 3, 3, "Plans de change à hauteur, aide à la montée"),
    ("noise", 2, 4, "Panneaux acoustiques dans le dortoir"),
    ("biological", 2, 3, "Protocole d’hygiène renforcée affiché"),
    ("stress", 3, 2, "Analyse des pratiques, planning connu trois semaines avant"),
]


def build(world):
    sectors = {sector for sector in world.sectors if sector.parent == world.poles[0]}
    for house in (house for house in world.houses if house.sector in sectors):
        chance = world.stream("postes", house.number)
        author = world.coordinator_of(house.sector, world.today) or world.people["pole_head"]
        given = {"establishment": house.row, "created_by": author, "created_at": at(world.since, 10)}
        _posts(world, chance, house, given)
        _risks(world, chance, given)
    world.write(Post, Recruitment, OccupationalRisk, AccidentYear)


def _posts(world, chance, house, given):
    filled = {}
    for _, posting in house.staff:
        if holds(posting, world.today):
            filled[posting.job] = filled.get(posting.job, Decimal(0)) + posting.fte
    frozen = any(
        row.reason == CapacityChange.Reason.VACANCY and row.establishment is house.row and holds(row, world.today)
        for row in world.rows[CapacityChange]
    )
    for job, fte in filled.items():
        near = job in {Posting.Job.AUXILIARY, Posting.Job.EJE}
        more = Decimal(1) if near and (frozen or some(chance, 0.3)) else Decimal(0)
        world.add(Post(job=job, fte=fte + more, starts_on=world.since, client_uuid=uuid_of(chance), **given))
        if more:
            _recruit(world, chance, job, given)


def _recruit(world, chance, job, given):
    asked = world.today - timedelta(days=chance.randrange(15, 150))
    published = asked + timedelta(days=12) if asked + timedelta(days=12) < world.today else None
    candidates = chance.randrange(0, 9) if published else 0
    world.add(
        Recruitment(
            job=job,
            asked_on=asked,
            published_on=published,
            commission_on=world.today + timedelta(days=9) if candidates > 3 else None,
            candidates=candidates,
            seen=min(candidates, 2),
            client_uuid=uuid_of(chance),
            **given,
        )
    )


def _risks(world, chance, given):
    for hazard, severity, frequency, measure in chance.sample(RISKS, chance.randrange(2, 5)):
        day = world.today + timedelta(days=chance.randrange(-30, 300))
        world.add(
            OccupationalRisk(
                hazard=hazard,
                severity=severity,
                frequency=frequency,
                measure=measure,
                review_on=day,
                client_uuid=uuid_of(chance),
                **given,
            )
        )
    for year in (world.today.year - 2, world.today.year - 1):
        accidents = chance.choice([0, 0, 1, 1, 2, 3])
        with_leave = min(accidents, chance.choice([0, 1]))
        world.add(
            AccidentYear(year=year, accidents=accidents, with_leave=with_leave, client_uuid=uuid_of(chance), **given)
        )
