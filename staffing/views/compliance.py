"""The compliance table: what the texts ask of each house, what it has, the gap."""

from django.utils import timezone

from core.french import counted
from core.pages import list_page
from establishments.door import require_capability
from establishments.models import Capability, Establishment

from ..compliance import compliance_of
from ..compliance_page import ComplianceFilter, compliance_table

READ = Capability.VIEW_AGGREGATES


def compliance(request):
    require_capability(request.user, READ)
    today = timezone.localdate()
    mine = Establishment.objects.visible_to(request.user, READ).open_on(today)
    houses = ComplianceFilter(request.GET, queryset=mine, request=request)
    lines = compliance_of(houses.qs, today)
    short = [line for line in lines if line.requirement.is_met is False]
    return list_page(
        request,
        short if houses.only_gaps else lines,
        filterset_class=None,
        table_class=compliance_table,
        template="staffing/compliance.html",
        title="Conformité des équipes",
        narrowing=houses.form,
        sentence=f"{counted(len(short), 'écart')} sur {counted(len(lines), 'exigence')}, au regard des textes.",
    )
