"""Curves: the small one of a table row and the full one of a page."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Unpack

from core.charts import svg
from core.charts.scales import Scale, axis, every, finite, quantity

# Colour, dash and mark differ from one curve to the next: any one of the three is enough to tell them apart.
STROKES = [
    ("#1d8a99", None, "circle"),
    ("#c2711a", "7 3", "square"),
    ("#8f6bc4", "2 3", "triangle"),
    ("#4f8a3f", "9 3 2 3", "diamond"),
    ("#cf5a83", "4 2", "ring"),
    ("#7b878d", "1 2", "cross"),
]
THRESHOLD = {"stroke_dasharray": "8 4", "stroke_width": "1.6", "class_": "chart-threshold"}
MARKED_POINTS = 24  # beyond, marks would hide the curve: first, last and lone points only


@dataclass(frozen=True)
class Series:
    """One curve: its name and one value per label, None where nothing is known."""

    name: str
    values: Sequence[float | None]


def runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """The unbroken stretches of a series, as (index, value): a gap is never bridged."""
    stretch: list[tuple[int, float]] = []
    for index, value in enumerate(values):
        if value is not None:
            stretch.append((index, value))
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def sparkline(values: Sequence[float | None], *, width: int = 96, height: int = 24, label: str) -> svg.Svg:
    """A curve without axes for a table row; `label` says in words what it shows ("de 70,1 à 74,2 %").

    It carries no id, so that a page may hold five hundred of them.
    """
    if not label.strip():
        raise ValueError("Une courbe doit avoir un libellé.")
    known = [finite(value) for value in values]
    present = [value for value in known if value is not None]
    low, high = (min(present), max(present)) if present else (0.0, 1.0)
    if low == high:
        low, high = low - 1, high + 1
    x, y = Scale(0, max(1, len(known) - 1), 3, width - 3), Scale(low, high, height - 3, 3)
    body = []
    for run in runs(known):
        points = [(x(index), y(value)) for index, value in run]
        if len(points) > 1:
            body.append(el_curve(points, None, 1.75))
    for run in list(runs(known))[-1:]:
        body.append(svg.shape("circle", x(run[-1][0]), y(run[-1][1]), 2.2, fill="currentColor"))
    if not present:
        body.append(svg.line(3, height / 2, width - 3, height / 2, stroke_dasharray="2 3", stroke_opacity="0.5"))
    return svg.Svg(
        svg.el(
            "svg",
            svg.el("title", svg.clean(label)),
            *body,
            xmlns="http://www.w3.org/2000/svg",
            class_="chart-sparkline",
            role="img",
            aria_label=label,
            width=width,
            height=height,
            viewBox=f"0 0 {width} {height}",
        )
    )


def el_curve(points: Sequence[tuple[float, float]], dash: str | None, weight: float, **more: object) -> str:
    return svg.el(
        "path",
        d=svg.path(points),
        fill="none",
        stroke="currentColor",
        stroke_width=weight,
        stroke_dasharray=dash,
        stroke_linejoin="round",
        stroke_linecap="round" if dash is None else None,
        **more,
    )


@dataclass(frozen=True)
class Plot:
    """Where the curve is drawn, and with which scales."""

    width: float
    size: float
    left: float
    top: float
    right: float
    bottom: float
    x: Scale
    y: Scale


def line_chart(
    series: Sequence[Series],
    labels: Sequence[str],
    *,
    unit: str,
    y_min: float | None = None,
    y_max: float | None = None,
    threshold: tuple[float, str] | None = None,
    provisional: Collection[int] = (),
    **frame: Unpack[svg.Frame],
) -> svg.Svg:
    """Curves over regular periods. `threshold` is a value and its name; `provisional` the indexes not validated yet.

    y starts at 0 unless `y_min` is given; bounds widen the axis and never cut a value.
    Raises ValueError when a series has not one value per label, or when there are more series than strokes.
    """
    if any(len(one.values) != len(labels) for one in series):
        raise ValueError("Chaque série doit avoir une valeur par étiquette.")
    if len(series) > len(STROKES):
        raise ValueError(f"Un graphique montre au plus {len(STROKES)} séries.")
    curves = [[finite(value) for value in one.values] for one in series]
    width, size = svg.sheet(frame)
    keys = [(one.name, key_mark(index)) for index, one in enumerate(series)]
    if provisional:
        keys.append(provisional_key("p", svg.tone_ink("neutral")))
    if threshold:
        keys.append(threshold_key(threshold, unit))
    legend, top = legend_rows(keys, width, size)
    everything = [value for curve in curves for value in curve]
    ticks = axis([*everything, threshold[0] if threshold else None], y_min, y_max, 4 if frame.get("compact") else 5)
    plot = plot_area(width, size, top, 150 if frame.get("compact") else 210, ticks, unit, len(labels))
    body = [legend, *bands(plot, len(labels), provisional), *grid(plot, ticks, unit), *x_labels(plot, labels)]
    if threshold:
        body.append(svg.line(plot.left, plot.y(threshold[0]), plot.right, plot.y(threshold[0]), **THRESHOLD))
    for index, curve in enumerate(curves):
        body += draw_curve(plot, index, curve)
    if not any(value is not None for value in everything):
        body.append(no_data((plot.left + plot.right) / 2, (top + plot.bottom) / 2, size))
    defs = [svg.hatch("p", "falling", svg.tone_ink("neutral"))] if provisional else []
    return svg.document(body, height=plot.bottom + 28, defs=defs, **frame)


def plot_area(
    width: float, size: float, top: float, height: float, ticks: Sequence[float], unit: str, count: int
) -> Plot:
    """The room left by the legend above and by the widest tick on the left, for `count` points."""
    left = max(svg.text_width(quantity(tick, unit), size) for tick in ticks) + 10
    x = Scale(0, max(1, count - 1), left + 8, width - 22)
    y = Scale(ticks[0], ticks[-1], top + height, top + 6)
    return Plot(width, size, left, top, width - 14, top + height, x, y)


def series_ink(index: int) -> dict[str, object]:
    return svg.ink(STROKES[index][0], f"chart-series-{index + 1}")


def no_data(x: float, y: float, size: float) -> str:
    return svg.text(x, y, "Aucune donnée sur la période", size=size, anchor="middle")


def key_mark(index: int) -> str:
    """The sample of a curve shown in the legend, on a 20-unit line ending at the baseline."""
    _, dash, mark = STROKES[index]
    return svg.el(
        "g",
        el_curve([(0, -4), (20, -4)], dash, 2.2),
        svg.shape(mark, 10, -4, 3.6, stroke_width="1.6"),
        **series_ink(index),
    )


def legend_rows(keys: Sequence[tuple[str, str]], width: float, size: float) -> tuple[str, float]:
    """The legend laid out from the left, row after row: its markup and the height it takes."""
    if not keys:
        return "", 10
    x, y, drawn = 2.0, size + 2, []
    for name, mark in keys:
        shown = svg.shorten(name, width - 34, size)
        taken = 26 + svg.text_width(shown, size) + 16
        if x > 2 and x + taken - 16 > width:
            x, y = 2.0, y + size * 1.5
        drawn.append(
            svg.el("g", mark, svg.text(26, 0, shown, size=size), transform=f"translate({svg.num(x)} {svg.num(y)})")
        )
        x += taken
    return "".join(drawn), y + 12


def bands(plot: Plot, count: int, provisional: Collection[int]) -> list[str]:
    """Hatched ground behind the periods whose data is not validated."""
    half = (plot.x(1) - plot.x(0)) / 2 if count > 1 else (plot.right - plot.left) / 2
    drawn = []
    for index in sorted(set(provisional)):
        if 0 <= index < count:
            start, end = max(plot.left, plot.x(index) - half), min(plot.right, plot.x(index) + half)
            drawn.append(
                svg.el(
                    "rect",
                    x=start,
                    y=plot.top,
                    width=end - start,
                    height=plot.bottom - plot.top,
                    fill=svg.ref("p"),
                    class_="chart-provisional",
                )
            )
    return drawn


def grid(plot: Plot, ticks: Sequence[float], unit: str) -> list[str]:
    drawn = []
    for tick in ticks:
        y = plot.y(tick)
        drawn.append(svg.line(plot.left, y, plot.right, y, stroke_opacity="0.18" if tick != ticks[0] else "0.6"))
        drawn.append(svg.text(plot.left - 6, y + plot.size * 0.35, quantity(tick, unit), size=plot.size, anchor="end"))
    return drawn


def x_labels(plot: Plot, labels: Sequence[str]) -> list[str]:
    """As many labels as fit, counted back from the last one, which is the one people look for."""
    step = every(labels, plot.right - plot.left, plot.size)
    drawn = []
    for index in range(len(labels) - 1, -1, -step):
        half = svg.text_width(labels[index], plot.size) / 2
        x = min(max(plot.x(index), half + 1), plot.width - half - 1)
        drawn.append(svg.text(x, plot.bottom + plot.size + 6, labels[index], size=plot.size, anchor="middle"))
    return drawn[::-1]


def provisional_key(pattern: str, look: dict[str, object]) -> tuple[str, str]:
    return "non validé", svg.rect(0, -9, 20, 11, fill=svg.ref(pattern), **look)


def threshold_key(threshold: tuple[float, str], unit: str) -> tuple[str, str]:
    """The threshold named in the legend: over the curves, its name would hide a point."""
    value, name = threshold
    return f"{name}\u00a0: {quantity(value, unit)}", svg.line(0, -4, 20, -4, **THRESHOLD)


def draw_curve(plot: Plot, index: int, values: Sequence[float | None]) -> list[str]:
    _, dash, mark = STROKES[index]
    drawn, marked = [], set()
    for run in runs(values):
        points = [(plot.x(position), plot.y(value)) for position, value in run]
        if len(points) > 1:
            drawn.append(el_curve(points, dash, 2.2))
        marked |= {0, len(values) - 1, run[0][0]} if len(run) == 1 else {0, len(values) - 1}
    shown = [(position, value) for position, value in enumerate(values) if value is not None]
    for position, value in shown:
        if len(shown) <= MARKED_POINTS or position in marked:
            drawn.append(svg.shape(mark, plot.x(position), plot.y(value), 3.6, stroke_width="1.6"))
    return [svg.el("g", *drawn, **series_ink(index))] if drawn else []
