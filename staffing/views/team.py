"""The team of a house."""

from django.template.response import TemplateResponse
from django.utils import timezone

from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import can, get_visible_or_404
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs

from ..team import team_of


def establishment_team(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_STAFF, pk=pk)
    context = {
        "establishment": establishment,
        "team": team_of(establishment, timezone.localdate()),
        "may_propose": can(request.user, Capability.PROPOSE_LEAVE, establishment),
        "trail": establishment_breadcrumb(establishment, request.user),
        "tabs": establishment_tabs(establishment, request.user, "staffing:establishment_team"),
    }
    return TemplateResponse(request, "staffing/establishment_team.html", context)
