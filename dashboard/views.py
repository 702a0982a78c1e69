from datetime import datetime

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET, require_POST

from core.french import full_date, month_name, of
from core.pages import list_page, readable_query
from establishments.context import active_mandates, held_capabilities
from establishments.door import get_visible_or_404
from establishments.models import Capability, Territory
from establishments.search import readable_entries
from establishments.views.record import establishment_detail
from projects.views.actions import action_detail

from . import home as blocks
from . import news
from .attention import SHOWN, heading, things_to_do
from .figures import territory_figures
from .measures import late_injunctions
from .moments import moment_of, months_to_choose
from .origin import origin_of
from .overview import overview_of
from .rows import dashboard_of
from .search import search as results_of
from .sentences import facts_of
from .tables import table_of
from .texts import TextFilter, TextTable, entries_of
from .trail import trail_of
from .week import WORKING, week


@require_GET
def home(request):
    user, now, today = request.user, timezone.now(), timezone.localdate()
    items = things_to_do(user, today)
    changes, has_more_news = news.news(user, now)
    held = held_capabilities(request)
    perimeter = blocks.perimeter_of(user, active_mandates(request), today)
    context = {
        "items": items[:SHOWN],
        "more": len(items) - SHOWN,
        "heading": heading(len(items)),
        "places": blocks.places_of(perimeter.mandates),
        "may_read": bool(held - {Capability.READ_ELECTED}),
        "has_week": bool(held & WORKING),
        "week": week(user, today) if held & WORKING else [],
        "attendance": blocks.attendance(user, perimeter, today),
        "territories": blocks.territories(perimeter),
        "reports": blocks.transmitted_reports(user, today, held),
        "register": blocks.register_gaps(user, today, held),
        "news": changes,
        "has_more_news": has_more_news,
        "seen_since": news.seen_since(user, now),
        "now": now,
    }
    return TemplateResponse(request, "dashboard/home.html", context)


@require_GET
def attention_all(request):
    items = things_to_do(request.user, timezone.localdate())
    context = {"items": items, "heading": heading(len(items))}
    return TemplateResponse(request, "dashboard/attention_all.html", context)


@require_POST
def seen(request):
    """Everything shown up to the moment the page was read is seen; what came after stays new."""
    try:
        upto = datetime.fromisoformat(request.POST.get("jusqua", ""))
    except ValueError:
        upto = None
    if upto is not None and timezone.is_aware(upto):
        news.mark_seen(request.user, min(upto, timezone.now()))
    return redirect("dashboard:home")


@require_GET
def establishment(request, pk):
    """The page of a house as the register draws it, with what the rooms above say of it today."""
    response = establishment_detail(request, pk)
    shown = response.context_data
    response.template_name = "dashboard/establishment.html"
    shown["overview"] = overview_of(request.user, shown["establishment"], shown["when"], shown["held"])
    return response


@require_GET
def action(request, pk):
    """The page of an action as the projects draw it, its origin one click away (S-079)."""
    response = action_detail(request, pk)
    if shown := getattr(response, "context_data", None):
        shown["origin"] = origin_of(shown["action"], request.user)
    return response


@require_GET
def territory(request, pk):
    place = get_visible_or_404(Territory.objects, request.user, Capability.VIEW_AGGREGATES, pk=pk)
    request.GET = readable_query(request.GET)
    moment = moment_of(request.GET, timezone.localdate())
    trail = trail_of(place, request.user)
    dashboard = dashboard_of(request.user, place, moment, trail.held)
    return list_page(
        request,
        list(dashboard.lines),
        filterset_class=None,
        table_class=table_of(dashboard, trail.held, moment),
        template="dashboard/territory.html",
        title=f"{place.name}, {full_date(moment.day)}, taux {of(month_name(dashboard.month))}",
        territory=place,
        trail=trail,
        moment=moment,
        dashboard=dashboard,
        facts=facts_of(place, dashboard, trail.held, moment),
        months=months_to_choose(moment),
        reads_files=Capability.VIEW in trail.held,
        figures=SimpleLazyObject(lambda: territory_figures(request.user, place, dashboard, moment.day, trail.held)),
        injunctions=late_injunctions(request.user, place, moment.day, trail.held) if moment.is_today else None,
    )


@require_GET
def search(request):
    request.GET = query = readable_query(request.GET)
    results = results_of(request.user, query.get("q", ""), timezone.localdate())
    return TemplateResponse(request, "dashboard/search.html", {"results": results})


@require_GET
def texts(request):
    """The words of the reports, notes and minutes that the reader may open, with the passage that holds them."""
    return list_page(
        request,
        readable_entries(request.user, timezone.localdate()),
        filterset_class=TextFilter,
        table_class=TextTable,
        title="Recherche dans les textes",
        rows_of=entries_of,
    )
