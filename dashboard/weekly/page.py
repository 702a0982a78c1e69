"""What the page of a CRA shows: its sections, each sentence with its sources, and the territories below."""

from dataclasses import dataclass
from datetime import datetime

from core import sources
from core.sources import Quoted

from ..models import WeeklyLine, WeeklyReport
from .sentences import SECTIONS


@dataclass(frozen=True)
class LineView:
    """A sentence as it is read; `is_stale` when a source no longer says what it said."""

    key: str
    text: str
    proposed: str
    quoted: tuple[Quoted, ...]
    is_stale: bool
    is_left_out: bool
    is_rewritten: bool
    author: str


@dataclass(frozen=True)
class SectionView:
    key: str
    title: str
    lines: tuple[LineView, ...]


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
    seen = [(line.section, _line(line, quoted.get(line.key, ()))) for line in lines]
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


def _line(line, quoted) -> LineView:
    return LineView(
        key=line.key,
        text=line.text,
        proposed=line.proposed,
        quoted=tuple(quoted),
        is_stale=any(source.has_moved for source in quoted),
        is_left_out=line.is_left_out,
        is_rewritten=line.is_rewritten,
        author=str(line.author) if line.author else "",
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
