from core.pages import list_page
from establishments.door import require_capability
from establishments.models import Capability

from ..filters import ContextFilter
from ..models import ContextFigure
from ..sections import sections
from ..tables import ContextTable


def context(request):
    """Births, coverage and the like of the territories of the perimeter, each with its year and its source."""
    require_capability(request.user, Capability.VIEW_AGGREGATES)
    return list_page(
        request,
        ContextFigure.objects.visible_to(request.user).select_related("territory"),
        filterset_class=ContextFilter,
        table_class=ContextTable,
        template="indicators/context.html",
        title="Données de contexte",
        tabs=sections(request, "indicators:context"),
    )
