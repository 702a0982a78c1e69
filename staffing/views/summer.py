"""The summer of a territory judged at once."""

from django.template.response import TemplateResponse
from django.utils import timezone

from establishments.door import require_capability
from establishments.models import Capability, Establishment

from ..forms.summer import SummerForm, asked_period
from ..summer_page import summer_figure, summer_of

MOST_HOUSES = 60


def summer(request):
    require_capability(request.user, Capability.DECIDE_LEAVE)
    today = timezone.localdate()
    form = SummerForm(request.GET or None, user=request.user)
    start, end, territory = asked_period(form, today)
    houses = Establishment.objects.visible_to(request.user, Capability.DECIDE_LEAVE).open_on(start)
    houses = houses.within(territory) if territory else houses
    found = summer_of(houses.order_by().values_list("pk", flat=True)[:MOST_HOUSES], start, end, today)
    context = {
        "form": form,
        "starts_on": start,
        "ends_on": end,
        "summer": found,
        "figure": summer_figure(found, start, end, today) if found.judged else None,
        "most": MOST_HOUSES if len(found.names) == MOST_HOUSES else 0,
    }
    return TemplateResponse(request, "staffing/summer.html", context)
