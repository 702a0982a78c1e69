"""PDF documents: real text, tagged, archivable, the same bytes from the same data (functions S-024, S-105, M16)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import content_disposition_header

from .fingerprints import fingerprint as fingerprint  # part of the public interface
from .fingerprints import short_fingerprint as short_fingerprint

# The readings of a document (decisions §4). « nominatif » is in no report: it is not a level of a document.
LEVELS = {
    "public": "Diffusion libre",
    "elu": "Lecture élu",
    "etablissement": "Transmis {addressee}",
    "interne": "Interne au service",
}
PRODUCT = "Ronde"
# Stands for the printed fingerprint while the page is rendered: a document without facts is signed by its own text.
FINGERPRINT_MARK = "\ue000"


@dataclass(frozen=True)
class Sheet:
    """A document ready to be written, by this process or by another: nothing in it asks the database anything."""

    html: str
    created: str | None
    colour: str
    logo: Path | None
    images: dict[str, bytes] | None = None

    def written(self) -> bytes:
        from . import engine

        return engine.write(self.html, created=self.created, colour=self.colour, logo=self.logo, images=self.images)


def render_pdf(template, context, **described):
    """Bytes of a PDF/A-3 + PDF/UA-1 file; see `prepare_pdf` for what describes it."""
    return prepare_pdf(template, context, **described).written()


def prepare_pdf(
    template,
    context,
    *,
    title,
    subject="",
    level="interne",
    version=None,
    draft=False,
    fingerprint=None,
    language="fr",
    author=None,
    created_at=None,
    images=None,
):
    """The page of a document, from a template that extends core/pdf/base.html.

    `fingerprint` is the digest of the facts (see `fingerprint()`); without it the text of the page is signed. Without
    `created_at` (aware instant, or date) the file carries no date. `images`: JPEG bytes by name (`piece/<name>.jpg`).
    ValueError when what the header shows is unknown.
    """
    from . import engine

    created = _checked(title, level, created_at)
    who, addressee, logo, colour = _face(context.get("pack"))
    pdf = {"collectivite": who, "title": title, "subject": subject, "draft": draft, "language": language} | {
        "logo": engine.static_files.logo_url() if logo else "",
        "level": LEVELS[level].format(addressee=addressee),
        "version": "" if version is None else str(version),
        "fingerprint": FINGERPRINT_MARK,
        "author": author or who,
        "created_at": created_at,
    }
    with translation.override(language):
        html = render_to_string(template, {"words": {}, "pack": {}, **context, "pdf": pdf})
    printed = html.replace(FINGERPRINT_MARK, short_fingerprint(fingerprint or _fingerprint_of(html)))
    return Sheet(printed, created, colour, logo, images)


def _checked(title, level, created_at):
    """The instant as the file writes it, once what names the document is there."""
    if not str(title).strip():
        raise ValueError("a document has a title")
    if level not in LEVELS:
        raise ValueError(f"unknown level of a document: {level!r}")
    return _w3c(created_at)


def pdf_response(content, filename, *, inline=True, level="interne"):
    """The response that gives a PDF, named in French, never guessed at, and not kept by caches unless it is public."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=not inline, filename=filename)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300" if level == "public" else "private, no-store"
    return response


def _fingerprint_of(html):
    return fingerprint(html)


def _face(pack):
    """(« Ville de X — Direction Y », « à la crèche », logo, colour) of a pack: an object, a mapping, or nothing."""
    read = pack.get if isinstance(pack, dict) else lambda name: getattr(pack, name, "")
    who = " — ".join(part for part in (read("collectivite"), read("service")) if part) or read("label") or PRODUCT
    return who, read("addressee") or "à l’établissement", read("logo") or None, read("colour") or ""


def _w3c(moment):
    if moment is None:
        return None
    if isinstance(moment, datetime):
        if timezone.is_naive(moment):
            raise ValueError("a document is dated by an instant with its time zone")
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(moment, date):
        return f"{moment.isoformat()}T00:00:00Z"
    raise TypeError(f"not an instant nor a date: {moment!r}")
