"""The page of a house: what it is, what it is authorised for, what changed."""

from django.contrib import messages
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from core.compiled import rows_once
from core.french import typo
from core.pdf import pdf_response, render_pdf

from ..asof import as_of
from ..breadcrumbs import establishment_breadcrumb
from ..changes import changes_of
from ..compliance import requirements
from ..door import get_visible_or_404
from ..fiche import fiche_of, taking_office_of
from ..identities import as_they_were
from ..models import Capability, Establishment, JournalEntry
from ..tabs import capabilities_over, establishment_tabs
from ..terms import terms_of
from ..vocabulary import current_pack, words

RECENT_DECISIONS = 5


def record_context(request, establishment, tab):
    """What every tab of a house shows around its content."""
    breadcrumb = establishment_breadcrumb(establishment, request.user)
    if tab == "establishments:detail":
        breadcrumb[-1] = (establishment.name, None)  # the page itself
    held = capabilities_over(establishment, request.user)
    tabs = establishment_tabs(establishment, request.user, tab, held)
    return {"establishment": establishment, "tabs": tabs, "breadcrumb": breadcrumb, "held": held}


def form_page(request, establishment, tab, form, title, back=None):
    """A form about a house, under the tab it comes back to (or another page, `back`)."""
    context = record_context(request, establishment, tab)
    back = back or reverse(tab, args=[establishment.pk])
    shown = {**context, "form": form, "title": title, "back_url": back}
    return TemplateResponse(request, "establishments/record_form.html", shown)


@rows_once
def _decisions(user, establishment):
    decisions = JournalEntry.objects.visible_to(user).filter(establishment=establishment)
    return decisions.select_related("actor")[:RECENT_DECISIONS]


def say_saved(request, form, sentence):
    """What was done, then what to look at again in what was typed."""
    messages.success(request, sentence)
    for advice in form.advice():
        messages.warning(request, typo(advice))


def establishment_detail(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.SUMMARY, pk=pk)
    when = as_of(request.GET, timezone.localdate())
    context = record_context(request, establishment, "establishments:detail")
    may_read_file = Capability.VIEW in context["held"]
    return TemplateResponse(
        request,
        "establishments/detail.html",
        {
            **context,
            "when": when,
            "fiche": fiche_of(establishment, when.day, today=when.today),
            "may_read_file": may_read_file,
            "taking_office": taking_office_of(establishment, when.today, context["held"]) if when.is_today else None,
            "decisions": _decisions(request.user, establishment) if may_read_file and when.is_today else [],
        },
    )


def establishment_pdf(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.SUMMARY, pk=pk)
    when = as_of(request.GET, timezone.localdate())
    fiche = fiche_of(establishment, when.day, today=when.today)
    content = render_pdf(
        "establishments/pdf/fiche.html",
        {"fiche": fiche, "when": when, "pack": current_pack()},
        title=fiche.name,
        subject=f"Fiche {words().establishment.du}",
        created_at=when.today,
    )
    return pdf_response(content, f"fiche-{establishment.code}.pdf")


def establishment_authorisation(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.SUMMARY, pk=pk)
    when = as_of(request.GET, timezone.localdate())
    as_they_were([establishment], when.day)
    terms = terms_of(establishment, when.day, when.today)
    return TemplateResponse(
        request,
        "establishments/authorisation.html",
        {
            **record_context(request, establishment, "establishments:authorisation"),
            "when": when,
            "terms": terms,
            "requirements": requirements(terms.kind, terms.places, when.day),
        },
    )


def establishment_history(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW, pk=pk)
    decisions = JournalEntry.objects.visible_to(request.user).filter(establishment=establishment)
    return TemplateResponse(
        request,
        "establishments/history.html",
        {
            **record_context(request, establishment, "establishments:history"),
            "changes": changes_of(establishment),
            "decisions": decisions.select_related("actor")[:100],
            "identities": establishment.past_identities.all(),
            "directorships": establishment.directorships.select_related("person"),
        },
    )
