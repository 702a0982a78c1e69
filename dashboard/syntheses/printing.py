"""A synthesis on paper and as an open document; « PROJET » until it is approved."""

from django.utils.text import slugify

from core.french import capitalise
from core.odt import Heading, Paragraph, Picture, Table, odt_file
from core.pdf import LEVELS, prepare_pdf
from establishments.vocabulary import current_pack, words

from .page import view_of


def pdf_of(document):
    """(bytes, file name)."""
    sheet, name = sheet_of(document, view_of(document))
    return sheet.written(), name


def sheet_of(document, view):
    """(sheet to write, file name)."""
    sheet = prepare_pdf(
        "dashboard/pdf/synthesis.html",
        {"view": view, "document": document, "words": words(), "pack": current_pack()},
        title=title_of(document),
        subject=subject_of(document),
        level=document.level,
        version=document.edition,
        draft=not document.is_over,
        fingerprint=document.fingerprint or None,
        created_at=document.approved_at or document.drafted_at,
    )
    return sheet, f"{stem(document)}.pdf"


def odt_of(document):
    """(bytes, file name): the same blocks, to be finished in a word processor."""
    pack = current_pack()
    level = LEVELS[document.level].format(addressee=pack.addressee)
    blocks = [Paragraph(f"{subject_of(document)} · {level}{'' if document.is_over else ' · PROJET'}")]
    for section in view_of(document).kept:
        blocks.append(Heading(section.title, 2))
        for line in section.lines:
            blocks += _blocks(line)
    blocks.append(Paragraph(signature_of(document)))
    content = odt_file(
        title_of(document),
        blocks,
        author=str(document.author),
        at=document.approved_at or document.drafted_at,
        header=f"{pack.collectivite} — {level}",
    )
    return content, f"{stem(document)}.odt"


def _blocks(line):
    mark = " (périmé)" if line.is_stale else ""
    if line.grid:
        return [Paragraph(line.grid.title + mark), Table(line.grid.headers, line.grid.rows)]
    if line.figure:
        figure = line.figure
        facts = f"Unité\u00a0: {figure.unit}. {capitalise(figure.period)}, {figure.data_date}, n = {figure.n}."
        return [
            Paragraph(figure.title + mark),
            Paragraph(facts),
            Picture(figure.svg, figure.title, figure.sentence),
            Paragraph(figure.sentence),
            Table(figure.headers, figure.rows),
        ]
    return [Paragraph(line.text + mark)]


def title_of(document):
    return f"{document.get_variant_display()} — {document.place}"


def subject_of(document):
    return document.days[:1].upper() + document.days[1:]


def signature_of(document):
    if not document.is_over:
        return f"Rédigée par {document.author}."
    return (
        f"Rédigée par {document.author}, approuvée par {document.approved_by}. Empreinte {document.fingerprint[:16]}."
    )


def stem(document):
    return slugify(f"{title_of(document)} {document.ends_on.isoformat()} {document.level}")[:120]
