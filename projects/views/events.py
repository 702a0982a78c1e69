"""Themed weeks and seminars, trainees' places, and the panel of what is no longer filled."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.pages import list_page
from core.record_paper import record_page
from establishments.context import held_capabilities
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability

from ..adoption import SUBJECTS, adoption_by_territory, adoption_of, named, stopped_by_subject
from ..filters.network import EventFilter, TraineeFilter
from ..forms.network import EventForm, ParticipationForm, TraineeForm
from ..history import history_of
from ..models import NetworkEvent, Participation, TraineePlace
from ..network_steps import EVENT
from ..sections import sections
from ..sheets import event_sheet
from ..stepping import offered, take
from ..tables.network import EventTable, ReadTraineeTable, TraineeTable

READ, STEER, PROPOSE = Capability.READ_TRANSMITTED, Capability.STEER_PROJECTS, Capability.PROPOSE_PROJECT


def event_list(request):
    require_capability(request.user, READ)
    events = NetworkEvent.objects.visible_to(request.user).select_related("territory")
    may_add = STEER in held_capabilities(request)
    return list_page(
        request,
        events.annotate(n_houses=Count("participations")).order_by("-starts_on", "pk"),
        filterset_class=EventFilter,
        table_class=EventTable,
        template="projects/list.html",
        title="Événements du réseau",
        intro="Semaines à thème, séminaires\u00a0: qui participe, qui est absent, ce qu’on en garde.",
        actions=[("Prévoir un événement", reverse("projects:event_create"))] if may_add else [],
        tabs=sections(request, "projects:event_list"),
    )


def event_create(request):
    require_capability(request.user, STEER)
    form = EventForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(form.instance.create_once(by=request.user))
    context = {"form": form, "title": "Prévoir un événement", "back_url": reverse("projects:event_list")}
    return TemplateResponse(request, "projects/form.html", context)


def event_detail(request, pk):
    event = get_visible_or_404(NetworkEvent.objects.select_related("territory"), request.user, READ, pk=pk)
    rows = Participation.objects.visible_to(request.user, READ).filter(event=event).select_related("establishment")
    context = {
        "event": event,
        "participations": rows.annotate(n_away=Count("absences")).order_by("establishment__name"),
        "steps": offered(event, request.user, EVENT),
        "may_join": event.status == event.Status.PLANNED and PROPOSE in held_capabilities(request),
        "history": history_of(event, request.user),
    }
    return record_page(
        request,
        "projects/event_detail.html",
        context,
        lambda: event_sheet(event, context["participations"], context["history"]),
    )


def participate(request, pk):
    event = get_visible_or_404(NetworkEvent.objects, request.user, READ, pk=pk)
    require_capability(request.user, Capability.PROPOSE_LEAVE)
    form = ParticipationForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        event.join(form.cleaned_data["establishment"], form.cleaned_data["away"], by=request.user)
        messages.success(request, "Participation enregistrée\u00a0: les absences entrent dans l’encadrement.")
        return redirect(event)
    context = {"form": form, "title": f"Participer\u00a0: {event}", "back_url": event.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


@require_POST
def event_step(request, pk, step):
    return redirect(take(request, NetworkEvent, pk, step, EVENT))


def trainee_list(request):
    require_capability(request.user, READ)
    may_add = PROPOSE in held_capabilities(request)
    return list_page(
        request,
        TraineePlace.objects.visible_to(request.user).select_related("establishment").order_by("-starts_on", "pk"),
        filterset_class=TraineeFilter,
        table_class=TraineeTable if may_add else ReadTraineeTable,
        template="projects/list.html",
        title="Places de stage",
        intro="Combien de stagiaires, où et quand\u202f; ils ne comptent jamais dans l’encadrement.",
        actions=[("Proposer des places", reverse("projects:trainee_create"))] if may_add else [],
        tabs=sections(request, "projects:trainee_list"),
    )


def trainee_create(request):
    require_capability(request.user, PROPOSE)
    return _trainees(request, TraineePlace(), "Proposer des places de stage")


def trainee_edit(request, pk):
    places = get_visible_or_404(TraineePlace.objects, request.user, PROPOSE, pk=pk)
    return _trainees(request, places, "Modifier des places de stage")


def _trainees(request, places, title):
    initial = {"client_uuid": places.client_uuid} if places.pk else {}
    form = TraineeForm(request.POST or None, instance=places, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.instance.keep(by=request.user)
        messages.success(request, "Places de stage enregistrées.")
        return redirect("projects:trainee_list")
    context = {"form": form, "title": title, "back_url": reverse("projects:trainee_list")}
    return TemplateResponse(request, "projects/form.html", context)


def adoption(request):
    """By name for who reads the files of the houses; by territory for who conducts projects over them."""
    today, held = timezone.localdate(), held_capabilities(request)
    require_capability(request.user, STEER if STEER in held else Capability.VIEW)
    uses = adoption_of(request.user, today, Capability.VIEW_AGGREGATES)
    context = {
        "uses": named(request.user, uses),
        "places": adoption_by_territory(request.user, uses, today),
        "subjects": [label for _, label, _ in SUBJECTS],
        "stopped": stopped_by_subject(uses),
        "tabs": sections(request, "projects:adoption"),
    }
    return TemplateResponse(request, "projects/adoption.html", context)
