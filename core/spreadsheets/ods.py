"""Write an ODS sheet row by row, in constant memory (odfdo builds the whole tree: 2 ms a row, measured)."""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from .cells import decimal_of, naive, written_text

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
BATCH = 500
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
    ]
)
DAY = '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/>'
MOMENT = '<number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/>'
YEAR = '<number:text>/</number:text><number:year number:style="long"/>'
OPENING = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES} office:version="1.3">'
    "<office:automatic-styles>"
    f'<number:date-style style:name="D">{DAY}{YEAR}</number:date-style>'
    f'<number:date-style style:name="M">{DAY}{YEAR}<number:text> </number:text>{MOMENT}</number:date-style>'
    '<style:style style:name="date" style:family="table-cell" style:data-style-name="D"/>'
    '<style:style style:name="moment" style:family="table-cell" style:data-style-name="M"/>'
    '<style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
CLOSING = "</table:table></office:spreadsheet></office:body></office:document-content>"
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def _text(value: Any) -> str:
    lines = escape(written_text(str(value))).split("\n")
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in lines)
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


def _number(value: Any) -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def _date(value: date) -> str:
    return (
        f'<table:table-cell table:style-name="date" office:value-type="date" office:date-value="{value.isoformat()}"/>'
    )


def _moment(value: datetime) -> str:
    iso = naive(value).isoformat(timespec="seconds")
    return f'<table:table-cell table:style-name="moment" office:value-type="date" office:date-value="{iso}"/>'


CELLS: dict[type, Callable[[Any], str]] = {
    str: lambda value: _text(value) if value else "<table:table-cell/>",
    type(None): lambda value: "<table:table-cell/>",
    bool: lambda value: _text("oui" if value else "non"),
    int: lambda value: _number(value) if abs(value) < 10**15 else _text(value),
    float: lambda value: _number(repr(value)) if value - value == 0 else _text(value),
    Decimal: lambda value: _number(f"{value:f}") if value.is_finite() else _text(value),
    Fraction: lambda value: _number(f"{decimal_of(value):f}"),
    date: _date,
    datetime: _moment,
}


def write_ods(stream: IO[bytes], headers: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str) -> None:
    """One sheet with a bold first row; texts stay texts, numbers and dates are typed."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, compress_type=zipfile.ZIP_STORED)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            head = "".join(_text(header) for header in headers).replace(
                "<table:table-cell ", '<table:table-cell table:style-name="head" '
            )
            content.write(f"{OPENING}<table:table table:name={quoteattr(sheet)}>".encode())
            content.write(f"<table:table-header-rows>{_row(head)}</table:table-header-rows>".encode())
            batch = []
            for row in rows:
                batch.append(_row("".join([CELLS.get(type(value), _text)(value) for value in row])))
                if len(batch) == BATCH:
                    content.write("".join(batch).encode())
                    batch.clear()
            content.write("".join([*batch, CLOSING]).encode())
        archive.writestr("META-INF/manifest.xml", MANIFEST)


def _row(cells: str) -> str:
    return f"<table:table-row>{cells}</table:table-row>"
