"""A text document in OpenDocument: headings, paragraphs, tables, charts; the same bytes from the same content.

Only what our documents hold is written, by hand: a library would bring a whole tree for five kinds of blocks.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from core.charts import Svg

MIMETYPE = "application/vnd.oasis.opendocument.text"
EPOCH = (1980, 1, 1, 0, 0, 0)
LINE = "<text:line-break/>"
_NAMES = {
    "office": "office",
    "style": "style",
    "text": "text",
    "table": "table",
    "fo": "xsl-fo-compatible",
    "meta": "meta",
    "draw": "drawing",
    "svg": "svg-compatible",
}
NAMESPACES = " ".join(f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for p, n in _NAMES.items())
NAMESPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
XML = '<?xml version="1.0" encoding="UTF-8"?>'
FILES = {"content.xml": "text/xml", "styles.xml": "text/xml", "meta.xml": "text/xml"}
VERSION = ' manifest:version="1.3"'
DRAWING = "image/svg+xml"
ACROSS = 17  # centimetres between the margins of the page
_BOX = re.compile(r'viewBox="([^"]+)"')
FRENCH = 'fo:language="fr" fo:country="FR"'


@dataclass(frozen=True)
class Heading:
    """`level` 1 to 3."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Line breaks are kept."""

    text: str


@dataclass(frozen=True)
class Table:
    """`rows` of texts, as long as `headers`."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Picture:
    """A drawing of core.charts, across the page; `title` and `description` are read aloud in its place."""

    svg: Svg
    title: str
    description: str


Block = Heading | Paragraph | Table | Picture


def odt_file(title: str, blocks: Iterable[Block], *, author: str, at: datetime, header: str = "") -> bytes:
    """Bytes of the file. `at` is an aware instant; `header` is on top of each page."""
    blocks = [Heading(title, 1), *blocks]
    body = "".join(_block(block, number) for number, block in enumerate(blocks))
    drawings = {_place(number): block.svg for number, block in enumerate(blocks) if isinstance(block, Picture)}
    content = (
        f'{XML}<office:document-content {NAMESPACES} office:version="1.3"><office:automatic-styles>'
        '<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm"'
        ' fo:border="0.5pt solid #767676"/></style:style></office:automatic-styles>'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    parts = {"content.xml": content, "styles.xml": _styles(header), "meta.xml": _meta(title, author, at)}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        # The type comes first and is not compressed: that is how a file is recognised (OpenDocument 1.3, part 2, 3.3).
        archive.writestr(zipfile.ZipInfo("mimetype", EPOCH), MIMETYPE, zipfile.ZIP_STORED)
        for name, text in {**parts, **drawings, "META-INF/manifest.xml": _manifest(drawings)}.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _manifest(drawings: Iterable[str]) -> str:
    files = {"/": MIMETYPE, **FILES, **dict.fromkeys(drawings, DRAWING)}
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}"{VERSION if name == "/" else ""}'
        f' manifest:media-type="{kind}"/>'
        for name, kind in files.items()
    )
    return (
        f'{XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"{VERSION}>'
        f"{entries}</manifest:manifest>"
    )


def _place(number: int) -> str:
    return f"Pictures/graphique{number}.svg"


def _written(text: str) -> str:
    """The text without what XML refuses; each run of line breaks is one."""
    kept = "".join(c for c in text if c in "\n\t" or c >= " " and not "\ud800" <= c <= "\udfff" and c < "\ufffe")
    return LINE.join(escape(line.strip()) for line in kept.splitlines() if line.strip())


def _block(block: Block, number: int) -> str:
    if isinstance(block, Heading):
        name = f'text:style-name="Heading_20_{block.level}" text:outline-level="{block.level}"'
        return f"<text:h {name}>{_written(block.text)}</text:h>"
    if isinstance(block, Paragraph):
        return f'<text:p text:style-name="Text_20_body">{_written(block.text)}</text:p>'
    if isinstance(block, Picture):
        return _picture(block, number)
    head = _row(block.headers, "Table_20_Heading")
    rows = "".join(_row(row, "Table_20_Contents") for row in block.rows)
    columns = f'<table:table-column table:number-columns-repeated="{len(block.headers)}"/>'
    return (
        f'<table:table table:name="Tableau{number}">{columns}'
        f"<table:table-header-rows>{head}</table:table-header-rows>{rows}</table:table>"
    )


def _picture(block: Picture, number: int) -> str:
    _, _, width, height = (float(part) for part in _BOX.search(block.svg)[1].split())
    size = f'svg:width="{ACROSS}cm" svg:height="{ACROSS * height / width:.2f}cm"'
    return (
        f'<text:p text:style-name="Text_20_body"><draw:frame draw:name="Graphique{number}"'
        f' text:anchor-type="as-char" {size}>'
        f'<draw:image xlink:href="{_place(number)}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
        f"<svg:title>{_written(block.title)}</svg:title><svg:desc>{_written(block.description)}</svg:desc>"
        "</draw:frame></text:p>"
    )


def _row(cells: Sequence[str], style: str) -> str:
    said = "".join(
        f'<table:table-cell table:style-name="cell" office:value-type="string">'
        f'<text:p text:style-name="{style}">{_written(str(cell))}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row>{said}</table:table-row>"


def _named(name: str, parent: str, text: str, paragraph: str = "") -> str:
    shown = quoteattr(name.replace("_20_", " "))
    return (
        f'<style:style style:name="{name}" style:display-name={shown} style:family="paragraph"'
        f"{parent}><style:paragraph-properties {paragraph}/><style:text-properties {text}/></style:style>"
    )


def _styles(header: str) -> str:
    parent = ' style:parent-style-name="Standard"'
    sizes = {1: 20, 2: 14, 3: 12}
    titles = "".join(
        _named(
            f"Heading_20_{level}", parent, f'fo:font-size="{size}pt" fo:font-weight="bold"', 'fo:margin-top="0.4cm"'
        )
        for level, size in sizes.items()
    )
    styles = (
        _named("Standard", "", f'fo:font-size="11pt" {FRENCH}')
        + _named("Text_20_body", parent, "", 'fo:margin-bottom="0.2cm"')
        + _named("Header", parent, 'fo:font-size="9pt"')
        + _named("Table_20_Contents", parent, 'fo:font-size="10pt"')
        + _named("Table_20_Heading", parent, 'fo:font-size="10pt" fo:font-weight="bold"')
        + titles
    )
    top = f'<style:header><text:p text:style-name="Header">{_written(header)}</text:p></style:header>'
    page = (
        '<style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/>'
        '<style:header-style><style:header-footer-properties fo:min-height="0.8cm"/></style:header-style>'
    )
    return (
        f'{XML}<office:document-styles {NAMESPACES} office:version="1.3"><office:styles>{styles}</office:styles>'
        f'<office:automatic-styles><style:page-layout style:name="A4">{page}</style:page-layout>'
        "</office:automatic-styles><office:master-styles>"
        f'<style:master-page style:name="Standard" style:page-layout-name="A4">{top if header else ""}'
        "</style:master-page></office:master-styles></office:document-styles>"
    )


def _meta(title: str, author: str, at: datetime) -> str:
    moment = at.isoformat(timespec="seconds")
    return (
        f'{XML}<office:document-meta {NAMESPACES} office:version="1.3"><office:meta>'
        f"<meta:generator>Ronde</meta:generator><dc:title>{_written(title)}</dc:title>"
        f"<dc:creator>{_written(author)}</dc:creator><dc:date>{moment}</dc:date><dc:language>fr-FR</dc:language>"
        "</office:meta></office:document-meta>"
    )
