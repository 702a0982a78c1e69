from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core.french import month_name
from core.pages import list_page, readable_query
from core.pdf import pdf_response, render_pdf
from establishments.door import get_visible_or_404
from establishments.models import Capability, Territory
from establishments.vocabulary import current_pack

from ..context import around_territory
from ..forms import TerritoryForm
from ..published import definitions
from ..tables import TerritoryTable
from ..territory import chosen_query, read_territory
from ..territory_figures import figures
from ..trail import indicator_trail


def territory(request, pk):
    """The rates of a direction, a circonscription, a pôle or a sector, and of what it holds."""
    place = get_visible_or_404(Territory.objects, request.user, Capability.VIEW_AGGREGATES, pk=pk)
    request.GET = readable_query(request.GET)
    today = timezone.localdate()
    form = TerritoryForm(request.GET, today=today)
    month, tree = form.chosen()
    found = read_territory(request.user, place, month, tree=tree)
    return list_page(
        request,
        [*found.lines, found.total] if "export" in request.GET else list(found.lines),
        filterset_class=None,
        table_class=TerritoryTable,
        template="indicators/territory.html",
        title=f"Indicateurs, {place.name}, {month_name(month)}",
        found=found,
        form=form,
        definitions=definitions(place, month, found.total.houses, found.total.month),
        trail=indicator_trail(place, request.user, chosen_query(month, tree)),
        figures=SimpleLazyObject(lambda: figures(found, today)),
        context=SimpleLazyObject(lambda: around_territory(place)),
    )


def territory_pdf(request, pk):
    """The same page on paper: same figures, same tables."""
    place = get_visible_or_404(Territory.objects, request.user, Capability.VIEW_AGGREGATES, pk=pk)
    now, today = timezone.now(), timezone.localdate()
    month, tree = TerritoryForm(readable_query(request.GET), today=today).chosen()
    found = read_territory(request.user, place, month, tree=tree)
    context = {
        "found": found,
        "figures": figures(found, today, with_links=False),
        "definitions": definitions(place, month, found.total.houses, found.total.month),
        "pack": current_pack(),
    }
    title = f"Indicateurs, {place.name}, {month_name(month)}"
    content = render_pdf("indicators/pdf/territory.html", context, title=title, created_at=now)
    return pdf_response(content, f"indicateurs-{place.code}-{month:%Y-%m}.pdf", inline=False)
