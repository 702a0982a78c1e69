"""The calendar of a sector: what is planned and what is closed in the eight weeks to come, on a page and on paper."""

from django.template.response import TemplateResponse
from django.utils import timezone

from core.pages import readable_query
from core.pdf import pdf_response
from establishments.context import held_capabilities
from establishments.door import require_capability
from establishments.models import Capability

from ..agenda import agenda_of
from ..printing import agenda_file
from ..tour_forms import AgendaForm


def _asked(request):
    """(form, territory, weeks); a territory out of reach is an invalid choice, and everything is shown."""
    require_capability(request.user, Capability.VIEW)
    form = AgendaForm(readable_query(request.GET), user=request.user)
    territory = form.cleaned_data["territory"] if form.is_valid() else None
    return form, territory, agenda_of(request.user, territory, timezone.localdate())


def visit_agenda(request):
    form, territory, weeks = _asked(request)
    context = {
        "form": form,
        "territory": territory,
        "weeks": weeks,
        "may_plan": Capability.LOG_VISIT in held_capabilities(request),
        "query": f"?{readable_query(request.GET).urlencode()}",
    }
    return TemplateResponse(request, "visits/agenda.html", context)


def agenda_pdf(request):
    _, territory, weeks = _asked(request)
    content, name = agenda_file(territory, weeks, timezone.localdate())
    return pdf_response(content, name)
