"""What the search finds in an inspection: its subject and its findings, for those who read inspections."""

from collections.abc import Iterator

from core.search.index import Entry, replace_entries
from establishments.models import Capability

from ..models import Inspection

SUBJECT = "visits.inspection"
KIND = "contrôle"


def index_inspection(inspection: Inspection) -> None:
    """Bring the entry of one inspection up to date, in the transaction that changed it."""
    replace_entries(SUBJECT, inspection.pk, entries_of(inspection))


def documents() -> Iterator[tuple[str, int, list[Entry]]]:
    """Every inspection, for a rebuild of the index."""
    rows = Inspection.objects.select_related("establishment").prefetch_related("findings").order_by("pk")
    for inspection in rows.iterator(500):
        yield SUBJECT, inspection.pk, entries_of(inspection)


def entries_of(inspection: Inspection) -> list[Entry]:
    if inspection.purged_at:
        return []
    texts = [inspection.subject, inspection.reference, inspection.answer]
    for finding in inspection.findings.all():
        if finding.is_withdrawn:
            continue
        texts += [finding.text, finding.article, finding.proof_note]
    return [
        Entry(
            part="registre",
            kind=KIND,
            title=f"{inspection.establishment}, {str(inspection)[0].lower()}{str(inspection)[1:]}",
            body="\n".join(filter(None, texts)),
            url=inspection.get_absolute_url(),
            capability=Capability.VIEW_INSPECTIONS,
            scope_id=inspection.establishment_id,
            on=inspection.held_on,
        )
    ]
