"""Minutes that act: typed, seen live, saved with their objects; the register of the decisions."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.french import counted
from core.pages import UNREADABLE, list_page
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability
from establishments.workflow import StaleVersion

from ..filters.meetings import DecisionFilter
from ..forms.meetings import LONGEST_MINUTES, MinutesForm
from ..meeting_steps import DECISION
from ..minutes_of import read_for
from ..minutes_writing import LinesRemoved, write
from ..models import Decision, Meeting
from ..sections import sections
from ..stepping import take, warn
from ..tables.meetings import DecisionTable

JOIN, MANAGE = Capability.JOIN_MEETINGS, Capability.MANAGE_MEETINGS


def _meeting(request, pk):
    return get_visible_or_404(Meeting.objects.select_related("series__territory"), request.user, MANAGE, pk=pk)


def minutes_write(request, pk):
    meeting = _meeting(request, pk)
    given = {"text": meeting.minutes, "lock": meeting.lock}
    form = MinutesForm(request.POST or None, initial=given)
    context = {"form": form, "meeting": meeting, "gone": [], "stored": ""}
    saves = request.method == "POST" and form.is_valid() and "apercu" not in request.POST
    done = _written(request, meeting, form, context) if saves else None
    if done is not None:
        return _said(request, meeting, done)
    text = form.cleaned_data.get("text", "") if form.is_bound and form.is_valid() else form["text"].value() or ""
    context["readings"] = read_for(meeting, text)
    return TemplateResponse(request, "projects/minutes_write.html", context)


def _written(request, meeting, form, context):
    """What was saved; None when somebody must look first, with what she needs for it in `context`."""
    text, seen = form.cleaned_data["text"], form.cleaned_data["lock"]
    try:
        return write(meeting, text, by=request.user, seen=seen, removed=request.POST.getlist("retirer"))
    except LinesRemoved as asked:
        context["gone"] = asked.lines
    except StaleVersion as stale:
        context["stored"] = stale.current.minutes
        form.data = _with_lock(form.data, stale.current)
    return None


def _with_lock(typed, stored):
    """What was typed stays; saved again, it replaces knowingly what the other one saved."""
    typed = typed.copy()
    typed["lock"] = str(stored.lock)
    return typed


def _said(request, meeting, done):
    warn(request, meeting.minutes)
    told = f"{counted(done.made, 'objet créé', 'objets créés')}, {counted(done.changed, 'modifié')}"
    messages.success(request, f"Relevé enregistré\u00a0: {told}, {counted(done.removed, 'retiré')}.")
    for reading in done.unclear:
        why = " ".join(reading.problems)
        messages.warning(request, f"Ligne {reading.entry.number}, texte gardé, rien n’est créé\u00a0: {why}")
    for line in done.closed:
        messages.warning(request, f"Ligne {line.number}\u00a0: l’action est close, elle ne change plus.")
    return redirect("projects:minutes_write" if done.unclear else "projects:meeting_detail", meeting.pk)


@require_POST
def minutes_preview(request, pk):
    """What the lines typed so far would make; nothing is saved."""
    meeting = _meeting(request, pk)
    text = UNREADABLE.sub("", request.POST.get("text", "").replace("\r\n", "\n"))[:LONGEST_MINUTES]
    return TemplateResponse(request, "projects/_minutes_preview.html", {"readings": read_for(meeting, text)})


def decision_list(request):
    require_capability(request.user, JOIN)
    decisions = Decision.objects.visible_to(request.user).select_related("meeting__series")
    return list_page(
        request,
        decisions.filter(line__removed_at__isnull=True).order_by("-meeting__held_on", "pk"),
        filterset_class=DecisionFilter,
        table_class=DecisionTable,
        template="projects/list.html",
        title="Décisions de réunion",
        intro="Ce que les réunions ont décidé\u00a0: à appliquer, appliqué, abandonné.",
        actions=[("Réunions", reverse("projects:meeting_list"))],
        tabs=sections(request, "projects:decision_list"),
    )


@require_POST
def decision_step(request, pk, step):
    return redirect(take(request, Decision, pk, step, DECISION))
