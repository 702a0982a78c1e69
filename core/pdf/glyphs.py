"""Only characters that our fonts can draw: a missing glyph is an empty box, forbidden by PDF/A-3 (§6.2.11.8)."""

import logging
import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont

log = logging.getLogger(__name__)

# What the type family has no glyph for, written another way.
SPELLED = {
    "≤": "<=",
    "≥": ">=",
    "→": "->",
    "←": "<-",
    "↔": "<->",
    "\u2011": "-",
    "✓": "oui",
    "✔": "oui",
    "✗": "non",
    "✘": "non",
    "‰": "/1000",
    "№": "n°",
    "\t": " ",
}


def legible(html: str, drawn: frozenset[int]) -> str:
    """The same page with only the code points of `drawn`.

    A letter loses the accent that cannot be drawn rather than disappear; what has no other spelling becomes « ? » and
    is logged: nothing that was typed is dropped in silence. Invisible marks (direction, variation, control) go.
    """
    unknown = {char for char in set(html) if ord(char) not in drawn and char not in "\n\r"}
    return html.translate({ord(char): _spelling(char, drawn) for char in unknown}) if unknown else html


def _spelling(char: str, drawn: frozenset[int]) -> str:
    if char in SPELLED:
        return SPELLED[char].replace("<", "&lt;").replace(">", "&gt;")
    if unicodedata.category(char) in ("Mn", "Cf", "Cc"):
        return ""
    parts = "".join(part for part in unicodedata.normalize("NFKD", char) if ord(part) in drawn)
    if parts and not set(parts) & set("<>&\"'"):
        return unicodedata.normalize("NFC", parts)
    log.warning("PDF: caractère U+%04X sans glyphe, remplacé", ord(char))
    return "?"


@cache
def drawn_by(folder: Path) -> frozenset[int]:
    """Code points that every upright weight of the folder's fonts can draw (files named …-WEIGHT-normal.woff2)."""
    weights: dict[str, set[int]] = {}
    for path in sorted(folder.glob("*-normal.woff2")):
        font = TTFont(BytesIO(path.read_bytes()))
        weights.setdefault(path.stem.split("-")[-2], set()).update(font.getBestCmap())
    if not weights:
        raise FileNotFoundError(f"no font in {folder}")
    return frozenset(set.intersection(*weights.values()))
