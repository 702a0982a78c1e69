"""A sentence as a page shows it, with its sources and whether they moved."""

from dataclasses import dataclass

from core.sources import Quoted


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
    is_frozen: bool
    author: str


@dataclass(frozen=True)
class SectionView:
    key: str
    title: str
    lines: tuple[LineView, ...]


def line_view(line, quoted) -> LineView:
    return LineView(
        key=line.key,
        text=line.text,
        proposed=line.proposed,
        quoted=tuple(quoted),
        is_stale=any(source.has_moved for source in quoted),
        is_left_out=line.is_left_out,
        is_rewritten=line.is_rewritten,
        is_frozen=line.is_frozen,
        author=str(line.author) if line.author else "",
    )
