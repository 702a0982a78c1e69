"""Training and interventions: the lists of a sector, the hours due, the page of a house where they are kept."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.french import agreed, counted
from core.pages import list_page
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs

from ..models import Intervention, Training
from ..models.development import keep
from . import forms, tables
from .facts import hours_due, training_of

READ, MANAGE, AGREE = Capability.VIEW_STAFF, Capability.MANAGE_STAFF, Capability.DECIDE_LEAVE
SHOWN = 40


def _year(asked, today):
    return int(asked) if asked and 2000 <= asked <= 2200 else today.year


@require_GET
def hours_table(request):
    require_capability(request.user, READ)
    today = timezone.localdate()
    mine = Establishment.objects.visible_to(request.user, READ).open_on(today)
    houses = tables.DueFilter(request.GET, queryset=mine, request=request)
    year = _year(houses.asked("annee"), today)
    lines = hours_due(houses.qs, year, today)
    short = [line for line in lines if line.tone in {"watch", "alert"}]
    return list_page(
        request,
        short if houses.asked("ecart") else lines,
        filterset_class=None,
        table_class=tables.due_table,
        template="staffing/hours_due.html",
        title=f"Heures dues aux équipes {year}",
        narrowing=houses.form,
        sentence=f"{counted(len(short), 'ligne')} à prévoir ou non {agreed(len(short), 'tenue')} sur {len(lines)}.",
        actions=[
            ("Formations", reverse("staffing:training_list")),
            ("Interventions", reverse("staffing:intervention_list")),
        ],
    )


@require_GET
def training_list(request):
    require_capability(request.user, READ)
    return list_page(
        request,
        Training.objects.visible_to(request.user).select_related("establishment"),
        filterset_class=tables.TrainingFilter,
        table_class=tables.TrainingTable,
        title="Formations",
        intro="Ce que les équipes souhaitent, ce qui est accordé, ce qui est fait.",
        actions=_may(request, "Saisir un besoin", "staffing:training_create"),
    )


@require_GET
def intervention_list(request):
    require_capability(request.user, READ)
    return list_page(
        request,
        Intervention.objects.visible_to(request.user).select_related("establishment"),
        filterset_class=tables.InterventionFilter,
        table_class=tables.InterventionTable,
        title="Interventions",
        intro="Analyse des pratiques et professionnels mutualisés\u00a0: des heures, jamais ce qui s’y dit.",
        actions=[
            *_may(request, "Saisir une intervention", "staffing:intervention_create"),
            ("Heures dues", reverse("staffing:hours_due")),
        ],
    )


def _may(request, label, name):
    return [(label, reverse(name))] if MANAGE in held_capabilities(request) else []


@require_GET
def establishment_development(request, pk):
    house = get_visible_or_404(Establishment.objects, request.user, READ, pk=pk)
    today = timezone.localdate()
    year = _year(_number(request.GET.get("annee", "")), today)
    rows = Establishment.objects.visible_to(request.user, READ).filter(pk=house.pk)
    context = {
        "establishment": house,
        "year": year,
        "today": today,
        "years": [year - 1, year, year + 1],
        "lines": hours_due(rows, year, today),
        "trainings": house.trainings.filter(year=year)[:SHOWN],
        "totals": training_of(house, year),
        "interventions": house.interventions.filter(held_on__year=year)[:SHOWN],
        "may_manage": can(request.user, MANAGE, house),
        "may_agree": can(request.user, AGREE, house),
        "tabs": establishment_tabs(house, request.user, "staffing:establishment_team"),
        "trail": establishment_breadcrumb(house, request.user),
    }
    return TemplateResponse(request, "staffing/establishment_development.html", context)


def _number(text):
    return int(text) if text.isdecimal() and len(text) == 4 else None


@require_http_methods(["GET", "POST"])
def training_create(request):
    return _create(request, forms.TrainingForm, "formation souhaitée", "Saisir un besoin de formation")


@require_http_methods(["GET", "POST"])
def intervention_create(request):
    return _create(request, forms.InterventionForm, "intervention prévue", "Saisir une intervention")


def _create(request, form_class, verb, title):
    require_capability(request.user, MANAGE)
    today = timezone.localdate()
    initial = {"establishment": request.GET.get("etablissement", "")[:18], "year": today.year, "held_on": today}
    form = form_class(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = keep(form.instance, form.cleaned_data["client_uuid"], verb, by=request.user)
        messages.success(request, "Enregistré.")
        return redirect("staffing:establishment_development", row.establishment_id)
    return TemplateResponse(request, "staffing/development_form.html", {"form": form, "title": title})


@require_POST
def training_agree(request, pk):
    row = get_visible_or_404(Training.objects, request.user, AGREE, pk=pk)
    row.agree(by=request.user)
    return _back(request, row, "Formation accordée.")


@require_POST
def training_refuse(request, pk):
    row = get_visible_or_404(Training.objects, request.user, AGREE, pk=pk)
    row.refuse(by=request.user)
    return _back(request, row, "Formation non retenue.")


@require_POST
def training_done(request, pk):
    row = get_visible_or_404(Training.objects, request.user, MANAGE, pk=pk)
    form = forms.DoneForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Donnez le dernier jour de la formation\u00a0: rien n’a changé.")
        return redirect("staffing:establishment_development", row.establishment_id)
    row.note_done(form.cleaned_data["done_on"], by=request.user)
    return _back(request, row, "Formation faite.")


@require_POST
def intervention_done(request, pk):
    row = get_visible_or_404(Intervention.objects, request.user, MANAGE, pk=pk)
    row.note_done(by=request.user)
    return _back(request, row, "Intervention faite.")


@require_POST
def intervention_cancel(request, pk):
    row = get_visible_or_404(Intervention.objects, request.user, MANAGE, pk=pk)
    row.cancel(by=request.user)
    return _back(request, row, "Intervention annulée.")


def _back(request, row, done):
    messages.success(request, done)
    return redirect("staffing:establishment_development", row.establishment_id)
