from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.free_text import find_concerns
from core.jobs import mark_read
from core.pages import list_page
from core.pdf import pdf_response, render_pdf
from establishments.context import held_capabilities
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability
from establishments.vocabulary import current_pack, words
from establishments.workflow import TransitionRefused

from ..models import Appraisal
from . import forms, page
from .tables import appraisal_table


@require_GET
@never_cache
def appraisal_list(request):
    today = timezone.localdate()
    narrowing = page.AppraisalFilter(request.GET, queryset=Appraisal.objects.none(), request=request)
    year = narrowing.year_of(today)
    may_convene = Capability.APPRAISE in held_capabilities(request)
    return list_page(
        request,
        page.lines_of(request.user, year, today, narrowing.territory_of),
        filterset_class=None,
        table_class=appraisal_table,
        template="staffing/appraisal_list.html",
        title=f"Entretiens annuels {year}",
        actions=[("Convoquer", reverse("staffing:appraisal_create"))] if may_convene else [],
        narrowing=narrowing.form if may_convene else None,
    )


@require_http_methods(["GET", "POST"])
def appraisal_create(request):
    require_capability(request.user, Capability.APPRAISE)
    given = {"initial": {"directorship": request.GET.get("directorship", "")[:18]}, "user": request.user}
    form = forms.ConveneForm(request.POST or None, today=timezone.localdate(), **given)
    if request.method == "POST" and form.is_valid():
        appraisal = form.appraisal().convene(by=request.user)
        messages.success(request, f"{appraisal.person} est convoqué·e\u00a0: la notification est partie.")
        return redirect(appraisal)
    return TemplateResponse(request, "staffing/appraisal_form.html", {"form": form})


@require_GET
@never_cache
def appraisal_detail(request, pk):
    appraisal = _appraisal(request, pk)
    mark_read(request.user, appraisal.get_absolute_url())
    return _page(request, appraisal)


@require_GET
@never_cache
def appraisal_pdf(request, pk):
    appraisal = _appraisal(request, pk)
    content = render_pdf(
        "staffing/pdf/appraisal.html",
        {**page.page_of(appraisal, request.user, timezone.localdate()), "words": words(), "pack": current_pack()},
        title=f"Entretien annuel {appraisal.year}",
        subject=str(appraisal.person),
        draft=appraisal.status != Appraisal.Status.SIGNED,
        created_at=timezone.now(),
    )
    return pdf_response(content, f"entretien-annuel-{appraisal.year}-{appraisal.pk}.pdf")


@require_POST
def appraisal_move(request, pk):
    form = forms.MoveForm(request.POST)
    return _step(request, pk, form, "move_form", "Nouvelle convocation envoyée.", "move")


@require_POST
def appraisal_hold(request, pk):
    return _step(request, pk, forms.HoldForm(request.POST), "hold_form", "Entretien noté comme tenu.", "hold")


@require_POST
def appraisal_write(request, pk):
    appraisal, form = _appraisal(request, pk, Capability.APPRAISE), forms.ReportForm(request.POST)
    if not form.is_valid():
        return _page(request, appraisal, report_form=form)
    try:
        appraisal.write(**form.cleaned_data, by=request.user)
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, appraisal, report_form=form, newer=appraisal.report)
    _warn(request, form.cleaned_data["report"])
    messages.success(request, "Compte rendu enregistré.")
    return redirect(appraisal)


@require_POST
def appraisal_objective(request, pk):
    appraisal, form = _appraisal(request, pk, Capability.APPRAISE), forms.ObjectiveForm(request.POST)
    if not form.is_valid():
        return _page(request, appraisal, objective_form=form)
    appraisal.add_objective(form.objective(), by=request.user)
    _warn(request, form.cleaned_data["text"])
    messages.success(request, "Objectif ajouté.")
    return redirect(appraisal)


@require_POST
def appraisal_follow(request, pk, objective):
    appraisal, form = _appraisal(request, pk, Capability.APPRAISE), forms.StateForm(request.POST)
    row = get_object_or_404(appraisal.objectives, pk=objective)
    if form.is_valid():
        appraisal.follow_objective(row, form.cleaned_data["state"], by=request.user)
        messages.success(request, "État de l’objectif enregistré.")
    else:
        messages.error(request, "Choisissez un état\u00a0: rien n’a changé.")
    return redirect(appraisal)


@require_POST
def appraisal_notify(request, pk):
    appraisal = _appraisal(request, pk, Capability.APPRAISE)
    appraisal.notify_report(by=request.user)
    messages.success(request, "Compte rendu notifié\u00a0: il ne change plus.")
    return redirect(appraisal)


@require_POST
def appraisal_sign(request, pk):
    appraisal, form = _appraisal(request, pk, Capability.SIGN_APPRAISAL), forms.SignForm(request.POST)
    if not form.is_valid():
        return _page(request, appraisal, sign_form=form)
    appraisal.sign(form.cleaned_data["reply"], by=request.user)
    messages.success(request, "Entretien signé.")
    return redirect(appraisal)


@require_POST
def appraisal_cancel(request, pk):
    appraisal = _appraisal(request, pk, Capability.APPRAISE)
    appraisal.cancel(by=request.user)
    messages.success(request, "Entretien annulé\u00a0: la personne peut être convoquée de nouveau.")
    return redirect("staffing:appraisal_list")


def _appraisal(request, pk, capability=Capability.SUMMARY):
    """404 for a colleague or another director: that it exists is already a secret."""
    return get_visible_or_404(
        Appraisal.objects.select_related("person", "establishment", "led_by"), request.user, capability, pk=pk
    )


def _page(request, appraisal, **bound):
    context = page.page_of(appraisal, request.user, timezone.localdate(), **bound)
    return TemplateResponse(request, "staffing/appraisal_detail.html", context)


def _step(request, pk, form, name, done, verb):
    appraisal = _appraisal(request, pk, Capability.APPRAISE)
    if not form.is_valid():
        return _page(request, appraisal, **{name: form})
    (day,) = form.cleaned_data.values()
    getattr(appraisal, verb)(day, by=request.user)
    messages.success(request, done)
    return redirect(appraisal)


def _warn(request, text):
    for concern in find_concerns(text):
        messages.warning(request, f"«\u00a0{concern.excerpt}\u00a0»\u00a0: {concern.advice}")
