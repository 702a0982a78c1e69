"""WeasyPrint, held so that the same HTML gives the same bytes on any machine (decisions §27, functions M16).

Imported lazily by `core.pdf`: loading it costs more than most pages. Three things are taken away from it: the system's
fonts (fontconfig reads an empty configuration), the network and the disk (`StaticFilesFetcher`), the clock.
"""

import threading
import warnings
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from ..colours import shades
from .glyphs import drawn_by, legible
from .isolation import no_system_fonts

with no_system_fonts(), warnings.catch_warnings():
    # It warns that fontconfig has no font: that is the point.
    warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
    import weasyprint
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from . import fetcher as static_files
    from .tagging import complete_tags

STYLESHEET = "css/pdf.css"
FONT_LICENCE = "fonts/OFL.txt"
VARIANT = "pdf/a-3a"
OUTPUT_INTENT = "sRGB"  # not WeasyPrint's name, "srgb", which would bring its own profile back
NS = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
# PDF/A-3 §6.6.2.3.1 allows the PDF/UA identifier only with a description of its schema beside it.
PDFUA_XMP = f"""<rdf:RDF xmlns:rdf="{NS["rdf"]}">
<rdf:Description rdf:about="" xmlns:pdfuaid="{NS["pdfuaid"]}" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="{NS["pdfaExtension"]}" xmlns:pdfaSchema="{NS["pdfaSchema"]}"
 xmlns:pdfaProperty="{NS["pdfaProperty"]}"><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{NS["pdfuaid"]}</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""
# One document at a time in a process: Pango's font map is shared by all of them.
_lock = threading.Lock()


def write(
    html: str,
    *,
    created: str | None,
    colour: str = "",
    logo: Path | None = None,
    images: dict[str, bytes] | None = None,
) -> bytes:
    """The PDF/A-3 + PDF/UA-1 file of a complete HTML page. `created` is a W3C instant, or None for no date at all.

    `colour` ("#rrggbb") and `logo` (a PNG or SVG, shown where the page asks for `fetcher.logo_url()`) are the
    collectivité's; `images` are JPEG bytes by name, shown as `piece/<name>.jpg`.
    """
    fonts = static_files.find_static(FONT_LICENCE).parent
    with _lock, _fetcher().showing(logo, images):
        return _write(legible(html, drawn_by(fonts)), created, colour)


def _write(html, created, colour):
    page = HTML(string=html, base_url=static_files.base_url(), url_fetcher=_fetcher())
    # pdf_tags is also needed while rendering, before the variant sets it.
    options = {"pdf_variant": VARIANT, "pdf_tags": True, "pdf_identifier": True, "output_intent": OUTPUT_INTENT}
    profiles = {OUTPUT_INTENT: _colour_profile()}
    document = page.render(font_config=_fonts(), color_profiles=profiles, stylesheets=_stylesheets(colour), **options)
    metadata = document.metadata
    metadata.created = metadata.modified = created
    write_xmp = metadata.generate_rdf_metadata
    metadata.generate_rdf_metadata = lambda *args: _with_pdfua(write_xmp(*args))
    return document.write_pdf(finisher=complete_tags, **options)


def _with_pdfua(rdf: bytes) -> bytes:
    """Add the PDF/UA-1 identifier to the metadata: WeasyPrint writes one variant's identifier only."""
    for prefix, uri in NS.items():
        ElementTree.register_namespace(prefix, uri)
    tree = ElementTree.fromstring(rdf)  # noqa: S314 -- written by WeasyPrint two lines above
    tree.extend(ElementTree.fromstring(PDFUA_XMP))  # noqa: S314 -- our own constant
    return ElementTree.tostring(tree, encoding="utf-8")


@cache
def _fonts():
    with no_system_fonts():
        return FontConfiguration()


class ColourProfile:
    """WeasyPrint's own sRGB profile, as the file is: its ColorProfile writes it again through lcms, whose bytes differ
    from the second document of a process on, and leaves the file open."""

    def __init__(self):
        path = Path(weasyprint.__file__).parent / "pdf" / "sRGB2014.icc"
        self.name = path.stem
        self.content = path.read_bytes()
        self.components = ("r", "g", "b")
        self.pdf_reference = None  # set by WeasyPrint at each document


@cache
def _colour_profile():
    return ColourProfile()


@cache
def _fetcher():
    return static_files.StaticFilesFetcher()


def _stylesheets(colour):
    """Ours, then the collectivité's colour over it."""
    return [_stylesheet(), *([_tinted(colour)] if colour else [])]


@cache
def _tinted(colour):
    light, _ = shades(colour)  # refuses what is not a colour, or could not be read
    return CSS(string=f":root {{ --primary: {light.primary} }}", font_config=_fonts(), media_type="print")


def _stylesheet():
    path = static_files.find_static(STYLESHEET)
    return _parsed_stylesheet(path, path.stat().st_mtime_ns)


@cache
def _parsed_stylesheet(path, _mtime):
    return CSS(
        string=path.read_text("utf-8"),
        base_url=static_files.static_url() + STYLESHEET,
        url_fetcher=_fetcher(),
        font_config=_fonts(),
        media_type="print",
    )
