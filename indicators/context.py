"""The public figures of the families around, beside a house or a territory; each with its year and source."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F

from core.french import number
from establishments.models import Establishment, SectorAttachment

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
    return _nearest(ContextFigure.objects.filter(territory__descendant_links__descendant__in=attached))


def around_territory(territory) -> list[Around]:
    """The same, for the territory itself and those above it. One query."""
    return _nearest(ContextFigure.objects.filter(territory__descendant_links__descendant=territory))


def _nearest(figures):
    rows = figures.latest().annotate(depth=F("territory__descendant_links__depth")).select_related("territory")
    found: dict[str, ContextFigure] = {}
    for row in rows.order_by("depth"):
        found.setdefault(row.kind, row)
    return [_around(found[kind]) for kind in ContextFigure.Kind if kind in found]


def _around(row):
    return Around(row.get_kind_display(), shown(row.kind, row.value), row.year, row.source, row.territory.name)


def shown(kind: str, value: Decimal) -> str:
    """Counts and euros whole, shares with one decimal."""
    return number(value, 1 if kind in RATES else 0)
