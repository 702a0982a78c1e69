from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.french import short_date
from core.pages import list_page
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs

from .catalogue import in_force, items_of, listed, versions_beside
from .evidence import evidence
from .tables import EvidenceTable, FrameworkFilter, FrameworkTable, ItemFilter, ItemTable


@require_GET
def framework_list(request):
    require_capability(request.user, Capability.READ_TRANSMITTED)
    return list_page(
        request,
        listed(),
        filterset_class=FrameworkFilter,
        table_class=FrameworkTable,
        title="Référentiels",
        intro="Les textes auxquels les visites et les analyses se réfèrent, version par version.",
        actions=[("Veille réglementaire", reverse("visits:rule_changes"))],
    )


@require_GET
def framework_detail(request, pk):
    """One version: its points, what they correspond to elsewhere, the grids that observe them."""
    require_capability(request.user, Capability.READ_TRANSMITTED)
    versions = versions_beside(pk)
    framework = next((one for one in versions if one.pk == pk), None)
    if framework is None:
        raise Http404
    until = f" au {short_date(framework.ends_on)}" if framework.ends_on else ""
    return list_page(
        request,
        items_of(framework),
        filterset_class=ItemFilter,
        table_class=ItemTable,
        template="visits/framework_detail.html",
        title=str(framework),
        intro=f"{framework.source}. En vigueur du {short_date(framework.starts_on)}{until}.",
        framework=framework,
        versions=[one for one in versions if one.pk != pk],
    )


@require_GET
def establishment_evidence(request, pk):
    """What the visits of one house have seen of a framework, point by point (?referentiel=charte)."""
    house = get_visible_or_404(Establishment.objects.all(), request.user, Capability.VIEW, pk=pk)
    today = timezone.localdate()
    frameworks = in_force(today)
    asked = request.GET.get("referentiel")
    framework = next((one for one in frameworks if one.code == asked), frameworks[0] if frameworks else None)
    return list_page(
        request,
        evidence(house, framework, request.user, today) if framework else [],
        filterset_class=None,
        table_class=EvidenceTable,
        template="visits/framework_evidence.html",
        title=f"{framework.title if framework else 'Référentiels'} — {house.name}",
        establishment=house,
        framework=framework,
        frameworks=frameworks,
        tabs=establishment_tabs(house, request.user, "visits:establishment_reviews"),
        breadcrumb=establishment_breadcrumb(house, request.user),
    )
