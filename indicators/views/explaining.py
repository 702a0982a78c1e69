from django.http import Http404
from django.utils import timezone

from core.calendar import month_end
from core.french import full_date
from core.pages import list_page, readable_query
from establishments.breadcrumbs import establishment_breadcrumb, territory_breadcrumb
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, Establishment, Territory

from ..explaining import DEFINITIONS, explain
from ..months import last_complete_month, read_month
from ..tables import ExplainTable


def rate_explain(request):
    """Any rate of any screen, opened down to its rows: `?taux=…&mois=…`, a house or a territory."""
    request.GET = readable_query(request.GET)
    definition = DEFINITIONS.get(request.GET.get("taux", "attendance_rate"))
    month = _month(request, "mois", last_complete_month(timezone.localdate()))
    since, tree = _month(request, "depuis", month), _month(request, "arbre", month)
    if definition is None or since > month:
        raise Http404
    perimeter, trail = _perimeter(request, month_end(tree))
    found = explain(request.user, definition, since, month, tree=tree, **perimeter)
    return list_page(
        request,
        list(found.rows),
        filterset_class=None,
        table_class=ExplainTable,
        template="indicators/explain.html",
        title=found.title,
        found=found,
        trail=trail,
        read_on=full_date(timezone.localdate()),
    )


def _month(request, name, default):
    if name not in request.GET:
        return default
    month = read_month(request.GET[name], timezone.localdate())
    if month is None:
        raise Http404
    return month


def _perimeter(request, day):
    """({establishment or territory: record}, breadcrumb): 404 or 403 outside, like any page about them."""
    for name, model, breadcrumb in (
        ("etablissement", Establishment, establishment_breadcrumb),
        ("territoire", Territory, territory_breadcrumb),
    ):
        if name in request.GET:
            if not request.GET[name].isdecimal():
                raise Http404
            record = get_visible_or_404(
                model.objects, request.user, Capability.VIEW_AGGREGATES, pk=int(request.GET[name])
            )
            return {model._meta.model_name: record}, breadcrumb(record, request.user)
    require_capability(request.user, Capability.VIEW_AGGREGATES)
    return {}, []
