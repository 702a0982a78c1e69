from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.free_text import find_concerns
from core.jobs import mark_read
from core.pages import list_page
from core.pdf import pdf_response, render_pdf
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs
from establishments.vocabulary import current_pack, words

from ..models import Event
from ..models.events import IMPACTS
from . import alerts
from .forms import ClosingForm, CorrectiveForm, EventForm, MeasuresForm
from .page import page_of
from .tables import EventFilter, EventTable


@require_GET
def event_list(request):
    return list_page(
        request,
        Event.objects.visible_to(request.user).select_related("establishment"),
        filterset_class=EventFilter,
        table_class=EventTable,
        template="visits/event_list.html",
        title="Événements",
        may_report=alerts.may_report(request.user),
    )


@require_GET
def establishment_events(request, pk):
    house = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_EVENTS, pk=pk)
    return list_page(
        request,
        Event.objects.visible_to(request.user).of(house).select_related("establishment"),
        filterset_class=None,
        table_class=EventTable,
        template="visits/establishment_events.html",
        title=f"Événements — {house.name}",
        establishment=house,
        tabs=establishment_tabs(house, request.user, "visits:establishment_events"),
        breadcrumb=establishment_breadcrumb(house, request.user),
        may_report=can(request.user, Capability.REPORT_EVENT, house),
    )


@require_http_methods(["GET", "POST"])
def event_create(request):
    require_capability(request.user, Capability.REPORT_EVENT)
    initial = {"establishment": request.GET.get("etablissement", "")[:18]}
    form = EventForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        event = form.save(by=request.user)
        _warn(request, event.title, event.summary, event.measures)
        messages.success(request, alerts.told(event))
        return redirect(event)
    return TemplateResponse(request, "visits/event_form.html", {"form": form})


@require_GET
def event_detail(request, pk):
    event = _event(request, pk)
    mark_read(request.user, event.get_absolute_url())
    return _page(request, event)


@require_GET
def event_pdf(request, pk):
    event = _event(request, pk)
    content = render_pdf(
        "visits/pdf/event.html",
        {**page_of(event, request.user, timezone.now()), "words": words(), "pack": current_pack()},
        title=f"Fiche événement — {event.establishment}",
        subject=event.get_family_display(),
        draft=event.status != Event.Status.CLOSED,
        created_at=event.closed_at or event.acknowledged_at or event.reported_at,
    )
    return pdf_response(content, f"{slugify(f'evenement {event.pk} {event.establishment}')}.pdf")


@require_POST
def event_acknowledge(request, pk):
    event = _event(request, pk, Capability.HANDLE_EVENT)
    event.acknowledge(by=request.user)
    messages.success(request, "Vous avez pris cet événement en charge.")
    return redirect(event)


@require_POST
def event_measures(request, pk):
    event = _event(request, pk, Capability.REPORT_EVENT)
    form = MeasuresForm(event, request.POST)
    if not form.is_valid() or not form.save(by=request.user):
        return _page(request, event, measures_form=form)
    _warn(request, form.cleaned_data["measures"], *(form.cleaned_data.get(name, "") for name in IMPACTS))
    messages.success(request, "Mesures notées.")
    return redirect(event)


@require_POST
def event_tell(request, pk):
    event = _event(request, pk, Capability.HANDLE_EVENT)
    notice = event.tell_authority(request.POST.get("qui", "")[:20], by=request.user)
    messages.success(request, f"Noté\u00a0: {notice.whom}.")
    return redirect(event)


@require_POST
def event_action(request, pk):
    event = _event(request, pk, Capability.MANAGE_ACTIONS)
    form = CorrectiveForm(event, request.POST)
    if not form.is_valid():
        return _page(request, event, action_form=form)
    action = form.save(by=request.user)
    messages.success(request, f"Mesure ajoutée au plan d’actions\u00a0: {action.title}.")
    return redirect(event)


@require_POST
def event_close(request, pk):
    event, form = _event(request, pk, Capability.HANDLE_EVENT), ClosingForm(request.POST)
    if not form.is_valid():
        return _page(request, event, closing_form=form)
    event.close(by=request.user, lessons=form.cleaned_data["lessons"])
    _warn(request, form.cleaned_data["lessons"])
    messages.success(request, "Événement clos.")
    return redirect(event)


@require_GET
@never_cache
def alerts_now(request):
    """What the pages already open ask every few seconds: the alerts that nobody took in charge yet."""
    return JsonResponse({"alerts": alerts.waiting_for(request.user)})


def _event(request, pk, capability=Capability.SUMMARY):
    return get_visible_or_404(
        Event.objects.select_related("establishment", "reported_by"), request.user, capability, pk=pk
    )


def _page(request, event, **forms):
    context = {
        **page_of(event, request.user, timezone.now()),
        "may_handle": can(request.user, Capability.HANDLE_EVENT, event),
        "may_write": can(request.user, Capability.REPORT_EVENT, event),
        "may_act": can(request.user, Capability.MANAGE_ACTIONS, event.establishment),
        "measures_form": MeasuresForm(event),
        "closing_form": ClosingForm(),
        "action_form": CorrectiveForm(event),
        "breadcrumb": [*establishment_breadcrumb(event.establishment, request.user), ("Événement", None)],
        **forms,
    }
    return TemplateResponse(request, "visits/event_detail.html", context)


def _warn(request, *texts):
    for concern in [concern for text in texts for concern in find_concerns(text)]:
        messages.warning(request, f"«\u00a0{concern.excerpt}\u00a0»\u00a0: {concern.advice}")
