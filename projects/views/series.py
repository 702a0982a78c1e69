"""Series of meetings: their members, their rhythm, the subjects that wait for the next one."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.pages import list_page
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability

from ..filters.meetings import SeriesFilter
from ..forms.meetings import SeriesEditForm, SeriesForm, SubjectForm
from ..history import history_of
from ..meeting_steps import SUBJECT
from ..models import Meeting, MeetingSeries, Subject
from ..sections import sections
from ..stepping import warn
from ..tables.meetings import SeriesTable

READ, JOIN, MANAGE = Capability.READ_TRANSMITTED, Capability.JOIN_MEETINGS, Capability.MANAGE_MEETINGS


def series_list(request):
    require_capability(request.user, JOIN)
    series = MeetingSeries.objects.visible_to(request.user).going_on().select_related("territory")
    may_add = MANAGE in held_capabilities(request)
    return list_page(
        request,
        series.annotate(n_members=Count("memberships")).order_by("title", "pk"),
        filterset_class=SeriesFilter,
        table_class=SeriesTable,
        template="projects/list.html",
        title="Séries de réunions",
        intro="Les réunions qui reviennent, leurs membres, leur rythme.",
        actions=[("Créer une série", reverse("projects:series_create"))] if may_add else [],
        tabs=sections(request, "projects:meeting_list"),
    )


def series_create(request):
    require_capability(request.user, MANAGE)
    form = SeriesForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made = form.instance.keep(form.cleaned_data.get("members", []), by=request.user)
        messages.success(request, "Série créée\u00a0: choisissez ses membres, puis prévoyez une réunion.")
        return redirect("projects:series_edit", made.pk)
    context = {"form": form, "title": "Créer une série de réunions", "back_url": reverse("projects:series_list")}
    return TemplateResponse(request, "projects/form.html", context)


def series_edit(request, pk):
    series = get_visible_or_404(MeetingSeries.objects.select_related("territory"), request.user, MANAGE, pk=pk)
    form = SeriesEditForm(request.POST or None, instance=series, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.instance.keep(form.cleaned_data["members"], by=request.user)
        messages.success(request, "Série enregistrée.")
        return redirect(series)
    context = {"form": form, "title": f"Modifier\u00a0: {series}", "back_url": series.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


def series_detail(request, pk):
    series = get_visible_or_404(MeetingSeries.objects.select_related("territory"), request.user, READ, pk=pk)
    meetings = Meeting.objects.visible_to(request.user).filter(series=series)
    context = {
        "series": series,
        "members": series.members.order_by("last_name", "first_name", "pk"),
        "subjects": Subject.objects.visible_to(request.user).waiting(series).select_related("sponsor"),
        "coming": meetings.filter(status__in=Meeting.OPEN).order_by("held_on", "pk"),
        "past": meetings.exclude(status__in=Meeting.OPEN).order_by("-held_on", "-pk")[:12],
        "today": timezone.localdate(),
        "may_join": can(request.user, JOIN, series),
        "may_manage": can(request.user, MANAGE, series),
        "history": history_of(series, request.user),
    }
    return TemplateResponse(request, "projects/series_detail.html", context)


def subject_create(request, pk):
    series = get_visible_or_404(MeetingSeries.objects.select_related("territory"), request.user, JOIN, pk=pk)
    form = SubjectForm(request.POST or None, series=series, user=request.user)
    if request.method == "POST" and form.is_valid():
        made = form.instance.propose_once(by=request.user)
        warn(request, made.title, made.detail)
        messages.success(request, "Sujet proposé\u00a0: il entre dans le prochain ordre du jour, selon le temps.")
        return redirect(series)
    context = {"form": form, "title": f"Proposer un sujet\u00a0: {series}", "back_url": series.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


@require_POST
def subject_move(request, pk):
    subject = get_visible_or_404(Subject.objects.select_related("series"), request.user, MANAGE, pk=pk)
    typed = request.POST.get("de", "")
    places = int(typed) if typed.removeprefix("-").isdecimal() and len(typed) < 5 else 0
    subject.move(places, by=request.user)
    return _back(request, subject)


@require_POST
def subject_step(request, pk, step):
    if step not in SUBJECT:
        raise Http404
    subject = get_visible_or_404(Subject.objects.select_related("series", "meeting"), request.user, MANAGE, pk=pk)
    getattr(subject, step)(by=request.user)
    messages.success(request, SUBJECT[step])
    return _back(request, subject)


def _back(request, subject):
    """To the meeting whose page sent the form, when the person may open it; else to the series."""
    asked = request.POST.get("reunion", "")
    if asked.isdecimal() and len(asked) < 18:
        meeting = Meeting.objects.visible_to(request.user).filter(pk=int(asked), series=subject.series_id).first()
        if meeting:
            return redirect(f"{meeting.get_absolute_url()}#sujets")
    return redirect(subject.series)
