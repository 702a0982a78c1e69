"""The drawing of a funnel: one mark a house, limits that widen as the base shrinks. Pure."""

from fractions import Fraction
from typing import Unpack

from core.charts import svg
from core.charts.lines import Plot, el_curve, grid, legend_rows, series_ink
from core.charts.scales import Scale, axis, nice_ticks, quantity

from .comparison import Funnel, Point

TONES = {"": "neutral", "high": "good", "low": "alert"}
WORDS = {"": "dans ce que le hasard explique", "high": "nettement au-dessus", "low": "nettement au-dessous"}
STEPS = 40


def funnel_chart(found: Funnel, here: int | None, **frame: Unpack[svg.Frame]) -> svg.Svg:
    """`here` is the key of the house that the reader looks at: its mark is ringed."""
    width, size = svg.sheet(frame)
    keys = [(word, _mark(TONES[verdict], 10, -4)) for verdict, word in WORDS.items()]
    keys.append(("taux du groupe", svg.line(0, -4, 20, -4, stroke_width="1.6")))
    keys.append(("limites", svg.line(0, -4, 20, -4, stroke_dasharray="7 3", **series_ink(0))))
    legend, top = legend_rows(keys, width, size)
    plot, ticks = _plot(found, width, size, top, 170 if frame.get("compact") else 260)
    body = [legend, *grid(plot, ticks, "%"), *_bases(plot, found), *_limits(plot, found)]
    body.append(
        svg.line(plot.left, plot.y(_rate(found.centre)), plot.right, plot.y(_rate(found.centre)), stroke_width="1.6")
    )
    body += [_house(plot, point, found.verdict(point), point.key == here) for point in found.points]
    return svg.document(body, height=plot.bottom + 44, **frame)


def _plot(found: Funnel, width: float, size: float, top: float, height: float) -> tuple[Plot, list[float]]:
    rates = [_rate(point.rate) for point in found.points]
    ticks = axis([*rates, *(100 * bound for bound in found.bounds(_smallest(found)))], min(rates), None)
    left = max(svg.text_width(quantity(tick, "%"), size) for tick in ticks) + 10
    largest = max(float(point.base) for point in found.points)
    x = Scale(0, largest * 1.05, left + 8, width - 22)
    y = Scale(ticks[0], ticks[-1], top + height, top + 6)
    return Plot(width, size, left, top, width - 14, top + height, x, y), ticks


def _smallest(found: Funnel) -> float:
    return min(float(point.base) for point in found.points)


def _limits(plot: Plot, found: Funnel) -> list[str]:
    """Two curves from the smallest base to the largest."""
    low, high = _smallest(found), max(float(point.base) for point in found.points) * 1.05
    bases = [low + (high - low) * step / STEPS for step in range(STEPS + 1)]
    drawn = [
        el_curve([(plot.x(base), plot.y(100 * found.bounds(base)[side])) for base in bases], "7 3", 1.6)
        for side in (0, 1)
    ]
    return [svg.el("g", *drawn, **series_ink(0))]


def _bases(plot: Plot, found: Funnel) -> list[str]:
    ticks = nice_ticks(0, plot.x.high, 3 if plot.width < svg.WIDE[0] else 5)
    drawn = [
        svg.text(plot.x(tick), plot.bottom + plot.size + 6, quantity(tick, "h"), size=plot.size, anchor="middle")
        for tick in ticks
        if 0 < tick <= plot.x.high and plot.x(tick) < plot.right - 20
    ]
    middle = (plot.left + plot.right) / 2
    return [
        *drawn,
        svg.text(middle, plot.bottom + 2 * plot.size + 12, "heures au dénominateur", size=plot.size, anchor="middle"),
    ]


def _house(plot: Plot, point: Point, verdict: str, is_here: bool) -> str:
    x, y = plot.x(float(point.base)), plot.y(_rate(point.rate))
    parts = [svg.el("title", svg.clean(f"{point.name}\u00a0: {quantity(_rate(point.rate), '%', 1)}"))]
    if is_here:
        parts.append(svg.el("circle", cx=x, cy=y, r=9, fill="none", stroke="currentColor", stroke_width="1.6"))
    return svg.el("g", *parts, _mark(TONES[verdict], x, y))


def _mark(tone: str, x: float, y: float) -> str:
    look = svg.TONES[tone]
    return svg.el("g", svg.shape(look.shape, x, y, 4.2, stroke_width="1.8"), **svg.tone_ink(tone))


def _rate(value: Fraction) -> float:
    return float(value) * 100
