"""The team of a house: people, hours, relays of the direction, absences."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import can, get_visible_or_404
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs
from establishments.views.record import form_page

from ..forms.team import AbsenceForm, RelayForm, RosterForm
from ..keeping import designate, end_absence, end_relay, keep_roster, tell_absence
from ..models import Absence, DirectionRelay, Posting
from ..short_today import today_of
from ..team import team_of

MANAGE, TAB = Capability.MANAGE_STAFF, "staffing:establishment_team"


def establishment_team(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_STAFF, pk=pk)
    today, relays = timezone.localdate(), DirectionRelay.objects.visible_to(request.user)
    context = {
        "establishment": establishment,
        "team": team_of(establishment, today),
        "now": today_of(establishment, today),
        "need_url": _need_url(establishment, today, request.user),
        "relays": relays.of(establishment).active_on(today).select_related("employee"),
        "may_propose": can(request.user, Capability.PROPOSE_LEAVE, establishment),
        "may_manage": can(request.user, MANAGE, establishment),
        "trail": establishment_breadcrumb(establishment, request.user),
        "tabs": establishment_tabs(establishment, request.user, TAB),
    }
    return TemplateResponse(request, "staffing/establishment_team.html", context)


def _need_url(establishment, day, user):
    """The request for somebody more, with everything filled in; "" for who may not ask."""
    if not can(user, Capability.ASK_NEED, establishment):
        return ""
    return f"{reverse('staffing:need_create')}?etablissement={establishment.pk}&jour={day.isoformat()}"


def roster_edit(request, pk):
    posting = get_visible_or_404(
        Posting.objects.select_related("employee", "establishment"), request.user, MANAGE, pk=pk
    )
    current = posting.rosters.active_on(timezone.localdate()).prefetch_related("slots").first()
    form = RosterForm(request.POST or None, user=request.user, initial=RosterForm.typed(current))
    if request.method == "POST" and form.is_valid():
        dates = {name: form.cleaned_data[name] for name in ("weeks", "starts_on", "ends_on")}
        keep_roster(posting, form.days, by=request.user, **dates)
        messages.success(request, f"Horaires de {posting.employee} enregistrés.")
        return redirect(TAB, posting.establishment_id)
    return form_page(request, posting.establishment, TAB, form, f"Horaires de {posting.employee}")


def relay_add(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, MANAGE, pk=pk)
    initial = {"starts_on": timezone.localdate()}
    form = RelayForm(request.POST or None, user=request.user, establishment=establishment, initial=initial)
    if request.method == "POST" and form.is_valid():
        relay = designate(DirectionRelay(establishment=establishment, **form.cleaned_data), by=request.user)
        messages.success(request, f"{relay.employee} est désigné·e, au rang {relay.rank}.")
        return redirect(TAB, pk)
    return form_page(request, establishment, TAB, form, "Désigner un relais de direction")


@require_POST
def relay_end(request, pk):
    relay = get_visible_or_404(DirectionRelay.objects.select_related("employee"), request.user, MANAGE, pk=pk)
    end_relay(relay, by=request.user, today=timezone.localdate())
    messages.success(request, f"{relay.employee} n’est plus relais de direction.")
    return redirect(TAB, relay.establishment_id)


def absence_add(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, MANAGE, pk=pk)
    today = timezone.localdate()
    initial = {"starts_on": today, "ends_on": today}
    form = AbsenceForm(request.POST or None, user=request.user, establishment=establishment, initial=initial)
    if request.method == "POST" and form.is_valid():
        absence = tell_absence(Absence(establishment=establishment, **form.cleaned_data), by=request.user)
        messages.success(request, f"Absence enregistrée\u00a0: {absence.employee}.")
        return redirect(f"{reverse(TAB, args=[pk])}#aujourdhui")
    return form_page(request, establishment, TAB, form, "Signaler une absence")


@require_POST
def absence_end(request, pk):
    absence = get_visible_or_404(Absence.objects.select_related("employee"), request.user, MANAGE, pk=pk)
    end_absence(absence, by=request.user, today=timezone.localdate())
    messages.success(request, f"Absence retirée\u00a0: {absence.employee}.")
    return redirect(TAB, absence.establishment_id)
