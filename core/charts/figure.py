"""What surrounds a chart: nobody reads a curve without its unit, its period, its date and its number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from core.charts.svg import Svg


@dataclass(frozen=True)
class Figure:
    """A chart and everything `components/figure.html` prints with it (interface.md, principle 4).

    `unit`, `period` and `data_date` are French text ("%", "mars 2024 – février 2026", "données au 4 mars 2026");
    `n` is what was counted ("13 établissements sur 15"); `sentence` reads the chart in one sentence;
    `headers` and `rows` are the same numbers as text, for the table twin; `svg_compact` is the drawing
    for narrow screens, where the wide one would be too small to read.
    """

    title: str
    unit: str
    period: str
    data_date: str
    n: str
    sentence: str
    svg: Svg
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    svg_compact: Svg | None = None

    @property
    def table_rows(self) -> Svg:
        """The rows of the twin as markup: a template spends more on a cell of text than the drawing on its mark."""
        return Svg("\n".join(_row(row) for row in self.rows))

    def __post_init__(self) -> None:
        """Raises ValueError when a part is missing: an unsigned chart must not reach a page."""
        for name in ("title", "unit", "period", "data_date", "n", "sentence"):
            if not str(getattr(self, name)).strip():
                raise ValueError(f"Graphique incomplet : {name} manque.")
        if any(len(row) != len(self.headers) for row in self.rows):
            raise ValueError("Graphique incomplet : chaque ligne du tableau doit avoir une cellule par colonne.")


def _row(row: Sequence[str]) -> str:
    first, *others = map(_cell, row)
    cells = "".join(f'<td class="num">{cell}</td>' for cell in others)
    return f'<tr><th scope="row">{first}</th>{cells}</tr>'


def _cell(value: object) -> str:
    return str(value.__html__()) if hasattr(value, "__html__") else escape(str(value))
