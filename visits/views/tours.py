"""Pages of the tours: a coordinator's next eight weeks, proposed, rearranged by her, accepted."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.pages import list_page
from core.pdf import pdf_response
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability
from establishments.vocabulary import said

from .. import tour_plans
from ..models import BusyPeriod, TourPlan, TourStop
from ..printing import tour_file
from ..tables import BusyTable, TourTable
from ..tour_forms import BusyForm, MoveForm, TourForm, UrgentForm, next_monday
from ..tour_jobs import ask_again, ask_for
from ..tour_page import weeks_of

LOG = Capability.LOG_VISIT
INTRO = said("Vos huit prochaines semaines : où aller, quel jour et pourquoi. Rien n’est planifié sans votre accord.")


def tour_list(request):
    """Her tours, and the form that asks for another."""
    require_capability(request.user, LOG)
    initial = {"starts_on": next_monday(timezone.localdate()), "client_uuid": uuid.uuid4()}
    form = TourForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.instance.owner, form.instance.client_uuid = request.user, form.cleaned_data["client_uuid"]
        return redirect(ask_for(form.instance))
    return list_page(
        request,
        TourPlan.objects.visible_to(request.user, Capability.VIEW).select_related("territory", "owner"),
        filterset_class=None,
        table_class=TourTable,
        template="visits/tour_list.html",
        title="Tournées",
        intro=INTRO,
        form=form,
    )


def _plan(request, pk, capability=LOG):
    return get_visible_or_404(
        TourPlan.objects.select_related("territory", "base", "job", "owner", "revises"),
        request.user,
        capability,
        pk=pk,
    )


def tour_detail(request, pk):
    """Hers to change; the head of the pôle reads it."""
    plan = _plan(request, pk, Capability.VIEW)
    hers = plan.owner_id == request.user.pk
    stops = list(plan.stops.visible_to(request.user, Capability.VIEW).select_related("establishment", "visit"))
    context = {
        "plan": plan,
        "trail": [("Tournées", reverse("visits:tours")), (str(plan), None)],
        "job": plan.job if plan.status == TourPlan.Status.WAITING else None,
        "weeks": weeks_of(plan, stops),
        "stops": stops,
        "late": plan.late.select_related("establishment"),
        "may_change": hers and plan.status == TourPlan.Status.PROPOSED,
        "may_revise": hers and plan.status == TourPlan.Status.ACCEPTED and plan.ends_on >= timezone.localdate(),
        "urgent_form": UrgentForm(user=request.user, plan=plan),
        "revision_key": uuid.uuid4(),
        "to_make": sum(stop.visit_id is None for stop in stops),
    }
    return TemplateResponse(request, "visits/tour_detail.html", context)


def tour_pdf(request, pk):
    plan = _plan(request, pk, Capability.VIEW)
    if plan.status == TourPlan.Status.WAITING:
        raise Http404
    content, name = tour_file(plan, request.user)
    return pdf_response(content, name)


@require_POST
def tour_accept(request, pk):
    plan = _plan(request, pk)
    made, moved = plan.accept(by=request.user)
    more = f", {moved} déplacée{'s' if moved > 1 else ''}" if moved else ""
    messages.success(request, f"Tournée acceptée : {made}{more}.")
    return redirect(plan)


@require_POST
def tour_drop(request, pk):
    _plan(request, pk).drop(by=request.user)
    messages.success(request, "Tournée abandonnée : rien n’a été planifié.")
    return redirect("visits:tours")


@require_POST
def tour_again(request, pk):
    plan = _plan(request, pk)
    if not ask_again(plan):
        messages.warning(request, f"Déjà traité : {plan.get_status_display()}.")
    return redirect(plan)


@require_POST
def tour_revise(request, pk):
    """An accepted tour becomes a proposal again: its visits stay planned until the new one is accepted."""
    plan = _plan(request, pk)
    try:
        key = uuid.UUID(request.POST.get("client_uuid", ""))
    except ValueError as error:
        raise Http404 from error
    if plan.status != TourPlan.Status.ACCEPTED:
        messages.warning(request, f"Déjà traité : {plan.get_status_display()}.")
        return redirect(plan)
    return redirect(tour_plans.revision_of(plan, client_uuid=key, by=request.user))


@require_POST
def tour_urgent(request, pk):
    plan = _plan(request, pk)
    form = UrgentForm(request.POST, user=request.user, plan=plan)
    if form.is_valid():
        cleaned = form.cleaned_data
        told = tour_plans.add_urgent(
            plan, house=cleaned["establishment"], due_on=cleaned["due_on"], kind=cleaned["kind"]
        )
        messages.success(request, told)
    else:
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    return redirect(plan)


def _stop(request, pk):
    return get_visible_or_404(
        TourStop.objects.select_related("plan", "plan__owner", "establishment"), request.user, LOG, pk=pk
    )


@require_POST
def tour_move(request, pk):
    stop = _stop(request, pk)
    form = MoveForm(request.POST)
    if form.is_valid():
        tour_plans.move(stop, form.cleaned_data["day"], form.cleaned_data["half_day"])
        messages.success(request, f"{stop.establishment} : visite déplacée, elle reste à sa place désormais.")
    else:
        messages.error(request, "Donnez un jour et un moment.")
    return redirect(stop.plan)


@require_POST
def tour_hold(request, pk):
    stop = _stop(request, pk)
    tour_plans.hold(stop, is_locked="garder" in request.POST)
    return redirect(stop.plan)


def busy_list(request):
    """When she cannot visit: added, taken away, never explained."""
    require_capability(request.user, LOG)
    form = BusyForm(request.POST or None, initial={"client_uuid": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        form.keep(by=request.user)
        messages.success(request, "Indisponibilité notée.")
        return redirect("visits:busy")
    return list_page(
        request,
        BusyPeriod.objects.visible_to(request.user),
        filterset_class=None,
        table_class=BusyTable,
        template="visits/busy_list.html",
        title="Mes indisponibilités",
        intro="Réunions, formations, congés : des dates, jamais un motif. Les tournées les évitent.",
        form=form,
    )


@require_POST
def busy_delete(request, pk):
    get_visible_or_404(BusyPeriod.objects, request.user, LOG, pk=pk).delete()
    messages.success(request, "Indisponibilité retirée.")
    return redirect("visits:busy")
