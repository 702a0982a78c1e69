"""What a browser fetches: the first page with everything it names, then the next page alone; compressed bytes."""

import gzip
import re
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from .measures import member
from .pages import Browser

NAMED = re.compile(rb'(?:href|src)="(/static/[^"#?]+)')
FACE = re.compile(r"@font-face\s*{[^}]*}")
IN_STYLE = re.compile(r"url\([\"']?([^\"')#?]+)")
RANGE = re.compile(r"unicode-range:([^;}]+)")
SLANTED = re.compile(rb"<(em|i|cite|address)[ >]")
KB = 1000


def static_file(address: str) -> Path:
    return Path(settings.STATIC_ROOT) / address.removeprefix(settings.STATIC_URL)


def compressed(path: Path) -> int:
    """As WhiteNoise sends it: the Brotli or gzip file beside it, else itself (fonts are compressed already)."""
    beside = [path.with_name(path.name + suffix) for suffix in (".br", ".gz")]
    return min([found.stat().st_size for found in beside if found.exists()] or [path.stat().st_size])


def named_by(page: bytes) -> set[Path]:
    """Files the page asks for: scripts, styles, sprite, and the fonts whose characters are on it."""
    found = {static_file(address.decode()) for address in NAMED.findall(page)}
    text = set(page.decode())
    for style in [path for path in found if path.suffix == ".css"]:
        for face in FACE.findall(style.read_text("utf-8")):
            font = (style.parent / IN_STYLE.search(face)[1]).resolve()
            slanted = "italic" in face and not SLANTED.search(page)
            if not slanted and any(
                first <= ord(character) <= last for first, last in ranges(face) for character in text
            ):
                found.add(font)
    return {path for path in found if path.exists()}


def ranges(face: str) -> list[tuple[int, int]]:
    """The characters a @font-face answers for: [(first, last)]; all of them when it does not say."""
    said = RANGE.search(face)
    if not said:
        return [(0, 0x10FFFF)]
    pairs = [part.strip().upper().removeprefix("U+").split("-") for part in said[1].split(",")]
    return [(int(pair[0].replace("?", "0"), 16), int(pair[-1].replace("?", "F"), 16)) for pair in pairs]


def weights():
    """(label, value, budget): first view of the home, its requests, its scripts; then a list once all is cached."""
    browser = Browser(member("coordinateur"))
    first = browser.get(reverse("dashboard:home")).content
    files = named_by(first)
    scripts = sum(compressed(path) for path in files if path.suffix == ".js")
    total = len(gzip.compress(first)) + sum(compressed(path) for path in files)
    yield f"première vue, octets ({len(gzip.compress(first))} de page)", total, 60 * KB
    yield f"première vue, requêtes ({len(files)} fichiers)", 1 + len(files), 6
    yield "première vue, JavaScript", scripts, 10 * KB
    for label, name in (("liste", "establishments:list"), ("accueil", "dashboard:home"), ("visites", "visits:list")):
        page = browser.get(reverse(name)).content
        yield f"page suivante ({label}), octets", len(gzip.compress(page)), 10 * KB
