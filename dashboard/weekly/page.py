"""What the page of a CRA shows: its sections, each sentence with its sources, and the territories below."""

from dataclasses import dataclass, replace
from datetime import datetime

from core import sources

from ..models import WeeklyLine, WeeklyReport
from ..telling.lines import LineView, SectionView, line_view
from ..telling.opened import sections_for
from .sentences import SECTIONS


@dataclass(frozen=True)
class ReportView:
    """One report, cut into sections; `label` and `url` name it on the page that consolidates several."""

    label: str
    url: str
    status: str
    tone: str
    sent_at: datetime | None
    sections: tuple[SectionView, ...]

    @property
    def stale(self) -> int:
        return sum(line.is_stale for section in self.sections for line in section.lines)

    def opened_by(self, held):
        """The same for one reader: a source whose rows she does not read is named and opens nothing."""
        return replace(self, sections=sections_for(self.sections, held))


def views_of(reports) -> list[ReportView]:
    """Reports with their lines and the state of their sources: three queries and one reading a subject, in all."""
    reports = list(reports)
    lines = WeeklyLine.objects.filter(report__in=reports).select_related("author")
    by_report = {report.pk: [] for report in reports}
    for line in lines:
        by_report[line.report_id].append(line)
    quoted = sources.quoted_by([report.document for report in reports])
    return [_view(report, by_report[report.pk], quoted[report.document]) for report in reports]


def _view(report, lines, quoted) -> ReportView:
    seen = [(line.section, line_view(line, quoted.get(line.key, ()))) for line in lines]
    sections = tuple(
        SectionView(key, title, tuple(view for section, view in seen if section == key))
        for key, title in SECTIONS.items()
    )
    return ReportView(
        label=report.territory.name,
        url=report.get_absolute_url(),
        status=report.get_status_display(),
        tone="good" if report.status == WeeklyReport.Status.SENT else "watch",
        sent_at=report.sent_at,
        sections=sections,
    )


@dataclass(frozen=True)
class SectionSum:
    """One section of the page that consolidates: the sentences of each territory that sent its report."""

    title: str
    told: tuple[tuple[str, tuple[LineView, ...]], ...]


def consolidated(views) -> list[SectionSum]:
    """The same section of every report side by side, what was left out left out."""
    return [
        SectionSum(
            title,
            tuple(
                (view.label, kept)
                for view in views
                for section in view.sections
                if section.key == key
                if (kept := tuple(line for line in section.lines if not line.is_left_out))
            ),
        )
        for key, title in SECTIONS.items()
    ]
