from django.utils import timezone

from core.calendar import add_months
from core.french import month_name
from core.pages import list_page, readable_query
from establishments.door import require_capability
from establishments.models import Capability

from ..benchmark import benchmark, figure, summary
from ..explaining import DEFINITIONS
from ..forms import ComparisonForm
from ..sections import sections
from ..tables import ComparisonTable


def comparison(request):
    """Each house against those that resemble it: only what chance does not explain is flagged."""
    require_capability(request.user, Capability.VIEW_AGGREGATES)
    request.GET = readable_query(request.GET)
    today = timezone.localdate()
    form = ComparisonForm(request.GET, user=request.user, today=today)
    month, rate, establishment = form.chosen()
    found = benchmark(request.user, DEFINITIONS[rate], month, establishment=establishment)
    return list_page(
        request,
        list(found.lines),
        filterset_class=None,
        table_class=ComparisonTable,
        template="indicators/comparison.html",
        title=f"Comparaison, {found.definition.label}, {month_name(add_months(month, -11))} – {month_name(month)}",
        intro=summary(found),
        form=form,
        figure=None if "export" in request.GET else figure(found, today),
        tabs=sections(request, "indicators:comparison"),
    )
