"""The page of a meeting with what the follow-up suggests for its agenda, and what is done with a suggestion."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from establishments.door import get_visible_or_404
from establishments.models import Capability
from establishments.workflow import TransitionRefused
from projects.models import Meeting
from projects.stepping import text_of
from projects.suggestion_steps import already_there, put_on_agenda, set_aside, suggest_again
from projects.views.meetings import meeting_detail

from .suggesting import found_for, suggestions_for

STEPS = {
    "add": (put_on_agenda, "Sujet inscrit à l’ordre du jour."),
    "set-aside": (set_aside, "Sujet écarté pour cette réunion."),
    "again": (suggest_again, "Sujet suggéré de nouveau."),
}
LONGEST_KEY = 60
GONE = "Ce point n’est plus à suggérer\u00a0: il a été réglé entre-temps. Rien n’a changé dans l’ordre du jour."


@require_GET
def meeting(request, pk):
    """The page as the projects draw it; whoever prepares the agenda also reads what is open elsewhere."""
    response = meeting_detail(request, pk)
    shown = response.context_data
    if shown["may_manage"] and shown["agenda"].is_open:
        response.template_name = "dashboard/meeting.html"
        shown["suggestions"] = suggestions_for(request.user, shown["meeting"], timezone.localdate())
    return response


@require_POST
def suggestion_step(request, pk, step):
    """Only what the person is suggested now: a key typed by hand, or settled since, changes nothing."""
    if step not in STEPS:
        raise Http404
    manage = Capability.MANAGE_MEETINGS
    row = get_visible_or_404(Meeting.objects.select_related("series__territory"), request.user, manage, pk=pk)
    key, (act, said) = text_of(request, "cle")[:LONGEST_KEY], STEPS[step]
    if step == "add" and already_there(row, key):
        messages.info(request, "Ce sujet est déjà inscrit.")
        return redirect(f"{row.get_absolute_url()}#suggestions")
    found = next((one for one in found_for(request.user, row, timezone.localdate()) if one.key == key), None)
    if found is None:
        raise TransitionRefused(GONE)
    act(row, found, by=request.user)
    messages.success(request, said)
    return redirect(f"{row.get_absolute_url()}#suggestions")
