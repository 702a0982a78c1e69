"""One record of the network on paper: its facts, then its parts; one template for all of them."""

from dataclasses import dataclass

from django.utils.text import slugify

from core.pdf import fingerprint, pdf_response, render_pdf
from establishments.vocabulary import current_pack


@dataclass(frozen=True)
class Part:
    """A titled part: a text, a table (`headers`, `rows`), lines of a list, or several of them."""

    title: str
    text: str = ""
    headers: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()


def paper(title, *, subject, facts, parts, at, level="interne", draft=False):
    """The PDF as a response. `facts` are (label, value) pairs; empty values and empty parts are left out."""
    kept = [(label, str(value)) for label, value in facts if value]
    written = [part for part in parts if part.text or part.rows or part.lines]
    signed = {"title": title, "facts": kept, "parts": [repr(part) for part in written]}
    content = render_pdf(
        "projects/pdf/record.html",
        {"facts": kept, "parts": written, "pack": current_pack()},
        title=title,
        subject=subject,
        level=level,
        draft=draft,
        fingerprint=fingerprint(signed),
        created_at=at,
    )
    return pdf_response(content, f"{slugify(f'{subject} {title}')[:80] or 'fiche'}.pdf", level=level)
