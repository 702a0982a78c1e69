"""Good practices: the cards, the agreement of both sides, the houses that took them up."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.french import short_date
from core.jobs import mark_read
from core.pages import list_page
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability

from ..filters.practices import GoodPracticeFilter
from ..forms.practices import PracticeForm, ReuseForm
from ..history import history_of
from ..models import GoodPractice
from ..models.practices import HOUSE, OBSERVER
from ..papers import Part, paper
from ..practice_steps import RULES, STEPS, still_useful
from ..sections import sections
from ..stepping import offered, take, warn
from ..tables.practices import GoodPracticeTable

READ, REUSE = Capability.READ_TRANSMITTED, Capability.PROPOSE_PROJECT
PEOPLE = ("establishment", "observer_by", "house_by")


def _card(request, pk, capability=READ):
    return get_visible_or_404(GoodPractice.objects.select_related(*PEOPLE), request.user, capability, pk=pk)


def practice_list(request):
    require_capability(request.user, READ)
    rows = GoodPractice.objects.visible_to(request.user).select_related("establishment").with_reuse()
    return list_page(
        request,
        rows.order_by("title", "pk"),
        filterset_class=GoodPracticeFilter,
        table_class=GoodPracticeTable,
        template="projects/list.html",
        title="Bonnes pratiques",
        intro="Ce qu’un lieu fait bien, agréé par lui et par qui l’a vu, offert aux autres.",
        tabs=sections(request, "projects:practice_list"),
    )


def _side(request, card):
    """The side that the reader speaks for, or None."""
    return next((side for side in (OBSERVER, HOUSE) if can(request.user, side, card)), None)


def practice_detail(request, pk):
    card = _card(request, pk)
    mark_read(request.user, card.get_absolute_url())
    context = {
        "card": card,
        "reuses": card.reuses.select_related("establishment", "taken_by"),
        "steps": still_useful(card, offered(card, request.user, STEPS)),
        "may_write": card.status == card.Status.PROPOSED and _side(request, card) is not None,
        "may_reuse": card.status == card.Status.PUBLISHED and REUSE in held_capabilities(request),
        "history": history_of(card, request.user),
    }
    return TemplateResponse(request, "projects/practice_detail.html", context)


def practice_edit(request, pk):
    card = _card(request, pk)
    side = _side(request, card)
    if side is None:
        raise PermissionDenied
    form = PracticeForm(request.POST or None, instance=card)
    if request.method == "POST" and form.is_valid() and form.amend(side, by=request.user):
        warn(request, card.what, card.how, card.conditions)
        messages.success(request, "Carte modifiée\u00a0: l’autre côté doit l’agréer.")
        return redirect(card)
    context = {"form": form, "title": f"Écrire la carte\u00a0: {card}", "back_url": card.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


def practice_reuse(request, pk):
    card = _card(request, pk)
    require_capability(request.user, REUSE)
    form = ReuseForm(request.POST or None, user=request.user, practice=card)
    if request.method == "POST" and form.is_valid():
        card.reuse(form.cleaned_data["establishment"], by=request.user, note=form.cleaned_data["note"])
        warn(request, form.cleaned_data["note"])
        messages.success(request, "Reprise notée\u00a0: une de plus pour cette bonne pratique.")
        return redirect(card)
    context = {"form": form, "title": f"Je reprends\u00a0: {card}", "back_url": card.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


@require_POST
def practice_step(request, pk, step):
    return redirect(take(request, GoodPractice, pk, step, STEPS, RULES))


def practice_pdf(request, pk):
    card = _card(request, pk)
    reuses = list(card.reuses.select_related("establishment"))
    facts = [
        ("Lieu", card.establishment),
        ("Thème", card.theme),
        ("Statut", card.get_status_display()),
        ("Publiée", f"le {short_date(card.published_on)}" if card.published_on else ""),
        ("Reprises", len(reuses)),
    ]
    lines = tuple(f"{one.establishment}, le {short_date(one.taken_on)}" for one in reuses)
    parts = [
        Part("Ce qui est fait", card.what),
        Part("Comment", card.how),
        Part("À quelles conditions", card.conditions),
        Part("Qui l’a reprise", lines=lines),
    ]
    draft = card.status != card.Status.PUBLISHED
    at, level = timezone.now(), "etablissement"
    return paper(card.title, subject="Bonne pratique", facts=facts, parts=parts, at=at, draft=draft, level=level)
