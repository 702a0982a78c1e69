"""Hours of agencies: ordered for an approved need, delivered, invoiced, with the gaps."""

from django.contrib import messages
from django.db.models import Sum
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from core.french import hours
from core.pages import list_page
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability

from ..filters import BookingFilter
from ..forms.needs import BookingForm, BookingHoursForm
from ..models import AgencyBooking, StaffingNeed
from ..need_page import trail_of
from ..tables import BookingTable

MANAGE, READ = Capability.MANAGE_POOL, Capability.VIEW_STAFF


def agency_list(request):
    require_capability(request.user, READ)
    bookings = AgencyBooking.objects.visible_to(request.user).select_related("need__establishment").with_gaps()
    names = ("hours_ordered", "hours_delivered", "hours_invoiced")
    total = bookings.standing().aggregate(**{name: Sum(name) for name in names})
    ordered, delivered, invoiced = (hours(total[name] or 0) for name in names)
    return list_page(
        request,
        bookings,
        filterset_class=BookingFilter,
        table_class=BookingTable,
        title="Heures d’intérim",
        intro=f"Hors commandes annulées\u00a0: {ordered} commandées, {delivered} effectuées, {invoiced} facturées.",
    )


def booking_create(request, pk):
    need = get_visible_or_404(StaffingNeed.objects.select_related("establishment"), request.user, MANAGE, pk=pk)
    booking = AgencyBooking(need=need)
    initial = {"hours_ordered": need.hours}
    form = BookingForm(request.POST or None, instance=booking, initial=initial, user=request.user)
    if request.method == "POST" and form.is_valid():
        booking = form.instance.order(by=request.user)
        messages.success(request, f"Commande enregistrée\u00a0: {hours(booking.hours_ordered)}.")
        return redirect(booking)
    context = {"form": form, "need": need}
    return TemplateResponse(request, "staffing/booking_form.html", context | trail_of(need, request.user))


def _with_hours(request, pk, step):
    booking = get_visible_or_404(AgencyBooking.objects, request.user, MANAGE, pk=pk)
    form = BookingHoursForm(request.POST, user=request.user)
    if form.is_valid():
        step(booking, form.cleaned_data["hours"])
        messages.success(request, f"{hours(form.cleaned_data['hours'])} enregistrées.")
    else:
        messages.error(request, f"Rien n’est enregistré. {' '.join(form.errors['hours'])}")
    return redirect(booking)


@require_POST
def booking_deliver(request, pk):
    return _with_hours(request, pk, lambda booking, done: booking.deliver(by=request.user, hours_delivered=done))


@require_POST
def booking_invoice(request, pk):
    return _with_hours(request, pk, lambda booking, paid: booking.invoice(by=request.user, hours_invoiced=paid))


@require_POST
def booking_cancel(request, pk):
    booking = get_visible_or_404(AgencyBooking.objects, request.user, MANAGE, pk=pk)
    booking.cancel(by=request.user)
    messages.success(request, "Commande annulée.")
    return redirect(booking)
