"""What the search finds in a visit: one entry a reading, so that no word above a reader's reading is ever matched."""

from collections.abc import Iterable, Iterator

from core.french import short_date
from core.search.index import Entry, replace_entries
from establishments.models import Capability

from .models import Visit
from .report_facts import report_of
from .reports import VisitReport, reading_of

SUBJECT = "visits.visit"
KIND = "compte rendu"
# (reading, right needed, right that reads more)
READINGS = [("interne", Capability.VIEW, ""), ("etablissement", Capability.READ_TRANSMITTED, Capability.VIEW)]


def index_visit(visit: Visit) -> None:
    """Bring the entries of one visit up to date, in the transaction that changed it."""
    replace_entries(SUBJECT, visit.pk, entries_of(visit))


def documents() -> Iterator[tuple[str, int, list[Entry]]]:
    """Every visit that has a report, for a rebuild of the index."""
    for visit in Visit.objects.done().with_people().order_by("pk").iterator(500):
        yield SUBJECT, visit.pk, entries_of(visit)


def entries_of(visit: Visit) -> list[Entry]:
    """The internal reading, and the transmitted one once the director has it; nothing for a visit not made."""
    if visit.status != Visit.Status.DONE or visit.purged_at:
        return []
    report = report_of(visit)
    is_transmitted = visit.report_status in Visit.TRANSMITTED
    return [
        Entry(
            part=reading,
            kind=KIND,
            title=f"{report.establishment}, {report.kind_label} du {short_date(visit.happens_on)}",
            body="\n".join(texts_of(reading_of(report, reading))),
            url=visit.get_absolute_url(),
            capability=capability,
            unless=fuller,
            scope_id=visit.establishment_id,
            on=visit.happens_on,
        )
        for reading, capability, fuller in READINGS
        if reading == "interne" or is_transmitted
    ]


def texts_of(report: VisitReport) -> Iterable[str]:
    """Everything somebody typed that this reading lets through, the summary first."""
    written = [report.summary, report.decisions, report.interview, report.context_note]
    yield from (paragraph.text for paragraph in written if paragraph)
    for theme in report.themes:
        for line in theme.observations:
            yield from filter(None, [line.title, line.fact, line.appreciation])
    for check in report.checks:
        yield from filter(None, [check.title, check.note])
    for action in report.new_actions:
        yield from filter(None, [action.title, action.detail])
    if report.progress.remark:
        yield report.progress.remark
