from django.utils import timezone

from core.pages import list_page, readable_query
from establishments.door import require_capability
from establishments.models import Capability

from ..completeness import gaps, summary
from ..forms import OverviewForm
from ..sections import sections
from ..tables import GapTable


def completeness(request):
    """What is missing before months can count, and who is to fill it."""
    require_capability(request.user, Capability.VIEW_AGGREGATES)
    request.GET = readable_query(request.GET)
    today = timezone.localdate()
    form = OverviewForm(request.GET, user=request.user, today=today)
    month, territory = form.chosen()
    found = gaps(request.user, month, today, territory=territory)
    return list_page(
        request,
        found,
        filterset_class=None,
        table_class=GapTable,
        template="indicators/completeness.html",
        title=f"Complétude{f', {territory}' if territory else ''}",
        intro=summary(found),
        form=form,
        tabs=sections(request, "indicators:completeness"),
    )
