"""Closures, frozen places and dated duties of a house."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.french import capitalise

from ..door import can, get_visible_or_404
from ..forms import CapacityChangeForm, ClosureForm, ObligationForm
from ..keeping import keep_closure, keep_freeze, keep_obligation, remove
from ..models import Capability, CapacityChange, Closure, Document, Establishment, Obligation
from ..obligations import duties
from ..year import FIRST_YEAR, LAST_YEAR, year_asked, year_bounds, year_figure
from .record import form_page, record_context, say_saved

MANAGE = Capability.MANAGE_CALENDAR


def establishment_calendar(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.SUMMARY, pk=pk)
    today = timezone.localdate()
    year = year_asked(request.GET, today)
    closures = list(establishment.closures.touching(*year_bounds(year)).select_related("host"))
    weekdays = establishment.opening_hours.touching(*year_bounds(year)).values_list("weekday", flat=True)
    return TemplateResponse(
        request,
        "establishments/calendar.html",
        {
            **record_context(request, establishment, "establishments:calendar"),
            "year": year,
            "previous_year": year - 1 if year > FIRST_YEAR else None,
            "next_year": year + 1 if year < LAST_YEAR else None,
            "figure": year_figure(closures, year, weekdays, today),
            "closures": closures,
            "freezes": establishment.capacity_changes.touching(*year_bounds(year)),
            "hosted": establishment.hosted_closures.touching(*year_bounds(year)).select_related("establishment"),
            "may_manage": can(request.user, MANAGE, establishment),
        },
    )


def closure_add(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, MANAGE, pk=pk)
    return _edit(request, establishment, Closure(), ClosureForm, keep_closure, "Ajouter une fermeture")


def closure_edit(request, pk):
    closure = get_visible_or_404(Closure.objects.select_related("establishment"), request.user, MANAGE, pk=pk)
    return _edit(request, closure.establishment, closure, ClosureForm, keep_closure, "Modifier une fermeture")


def freeze_add(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, MANAGE, pk=pk)
    return _edit(request, establishment, CapacityChange(), CapacityChangeForm, keep_freeze, "Geler des places")


def freeze_edit(request, pk):
    freeze = get_visible_or_404(CapacityChange.objects.select_related("establishment"), request.user, MANAGE, pk=pk)
    return _edit(request, freeze.establishment, freeze, CapacityChangeForm, keep_freeze, "Modifier un gel de places")


@require_POST
def closure_delete(request, pk):
    closure = get_visible_or_404(Closure.objects.select_related("establishment"), request.user, MANAGE, pk=pk)
    remove(closure, "fermeture supprimée", by=request.user)
    messages.success(request, "La fermeture est supprimée\u202f; le journal la garde.")
    return redirect("establishments:calendar", closure.establishment_id)


@require_POST
def freeze_delete(request, pk):
    freeze = get_visible_or_404(CapacityChange.objects.select_related("establishment"), request.user, MANAGE, pk=pk)
    remove(freeze, "gel de places supprimé", by=request.user)
    messages.success(request, "Le gel de places est supprimé\u202f; le journal le garde.")
    return redirect("establishments:calendar", freeze.establishment_id)


def _edit(request, establishment, row, form_class, keep, title):
    """A form about the calendar of a house: refused, it keeps what was typed; accepted, back to the calendar."""
    form = form_class(request.POST or None, instance=row, establishment=establishment, user=request.user)
    if request.method == "POST" and form.is_valid():
        keep(form.save(commit=False), by=request.user)
        say_saved(request, form, "C’est enregistré.")
        return redirect("establishments:calendar", establishment.pk)
    return form_page(request, establishment, "establishments:calendar", form, title)


def establishment_obligations(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW, pk=pk)
    readable = Document.objects.visible_to(request.user).of(establishment)
    return TemplateResponse(
        request,
        "establishments/obligations.html",
        {
            **record_context(request, establishment, "establishments:obligations"),
            "duties": duties(establishment, timezone.localdate()),
            "readable": set(readable.values_list("pk", flat=True)),
            "may_manage": can(request.user, MANAGE, establishment),
        },
    )


def obligation_edit(request, pk, kind):
    establishment = get_visible_or_404(Establishment.objects, request.user, MANAGE, pk=pk)
    if kind not in Obligation.Kind.values:
        raise Http404
    row = establishment.obligations.filter(kind=kind).first() or Obligation(kind=kind)
    form = ObligationForm(request.POST or None, instance=row, establishment=establishment, user=request.user)
    if request.method == "POST" and form.is_valid():
        keep_obligation(form.save(commit=False), by=request.user)
        say_saved(request, form, "L’obligation est à jour.")
        return redirect("establishments:obligations", establishment.pk)
    title = capitalise(Obligation.Kind(kind).label)
    return form_page(request, establishment, "establishments:obligations", form, title)
