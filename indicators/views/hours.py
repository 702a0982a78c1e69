from django.utils import timezone

from core.pages import list_page, readable_query
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs

from ..forms import PlaceForm
from ..hours_page import MOST_HOUSES, free_lines, free_summary, lines_of, week_figure, weeks_of
from ..sections import sections
from ..tables import FreeHoursTable


def establishment_hours(request, pk):
    """The usual week of one house, half-hour by half-hour, and where occasional welcome would find room."""
    house = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_AGGREGATES, pk=pk)
    today = timezone.localdate()
    moments = weeks_of([house], today).get(house.pk, {})
    found = lines_of(house, moments)
    return list_page(
        request,
        found,
        filterset_class=None,
        table_class=FreeHoursTable,
        template="indicators/establishment_hours.html",
        title=f"Activité par heure, {house}",
        intro=free_summary(found) if moments else "",
        figure=week_figure(house, moments, today),
        establishment=house,
        trail=establishment_breadcrumb(house, request.user),
        tabs=establishment_tabs(house, request.user, "indicators:establishment_activity"),
    )


def free_hours(request):
    """The free half-hours of a perimeter that could become occasional welcome."""
    require_capability(request.user, Capability.VIEW_AGGREGATES)
    request.GET = readable_query(request.GET)
    form = PlaceForm(request.GET, user=request.user)
    territory = form.chosen()
    found = free_lines(request.user, timezone.localdate(), territory=territory)
    return list_page(
        request,
        found or [],
        filterset_class=None,
        table_class=FreeHoursTable,
        template="indicators/free_hours.html",
        title=f"Heures libres{f', {territory}' if territory else ''}",
        intro=free_summary(found) if found is not None else "",
        form=form,
        too_wide=MOST_HOUSES if found is None else None,
        tabs=sections(request, "indicators:free_hours"),
    )
