from django.template.response import TemplateResponse
from django.utils import timezone

from core.pages import list_page, readable_query
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import can, get_visible_or_404
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs

from ..context import around_house
from ..forms import YearForm
from ..history import house_activity
from ..months import last_complete_month
from ..psu_words import notices, stats
from ..psu_year import psu_year
from ..tables import HouseMonthsTable, PsuTable


def establishment_activity(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_AGGREGATES, pk=pk)
    today = timezone.localdate()
    found = house_activity(establishment, today)
    if "export" in request.GET:
        title = f"Activité, {establishment}"
        return list_page(request, found["months"], filterset_class=None, table_class=HouseMonthsTable, title=title)
    context = {
        "establishment": establishment,
        **found,
        "context": around_house(establishment, today),
        "may_act": can(request.user, Capability.MANAGE_ACTIONS, establishment),
        "may_enter": can(request.user, Capability.ENTER_ACTIVITY, establishment),
        "trail": establishment_breadcrumb(establishment, request.user),
        "tabs": establishment_tabs(establishment, request.user, "indicators:establishment_activity"),
    }
    return TemplateResponse(request, "indicators/establishment_activity.html", context)


def establishment_psu(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_AGGREGATES, pk=pk)
    request.GET = readable_query(request.GET)
    last = last_complete_month(timezone.localdate())
    form = YearForm(request.GET, last=last, opened_on=establishment.opened_on)
    found = psu_year(establishment, form.chosen(), last)
    return list_page(
        request,
        found.lines if "export" in request.GET else list(found.months),
        filterset_class=None,
        table_class=PsuTable,
        template="indicators/establishment_psu.html",
        title=f"PSU {found.year}, {establishment}",
        establishment=establishment,
        form=form,
        stats=stats(found),
        notices=notices(found),
        trail=establishment_breadcrumb(establishment, request.user),
        tabs=establishment_tabs(establishment, request.user, "indicators:establishment_activity"),
    )
