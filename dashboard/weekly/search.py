"""What the search finds in a CRA once it is sent, for whoever reads the aggregates of its territory."""

from collections.abc import Iterator

from core.search.index import Entry, replace_entries
from establishments.models import Capability

SUBJECT = "dashboard.weeklyreport"
KIND = "CRA"


def index_report(report, texts: list[str]) -> None:
    """Called once, when the report is sent, in the same transaction."""
    replace_entries(SUBJECT, report.pk, [_entry(report, texts)])


def documents() -> Iterator[tuple[str, int, list[Entry]]]:
    from ..models import WeeklyReport

    for report in WeeklyReport.objects.sent().select_related("territory").prefetch_related("lines").order_by("pk"):
        texts = [line.text for line in report.lines.all() if not line.is_left_out]
        yield SUBJECT, report.pk, [_entry(report, texts)]


def _entry(report, texts):
    return Entry(
        part="entier",
        kind=KIND,
        title=str(report),
        body="\n".join(texts),
        url=report.get_absolute_url(),
        capability=Capability.VIEW_AGGREGATES,
        scope="territory",
        scope_id=report.territory_id,
        on=report.last_on,
    )
