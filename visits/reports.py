"""« Compte rendu de visite »: what the report says, in the order of domain.md §5.1, whatever the medium (pure).

Everything a reader sees is in `VisitReport`, as plain values: it is signed, stored as JSON when the report is shared,
cut to a reading, and printed. A reading is cut before anything is rendered, so no word above it can reach a file.
"""

import types
import typing
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import date, datetime, time
from typing import Any

PUBLIC = "public"
ETABLISSEMENT = "etablissement"
POLE = "pole"
# What each reading lets through (decisions, 4); "nominatif" is in none.
READINGS = {
    "interne": (PUBLIC, ETABLISSEMENT, POLE),
    "etablissement": (PUBLIC, ETABLISSEMENT),
    "elu": (PUBLIC,),
}
STRENGTH_NATURES = ("strength", "good_practice")
VIGILANCE_NATURES = ("to_improve", "gap")


@dataclass(frozen=True)
class Paragraph:
    """A free text of the report and its level."""

    text: str
    level: str


@dataclass(frozen=True)
class Context:
    """The day as it was: children and professionals present, who directs, the ratio computed on the spot."""

    directing: str
    sections_seen: str
    expected_non_walkers: int | None
    expected_walkers: int | None
    present_non_walkers: int | None
    present_walkers: int | None
    staff_category_1: int | None
    staff_category_2: int | None
    staff_other: int | None
    groups: tuple[str, ...]
    required_staff: int | None
    ratio_sentence: str
    is_ratio_met: bool | None
    lacks_category_1: bool


@dataclass(frozen=True)
class CheckLine:
    """An action of before, as it was seen."""

    title: str
    owner: str
    due_on: date
    state: str
    state_label: str
    note: str
    level: str


@dataclass(frozen=True)
class ObservationLine:
    """One item of the grid: a fact, apart from its appreciation."""

    reference: str
    title: str
    rating: str
    rating_label: str
    nature: str
    nature_label: str
    fact: str
    appreciation: str
    level: str


@dataclass(frozen=True)
class ThemeBlock:
    title: str
    observations: tuple[ObservationLine, ...]


@dataclass(frozen=True)
class ActionLine:
    """An action raised by the visit."""

    title: str
    detail: str
    owner: str
    due_on: date
    item: str
    level: str


@dataclass(frozen=True)
class RemarkLine:
    """A remark of the director and what was made of it; the two are never apart."""

    text: str
    decision: str
    decision_label: str
    reason: str


@dataclass(frozen=True)
class PieceLine:
    """A file joined to the visit: enough to recognise it and to prove that it is the same one."""

    name: str
    caption: str
    item: str
    size: int
    content_type: str
    digest: str
    level: str


@dataclass(frozen=True)
class Progress:
    """Where the report stands: what changes after it was shared."""

    status: str
    status_label: str
    version: int
    shared_by: str
    shared_at: datetime | None
    answer_due_on: date | None
    remark: str
    answered_by: str
    answered_at: datetime | None
    is_silent: bool
    validated_by: str
    validated_at: datetime | None
    remarks: tuple[RemarkLine, ...] = ()


@dataclass(frozen=True)
class VisitReport:
    """The whole report in its internal reading, or cut to a lower one."""

    reading: str
    establishment: str
    address: str
    category: str
    places: int | None
    kind_label: str
    is_announced: bool
    is_on_site: bool
    visited_on: date | None
    starts_at: time | None
    ends_at: time | None
    coordinator: str
    grid: str
    context: Context | None
    context_note: Paragraph | None
    checks: tuple[CheckLine, ...]
    themes: tuple[ThemeBlock, ...]
    interview: Paragraph | None
    decisions: Paragraph | None
    new_actions: tuple[ActionLine, ...]
    summary: Paragraph | None
    next_visit_on: date | None
    progress: Progress
    pieces: tuple[PieceLine, ...] = ()

    @property
    def observations(self) -> tuple[ObservationLine, ...]:
        return tuple(line for theme in self.themes for line in theme.observations)

    @property
    def strengths(self) -> tuple[ObservationLine, ...]:
        return tuple(o for o in self.observations if o.nature in STRENGTH_NATURES or o.rating == "strength")

    @property
    def vigilance(self) -> tuple[ObservationLine, ...]:
        return tuple(o for o in self.observations if o.nature in VIGILANCE_NATURES)

    @property
    def is_draft(self) -> bool:
        """Whether the paper carries « PROJET »."""
        return self.progress.status != "validated"


def reading_of(report: VisitReport, reading: str) -> VisitReport:
    """The report without a word above `reading`. ValueError for an unknown one, or one above the report's own."""
    if reading not in READINGS:
        raise ValueError(f"unknown reading: {reading!r}")
    allowed = READINGS[reading]
    if not set(allowed) <= set(READINGS[report.reading]):
        raise ValueError(f"a report cut to {report.reading!r} cannot be read as {reading!r}")
    themes = (replace(theme, observations=_readable(theme.observations, allowed)) for theme in report.themes)
    cut = replace(
        report,
        reading=reading,
        context_note=_paragraph(report.context_note, allowed),
        checks=_readable(report.checks, allowed),
        themes=tuple(theme for theme in themes if theme.observations),
        interview=_paragraph(report.interview, allowed),
        decisions=_paragraph(report.decisions, allowed),
        new_actions=_readable(report.new_actions, allowed),
        summary=_paragraph(report.summary, allowed),
        pieces=_readable(report.pieces, allowed),
    )
    return cut if ETABLISSEMENT in allowed else _without_the_house(cut)


def _without_the_house(report: VisitReport) -> VisitReport:
    """A sheet for elected members: what passes between the coordination and the house is not on it."""
    progress = replace(
        report.progress, shared_by="", answered_by="", validated_by="", remark="", answered_at=None, remarks=()
    )
    return replace(report, context=None, coordinator="", progress=progress)


def _readable(lines: tuple, allowed: tuple[str, ...]) -> tuple:
    return tuple(line for line in lines if line.level in allowed)


def _paragraph(paragraph: Paragraph | None, allowed: tuple[str, ...]) -> Paragraph | None:
    return paragraph if paragraph is not None and paragraph.level in allowed else None


def to_json(report: VisitReport) -> dict[str, Any]:
    """The report as JSON-ready values; `from_json` gives the same report back."""
    return _plain(asdict(report))


def from_json(content: dict[str, Any]) -> VisitReport:
    return _typed(VisitReport, content)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, (date, time)) else value


def _typed(wanted: Any, value: Any) -> Any:
    if isinstance(wanted, types.UnionType):
        return None if value is None else _typed(wanted.__args__[0], value)
    if typing.get_origin(wanted) is tuple:
        return tuple(_typed(typing.get_args(wanted)[0], item) for item in value)
    if is_dataclass(wanted):
        hints = typing.get_type_hints(wanted)
        # Reports stored before a field existed take its default.
        known = [field.name for field in fields(wanted) if field.name in value]
        return wanted(**{name: _typed(hints[name], value[name]) for name in known})
    return wanted.fromisoformat(value) if wanted in (date, datetime, time) else value
