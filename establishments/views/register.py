from functools import partial

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from core.french import full_date
from core.pages import list_page, readable_query
from core.pdf import pdf_response, render_pdf

from ..breadcrumbs import territory_breadcrumb
from ..contacts import common_and_own, whom_to_call_in
from ..context import held_capabilities
from ..door import get_visible_or_404, require_capability
from ..expiring import ExpiringFilter, expiring_table, summary
from ..filters import EstablishmentFilter
from ..models import Capability, Establishment, OpeningProject, Territory
from ..pipeline import pipeline_figure
from ..register_map import outlines, perimeter_codes, register_map
from ..tables import EstablishmentTable, OpeningProjectTable, register_rows, registered
from ..vocabulary import current_pack, words


def establishment_list(request):
    require_capability(request.user, Capability.SUMMARY)
    today = timezone.localdate()
    reads_files = Capability.VIEW in held_capabilities(request)
    return list_page(
        request,
        register_rows(request.user, Capability.SUMMARY, today),
        rows_of=partial(registered, today),
        filterset_class=EstablishmentFilter,
        table_class=EstablishmentTable,
        title=words()["establishment"].caps,
        actions=[
            ("Carte", reverse("establishments:map")),
            ("Ouvertures prévues", reverse("establishments:pipeline")),
            *([("Échéances", reverse("establishments:expiring"))] if reads_files else []),
        ],
    )


def expiring(request):
    """What expires in the next ninety days over the whole perimeter, a territory or one house."""
    require_capability(request.user, Capability.VIEW)
    request.GET = query = readable_query(request.GET)
    today = timezone.localdate()
    mine = Establishment.objects.visible_to(request.user, Capability.VIEW).open_on(today)
    houses = ExpiringFilter(query, queryset=mine, request=request)
    lines = houses.lines(today)
    return list_page(
        request,
        lines,
        filterset_class=None,
        table_class=expiring_table,
        template="establishments/expiring.html",
        title="Échéances à venir",
        narrowing=houses.form,
        sentence=summary(lines),
    )


def establishment_map(request):
    require_capability(request.user, Capability.SUMMARY)
    request.GET = query = readable_query(request.GET)
    today, on_paper = timezone.localdate(), query.get("export") == "pdf"
    rows = register_rows(request.user, Capability.SUMMARY, today)
    filterset = EstablishmentFilter(query, queryset=rows, request=request)
    shown = list(filterset.qs.order_by("name", "pk"))
    territories = list(Territory.objects.known_to(request.user))
    figure = register_map(shown, outlines(perimeter_codes(territories, shown)), today, with_links=not on_paper)
    described = filterset.described()
    if on_paper:
        context = {"figure": figure, "described": described, "pack": current_pack(), "words": words()}
        title = f"{figure.title}, {full_date(today)}"
        return pdf_response(render_pdf("establishments/pdf/map.html", context, title=title), "carte.pdf")
    listing = {"form": filterset.form, "described": described, "sort": "", "clear_url": "?"}
    query = query.copy()
    query["export"] = "pdf"
    context = {"figure": figure, "list": listing, "pdf_url": f"?{query.urlencode()}"}
    return TemplateResponse(request, "establishments/map.html", context)


def pipeline(request):
    require_capability(request.user, Capability.SUMMARY)
    projects = OpeningProject.objects.visible_to(request.user).select_related("territory")
    return list_page(
        request,
        projects,
        filterset_class=None,
        table_class=OpeningProjectTable,
        template="establishments/pipeline.html",
        title="Ouvertures prévues",
        figure=pipeline_figure(projects, timezone.localdate()),
    )


def territory_contacts(request, pk):
    """Who to call in each house of a territory, today."""
    territory = get_visible_or_404(Territory.objects, request.user, Capability.SUMMARY, pk=pk)
    today = timezone.localdate()
    houses = list(Establishment.objects.known_to(request.user).within(territory, today).open_on(today))
    common, own = common_and_own(whom_to_call_in([house.pk for house in houses], today))
    context = {
        "territory": territory,
        "breadcrumb": territory_breadcrumb(territory, request.user),
        "common": common,
        "rows": [(house, own[house.pk]) for house in houses],
    }
    return TemplateResponse(request, "establishments/contacts.html", context)
