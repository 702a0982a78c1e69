"""Works from the need to the reopening, and the calendar of closures of a perimeter."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.pages import list_page
from core.record_paper import record_page
from establishments import works as rules
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Closure, WorksPeriod

from ..calendar_figure import closures_figure
from ..filters.works import ClosureFilter, WorksFilter
from ..forms.days import ScheduleForm, WorksForm
from ..history import history_of
from ..sections import sections
from ..sheets import works_sheet
from ..stepping import offered, take, text_of, warn
from ..tables.works import ClosureTable, WorksTable
from ..works_impact import impact_of
from ..works_steps import RULES, STEPS, fitting

READ, PROPOSE = Capability.READ_TRANSMITTED, Capability.PROPOSE_PROJECT
DECIDE = Capability.DECIDE_PROJECT


def works_list(request):
    require_capability(request.user, READ)
    works = WorksPeriod.objects.visible_to(request.user).select_related("establishment")
    may_ask = PROPOSE in held_capabilities(request)
    return list_page(
        request,
        works.order_by("-is_safety", "priority", "needed_on", "pk"),
        filterset_class=WorksFilter,
        table_class=lambda *args, **kwargs: WorksTable(*args, today=timezone.localdate(), **kwargs),
        template="projects/list.html",
        title="Travaux",
        intro="Du besoin à la réouverture\u202f; les places retirées ne reviennent que par la liste de réouverture.",
        actions=[("Signaler un besoin", reverse("projects:works_create"))] if may_ask else [],
        tabs=sections(request, "projects:works_list"),
    )


def works_create(request):
    require_capability(request.user, PROPOSE)
    form = WorksForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        works = rules.ask(form.instance, by=request.user)
        warn(request, works.title, works.need)
        messages.success(request, "Besoin enregistré.")
        return redirect(works)
    context = {"form": form, "title": "Signaler un besoin de travaux", "back_url": reverse("projects:works_list")}
    return TemplateResponse(request, "projects/form.html", context)


def works_detail(request, pk):
    people = ("establishment", "decided_by", "reopened_by", "created_by")
    works = get_visible_or_404(WorksPeriod.objects.select_related(*people), request.user, READ, pk=pk)
    may_decide = can(request.user, DECIDE, works)
    context = {
        "works": works,
        "impact": impact_of(works) if works.starts_on else None,
        "checks": works.checks.select_related("done_by"),
        "steps": fitting(works, offered(works, request.user, STEPS)),
        "may_schedule": works.status in (works.Status.NEEDED, works.Status.DECIDED) and may_decide,
        "may_check": works.status == works.Status.IN_PROGRESS and can(request.user, PROPOSE, works),
        "history": history_of(works, request.user),
        "trail": establishment_breadcrumb(works.establishment, request.user),
    }
    return record_page(
        request,
        "projects/works_detail.html",
        context,
        lambda: works_sheet(works, context["checks"], context["history"]),
    )


def works_schedule(request, pk):
    works = get_visible_or_404(WorksPeriod.objects.select_related("establishment"), request.user, DECIDE, pk=pk)
    form = ScheduleForm(request.POST or None, instance=works, user=request.user)
    if request.method == "POST" and form.is_valid():
        terms = {name: form.cleaned_data[name] for name in form.fields}
        rules.schedule(works, terms, by=request.user)
        warn(request, works.staff_note)
        messages.success(request, "Travaux décidés\u00a0: les places sont retirées à leur date.")
        return redirect(works)
    context = {"form": form, "title": f"Décider\u00a0: {works}", "back_url": works.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


@require_POST
def works_step(request, pk, step):
    return redirect(take(request, WorksPeriod, pk, step, STEPS, RULES))


@require_POST
def check_add(request, pk):
    works = get_visible_or_404(WorksPeriod.objects, request.user, PROPOSE, pk=pk)
    rules.add_check(works, text_of(request, "point"), by=request.user)
    messages.success(request, "Point ajouté à la liste de réouverture.")
    return redirect(works)


@require_POST
def check_change(request, pk, line):
    works = get_visible_or_404(WorksPeriod.objects, request.user, PROPOSE, pk=pk)
    if not works.checks.filter(pk=line).exists():
        raise Http404
    if request.POST.get("etat") == "a-refaire":
        rules.uncheck(works, line, by=request.user)
    else:
        rules.check(works, line, by=request.user, note=text_of(request, "constat"))
    return redirect(works)


def closure_list(request):
    require_capability(request.user, READ)
    today = timezone.localdate()
    closures = Closure.objects.visible_to(request.user, READ).select_related("establishment", "host")
    coming = closures.filter(ends_on__gte=today).order_by("establishment__name", "starts_on")
    return list_page(
        request,
        closures.order_by("-starts_on", "establishment__name"),
        filterset_class=ClosureFilter,
        table_class=ClosureTable,
        template="projects/closure_list.html",
        title="Calendrier des fermetures",
        intro="Qui ferme quand, pourquoi, où sont accueillis les enfants, et quand les familles l’ont su.",
        tabs=sections(request, "projects:closure_list"),
        figure=closures_figure(coming, today),
    )
