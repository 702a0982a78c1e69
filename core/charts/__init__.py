"""Our own SVG charts: the same bytes in the page and in the PDF, no script, no inline style (ADR 0002)."""

from core.charts.bars import bar_chart, stacked_bar
from core.charts.figure import Figure
from core.charts.grids import Cell, Span, heatmap, timeline
from core.charts.levers import lever_bars
from core.charts.lines import Series, line_chart, sparkline
from core.charts.svg import TONES, Svg

__all__ = [
    "TONES",
    "Cell",
    "Figure",
    "Series",
    "Span",
    "Svg",
    "bar_chart",
    "heatmap",
    "lever_bars",
    "line_chart",
    "sparkline",
    "stacked_bar",
    "timeline",
]
