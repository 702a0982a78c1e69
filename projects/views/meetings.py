"""Meetings: the archive, the page of one, who was there, its paper."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from core.jobs import mark_read
from core.pages import UNREADABLE, list_page
from core.pdf import fingerprint, pdf_response, render_pdf
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability
from establishments.vocabulary import current_pack

from ..filters.meetings import MeetingFilter
from ..forms.meetings import MeetingEditForm, MeetingForm
from ..history import history_of
from ..meeting_page import agenda_of, readable_actions
from ..meeting_paper import paper_of, reads_minutes, roll_call, states_typed
from ..meeting_steps import DECISION, MEETING, RULES
from ..minutes_writing import live_lines
from ..models import Arbitration, Attendance, Meeting, MeetingSeries
from ..sections import sections
from ..stepping import offered, take
from ..tables.meetings import MeetingTable

READ, JOIN, MANAGE = Capability.READ_TRANSMITTED, Capability.JOIN_MEETINGS, Capability.MANAGE_MEETINGS


def meeting_list(request):
    require_capability(request.user, JOIN)
    live = Q(lines__removed_at__isnull=True)
    meetings = Meeting.objects.visible_to(request.user).select_related("series__territory")
    actions = [("Séries de réunions", reverse("projects:series_list"))]
    if MANAGE in held_capabilities(request):
        actions.append(("Créer une série", reverse("projects:series_create")))
    return list_page(
        request,
        meetings.annotate(
            n_decisions=Count("lines", filter=live & Q(lines__kind="decision")),
            n_actions=Count("lines", filter=live & Q(lines__kind="action")),
        ).order_by("-held_on", "-pk"),
        filterset_class=MeetingFilter,
        table_class=MeetingTable,
        template="projects/list.html",
        title="Réunions",
        intro="De l’appel à sujets au relevé\u00a0: ce qui est décidé se suit de réunion en réunion.",
        actions=actions,
        tabs=sections(request, "projects:meeting_list"),
    )


def _meeting(request, pk, capability):
    rows = ("series__territory", "published_by")
    return get_visible_or_404(Meeting.objects.select_related(*rows), request.user, capability, pk=pk)


def meeting_create(request, pk):
    series = get_visible_or_404(MeetingSeries.objects.select_related("territory"), request.user, MANAGE, pk=pk)
    initial = {"length": series.length}
    form = MeetingForm(request.POST or None, instance=Meeting(series=series), user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        return redirect(form.instance.keep(by=request.user))
    context = {"form": form, "title": f"Prévoir une réunion\u00a0: {series}", "back_url": series.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


def meeting_edit(request, pk):
    meeting = _meeting(request, pk, MANAGE)
    form = MeetingEditForm(request.POST or None, instance=meeting, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.instance.keep(by=request.user)
        messages.success(request, "Réunion enregistrée.")
        return redirect(meeting)
    context = {"form": form, "title": f"Modifier\u00a0: {meeting}", "back_url": meeting.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


def meeting_detail(request, pk):
    meeting, user, today = _meeting(request, pk, READ), request.user, timezone.localdate()
    mark_read(user, meeting.get_absolute_url())
    manages = can(user, MANAGE, meeting)
    reads, agenda = reads_minutes(meeting, manages), agenda_of(meeting)
    lines = list(live_lines(meeting)) if reads else []
    context = {
        "meeting": meeting,
        "agenda": agenda,
        "readable": readable_actions(user, [*agenda.actions, *(line.action for line in lines if line.action)]),
        "may_manage": manages,
        "may_join": meeting.takes_subjects(today) and can(user, JOIN, meeting),
        "roll": () if agenda.is_open else roll_call(meeting),  # nobody was there yet
        "states": Attendance.State.choices,
        "lines": lines,
        "reads": reads,
        "arbitrations": Arbitration.objects.visible_to(user).filter(meeting=meeting).select_related("chosen"),
        "steps": offered(meeting, user, MEETING) if manages else {},
        "settle": DECISION if manages else {},
        "history": history_of(meeting, user),
    }
    return TemplateResponse(request, "projects/meeting_detail.html", context)


@require_POST
def meeting_attend(request, pk):
    meeting = _meeting(request, pk, MANAGE)
    guests = UNREADABLE.sub("", request.POST.get("autres", "")).strip()
    meeting.attend(states_typed(meeting, request.POST), by=request.user, guests=guests)
    messages.success(request, "Présence enregistrée.")
    return redirect(meeting)


@require_POST
def meeting_step(request, pk, step):
    return redirect(take(request, Meeting, pk, step, MEETING, RULES))


def meeting_pdf(request, pk):
    """The agenda on paper until the meeting is held, its minutes after."""
    meeting = _meeting(request, pk, READ)
    paper = paper_of(meeting, reads=reads_minutes(meeting, can(request.user, MANAGE, meeting)))
    content = render_pdf(
        "projects/pdf/meeting.html",
        {"paper": paper, "pack": current_pack()},
        title=paper.title,
        subject=paper.subject,
        level="etablissement",
        version=meeting.lock,
        draft=not paper.is_published,
        fingerprint=fingerprint(paper),
        created_at=meeting.published_at or timezone.now(),
    )
    return pdf_response(content, f"{slugify(paper.title)}.pdf", level="etablissement")
