from django.utils import timezone

from core.french import full_date, month_name
from core.pages import list_page, readable_query
from establishments.door import require_capability
from establishments.models import Capability

from ..forms import DateForm, OverviewForm
from ..places import frozen_lines, frozen_summary, vacancies
from ..sections import sections
from ..tables import FrozenTable, OfferTable, YearAheadTable

YEAR = "annee"


def vacant_places(request):
    """Places to give, for the allocation committee: by age, weekday and date, no family's data."""
    require_capability(request.user, Capability.VIEW_AGGREGATES)
    request.GET = readable_query(request.GET)
    form = DateForm(request.GET, user=request.user, today=timezone.localdate())
    day, territory = form.chosen()
    found = vacancies(request.user, day, territory=territory)
    if request.GET.get("tableau") == YEAR and "export" in request.GET:
        title = f"Places à attribuer, douze mois depuis le {full_date(day)}{f', {territory}' if territory else ''}"
        return list_page(request, list(found.ahead), filterset_class=None, table_class=YearAheadTable, title=title)
    return list_page(
        request,
        list(found.lines),
        filterset_class=None,
        table_class=OfferTable,
        template="indicators/places.html",
        title=f"Places à attribuer, semaine du {full_date(day)}{f', {territory}' if territory else ''}",
        found=found,
        year_url=_year_url(request),
        form=form,
        tabs=sections(request, "indicators:places"),
    )


def _year_url(request):
    """The address of the files of the year ahead, the kind left to write."""
    query = request.GET.copy()
    query["tableau"] = YEAR
    query.pop("page", None)
    query.pop("tri", None)
    return f"?{query.urlencode()}&export="


def frozen_places(request):
    """Frozen places translated into hours, children and euros, with their reason."""
    require_capability(request.user, Capability.VIEW_AGGREGATES)
    request.GET = readable_query(request.GET)
    form = OverviewForm(request.GET, user=request.user, today=timezone.localdate())
    month, territory = form.chosen()
    found = frozen_lines(request.user, month, territory=territory)
    return list_page(
        request,
        found,
        filterset_class=None,
        table_class=FrozenTable,
        template="indicators/frozen.html",
        title=f"Places gelées, {month_name(month)}{f', {territory}' if territory else ''}",
        intro=frozen_summary(found),
        form=form,
        tabs=sections(request, "indicators:frozen_places"),
    )
