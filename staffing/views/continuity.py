"""The continuity of direction: uncovered half-days of the coming 90 days, interims to confide or to withdraw."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.french import counted
from core.pages import list_page
from core.record_paper import record_page
from establishments.context import held_capabilities
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, Establishment

from ..continuity_page import HousesFilter, gaps_table
from ..coverage_of_direction import AHEAD_DAYS, continuity_of
from ..filters import InterimFilter
from ..forms.interims import InterimForm
from ..models import Interim
from ..sheets import interim_sheet
from ..tables import InterimTable


def continuity(request):
    require_capability(request.user, Capability.VIEW_STAFF)
    today = timezone.localdate()
    mine = Establishment.objects.visible_to(request.user, Capability.VIEW_STAFF).open_on(today)
    houses = HousesFilter(request.GET, queryset=mine, request=request)
    found = continuity_of(houses.qs, today)
    gaps = [gap for house in found for gap in house.gaps]
    return list_page(
        request,
        gaps,
        filterset_class=None,
        table_class=gaps_table,
        template="staffing/continuity.html",
        title="Continuité de direction",
        gaps=gaps,
        houses=found,
        unrecorded=[house for house in found if not house.is_recorded],
        narrowing=houses.form,
        ahead=AHEAD_DAYS,
        uncovered=counted(sum(house.uncovered for house in found), "demi-journée"),
        may_appoint=Capability.DECIDE_LEAVE in held_capabilities(request),
        form_key=InterimForm(user=request.user)["client_uuid"].value,
    )


def interim_list(request):
    require_capability(request.user, Capability.VIEW_STAFF)
    return list_page(
        request,
        Interim.objects.visible_to(request.user).select_related("employee", "establishment", "appointed_by"),
        filterset_class=InterimFilter,
        table_class=InterimTable,
        title="Intérims de direction",
        intro="Chaque intérim ouvre des droits qui s’éteignent seuls après son dernier jour.",
    )


def interim_create(request):
    require_capability(request.user, Capability.DECIDE_LEAVE)
    form = InterimForm(request.POST or None, initial=request.GET.dict(), user=request.user)
    if request.method == "POST" and form.is_valid():
        interim = form.interim().appoint(by=request.user)
        messages.success(request, f"Intérim confié à {interim.employee}, jusqu’au {interim.ends_on:%d/%m/%Y}.")
        return redirect(interim)
    return TemplateResponse(request, "staffing/interim_form.html", {"form": form})


def interim_detail(request, pk):
    interim = get_visible_or_404(
        Interim.objects.select_related("employee", "establishment", "appointed_by"),
        request.user,
        Capability.VIEW_STAFF,
        pk=pk,
    )
    context = {
        "interim": interim,
        "may_withdraw": interim.may_be_withdrawn_by(request.user, timezone.localdate()),
    }
    return record_page(request, "staffing/interim_detail.html", context, lambda: interim_sheet(interim))


@require_POST
def interim_withdraw(request, pk):
    interim = get_visible_or_404(Interim.objects, request.user, Capability.DECIDE_LEAVE, pk=pk)
    interim.withdraw(by=request.user)
    messages.success(request, "Intérim retiré\u00a0: ses droits sont éteints.")
    return redirect(interim)
