from django.utils import timezone
from django.views.decorators.http import require_GET

from core.pages import list_page
from establishments.door import require_capability
from establishments.models import Capability, Establishment

from ..forms.summer import asked_period
from .facts import grouping_of
from .page import GroupingForm, explained, grouping_table

MOST_HOUSES = 20


@require_GET
def groupings(request):
    """Which houses stay open over a period, where the children of the others go, how far."""
    require_capability(request.user, Capability.DECIDE_LEAVE)
    today = timezone.localdate()
    form = GroupingForm(request.GET or None, user=request.user)
    start, end, territory = asked_period(form, today)
    houses = Establishment.objects.visible_to(request.user, Capability.DECIDE_LEAVE).open_on(start)
    houses = houses.within(territory) if territory else houses
    asked = list(houses.order_by("name", "pk").values_list("pk", flat=True)[: MOST_HOUSES + 1])
    found = grouping_of(asked[:MOST_HOUSES], start, end, today, share=form.share(), most_open=form.most_open())
    told = dict(zip(("tone", "heading", "sentences"), explained(found), strict=True))
    return list_page(
        request,
        list(found.lines),
        filterset_class=None,
        table_class=grouping_table,
        template="staffing/groupings.html",
        title="Regroupements d’été",
        form=form,
        starts_on=start,
        ends_on=end,
        **told,
        most=MOST_HOUSES if len(asked) > MOST_HOUSES else 0,
    )
