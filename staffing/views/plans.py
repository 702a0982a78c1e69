"""Leave plans: proposed by the house, decided line by line or together, printed."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from core.french import capitalise
from core.jobs import mark_read
from core.pages import list_page
from core.pdf import pdf_response, render_pdf
from core.templatetags.french import fr_instant
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.context import held_capabilities
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, JournalEntry
from establishments.vocabulary import current_pack, words

from ..filters import LeavePlanFilter
from ..forms.plans import LeavePlanForm, PlanLineForm, SendBackForm
from ..keeping import keep_plan
from ..models import LeavePlan
from ..plan_page import facts_of
from ..tables import SELECTION, LeavePlanTable

PROPOSE, DECIDE, READ = Capability.PROPOSE_LEAVE, Capability.DECIDE_LEAVE, Capability.VIEW_STAFF


def plan_list(request):
    require_capability(request.user, READ)
    plans = LeavePlan.objects.visible_to(request.user).select_related("establishment").with_counts()
    held = held_capabilities(request)
    may_propose = PROPOSE in held
    return list_page(
        request,
        plans,
        filterset_class=LeavePlanFilter,
        table_class=LeavePlanTable,
        title=words()["leave_plan"].caps,
        intro="Chaque planning rassemble les demandes d’une période, pour les décider ensemble ou ligne à ligne.",
        actions=[
            *([("Ouvrir un planning", reverse("staffing:plan_create"))] if may_propose else []),
            *([("L’été d’un coup d’œil", reverse("staffing:summer"))] if DECIDE in held else []),
        ],
    )


def plan_create(request):
    require_capability(request.user, PROPOSE)
    form = LeavePlanForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        plan = keep_plan(form.instance, form.cleaned_data["client_uuid"], by=request.user)
        messages.success(request, "Planning ouvert\u00a0: ajoutez les demandes, puis transmettez-le.")
        return redirect(plan)
    return TemplateResponse(request, "staffing/plan_form.html", {"form": form})


def plan_detail(request, pk):
    plan = get_visible_or_404(
        LeavePlan.objects.select_related("establishment", "created_by", "submitted_by", "decided_by"),
        request.user,
        READ,
        pk=pk,
    )
    mark_read(request.user, plan.get_absolute_url())
    journal = JournalEntry.objects.visible_to(request.user, READ).about(plan).select_related("actor")
    context = {
        "plan": plan,
        "facts": facts_of(plan, timezone.localdate()),
        "may_change": plan.can_be_changed_by(request.user),
        "may_decide": plan.can_be_decided_by(request.user),
        "selection": SELECTION,
        "send_back": SendBackForm(user=request.user),
        "trail": establishment_breadcrumb(plan.establishment, request.user),
        "history": [
            {"when": fr_instant(entry.at), "title": f"{capitalise(entry.verb)}, {entry.actor}", "text": entry.note}
            for entry in journal
        ],
    }
    return TemplateResponse(request, "staffing/plan_detail.html", context)


def plan_pdf(request, pk):
    plan = get_visible_or_404(LeavePlan.objects.select_related("establishment"), request.user, READ, pk=pk)
    today = timezone.localdate()
    context = {"plan": plan, "facts": facts_of(plan, today), "pack": current_pack(), "words": words()}
    content = render_pdf(
        "staffing/pdf/plan.html",
        context,
        title=f"{words()['leave_plan'].cap}\u00a0: {plan}",
        subject=str(plan.establishment),
        level="etablissement",
        draft=plan.status != plan.Status.DECIDED,
        created_at=today,
    )
    return pdf_response(content, f"{slugify(str(plan))}.pdf")


def plan_line_add(request, pk):
    plan = get_visible_or_404(LeavePlan.objects.select_related("establishment"), request.user, PROPOSE, pk=pk)
    form = PlanLineForm(request.POST or None, user=request.user, plan=plan)
    if request.method == "POST" and form.is_valid():
        line = form.instance.propose(by=request.user)
        apart = "" if line.plan_id else " hors planning\u00a0: le congé de la direction va droit à qui le décide"
        messages.success(request, f"Demande ajoutée{apart}.")
        return redirect(plan)
    return TemplateResponse(request, "staffing/plan_line_form.html", {"form": form, "plan": plan})


@require_POST
def plan_submit(request, pk):
    plan = get_visible_or_404(LeavePlan.objects, request.user, PROPOSE, pk=pk)
    plan.submit(by=request.user)
    messages.success(request, "Planning transmis.")
    return redirect(plan)


@require_POST
def plan_send_back(request, pk):
    plan = get_visible_or_404(LeavePlan.objects, request.user, DECIDE, pk=pk)
    form = SendBackForm(request.POST, user=request.user)
    if form.is_valid():
        plan.send_back(by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, "Planning renvoyé à la maison.")
    else:
        messages.error(request, f"Le planning n’est pas renvoyé. {' '.join(form.errors['reason'])}")
    return redirect(plan)


@require_POST
def plan_close(request, pk):
    plan = get_visible_or_404(LeavePlan.objects, request.user, DECIDE, pk=pk)
    plan.close(by=request.user)
    messages.success(request, "Planning décidé\u00a0: la maison est prévenue.")
    return redirect(plan)
