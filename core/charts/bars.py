"""Bars: compared values and parts of a whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Unpack

from core.charts import svg
from core.charts.lines import THRESHOLD, legend_rows, no_data, provisional_key, series_ink, threshold_key
from core.charts.scales import EMPTY, Scale, axis, every, finite, quantity

PROVISIONAL = "p"
BAR_INK = series_ink(0)
MISSING = "non renseigné"
PART_HATCHES = ["", "rising", "dots", "falling", "crossed", "level"]
ROW = 30
BAR = 18


@dataclass(frozen=True)
class Bars:
    """The values of a bar chart once read, and how they are to be drawn."""

    labels: Sequence[str]
    values: Sequence[float | None]
    unit: str
    provisional: Collection[int]
    threshold: tuple[float, str] | None
    width: float
    size: float

    def bar(self, index: int, x: float, y: float, width: float, height: float) -> str:
        hatched = index in self.provisional
        look = svg.ink(str(BAR_INK["color"]), f"{BAR_INK['class_']} {'chart-provisional' if hatched else 'chart-bar'}")
        fill = svg.ref(PROVISIONAL) if hatched else "currentColor"
        return svg.el("rect", x=x, y=y, width=width, height=height, fill=fill, stroke="currentColor", **look)


def bar_chart(
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    unit: str,
    horizontal: bool = True,
    y_min: float | None = None,
    y_max: float | None = None,
    threshold: tuple[float, str] | None = None,
    provisional: Collection[int] = (),
    **frame: Unpack[svg.Frame],
) -> svg.Svg:
    """One bar per label with its value in figures; a missing value prints a dash and draws nothing.

    `provisional` indexes are hatched (not validated); `threshold` is a value and its name.
    Raises ValueError when there is not one value per label.
    """
    if len(labels) != len(values):
        raise ValueError("Il faut une valeur par étiquette.")
    width, size = svg.sheet(frame)
    bars = Bars(labels, [finite(value) for value in values], unit, frozenset(provisional), threshold, width, size)
    keys = [provisional_key(PROVISIONAL, BAR_INK)] if provisional else []
    if threshold:
        keys.append(threshold_key(threshold, unit))
    legend, top = legend_rows(keys, width, size)
    ticks = axis([*bars.values, 0.0, threshold[0] if threshold else None], y_min, y_max, 4)
    body, height = (horizontal_bars if horizontal else vertical_bars)(bars, ticks, top)
    if all(value is None for value in bars.values):
        body.append(no_data(width / 2, top + 14, size))
    defs = [svg.hatch(PROVISIONAL, "falling", BAR_INK)] if provisional else []
    return svg.document([legend, *body], height=height, defs=defs, **frame)


def horizontal_bars(bars: Bars, ticks: Sequence[float], top: float) -> tuple[list[str], float]:
    """Label, bar and figure on one line each: the best form for long names."""
    size, room = bars.size, bars.width * 0.42
    left = min(room, max((svg.text_width(label, size) for label in bars.labels), default=0)) + 8
    shown = [MISSING if value is None else quantity(value, bars.unit) for value in bars.values]
    figures = max((svg.text_width(one, size * svg.BOLD) for one in shown), default=0) + 8
    x = Scale(ticks[0], ticks[-1], left, bars.width - figures)
    at = x(bars.threshold[0]) if bars.threshold else None
    body, y = [], top
    for index, (label, value) in enumerate(zip(bars.labels, bars.values, strict=True)):
        middle = y + ROW / 2 + size * 0.35
        body.append(svg.text(left - 8, middle, svg.shorten(label, room, size), size=size, anchor="end"))
        start, end = sorted((x(0), x(value or 0)))
        if value is not None:
            body.append(bars.bar(index, start, y + (ROW - BAR) / 2, end - start, BAR))
        reach = end + svg.text_width(shown[index], size)
        if value is None and at is not None and end < at < reach:
            end = at  # the line would strike the words through
        body.append(
            svg.text(end + 6, middle, shown[index], size=size, font_weight="600" if value is not None else None)
        )
        y += ROW
    body.append(svg.line(x(0), top, x(0), y, stroke_opacity="0.6"))
    if at is not None:
        body.append(svg.line(at, top, at, y, **THRESHOLD))
    return body, y + 8


def vertical_bars(bars: Bars, ticks: Sequence[float], top: float) -> tuple[list[str], float]:
    """Columns over time, the figure above each one where it fits."""
    size, bottom = bars.size, top + 190
    left = max(svg.text_width(quantity(tick, bars.unit), size) for tick in ticks) + 10
    slot = (bars.width - left - 8) / max(1, len(bars.labels))
    y = Scale(ticks[0], ticks[-1], bottom, top + size + 8)
    body = []
    for tick in ticks:
        body.append(svg.line(left, y(tick), bars.width - 8, y(tick), stroke_opacity="0.6" if tick == 0 else "0.18"))
        body.append(svg.text(left - 6, y(tick) + size * 0.35, quantity(tick, bars.unit), size=size, anchor="end"))
    step = every(bars.labels, bars.width - left, size)
    figures_fit = every([quantity(value, "") for value in bars.values], bars.width - left, size) == 1
    for index, (label, value) in enumerate(zip(bars.labels, bars.values, strict=True)):
        centre = left + slot * (index + 0.5)
        start, end = sorted((y(0), y(value or 0)))
        if value is not None:
            body.append(bars.bar(index, centre - slot * 0.35, start, slot * 0.7, end - start))
        if figures_fit:
            figure = EMPTY if value is None else quantity(value, "")
            body.append(svg.text(centre, start - 4, figure, size=size, anchor="middle", font_weight="600"))
        if (len(bars.labels) - 1 - index) % step == 0:
            body.append(svg.text(centre, bottom + size + 6, label, size=size, anchor="middle"))
    if bars.threshold:
        at = y(bars.threshold[0])
        body.append(svg.line(left, at, bars.width - 8, at, **THRESHOLD))
    return body, bottom + size + 16


def stacked_bar(
    labels: Sequence[str],
    parts: Sequence[tuple[str, Sequence[float | None]]],
    *,
    unit: str,
    **frame: Unpack[svg.Frame],
) -> svg.Svg:
    """One horizontal bar per label, cut into `parts` (name, one value per label), each with its own hatch.

    Raises ValueError for a negative part, a length that differs, or more parts than hatches.
    """
    if len(parts) > len(PART_HATCHES):
        raise ValueError(f"Une barre montre au plus {len(PART_HATCHES)} parts.")
    if any(len(values) != len(labels) for _, values in parts):
        raise ValueError("Chaque part doit avoir une valeur par étiquette.")
    table = [[finite(value) for value in values] for _, values in parts]
    if any(value < 0 for row in table for value in row if value is not None):
        raise ValueError("Une part ne peut pas être négative.")
    width, size = svg.sheet(frame)
    paints = [svg.veil(f"h{i}", PART_HATCHES[i], series_ink(i)) for i in range(len(parts))]
    keys = [(name, svg.rect(0, -10, 20, 12, **paint)) for (name, _), paint in zip(parts, paints, strict=True)]
    legend, top = legend_rows(keys, width, size)
    totals = [sum(row[i] or 0 for row in table) for i in range(len(labels))]
    known = [any(row[i] is not None for row in table) for i in range(len(labels))]
    body, y = [legend], top
    left = min(width * 0.42, max((svg.text_width(label, size) for label in labels), default=0)) + 8
    figures = max((svg.text_width(quantity(total, unit), size * svg.BOLD) for total in totals), default=0) + 8
    x = Scale(0, max([*totals, 0]) or 1, left, width - figures)
    for i, label in enumerate(labels):
        body.append(svg.text(left - 8, y + 20, svg.shorten(label, width * 0.42, size), size=size, anchor="end"))
        body += stack(table, i, x, y, size)
        total = quantity(totals[i] if known[i] else None, unit)
        body.append(svg.text(x(totals[i]) + 6, y + 20, total, size=size, font_weight="600"))
        y += ROW
    defs = [svg.hatch(f"h{i}", PART_HATCHES[i], series_ink(i), background=0.35) for i in range(1, len(parts))]
    return svg.document(body, height=y + 8, defs=defs, **frame)


def stack(table: Sequence[Sequence[float | None]], column: int, x: Scale, y: float, size: float) -> list[str]:
    """The parts of one bar, each with its figure where there is room for it."""
    drawn, reached = [], 0.0
    for i, row in enumerate(table):
        value = row[column] or 0
        if not value:
            continue
        start, end = x(reached), x(reached + value)
        paint = svg.veil(f"h{i}", PART_HATCHES[i], series_ink(i))
        drawn.append(svg.rect(start, y + 5, end - start, 20, **paint))
        figure = quantity(value, "")
        # Only over a plain ground: figures over a hatch cannot be read.
        if not PART_HATCHES[i] and svg.text_width(figure, size) + 6 < end - start:
            drawn.append(svg.text((start + end) / 2, y + 20, figure, size=size, anchor="middle"))
        reached += value
    return drawn
