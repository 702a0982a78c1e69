"""Pages that read: lists, what is due, the month by month grid, one visit and its PDF."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from core.jobs import mark_read
from core.pages import list_page
from core.pdf import pdf_response
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs
from establishments.vocabulary import said

from ..calendars import month_grid
from ..detail import detail_of
from ..due import annotated, due_rows, standing_facts
from ..filters import BimesterFilter, DueFilter, VisitFilter
from ..freshness import with_freshness
from ..issuing import issue
from ..models import Visit
from ..printing import months_file
from ..reports import READINGS
from ..tables import BimesterTable, DueTable, VisitTable, listed


def visit_list(request):
    require_capability(request.user, Capability.READ_TRANSMITTED)
    visits = Visit.objects.visible_to(request.user, Capability.READ_TRANSMITTED).dated()
    visits = visits.select_related("establishment", "coordinator").order_by("-happened_on", "-pk")
    return list_page(
        request,
        visits,
        filterset_class=VisitFilter,
        table_class=VisitTable,
        template="visits/visit_list.html",
        title="Visites",
        **_ways_on(request),
        rows_of=listed,
    )


def _ways_on(request):
    """What the head of the page offers: one main action, two quiet ones, the rest in a menu; « À visiter » is a way
    to choose a house, so it is where a visit begins too. Nothing for those who read transmitted reports only."""
    held = held_capabilities(request)
    if Capability.VIEW not in held:
        return {}
    logs = Capability.LOG_VISIT in held
    return {
        "main_action": (said("Saisir {visit.un}"), reverse("visits:create")) if logs else None,
        "actions": [
            ("À visiter", reverse("visits:due")),
            *([("Mallette", reverse("visits:mallette"))] if logs else []),
        ],
        "more_actions": [
            ("Calendrier", reverse("visits:agenda")),
            ("Mois par mois", reverse("visits:calendar")),
            ("Pratiques observées", reverse("visits:practices")),
            *([("Tournées", reverse("visits:tours"))] if logs else []),
        ],
    }


def visit_due(request):
    require_capability(request.user, Capability.VIEW)
    return list_page(
        request,
        due_rows(request.user, timezone.localdate()),
        filterset_class=DueFilter,
        table_class=DueTable,
        template="visits/visit_list.html",
        title="À visiter",
        intro=said("Chaque {establishment} reçoit une visite au moins tous les deux mois, de date à date."),
        actions=[
            ("Toutes les visites", reverse("visits:list")),
            *([("Tournées", reverse("visits:tours"))] if Capability.LOG_VISIT in held_capabilities(request) else []),
        ],
        more_actions=[
            ("Mois par mois", reverse("visits:calendar")),
            ("Six bimestres", reverse("visits:bimesters")),
        ],
    )


def _houses_followed(request, today):
    require_capability(request.user, Capability.VIEW)
    return with_freshness(Establishment.objects.visible_to(request.user).open_on(today), today)


def visit_calendar(request):
    today = timezone.localdate()
    figure = month_grid(_houses_followed(request, today), today)
    return TemplateResponse(request, "visits/calendar.html", {"figure": figure})


def calendar_pdf(request):
    today = timezone.localdate()
    content, name = months_file(_houses_followed(request, today), today)
    return pdf_response(content, name)


def visit_bimesters(request):
    require_capability(request.user, Capability.VIEW)
    today = timezone.localdate()
    houses = Establishment.objects.visible_to(request.user).open_on(today).with_territories(today)
    return list_page(
        request,
        houses.order_by("name", "pk"),
        filterset_class=BimesterFilter,
        table_class=BimesterTable,
        template="visits/visit_list.html",
        title="Six bimestres",
        intro="La dernière visite qui compte, dans chacun des six bimestres de l’année.",
        actions=[("À visiter", reverse("visits:due")), ("Mois par mois", reverse("visits:calendar"))],
    )


def establishment_visits(request, pk):
    house = get_visible_or_404(Establishment.objects.all(), request.user, Capability.READ_TRANSMITTED, pk=pk)
    today = timezone.localdate()
    visits = Visit.objects.visible_to(request.user, Capability.READ_TRANSMITTED).of(house).dated()
    inside = can(request.user, Capability.VIEW, house)
    row = annotated(house, today) if inside else None
    return list_page(
        request,
        visits.select_related("establishment", "coordinator").order_by("-happened_on", "-pk"),
        filterset_class=None,
        table_class=VisitTable,
        template="visits/establishment_visits.html",
        title=f"Visites — {house.name}",
        establishment=house,
        tabs=establishment_tabs(house, request.user, "visits:establishment_visits"),
        breadcrumb=establishment_breadcrumb(house, request.user),
        **standing_facts(row, today),
        figure=month_grid([row], today) if row else None,
        may_log=can(request.user, Capability.LOG_VISIT, house),
    )


def _readable(request, pk):
    """(visit, the highest reading of the person): 404 outside, drafts are 404 to those who may not know them."""
    visit = get_visible_or_404(Visit.objects.with_people(), request.user, Capability.READ_TRANSMITTED, pk=pk)
    inside = can(request.user, Capability.VIEW, visit.establishment)
    return visit, "interne" if inside else "etablissement"


def visit_detail(request, pk):
    visit, reading = _readable(request, pk)
    mark_read(request.user, visit.get_absolute_url())
    context = detail_of(visit, request.user, reading, timezone.localdate())
    context["breadcrumb"] = [
        *establishment_breadcrumb(visit.establishment, request.user),
        (str(visit.get_kind_display()), None),
    ]
    return TemplateResponse(request, "visits/visit_detail.html", context)


def report_pdf(request, pk):
    visit, highest = _readable(request, pk)
    reading = request.GET.get("lecture", highest)
    if reading not in READINGS or not set(READINGS[reading]) <= set(READINGS[highest]):
        raise PermissionDenied
    if visit.status != Visit.Status.DONE or visit.purged_at:
        raise Http404
    content, name = issue(visit, reading)
    return pdf_response(content, name, level=reading)
