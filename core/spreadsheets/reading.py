"""Read a table out of a file that someone sent: format known by content, bounds kept, errors in French."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from .cleaning import clean_text
from .delimited import iter_delimited
from .geojson import iter_geojson
from .headers import looks_like_header
from .table import EXPECTED, MEGABYTE, Limits, Row, Table, UnreadableFile, bounded, grouped
from .workbooks import OLE_SIGNATURE, iter_workbook

KNOWN_STRANGERS = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"GIF8", "une image GIF"),
    (b"\x1f\x8b", "une archive GZIP"),
    (b"7z\xbc\xaf", "une archive 7-Zip"),
    (b"Rar!", "une archive RAR"),
    (b"{\\rtf", "un texte RTF"),
    (b"SQLite format 3", "une base SQLite"),
)
MARKUP = re.compile(rb"\s*<(\?xml|!doctype|html|table|head|body)\b", re.IGNORECASE)
JSON_START = re.compile(rb"\s*[\[{]\s*[\"{\[\]}]")

HasHeader = bool | Literal["auto"]


def iter_rows(file: Any, name: str = "", *, sheet: str | None = None, limits: Limits | None = None) -> Iterator[Row]:
    """Rows of `file` (path, bytes or binary file), blank ones left out, never more than a batch held.

    Nothing is trusted: neither the name nor the declared sizes. Raises UnreadableFile, possibly after rows were
    given (a file may be damaged in its middle), so the caller writes in one transaction.
    """
    limits = limits or Limits()
    content = _content(file, name, limits)
    return bounded(_iter_format(content, name, limits, sheet), limits)


def read_table(
    file: Any,
    name: str = "",
    *,
    max_bytes: int = 20 * MEGABYTE,
    max_rows: int = 200_000,
    max_cells: int = 2_000_000,
    max_columns: int = 500,
    sheet: str | None = None,
    has_header: HasHeader = True,
) -> Table:
    """The whole table. `has_header="auto"` takes the first row as headers when it looks like names."""
    limits = Limits(max_bytes, max_rows, max_cells, max_columns)
    rows = list(iter_rows(file, name, sheet=sheet, limits=limits))
    if not rows:
        raise UnreadableFile("Ce fichier ne contient aucune ligne.")
    if has_header is False or (has_header == "auto" and not looks_like_header(rows)):
        return Table((), rows)
    return Table(tuple(clean_text(cell) for cell in rows[0].cells), rows[1:])


def _content(file: Any, name: str, limits: Limits) -> bytes:
    """At most `max_bytes` + 1 bytes are ever read."""
    try:
        if isinstance(file, bytes):
            content = file
        elif isinstance(file, (str, Path)):
            with Path(file).open("rb") as stream:
                content = stream.read(limits.max_bytes + 1)
        else:
            if hasattr(file, "seek"):
                file.seek(0)
            content = file.read(limits.max_bytes + 1)
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"{_named(name or file)} n’existe pas ou ne peut pas être ouvert.") from error
    if len(content) > limits.max_bytes:
        size = grouped(limits.max_bytes // MEGABYTE)
        raise UnreadableFile(f"{_named(name)} dépasse {size}\u00a0Mo, la taille la plus grande qui soit acceptée.")
    if not content.strip():
        raise UnreadableFile(f"{_named(name)} est vide.")
    return content


def _iter_format(content: bytes, name: str, limits: Limits, sheet: str | None) -> Iterator[Row]:
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", OLE_SIGNATURE)):
        return iter_workbook(content, limits, sheet)
    for signature, what in KNOWN_STRANGERS:
        if content.startswith(signature):
            raise UnreadableFile(f"{_named(name)} est {what}, pas un tableau. {EXPECTED}")
    head = content[:1000].removeprefix(b"\xef\xbb\xbf")
    if MARKUP.match(head):
        raise UnreadableFile(f"{_named(name)} est une page HTML ou XML, pas un tableau. {EXPECTED}")
    if JSON_START.match(head):
        return iter_geojson(content)
    return iter_delimited(content)


def _named(name: Any) -> str:
    text = clean_text(Path(name).name if isinstance(name, (str, Path)) else "")
    printable = "".join(character for character in text if character.isprintable())[:80]
    return f"Le fichier «\u00a0{printable}\u00a0»" if printable else "Ce fichier"
