from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.pages import readable_query
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import get_visible_or_404
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs

from .page import OrganisationForm, comparison_of


@require_GET
def organisations(request, pk):
    """Two organisations of one house, judged on the same days: nothing is written."""
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_STAFF, pk=pk)
    request.GET, today = readable_query(request.GET), timezone.localdate()
    form = OrganisationForm(request.GET if "a_sections" in request.GET else None, today=today)
    asked = form.asked
    context = {
        "establishment": establishment,
        "form": form,
        "asked": asked is not None,
        "found": asked and comparison_of(establishment.pk, asked, today),
        "trail": establishment_breadcrumb(establishment, request.user),
        "tabs": establishment_tabs(establishment, request.user, "staffing:establishment_team"),
    }
    return TemplateResponse(request, "staffing/organisations.html", context)
