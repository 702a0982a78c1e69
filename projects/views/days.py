"""Pedagogical days: the request, what surrounds it, the decision, the report."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.jobs import mark_read
from core.pages import list_page
from core.record_paper import record_page
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability

from ..day_steps import STEPS
from ..days import effect_of, findings_of
from ..filters.days import DayFilter
from ..forms.days import DayForm, DayReportForm
from ..history import history_of
from ..models import PedagogicalDay
from ..sections import sections
from ..sheets import day_sheet
from ..stepping import offered, take, warn
from ..tables.days import DayTable

READ, PROPOSE = Capability.READ_TRANSMITTED, Capability.PROPOSE_PROJECT


def day_list(request):
    require_capability(request.user, READ)
    days = PedagogicalDay.objects.visible_to(request.user).select_related("establishment")
    may_ask = PROPOSE in held_capabilities(request)
    return list_page(
        request,
        days.order_by("-held_on", "pk"),
        filterset_class=DayFilter,
        table_class=DayTable,
        template="projects/list.html",
        title="Journées pédagogiques",
        intro="De la demande au bilan\u202f; une journée validée ferme le jour et sort des taux.",
        actions=[("Demander une journée", reverse("projects:day_create"))] if may_ask else [],
        tabs=sections(request, "projects:day_list"),
    )


def day_create(request):
    require_capability(request.user, PROPOSE)
    form = DayForm(request.POST or None, user=request.user, initial=_house(request))
    if request.method == "POST" and form.is_valid():
        day = form.instance.ask(by=request.user)
        warn(request, day.theme, day.aims, day.project_link)
        messages.success(request, "Demande enregistrée\u00a0: un avis est attendu.")
        return redirect(day)
    context = {"form": form, "title": "Demander une journée pédagogique", "back_url": reverse("projects:day_list")}
    return TemplateResponse(request, "projects/form.html", context)


def _house(request):
    asked = request.GET.get("etablissement", "")
    return {"establishment": asked} if asked.isdecimal() and len(asked) < 18 else {}


def day_detail(request, pk):
    people = ("establishment", "opinion_by", "decided_by", "reported_by", "created_by")
    day = get_visible_or_404(PedagogicalDay.objects.select_related(*people), request.user, READ, pk=pk)
    mark_read(request.user, day.get_absolute_url())
    waits = day.status in (day.Status.REQUESTED, day.Status.ADVISED)
    context = {
        "day": day,
        "findings": findings_of(day) if waits else [],
        "waits": waits,
        "effect": effect_of(day),
        "steps": offered(day, request.user, STEPS),
        "may_tell": day.status == day.Status.VALIDATED and can(request.user, PROPOSE, day),
        "history": history_of(day, request.user),
        "trail": establishment_breadcrumb(day.establishment, request.user),
    }
    return record_page(request, "projects/day_detail.html", context, lambda: day_sheet(day, context["history"]))


@require_POST
def day_step(request, pk, step):
    return redirect(take(request, PedagogicalDay, pk, step, STEPS))


def day_report(request, pk):
    day = get_visible_or_404(PedagogicalDay.objects, request.user, PROPOSE, pk=pk)
    form = DayReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day.tell(by=request.user, **form.cleaned_data)
        warn(request, day.report)
        messages.success(request, "Bilan enregistré.")
        return redirect(day)
    context = {"form": form, "title": "Bilan de la journée pédagogique", "back_url": day.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)
