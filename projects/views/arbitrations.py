"""Arbitrations: the question, its options with what each does, the decision, the sheet on paper."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.pages import list_page
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability

from ..arbitration_page import choices_of, paper_of
from ..arbitration_steps import STEPS
from ..filters.arbitrations import ArbitrationFilter
from ..forms.arbitrations import ArbitrationForm, DecideForm, OptionForm
from ..history import history_of
from ..models import Arbitration, ArbitrationOption, Meeting
from ..sections import sections
from ..stepping import offered, take, warn
from ..tables.arbitrations import ArbitrationTable

PROPOSE, DECIDE = Capability.PROPOSE_ARBITRATION, Capability.DECIDE_ARBITRATION


def _sheet(request, pk, capability=PROPOSE):
    people = ("territory", "chosen", "decided_by", "created_by", "meeting__series")
    return get_visible_or_404(Arbitration.objects.select_related(*people), request.user, capability, pk=pk)


def arbitration_list(request):
    require_capability(request.user, PROPOSE)
    rows = Arbitration.objects.visible_to(request.user).select_related("territory", "chosen")
    return list_page(
        request,
        rows.annotate(n_options=Count("options")).order_by("-decide_before", "-pk"),
        filterset_class=ArbitrationFilter,
        table_class=ArbitrationTable,
        template="projects/list.html",
        title="Arbitrages",
        intro="Une question, des options, ce que chacune ferait, une décision et sa raison.",
        actions=[("Préparer un arbitrage", reverse("projects:arbitration_create"))],
        tabs=sections(request, "projects:arbitration_list"),
    )


def arbitration_create(request):
    require_capability(request.user, PROPOSE)
    form = ArbitrationForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        sheet = form.instance.prepare(by=request.user)
        warn(request, sheet.title, sheet.context)
        messages.success(request, "Fiche préparée\u00a0: ajoutez ses options.")
        return redirect(sheet)
    context = {"form": form, "title": "Préparer un arbitrage", "back_url": reverse("projects:arbitration_list")}
    return TemplateResponse(request, "projects/form.html", context)


def arbitration_detail(request, pk):
    sheet = _sheet(request, pk)
    is_open = sheet.status in sheet.OPEN
    context = {
        "sheet": sheet,
        "choices": choices_of(sheet),
        "steps": offered(sheet, request.user, STEPS),
        "is_open": is_open,
        "reads_meeting": sheet.meeting_id
        and Meeting.objects.visible_to(request.user).filter(pk=sheet.meeting_id).exists(),
        "may_write": is_open and PROPOSE in held_capabilities(request),
        "may_decide": sheet.status == sheet.Status.PROPOSED and can(request.user, DECIDE, sheet),
        "history": history_of(sheet, request.user, PROPOSE),
    }
    return TemplateResponse(request, "projects/arbitration_detail.html", context)


def option_add(request, pk):
    sheet = _sheet(request, pk)
    return _option(request, sheet, ArbitrationOption(arbitration=sheet), f"Ajouter une option\u00a0: {sheet}")


def option_edit(request, pk):
    option = get_visible_or_404(
        ArbitrationOption.objects.select_related("arbitration__territory"), request.user, PROPOSE, pk=pk
    )
    return _option(request, option.arbitration, option, f"Modifier l’option\u00a0: {option}")


def _option(request, sheet, option, title):
    form = OptionForm(request.POST or None, instance=option, user=request.user, sheet=sheet)
    if request.method == "POST" and form.is_valid():
        form.instance.keep(form.cleaned_data["houses"], by=request.user)
        warn(request, form.instance.text)
        messages.success(request, "Option enregistrée\u00a0: son effet est calculé.")
        return redirect(sheet)
    context = {"form": form, "title": title, "back_url": sheet.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


@require_POST
def option_remove(request, pk):
    option = get_visible_or_404(ArbitrationOption.objects.select_related("arbitration"), request.user, PROPOSE, pk=pk)
    sheet = option.arbitration
    option.remove(by=request.user)
    messages.success(request, "Option retirée.")
    return redirect(sheet)


def arbitration_decide(request, pk):
    sheet = _sheet(request, pk, DECIDE)
    form = DecideForm(request.POST or None, user=request.user, sheet=sheet)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        where = {"decided_in": given["decided_in"], "meeting": given["meeting"]}
        sheet.decide(given["option"], by=request.user, reason=given["reason"], **where)
        warn(request, given["reason"])
        messages.success(request, "Arbitrage rendu\u00a0: la fiche est figée.")
        return redirect(sheet)
    context = {"form": form, "title": f"Rendre l’arbitrage\u00a0: {sheet}", "back_url": sheet.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


@require_POST
def arbitration_step(request, pk, step):
    return redirect(take(request, Arbitration, pk, step, STEPS))


def arbitration_pdf(request, pk):
    sheet = _sheet(request, pk)
    return paper_of(sheet, choices_of(sheet), at=timezone.now())
