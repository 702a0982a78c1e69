from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from core.french import counted, full_date
from core.pages import list_page, readable_query
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import can, get_visible_or_404
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs

from ...half_hours import NOBODY
from ...models import DailyActivity
from ..attendance import expected_table, keep_proposed, opening_span, proposed, table_of
from ..forms.attendance import DayChoiceForm, DayForm, DeriveForm, ExpectedForm
from ..tables import DayTable


def establishment_days(request, pk):
    """The days counted of one house; a day is chosen by its date."""
    house = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_AGGREGATES, pk=pk)
    days = DailyActivity.objects.visible_to(request.user).of(house).select_related("establishment", "entered_by")
    return list_page(
        request,
        days,
        filterset_class=None,
        table_class=DayTable,
        template="indicators/establishment_days.html",
        title=f"Présences relevées, {house}",
        choice=DayChoiceForm(establishment=house, initial={"jour": timezone.localdate()}),
        **_house(request, house),
    )


def day_edit(request, pk):
    """One day by half-hour: entered by those who may, read by the others."""
    needed = Capability.ENTER_ACTIVITY if request.method == "POST" else Capability.VIEW_AGGREGATES
    house = get_visible_or_404(Establishment.objects, request.user, needed, pk=pk)
    choice = DayChoiceForm(readable_query(request.GET), establishment=house)
    if not choice.is_valid():
        return _choose_again(request, house, choice)
    day = choice.cleaned_data["jour"]
    row = DailyActivity.objects.visible_to(request.user).of(house).filter(day=day).first()
    row = row or DailyActivity(establishment=house, day=day)
    form = DayForm(request.POST or None, row=row, places=opening_span(house, day))
    if request.method == "POST" and form.is_valid() and form.save(by=request.user):
        messages.success(request, f"Présences du {full_date(day)} enregistrées.")
        return redirect("indicators:establishment_days", house.pk)
    return TemplateResponse(request, "indicators/day_edit.html", {"form": form, "row": row, **_house(request, house)})


def expected_attendance(request, pk):
    """What is expected in a week of the house, on a day that the address may choose."""
    house = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_AGGREGATES, pk=pk)
    day = _day(request, "au")
    context = {"table": expected_table(house, day), "day": day, **_house(request, house)}
    return TemplateResponse(request, "indicators/expected_attendance.html", context)


def expected_edit(request, pk):
    """What to expect on some weekdays, typed, from a day on."""
    house = get_visible_or_404(Establishment.objects, request.user, Capability.ENTER_ACTIVITY, pk=pk)
    today = timezone.localdate()
    counts = {"non_walkers": NOBODY, "walkers": NOBODY}
    places = opening_span(house, today, [1, 2, 3, 4, 5, 6, 7])
    form = ExpectedForm(request.POST or None, places=places, counts=counts, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        form.save(house, by=request.user)
        messages.success(request, "Présences attendues enregistrées.")
        return redirect(f"{_expected_url(house)}?au={form.cleaned_data['starts_on'].isoformat()}")
    return TemplateResponse(request, "indicators/expected_edit.html", {"form": form, **_house(request, house)})


def expected_derive(request, pk):
    """What the days counted tell, shown beside the days they are from, then expected from a day on."""
    house = get_visible_or_404(Establishment.objects, request.user, Capability.ENTER_ACTIVITY, pk=pk)
    today = timezone.localdate()
    form = DeriveForm(request.POST or None, initial={"starts_on": today + timedelta(days=1)})
    if request.method == "POST" and form.is_valid():
        starts_on = form.cleaned_data["starts_on"]
        kept = keep_proposed(house, starts_on, by=request.user, today=today)
        messages.success(request, f"{counted(kept, 'jour')} de la semaine, d’après les jours relevés.")
        return redirect(f"{_expected_url(house)}?au={starts_on.isoformat()}")
    since, until, drawn = proposed(house, today)
    table = table_of(
        drawn, opening_span(house, today), today, lambda row: counted(row.days, "jour relevé", "jours relevés")
    )
    context = {"form": form, "table": table, "since": since, "until": until, **_house(request, house)}
    return TemplateResponse(request, "indicators/expected_derive.html", context)


def _house(request, house):
    return {
        "establishment": house,
        "may_enter": can(request.user, Capability.ENTER_ACTIVITY, house),
        "trail": establishment_breadcrumb(house, request.user),
        "tabs": establishment_tabs(house, request.user, "indicators:establishment_activity"),
    }


def _expected_url(house):
    return reverse("indicators:expected_attendance", args=[house.pk])


def _day(request, name):
    choice = DeriveForm({"starts_on": request.GET.get(name)})
    return choice.cleaned_data["starts_on"] if choice.is_valid() else timezone.localdate()


def _choose_again(request, house, choice):
    if request.method == "POST":
        raise Http404
    for error in choice.errors.get("jour", ["Choisissez un jour."]):
        messages.warning(request, error)
    return redirect("indicators:establishment_days", house.pk)
