"""What each kind of batch prints: the papers the person may read, and how one of them is prepared."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from core.pdf import Sheet
from establishments.models import Capability, Establishment, Territory
from visits.issuing import register_paper
from visits.models import Visit
from visits.printing import report_sheet

from ..models import Batch, Synthesis
from ..syntheses.page import view_composed
from ..syntheses.printing import sheet_of

Kind = Batch.Kind


@dataclass(frozen=True)
class Prepared:
    """A paper to write; `kept` is told its bytes, in the process that asked."""

    sheet: Sheet
    name: str
    kept: Callable[[bytes], None] = lambda content: None


@dataclass(frozen=True)
class Printing:
    """`listed(batch)` gives (number, label) of the papers; `prepare(batch, number)` one of them, or None when the
    person may no longer read it."""

    listed: Callable[[Batch], Iterable[tuple[int, str]]]
    prepare: Callable[[Batch, int], Prepared | None]


def _reports(batch) -> Any:
    """Transmitted reports of the visits of the period."""
    rows = Visit.objects.visible_to(batch.owner, Capability.READ_TRANSMITTED).within(batch.territory)
    return (
        rows.transmitted()
        .filter(visited_on__range=(batch.starts_on, batch.ends_on))
        .order_by("establishment__name", "visited_on")
    )


def _listed_reports(batch):
    return [(visit.pk, str(visit)) for visit in _reports(batch).select_related("establishment")]


def _prepare_report(batch, number):
    visit = _reports(batch).with_people().filter(pk=number).first()
    if visit is None:
        return None
    inside = Visit.objects.visible_to(batch.owner, Capability.VIEW).filter(pk=number).exists()
    reading = "interne" if inside else "etablissement"
    sheet, name, digest = report_sheet(visit, reading)
    return Prepared(sheet, name, lambda content: register_paper(visit, reading, content, digest))


def _houses(batch):
    rows = Establishment.objects.visible_to(batch.owner, Capability.WRITE_SYNTHESIS)
    return rows.within(batch.territory, batch.ends_on).open_on(batch.ends_on).order_by("name", "pk")


def _places(batch):
    rows = Territory.objects.visible_to(batch.owner, Capability.WRITE_SYNTHESIS).within(batch.territory)
    return rows.active_on(batch.ends_on).order_by("kind", "name", "pk")


def _listed(rows):
    return lambda batch: [(one.pk, one.name) for one in rows(batch)]


def _prepare(rows, field):
    """The synthesis of one place, composed from the facts: nobody keeps it, « PROJET » is on it."""

    def prepare(batch, number):
        place = rows(batch).filter(pk=number).first()
        if place is None:
            return None
        document = Synthesis(
            variant="synthese",
            starts_on=batch.starts_on,
            ends_on=batch.ends_on,
            author=batch.owner,
            drafted_at=batch.asked_at,
            **{field: place},
        )
        return Prepared(*sheet_of(document, view_composed(document)))

    return prepare


PRINTINGS = {
    Kind.REPORTS: Printing(_listed_reports, _prepare_report),
    Kind.HOUSES: Printing(_listed(_houses), _prepare(_houses, "establishment")),
    Kind.PLACES: Printing(_listed(_places), _prepare(_places, "territory")),
}
