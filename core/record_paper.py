"""The single sheet of one record: what its page says, on paper, at the same address with `?export=pdf`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify

from .pages import EXPORT_PARAMETER, pack_of
from .pdf import pdf_response, render_pdf
from .tables import fr_cell


@dataclass(frozen=True)
class Record:
    """Plain values of one record: `kind` names the sheet, `facts` are (label, value) pairs, empty ones left out.

    `blocks` are (heading, lines): what the page tells in sentences or in a table.
    """

    kind: str
    title: str
    facts: list[tuple[str, Any]] = field(default_factory=list)
    blocks: list[tuple[str, list[str]]] = field(default_factory=list)


def record_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], record: Callable[[], Record]
) -> HttpResponse:
    """The page of a record, or its sheet when asked for; `record` is called for the sheet only."""
    if request.GET.get(EXPORT_PARAMETER) != "pdf":
        return TemplateResponse(request, template, {**context, "pdf_link": f"?{EXPORT_PARAMETER}=pdf"})
    found = record()
    facts = [(str(label), fr_cell(value)) for label, value in found.facts if value not in (None, "")]
    blocks = [(heading, lines) for heading, lines in found.blocks if lines]
    content = render_pdf(
        "core/pdf/record.html",
        {"record": {"facts": facts, "blocks": blocks}, "pack": pack_of(request)},
        title=f"{found.kind} — {found.title}",
        created_at=timezone.now(),
    )
    return pdf_response(content, f"{slugify(f'{found.kind} {found.title}')}.pdf")
