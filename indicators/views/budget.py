from django.utils import timezone

from core.pages import list_page, readable_query
from establishments.door import require_capability
from establishments.models import Capability

from ..budget import budget_lines, summary
from ..forms import BudgetForm
from ..sections import sections
from ..tables import BudgetTable


def budget(request):
    """The lines delegated to the houses: allotted, committed, spent, pace, projection."""
    require_capability(request.user, Capability.VIEW_AGGREGATES)
    request.GET = readable_query(request.GET)
    form = BudgetForm(request.GET, user=request.user, today=timezone.localdate())
    year, territory = form.chosen()
    found = budget_lines(request.user, year, territory=territory)
    return list_page(
        request,
        found,
        filterset_class=None,
        table_class=BudgetTable,
        template="indicators/budget.html",
        title=f"Lignes budgétaires {year}{f', {territory}' if territory else ''}",
        intro=summary(found) if found else "",
        form=form,
        tabs=sections(request, "indicators:budget"),
    )
