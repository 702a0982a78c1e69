"""The public figures of the families around, beside a house or a territory; each with its year and source."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.french import number
from establishments.models import Establishment, SectorAttachment, TerritoryLink

from .models import ContextFigure

RATES = {ContextFigure.Kind.COVERAGE, ContextFigure.Kind.LONE_PARENT}


@dataclass(frozen=True)
class Around:
    """One figure of the nearest territory that knows it: "naissances dans l’année", 1 204, 2024, "Insee", Pôle 20e."""

    label: str
    value: str
    year: int
    source: str
    territory: str


def around_house(establishment: Establishment, day: date) -> list[Around]:
    """The last year known of each figure, from the nearest territory that holds the house that day. One query.

    These are public figures about a place: whoever reads the house reads them, those of the pôle above her sector too.
    """
    attached = SectorAttachment.objects.active_on(day).filter(establishment=establishment).values("territory")
    return _nearest(TerritoryLink.objects.filter(descendant__in=attached))


def around_territory(territory) -> list[Around]:
    """The same, for the territory itself and those above it. One query."""
    return _nearest(TerritoryLink.objects.filter(descendant=territory))


def _nearest(links):
    depths = dict(links.order_by().values_list("ancestor", "depth"))
    rows = ContextFigure.objects.filter(territory__in=list(depths)).latest().select_related("territory")
    found: dict[str, ContextFigure] = {}
    for row in sorted(rows, key=lambda row: depths[row.territory_id]):
        found.setdefault(row.kind, row)
    return [_around(found[kind]) for kind in ContextFigure.Kind if kind in found]


def _around(row):
    return Around(row.get_kind_display(), shown(row.kind, row.value), row.year, row.source, row.territory.name)


def shown(kind: str, value: Decimal) -> str:
    """Counts and euros whole, shares with one decimal."""
    return number(value, 1 if kind in RATES else 0)
