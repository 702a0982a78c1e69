"""SVG markup by the standard library: escaped text, presentation attributes only, ids that cannot collide.

The page's stylesheet may restyle the classes; WeasyPrint ignores it inside an SVG, so every class has its
presentation attribute beside it and the drawing is the same in the PDF.
"""

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from typing import Required, TypedDict, Unpack

FONT = "Atkinson Hyperlegible Next, system-ui, DejaVu Sans, sans-serif"
WIDE = (640, 13)  # width of a drawing and size of its text, in pixels
NARROW = (320, 12)
TEXT = WIDE[1]
WIDTH = 0.6  # of the size, an average letter of DejaVu Sans, the widest family we may fall back on
BOLD = 1.12
TEXTS_KEPT = 4_096  # a drawing says the same few words a thousand times

# Stands for the id prefix until `document` knows it: `clean` strips control characters, so no label can hold one.
ID = "\x1e"
_PREFIX = re.compile(r"[a-z][a-z0-9-]*\Z")
# What XML 1.0 forbids even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Own(str):
    """An attribute value made here (an id, a reference), the only kind that may hold the prefix mark."""

    __slots__ = ()


class Svg(str):
    """Markup whose every text went through `clean`: templates print it unescaped (the `__html__` protocol)."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


@dataclass(frozen=True)
class Tone:
    """A status: colour, shape and hatch say the same thing three times, so that colour is never the only sign."""

    colour: str
    shape: str
    hatch: str
    word: str


# Every colour keeps 3:1 (WCAG 1.4.11) on the light and on the dark surface. Shapes are those of the badges.
TONES = {
    "neutral": Tone("#7b878d", "ring", "", "sans objet"),
    "info": Tone("#4a86cf", "diamond", "dots", "information"),
    "good": Tone("#2f9a57", "circle", "", "à jour"),
    "watch": Tone("#b97a10", "square", "rising", "à surveiller"),
    "alert": Tone("#d9553b", "triangle", "crossed", "alerte"),
}

HATCHES = {
    "rising": "M-2 2L2-2M0 8L8 0M6 10L10 6",
    "falling": "M-2 6L2 10M0 0L8 8M6-2L10 2",
    "crossed": "M0 0L8 8M0 8L8 0",
    "level": "M0 4H8",
    "dots": "M3 4H5",
}


class Frame(TypedDict, total=False):
    """What every drawing takes: its title, a longer description, the phone form, a prefix for its ids."""

    title: Required[str]
    desc: str
    compact: bool
    prefix: str | None


def sheet(frame: Frame) -> tuple[float, float]:
    """Width of the drawing and size of its text."""
    return NARROW if frame.get("compact") else WIDE


def tone_ink(tone: str) -> dict[str, object]:
    return ink(TONES[tone].colour, f"tone-{tone}")


def clean(value: object) -> str:
    """Any text as XML character data, usable in an attribute too."""
    return _clean(str(value))


@lru_cache(maxsize=TEXTS_KEPT)
def _clean(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text))


def num(value: float) -> str:
    """A coordinate with one decimal and no useless character: 12.0 is '12", -0.04 is '0'."""
    short = f"{value:.1f}".removesuffix(".0")
    return "0" if short == "-0" else short


def el(name: str, *children: str, **attributes: object) -> str:
    """One element; `class_` and `stroke_width` become `class` and `stroke-width`, None drops the attribute."""
    opening = name
    for key, value in attributes.items():
        if value is not None:
            shown = (
                num(value) if isinstance(value, (int, float)) else value if isinstance(value, Own) else clean(value)
            )
            opening += f' {_attribute(key)}="{shown}"'
    return f"<{opening}>{''.join(children)}</{name}>" if children else f"<{opening}/>"


@cache
def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def own_id(name: str) -> Own:
    """An id of this drawing."""
    return Own(f"{ID}-{name}")


def ref(name: str) -> Own:
    """The paint that points to an id of this drawing."""
    return Own(f"url(#{ID}-{name})")


def text(x: float, y: float, value: object, *, size: float = TEXT, anchor: str | None = None, **more: object) -> str:
    """One line of text in the page's own colour, baseline at `y`."""
    more.setdefault("fill", "currentColor")
    return el("text", clean(value), x=x, y=y, font_size=size, text_anchor=anchor, **more)


def line(x1: float, y1: float, x2: float, y2: float, **more: object) -> str:
    more.setdefault("stroke", "currentColor")
    return el("line", x1=x1, y1=y1, x2=x2, y2=y2, **more)


def rect(x: float, y: float, width: float, height: float, **more: object) -> str:
    return el("rect", x=x, y=y, width=width, height=height, **more)


def shape(name: str, x: float, y: float, radius: float, **more: object) -> str:
    """A mark centred on (x, y): circle, square, triangle, diamond, ring or cross, of comparable visual weight."""
    r = radius
    more.setdefault("fill", "currentColor")
    if name == "circle":
        return el("circle", cx=x, cy=y, r=r, **more)
    if name == "square":
        return el("rect", x=x - r * 0.9, y=y - r * 0.9, width=r * 1.8, height=r * 1.8, **more)
    if name == "ring":
        return el("circle", cx=x, cy=y, r=r * 0.8, stroke=more.pop("fill"), fill="none", **more)
    if name == "cross":
        paint = more.pop("fill")
        arms = (
            f"M{num(x - r)} {num(y - r)}L{num(x + r)} {num(y + r)}M{num(x - r)} {num(y + r)}L{num(x + r)} {num(y - r)}"
        )
        return el("path", d=arms, stroke=paint, fill="none", **more)
    corners = {
        "triangle": [(x, y - r * 1.1), (x + r * 1.1, y + r * 0.9), (x - r * 1.1, y + r * 0.9)],
        "diamond": [(x, y - r * 1.2), (x + r * 1.2, y), (x, y + r * 1.2), (x - r * 1.2, y)],
    }[name]
    return el("path", d=path(corners, closed=True), **more)


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """The `d` of a broken line, in absolute coordinates."""
    return "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points) + ("Z" if closed else "")


def ink(colour: str, class_: str) -> dict[str, object]:
    """What draws in `currentColor` takes this: the colour of the PDF, which the page's class replaces."""
    return {"color": colour, "class_": class_}


def hatch(name: str, kind: str, colours: dict[str, object], *, background: float = 0.18, strength: float = 1) -> str:
    """A pattern definition: lines of `kind` over a light tint, both in the given `ink`."""
    tint = el("rect", width=8, height=8, fill="currentColor", fill_opacity=f"{background}")
    weight = 2.4 if kind == "dots" else 1.2
    paint = {"stroke": "currentColor", "stroke_width": f"{weight}", "stroke_opacity": f"{strength}"}
    lines = el("path", d=HATCHES[kind], fill="none", **paint)
    return el("pattern", tint, lines, id=own_id(name), width=8, height=8, patternUnits="userSpaceOnUse", **colours)


def veil(name: str, kind: str, colours: dict[str, object]) -> dict[str, object]:
    """The paint of an area: the pattern `name`, or a plain tint where there is no hatch.

    A pattern without lines would show the seams between its tiles in a PDF reader.
    """
    if kind:
        return {"fill": ref(name), "stroke": "currentColor", **colours}
    return {"fill": "currentColor", "fill_opacity": "0.3", "stroke": "currentColor", **colours}


def text_width(value: str, size: float = TEXT) -> float:
    """A generous estimate: there is no font to measure with."""
    return len(value) * size * WIDTH


def shorten(value: str, width: float, size: float = TEXT) -> str:
    """The label cut with an ellipsis where it would not fit in `width` units (the table twin has it whole)."""
    room = max(2, int(width / (size * WIDTH)))
    return value if len(value) <= room else value[: room - 1].rstrip() + "…"


def document(
    body: Iterable[str],
    *,
    height: float,
    width: float | None = None,
    defs: Iterable[str] = (),
    role: str = "img",
    class_: str = "chart",
    **frame: Unpack[Frame],
) -> Svg:
    """The whole drawing. Two drawings that may be equal on one page need a `prefix` each.

    Raises ValueError for an empty title (nothing would be read aloud) or a prefix that is no plain id.
    """
    title, desc, prefix = frame["title"], frame.get("desc", ""), frame.get("prefix")
    if not title.strip():
        raise ValueError("Un graphique doit avoir un titre.")
    if prefix is not None and not _PREFIX.match(prefix):
        raise ValueError(f"Préfixe d’identifiant incorrect\u00a0: {prefix!r}.")
    width = width or sheet(frame)[0]
    names = el("title", clean(title), id=own_id("t")) + (el("desc", clean(desc), id=own_id("d")) if desc else "")
    definitions = "".join(defs)
    inside = names + (el("defs", definitions) if definitions else "") + "".join(body)
    markup = el(
        "svg",
        inside,
        xmlns="http://www.w3.org/2000/svg",
        class_=class_,
        role=role,
        width=width,
        height=height,
        viewBox=f"0 0 {num(width)} {num(height)}",
        font_family=FONT,
        aria_labelledby=Own(f"{ID}-t {ID}-d") if desc else own_id("t"),
    )
    # A checksum rather than hash(): the same drawing has the same bytes in every process.
    return Svg(markup.replace(ID, prefix or f"g{zlib.crc32(markup.encode()):08x}"))
