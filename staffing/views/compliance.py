"""The compliance table: what the texts ask of each house, what it has, the gap."""

from django.utils import timezone

from core.french import counted, month_name
from core.pages import list_page, readable_query
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs
from indicators.months import written

from ..compliance import compliance_of
from ..compliance_page import ComplianceFilter, compliance_table
from ..month_rules import MOST_HOUSES, month_lines, month_rules, months_offered, weeks_sentence
from ..tables import week_table

READ = Capability.VIEW_AGGREGATES


def compliance(request):
    require_capability(request.user, READ)
    today = timezone.localdate()
    mine = Establishment.objects.visible_to(request.user, READ).open_on(today)
    houses = ComplianceFilter(request.GET, queryset=mine, request=request)
    lines = compliance_of(houses.qs, today)
    some = {line.house for line in lines}
    judged = month_lines(some, today) if len(some) <= MOST_HOUSES else []
    lines = sorted([*lines, *judged], key=lambda line: (line.house_name, line.house))
    short = [line for line in lines if line.requirement.is_met is False]
    return list_page(
        request,
        short if houses.only_gaps else lines,
        filterset_class=None,
        table_class=compliance_table,
        template="staffing/compliance.html",
        title="Conformité des équipes",
        narrowing=houses.form,
        month_left_out=len(some) > MOST_HOUSES,
        sentence=f"{counted(len(short), 'écart')} sur {counted(len(lines), 'exigence')}, au regard des textes.",
    )


def establishment_month(request, pk):
    """The 40 % of one month and the hours of its weeks, each with its article."""
    establishment = get_visible_or_404(Establishment.objects, request.user, READ, pk=pk)
    request.GET, today = readable_query(request.GET), timezone.localdate()
    offered = months_offered(today)
    month = next((one for one in offered if written(one) == request.GET.get("mois")), today.replace(day=1))
    (found, *_) = month_rules([establishment.pk], month, today)
    return list_page(
        request,
        list(found.weeks),
        filterset_class=None,
        table_class=week_table,
        template="staffing/establishment_month.html",
        title=f"Règles du mois, {month_name(month)}",
        establishment=establishment,
        found=found,
        weeks_sentence=weeks_sentence(found),
        months=[(written(one), month_name(one), one == month) for one in offered],
        trail=establishment_breadcrumb(establishment, request.user),
        tabs=establishment_tabs(establishment, request.user, "staffing:establishment_team"),
    )
