"""Punctual needs of staff: asked with their proof, agreed twice, printed."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from core.jobs import mark_read
from core.pages import list_page
from core.pdf import pdf_response, render_pdf
from establishments.context import held_capabilities
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability
from establishments.vocabulary import current_pack, words

from ..filters import NeedFilter
from ..forms.needs import NeedForm, NeedPlaceForm, NeedRefusalForm
from ..models import StaffingNeed
from ..need_page import facts_of, trail_of
from ..tables import NeedTable

ASK, MANAGE, APPROVE, READ = (
    Capability.ASK_NEED,
    Capability.MANAGE_POOL,
    Capability.APPROVE_NEED,
    Capability.VIEW_STAFF,
)
PEOPLE = ("establishment", "leave", "asked_by", "agreed_by", "decided_by")


def need_list(request):
    require_capability(request.user, READ)
    needs = StaffingNeed.objects.visible_to(request.user).select_related("establishment").with_answers()
    held = held_capabilities(request)
    return list_page(
        request,
        needs.to_decide_first(),
        filterset_class=NeedFilter,
        table_class=NeedTable,
        title="Besoins de renfort",
        intro="Chaque besoin porte sa preuve\u00a0: les demi-heures sous le taux, et ce qui a été essayé avant.",
        actions=[
            *([("Demander un renfort", reverse("staffing:need_create"))] if ASK in held else []),
            *([("Tableau du pool", reverse("staffing:pool_board"))] if MANAGE in held else []),
            ("Heures d’intérim", reverse("staffing:agency_list")),
        ],
    )


def need_create(request):
    require_capability(request.user, ASK)
    place = NeedPlaceForm(request.GET or None, user=request.user)
    form = NeedForm(request.POST, user=request.user) if request.method == "POST" else None
    if form is not None and form.is_valid():
        need = form.instance.ask(by=request.user)
        messages.success(request, "Renfort demandé, avec sa preuve.")
        return redirect(need)
    proof, obstacle = place.found if place.is_bound and place.is_valid() else (None, "")
    if form is None and proof is not None and proof.half_hours:
        form = NeedForm.proposed(place, user=request.user)
    context = {"place": place, "form": form, "proof": proof, "obstacle": obstacle}
    return TemplateResponse(request, "staffing/need_form.html", context)


def need_detail(request, pk):
    need = get_visible_or_404(StaffingNeed.objects.select_related(*PEOPLE), request.user, READ, pk=pk)
    mark_read(request.user, need.get_absolute_url())
    facts = facts_of(need, request.user, timezone.localdate())
    context = {"need": need, "facts": facts, "refusal": NeedRefusalForm(user=request.user)}
    return TemplateResponse(request, "staffing/need_detail.html", context | trail_of(need, request.user))


def need_pdf(request, pk):
    need = get_visible_or_404(StaffingNeed.objects.select_related(*PEOPLE), request.user, READ, pk=pk)
    today = timezone.localdate()
    content = render_pdf(
        "staffing/pdf/need.html",
        {"need": need, "facts": facts_of(need, request.user, today), "pack": current_pack(), "words": words()},
        title=str(need),
        subject=str(need.establishment),
        level="etablissement",
        draft=need.status != need.Status.APPROVED,
        created_at=today,
    )
    return pdf_response(content, f"{slugify(str(need))}.pdf")


@require_POST
def need_agree(request, pk):
    need = get_visible_or_404(StaffingNeed.objects, request.user, MANAGE, pk=pk)
    need.agree(by=request.user)
    messages.success(request, f"Renfort accepté\u00a0: il attend l’accord {words()['pole_head'].du}.")
    return redirect(need)


@require_POST
def need_approve(request, pk):
    need = get_visible_or_404(StaffingNeed.objects, request.user, APPROVE, pk=pk)
    need.approve(by=request.user)
    messages.success(request, "Renfort validé\u00a0: des heures d’intérim peuvent être commandées.")
    return redirect(need)


@require_POST
def need_refuse(request, pk):
    need = get_visible_or_404(StaffingNeed.objects, request.user, MANAGE, pk=pk)
    form = NeedRefusalForm(request.POST, user=request.user)
    if form.is_valid():
        need.refuse(by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, "Renfort refusé\u00a0: qui l’a demandé est prévenu.")
    else:
        messages.error(request, f"Rien n’est refusé. {' '.join(form.errors['reason'])}")
    return redirect(need)


@require_POST
def need_withdraw(request, pk):
    need = get_visible_or_404(StaffingNeed.objects, request.user, ASK, pk=pk)
    need.withdraw(by=request.user)
    messages.success(request, "Demande de renfort retirée.")
    return redirect(need)
