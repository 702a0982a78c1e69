"""Transversal projects: the list, the cascade, the milestones of each house, the paper."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from core.pages import list_page
from core.pdf import fingerprint, pdf_response, render_pdf
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Establishment
from establishments.vocabulary import current_pack

from ..deployment import deployment_map, deployment_of, gantt_figure
from ..filters.network import TransversalFilter
from ..forms.network import HousesForm, MilestoneForm, TransversalForm
from ..history import history_of
from ..models import ProjectTarget, TransversalProject
from ..network_steps import TRANSVERSAL
from ..sections import sections
from ..stepping import offered, take, text_of, warn
from ..tables.network import TransversalTable

READ, STEER, PROPOSE = Capability.READ_TRANSMITTED, Capability.STEER_PROJECTS, Capability.PROPOSE_PROJECT


def _project(request, pk, capability):
    rows = ("territory", "created_by")
    return get_visible_or_404(TransversalProject.objects.select_related(*rows), request.user, capability, pk=pk)


def _deployment(request, project, today):
    targets = ProjectTarget.objects.visible_to(request.user, READ).filter(project=project)
    return deployment_of(project, targets.select_related("establishment").order_by("establishment__name"), today)


def transversal_list(request):
    require_capability(request.user, READ)
    projects = TransversalProject.objects.visible_to(request.user).select_related("territory").with_progress()
    may_create = STEER in held_capabilities(request)
    return list_page(
        request,
        projects.order_by("-starts_on", "pk"),
        filterset_class=TransversalFilter,
        table_class=TransversalTable,
        template="projects/list.html",
        title="Projets transversaux",
        intro="Le déploiement est calculé à partir des jalons de chaque lieu, jamais déclaré.",
        actions=[("Préparer un projet", reverse("projects:transversal_create"))] if may_create else [],
        tabs=sections(request, "projects:transversal_list"),
    )


def transversal_create(request):
    require_capability(request.user, STEER)
    form = TransversalForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        project = form.instance.create_once(by=request.user)
        messages.success(request, "Projet en préparation\u00a0: écrivez ses jalons.")
        return redirect(project)
    back = reverse("projects:transversal_list")
    context = {"form": form, "title": "Préparer un projet transversal", "back_url": back}
    return TemplateResponse(request, "projects/form.html", context)


def transversal_detail(request, pk):
    project, today = _project(request, pk, READ), timezone.localdate()
    deployment = _deployment(request, project, today)
    mine = Establishment.objects.visible_to(request.user, PROPOSE).values_list("pk", flat=True)
    context = {
        "project": project,
        "deployment": deployment,
        "gantt": gantt_figure(project, deployment, today),
        "map": deployment_map(project, deployment, today),
        "steps": offered(project, request.user, TRANSVERSAL),
        "may_steer": project.status in (project.Status.DRAFT, project.Status.RUNNING)
        and can(request.user, STEER, project),
        "mine": set(mine) if project.status == project.Status.RUNNING else set(),
        "history": history_of(project, request.user),
    }
    return TemplateResponse(request, "projects/transversal_detail.html", context)


def transversal_pdf(request, pk):
    project, now = _project(request, pk, READ), timezone.now()
    deployment = _deployment(request, project, timezone.localdate())
    figure = gantt_figure(project, deployment, timezone.localdate())
    facts = {"title": project.title, "gantt": figure.rows if figure else [], "share": str(deployment.share)}
    content = render_pdf(
        "projects/pdf/transversal.html",
        {"project": project, "deployment": deployment, "gantt": figure, "pack": current_pack()},
        title=project.title,
        subject="Projet transversal",
        fingerprint=fingerprint(facts),
        created_at=now,
    )
    return pdf_response(content, f"{slugify(project.title) or 'projet'}.pdf")


def milestone_add(request, pk):
    project = _project(request, pk, STEER)
    form = MilestoneForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Jalon ajouté.")
        return redirect(project)
    context = {"form": form, "title": f"Ajouter un jalon\u00a0: {project}", "back_url": project.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


def transversal_houses(request, pk):
    project = _project(request, pk, STEER)
    form = HousesForm(request.POST or None, project=project, user=request.user)
    if request.method == "POST" and form.is_valid():
        project.choose(form.cleaned_data["houses"], by=request.user)
        messages.success(request, "Lieux ajoutés.")
        return redirect(project)
    context = {"form": form, "title": f"Choisir des lieux\u00a0: {project}", "back_url": project.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


@require_POST
def transversal_step(request, pk, step):
    return redirect(take(request, TransversalProject, pk, step, TRANSVERSAL))


@require_POST
def reach(request, pk, milestone):
    rows = ("project", "establishment")
    target = get_visible_or_404(ProjectTarget.objects.select_related(*rows), request.user, PROPOSE, pk=pk)
    done = get_object_or_404(target.project.milestones, pk=milestone)
    note = text_of(request, "constat")
    if request.POST.get("etat") == "a-refaire":
        target.withdraw(done, by=request.user)
    else:
        target.reach(done, by=request.user, note=note)
        warn(request, note)
    return redirect(target.project)
