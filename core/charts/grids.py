"""Grids over time: the heat-map établissement × mois, and bars on a calendar."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Unpack

from core.charts import svg
from core.charts.lines import legend_rows
from core.charts.scales import Scale

CELL = 28
CELLS_KEPT = 1_024
MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


@dataclass(frozen=True)
class Cell:
    """One case of a heat-map: a tone of `TONES`, and a short text (a number) printed in place of the tone's shape."""

    tone: str
    text: str = ""


def heatmap(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[Cell | None]],
    *,
    tones: Mapping[str, str],
    **frame: Unpack[svg.Frame],
) -> svg.Svg:
    """A grid with a shape or a number in every cell; None is an empty frame. `tones` maps each tone to its meaning.

    `compact` keeps the last six columns, the ones that fit a phone: the table twin holds them all.
    Raises ValueError for a grid that is not rows × columns or a tone that `tones` does not explain.
    """
    if len(cells) != len(rows) or any(len(row) != len(columns) for row in cells):
        raise ValueError("La grille doit avoir une case par ligne et par colonne.")
    check_tones((cell.tone for row in cells for cell in row if cell), tones)
    width, size = svg.sheet(frame)
    first = max(0, len(columns) - 6) if frame.get("compact") else 0
    legend, top = legend_rows([(word, tone_key(tone)) for tone, word in tones.items()], width, size)
    left = min(width * 0.42, max((svg.text_width(row, size) for row in rows), default=0)) + 8
    slot = (width - left) / max(1, len(columns) - first)
    step = max(1, -(-int(max((svg.text_width(c, size) for c in columns), default=0) + 6) // int(max(1, slot))))
    body = [legend]
    for index in range(first, len(columns)):
        if (len(columns) - 1 - index) % step == 0:
            middle = min(left + slot * (index - first + 0.5), width - svg.text_width(columns[index], size) / 2)
            body.append(svg.text(middle, top + size, columns[index], size=size, anchor="middle"))
    y = top + size + 6
    for label, row in zip(rows, cells, strict=True):
        body.append(svg.text(left - 8, y + 19, svg.shorten(label, width * 0.42, size), size=size, anchor="end"))
        body += [draw_cell(cell, left + slot * i, y, slot, size) for i, cell in enumerate(row[first:])]
        y += CELL
    return svg.document(body, height=y + 8, defs=tone_hatches(tones), **frame)


def check_tones(used: Iterable[str], tones: Mapping[str, str]) -> None:
    """Raises ValueError for a tone that does not exist or that the legend does not explain."""
    unknown = sorted({*used, *tones} - (tones.keys() & svg.TONES.keys()))
    if unknown:
        raise ValueError(f"Nuance sans légende\u00a0: {', '.join(unknown)}.")


def tone_hatches(tones: Mapping[str, str]) -> list[str]:
    looks = {tone: svg.TONES[tone] for tone in tones}
    return [svg.hatch(tone, look.hatch, svg.tone_ink(tone)) for tone, look in looks.items() if look.hatch]


def tone_key(tone: str) -> str:
    look = svg.TONES[tone]
    return svg.shape(look.shape, 12, -4.5, 5, stroke_width="2", **svg.tone_ink(tone))


def draw_cell(cell: Cell | None, x: float, y: float, slot: float, size: float) -> str:
    """A cell at its place. A grid holds few different ones: each is drawn once, then moved."""
    return f'<g transform="translate({svg.num(x)} {svg.num(y)})">{_cell(cell, round(slot, 1), size)}</g>'


@lru_cache(maxsize=CELLS_KEPT)
def _cell(cell: Cell | None, slot: float, size: float) -> str:
    box = {"x": 1, "y": 1, "width": slot - 2, "height": CELL - 2, "rx": 3}
    if cell is None:
        return svg.el("rect", **box, fill="none", stroke="currentColor", stroke_opacity="0.25", stroke_dasharray="2 3")
    look, ink = svg.TONES[cell.tone], svg.tone_ink(cell.tone)
    middle = slot / 2
    ground = svg.el("rect", **box, fill="currentColor", fill_opacity="0.2", **ink)
    if not cell.text or svg.text_width(cell.text, size) > slot - 4:
        return ground + svg.shape(look.shape, middle, CELL / 2, 5.5, stroke_width="2", **ink)
    if svg.text_width(cell.text, size) + 30 > slot:
        # No room for the shape beside the number: it goes under it.
        figure = svg.text(middle, 14, cell.text, size=size, anchor="middle")
        return ground + figure + svg.shape(look.shape, middle, 21, 3.4, stroke_width="1.6", **ink)
    figure = svg.text(middle + 7, 19, cell.text, size=size, anchor="middle")
    return ground + svg.shape(look.shape, 11, CELL / 2, 4.5, stroke_width="2", **ink) + figure


@dataclass(frozen=True)
class Span:
    """A period on a lane of the timeline; dates are inclusive and an open end is None (decision 1)."""

    lane: str
    starts_on: date
    ends_on: date | None
    label: str
    tone: str = "info"


def timeline(
    spans: Sequence[Span],
    *,
    starts_on: date,
    ends_on: date,
    tones: Mapping[str, str],
    today: date | None = None,
    **frame: Unpack[svg.Frame],
) -> svg.Svg:
    """Bars on a calendar from `starts_on` to `ends_on`, one lane per distinct `lane`, in order of appearance.

    A one-day span is drawn as the tone's shape. Spans outside the window are left out.
    Raises ValueError for a window that ends before it starts or a tone that `tones` does not explain.
    """
    if ends_on < starts_on:
        raise ValueError("La période finit avant de commencer.")
    check_tones((span.tone for span in spans), tones)
    width, size = svg.sheet(frame)
    shown = [s for s in spans if s.starts_on <= ends_on and (s.ends_on is None or s.ends_on >= starts_on)]
    lanes = list(dict.fromkeys(span.lane for span in shown))
    legend, top = legend_rows([(word, tone_key(tone)) for tone, word in tones.items()], width, size)
    left = min(width * 0.36, max((svg.text_width(lane, size) for lane in lanes), default=0)) + 8
    x = Scale(starts_on.toordinal(), ends_on.toordinal() + 1, left, width - 4)
    bottom = top + size + 8 + max(1, len(lanes)) * CELL
    body = [legend, *month_lines(x, starts_on, ends_on, top, bottom, size)]
    for index, lane in enumerate(lanes):
        y = top + size + 8 + index * CELL
        body.append(svg.text(left - 8, y + 19, svg.shorten(lane, width * 0.36, size), size=size, anchor="end"))
        body += [draw_span(span, x, y, size) for span in shown if span.lane == lane]
    if today is not None and starts_on <= today <= ends_on:
        body += today_line(x(today.toordinal() + 0.5), top + size + 2, bottom, width, size)
    return svg.document(body, height=bottom + size + 8, defs=tone_hatches(tones), **frame)


def today_line(at: float, top: float, bottom: float, width: float, size: float) -> list[str]:
    edge, gap = ("end", -4) if at > width - 90 else ("start", 4)
    return [
        svg.line(at, top, at, bottom, stroke_width="2", stroke_dasharray="3 2"),
        svg.text(at + gap, bottom + size + 2, "aujourd’hui", size=size, anchor=edge),
    ]


def month_lines(x: Scale, starts_on: date, ends_on: date, top: float, bottom: float, size: float) -> list[str]:
    """A line at the first of each month, and as many names of months as fit."""
    firsts, year, month = [], starts_on.year, starts_on.month
    while date(year, month, 1) <= ends_on:
        firsts.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    slot = (x.end - x.start) / len(firsts)
    step = next(
        n for n in (1, 2, 3, 6, 12, 24, 60, 1200) if slot * n >= svg.text_width("sept. 26", size) + 6 or n == 1200
    )
    drawn = []
    for first in firsts:
        at = x(max(first, starts_on).toordinal())
        drawn.append(svg.line(at, top + size + 4, at, bottom, stroke_opacity="0.18"))
        if (first.month - 1 + first.year * 12) % step == 0 and at < x.end - svg.text_width("sept. 26", size):
            drawn.append(svg.text(at + 2, top + size, f"{MONTHS[first.month - 1]} {first:%y}", size=size))
    return drawn


def draw_span(span: Span, x: Scale, y: float, size: float) -> str:
    look, ink = svg.TONES[span.tone], svg.tone_ink(span.tone)
    low, high = int(x.low), int(x.high)
    start = max(low, span.starts_on.toordinal())
    end = high if span.ends_on is None else min(high, span.ends_on.toordinal() + 1)
    if span.ends_on == span.starts_on:
        mark = svg.shape(look.shape, x(start + 0.5), y + CELL / 2, 6, stroke_width="2", **ink)
        return svg.el("g", svg.el("title", svg.clean(span.label)), mark)
    width = x(end) - x(start)
    bar = svg.el(
        "rect",
        x=x(start),
        y=y + 3,
        width=width,
        height=CELL - 6,
        rx=3,
        **svg.veil(span.tone, look.hatch, ink),
    )
    shown = svg.shorten(span.label, width - 8, size)
    fits = width > 40 and not look.hatch
    label = svg.text(x(start) + 5, y + 19, shown, size=size) if fits else ""
    return svg.el("g", svg.el("title", svg.clean(span.label)), bar, label)
