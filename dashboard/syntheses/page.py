"""What the page and the papers of a synthesis show: its sections, each block with its sources and its state."""

from dataclasses import dataclass, replace

from core import sources
from core.charts import Figure

from ..telling.lines import LineView, SectionView, line_view
from ..telling.opened import sections_for
from .charts import PREFIX as CHART
from .charts import Chart
from .grids import PREFIX, Grid


@dataclass(frozen=True)
class BlockView(LineView):
    """A line of a synthesis; `grid` is its table and `figure` its chart, None for a sentence."""

    grid: Grid | None = None
    figure: Figure | None = None

    @property
    def drawn_title(self) -> str:
        drawn = self.grid or self.figure
        return drawn.title if drawn else ""

    @property
    def is_live(self) -> bool:
        return not (self.is_rewritten or self.is_frozen or self.author)


@dataclass(frozen=True)
class DocumentView:
    sections: tuple[SectionView, ...]

    @property
    def stale(self) -> int:
        return sum(line.is_stale for section in self.sections for line in section.lines)

    @property
    def kept(self) -> tuple[SectionView, ...]:
        """What goes on paper: neither the blocks left out nor the sections without any."""
        told = [
            replace(section, lines=tuple(line for line in section.lines if not line.is_left_out))
            for section in self.sections
        ]
        return tuple(section for section in told if section.lines)

    def opened_by(self, held):
        """The same for one reader: a source whose rows she does not read is named and opens nothing."""
        return replace(self, sections=sections_for(self.sections, held))


def view_of(document) -> DocumentView:
    """The document as it reads now. The live blocks of a draft say what the facts say; the others keep their text,
    and are « périmés » when a source moved. One reading a subject."""
    facts, fresh = ({}, {})
    if document.is_editable:
        facts, drafted = document._drafted()
        fresh = {sentence.key: sentence.text for sentence in drafted}
    quoted = sources.quoted_by([document.document], facts)[document.document]
    lines = [
        (line.section, _block(line, quoted.get(line.key, ()), fresh))
        for line in document.lines.select_related("author")
    ]
    return DocumentView(
        tuple(
            SectionView(section.key, section.title, tuple(view for key, view in lines if key == section.key))
            for section in document.model.sections
        )
    )


def view_composed(document) -> DocumentView:
    """A document that nobody keeps, as the facts write it now."""
    _, drafted = document._drafted()
    lines = [(one.section, _unkept(one)) for one in drafted]
    return DocumentView(
        tuple(
            SectionView(section.key, section.title, tuple(view for key, view in lines if key == section.key))
            for section in document.model.sections
        )
    )


def _unkept(sentence) -> BlockView:
    drawn = _drawn(sentence.key, sentence.text)
    return BlockView(sentence.key, sentence.text, sentence.text, (), False, False, False, False, "", **drawn)


def _drawn(key, text):
    """The table or the chart of a block, as BlockView takes it."""
    if key.startswith(PREFIX):
        return {"grid": Grid.read(text)}
    return {"figure": Chart.read(text).figure(key)} if key.startswith(CHART) else {}


def _block(line, quoted, fresh) -> BlockView:
    shown = line_view(line, quoted)
    if line.key in fresh:
        follows = not line.is_kept and line.author_id is None
        text = fresh[line.key] if follows else shown.text
        shown = replace(shown, text=text, proposed=fresh[line.key], is_stale=shown.is_stale and not follows)
    values = {name: getattr(shown, name) for name in LineView.__dataclass_fields__}
    return BlockView(**values, **_drawn(line.key, shown.text))
