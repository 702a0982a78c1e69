"""Syntheses: a yearly report approved, a sheet for the elected, a sector's month to approve, a brief in hand."""

from core.calendar import add_months, month_end, month_start
from core.pdf import fingerprint
from dashboard.models import Synthesis
from dashboard.syntheses.search import index_synthesis

from .world import at, uuid_of

Status = Synthesis.Status


def build(world):
    """After everything that the sentences tell: they are drafted from the rows themselves."""
    last = add_months(month_start(world.today), -1)
    year = (last.replace(month=1), month_end(last)) if last.month > 6 else None
    year = year or (last.replace(year=last.year - 1, month=1), last.replace(year=last.year - 1, month=12, day=31))
    month = (last, month_end(last))
    head, sector = world.people["pole_head"], world.sectors[0]
    pole, coordinator = sector.parent, world.coordinator_of(sector, world.today) or head
    house = next(one.row for one in world.houses if one.sector_on(world.today) is sector)
    _written(world, 1, "rapport-annuel", "interne", year, head, Status.APPROVED, territory=pole)
    _written(world, 2, "fiche-elu", "elu", year, head, Status.APPROVED, territory=pole)
    _written(world, 3, "synthese", "interne", month, coordinator, Status.SUBMITTED, territory=sector)
    _written(world, 4, "synthese", "etablissement", month, coordinator, Status.APPROVED, establishment=house)
    _written(world, 5, "point", "interne", month, head, Status.DRAFT, territory=sector)


def _written(world, number, variant, level, days, author, status, **place):
    """Drafted by its author, and taken as far as `status`, the morning of the day of the demonstration."""
    document = Synthesis.objects.create(
        variant=variant,
        level=level,
        starts_on=days[0],
        ends_on=days[1],
        author=author,
        drafted_at=at(world.today, 7, number),
        client_uuid=uuid_of(world.stream("synthese", number)),
        **place,
    )
    document.refresh()
    if status == Status.DRAFT:
        return
    document.status, document.submitted_at = Status.SUBMITTED, at(world.today, 7, 10 + number)
    if status == Status.APPROVED:
        document.status, document.approved_by = status, world.people["pole_head"]
        document.approved_at = at(world.today, 7, 30 + number)
        document.fingerprint = fingerprint([[line.section, line.text] for line in document.lines.all()])
    document.save()
    if document.is_over:
        index_synthesis(document)
