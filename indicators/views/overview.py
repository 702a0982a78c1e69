from django.utils import timezone

from core.french import month_name
from core.pages import list_page, readable_query
from establishments.door import require_capability
from establishments.models import Capability

from ..explained import explained
from ..figures import rates_figure
from ..forms import OverviewForm
from ..overview import reached, read_overview, summary
from ..sections import sections
from ..tables import OverviewTable


def overview(request):
    require_capability(request.user, Capability.VIEW_AGGREGATES)
    request.GET = readable_query(request.GET)
    today = timezone.localdate()
    form = OverviewForm(request.GET, user=request.user, today=today)
    month, territory = form.chosen()
    found = read_overview(request.user, month, territory=territory)
    return list_page(
        request,
        found.lines if "export" in request.GET else list(found.houses),
        filterset_class=None,
        table_class=OverviewTable,
        template="indicators/overview.html",
        title=f"Indicateurs, {month_name(month)}{f', {territory}' if territory else ''}",
        intro=summary(found),
        overview=found,
        form=form,
        figure=rates_figure(
            found.by_month, found.months, provisional=found.provisional, n=found.coverage, today=today
        ),
        explained=explained(found.total.activity, coverage=found.coverage, opens=found.total.urls.get),
        targets=reached(found, territory),
        tabs=sections(request, "indicators:overview"),
    )
