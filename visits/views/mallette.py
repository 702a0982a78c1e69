"""The mallette: the visits of today and tomorrow, each house on one page, kept on the device for the road."""

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from core.pdf import pdf_response
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, Establishment

from ..mallette.facts import days_ahead, mallette_of, visits_to_come
from ..mallette.paper import brief_file
from ..offline.sessions import tag_of
from ..printing import level_marks


def mallette_list(request):
    require_capability(request.user, Capability.LOG_VISIT)
    today = timezone.localdate()
    visits = list(visits_to_come(request.user, today))
    pages = [reverse("visits:mallette")]
    for visit in visits:
        pages += [reverse("visits:briefing", args=[visit.establishment_id]), reverse("visits:edit", args=[visit.pk])]
    context = {"visits": visits, "pages": pages, "until": days_ahead(today)[1], "person": tag_of(request.user)}
    return TemplateResponse(request, "visits/mallette.html", context)


def _mallette(request, pk):
    """(house, its mallette for the next visit of the person, or for today, that visit or None)."""
    house = get_visible_or_404(Establishment.objects.all(), request.user, Capability.LOG_VISIT, pk=pk)
    today = timezone.localdate()
    visit = visits_to_come(request.user, today).of(house).first()
    return house, mallette_of(house, request.user, visit.planned_on if visit else today, today=today), visit


def briefing(request, pk):
    house, mallette, visit = _mallette(request, pk)
    write = reverse("visits:edit", args=[visit.pk]) if visit else f"{reverse('visits:create')}?etablissement={pk}"
    context = {
        "establishment": house,
        "mallette": mallette,
        "visit": visit,
        "write_url": write,
        "pages": [request.path, write],
        "person": tag_of(request.user),
        "level_marks": level_marks(),
        "breadcrumb": [*establishment_breadcrumb(house, request.user), ("Mallette", None)],
    }
    return TemplateResponse(request, "visits/briefing.html", context)


def briefing_pdf(request, pk):
    _, mallette, _ = _mallette(request, pk)
    content, name = brief_file(mallette)
    return pdf_response(content, name)
