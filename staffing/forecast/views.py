from django.utils import timezone
from django.views.decorators.http import require_GET

from core.pages import list_page
from establishments.door import require_capability
from establishments.models import Capability, Establishment

from ..continuity_page import HousesFilter
from .facts import weather_of
from .page import forecast_table, verdict, weather_figure

MOST_HOUSES = 30


@require_GET
def forecast(request):
    """The chance of a break of the ratio, by house and day, for four weeks; and what that forecast is worth."""
    require_capability(request.user, Capability.DECIDE_LEAVE)
    today = timezone.localdate()
    mine = Establishment.objects.visible_to(request.user, Capability.DECIDE_LEAVE).open_on(today)
    houses = HousesFilter(request.GET, queryset=mine, request=request)
    asked = houses.qs.order_by("name", "pk").values_list("pk", flat=True)[:MOST_HOUSES]
    weather = weather_of(asked, today)
    tone, title, sentence = verdict(weather.skill)
    return list_page(
        request,
        list(weather.days),
        filterset_class=None,
        table_class=forecast_table,
        template="staffing/forecast.html",
        title="Météo des effectifs",
        narrowing=houses.form,
        figure=weather_figure(weather, today) if weather.days else None,
        verdict_tone=tone,
        verdict_title=title,
        verdict=sentence,
        skill=weather.skill,
        absences=weather.absences,
        most=MOST_HOUSES if len(asked) == MOST_HOUSES else 0,
    )
