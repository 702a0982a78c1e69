from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.french import capitalise, counted
from core.jobs import mark_read
from core.pages import list_page
from core.templatetags.french import fr_instant
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Establishment, JournalEntry
from establishments.tabs import establishment_tabs

from .consequences import consequences, consequences_of
from .decisions import grant_all
from .filters import LeaveFilter
from .forms import LeaveForm, RefusalForm
from .models import LeaveRequest
from .tables import SELECTION, LeaveTable
from .team import team_of

MOST_AT_ONCE = 200


def leave_list(request):
    require_capability(request.user, Capability.VIEW_STAFF)
    leaves = LeaveRequest.objects.visible_to(request.user).select_related("employee", "establishment")
    houses = Establishment.objects.visible_to(request.user, Capability.DECIDE_LEAVE)
    decidable = set(houses.order_by().values_list("pk", flat=True))
    may_propose = Capability.PROPOSE_LEAVE in held_capabilities(request)
    return list_page(
        request,
        leaves.to_decide_first(),
        filterset_class=LeaveFilter,
        table_class=lambda *args, **kwargs: LeaveTable(*args, decidable=decidable, user=request.user, **kwargs),
        template="staffing/leave_list.html",
        title="Congés",
        intro="Les demandes proposées par les équipes, et leur décision.",
        actions=[("Proposer un congé", reverse("staffing:leave_create"))] if may_propose else [],
        selection=SELECTION if decidable else "",
    )


def leave_detail(request, pk):
    people = ("employee", "establishment", "proposed_by", "decided_by")
    leave = get_visible_or_404(
        LeaveRequest.objects.select_related(*people), request.user, Capability.VIEW_STAFF, pk=pk
    )
    mark_read(request.user, leave.get_absolute_url())
    journal = JournalEntry.objects.visible_to(request.user, Capability.VIEW_STAFF)
    pending = leave.status == leave.Status.PROPOSED
    context = {
        "leave": leave,
        "is_pending": pending,
        "consequences": consequences(leave) if pending else None,
        "may_decide": pending and leave.can_be_decided_by(request.user),
        "may_cancel": leave.can_be_cancelled_by(request.user, timezone.localdate()),
        "refusal": RefusalForm(user=request.user),
        "history": [
            {"when": fr_instant(entry.at), "title": f"{capitalise(entry.verb)}, {entry.actor}", "text": entry.note}
            for entry in journal.about(leave).select_related("actor")
        ],
        "trail": establishment_breadcrumb(leave.establishment, request.user),
    }
    return TemplateResponse(request, "staffing/leave_detail.html", context)


def leave_create(request):
    require_capability(request.user, Capability.PROPOSE_LEAVE)
    form = LeaveForm(request.POST or None, user=request.user)
    if request.method == "POST":
        mine = LeaveRequest.objects.visible_to(request.user)
        sent = mine.sent_before(request.POST.get("client_uuid"), by=request.user)
        if sent is None and form.is_valid():
            sent = form.instance.propose(by=request.user)
            messages.success(request, "Congé proposé.")
        if sent is not None:
            return redirect(sent)
    return TemplateResponse(request, "staffing/leave_form.html", {"form": form})


@require_POST
def leave_grant(request, pk):
    leave = get_visible_or_404(LeaveRequest.objects, request.user, Capability.DECIDE_LEAVE, pk=pk)
    leave.grant(by=request.user)
    messages.success(request, "Congé accordé.")
    return redirect(leave)


@require_POST
def leave_refuse(request, pk):
    leave = get_visible_or_404(LeaveRequest.objects, request.user, Capability.DECIDE_LEAVE, pk=pk)
    form = RefusalForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, "Un refus porte un motif de service\u00a0: choisissez-le.")
        return redirect(leave)
    leave.refuse(by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, "Congé refusé.")
    return redirect(leave)


@require_POST
def leave_cancel(request, pk):
    leave = get_visible_or_404(LeaveRequest.objects, request.user, Capability.PROPOSE_LEAVE, pk=pk)
    leave.cancel(by=request.user)
    messages.success(request, "Congé annulé.")
    return redirect(leave)


@require_POST
def leave_bulk_grant(request):
    """First the consequences of the whole selection, then, confirmed, the same decision as one by one."""
    require_capability(request.user, Capability.DECIDE_LEAVE)
    asked = [int(pk) for pk in request.POST.getlist("demandes") if pk.isdecimal() and len(pk) < 18][:MOST_AT_ONCE]
    rows = LeaveRequest.objects.visible_to(request.user, Capability.DECIDE_LEAVE).filter(pk__in=asked)
    leaves = list(rows.select_related("employee", "establishment"))
    if "confirmer" in request.POST:
        granted, refusals = grant_all(leaves, by=request.user)
        messages.success(request, f"{counted(granted, 'congé accordé', 'congés accordés')}.")
        for refusal in refusals:
            messages.warning(request, refusal)
        return redirect("staffing:leave_list")
    pending = [leave for leave in leaves if leave.status == leave.Status.PROPOSED]
    found = consequences_of(pending)
    context = {"rows": [(leave, found[leave.pk]) for leave in pending], "left_out": len(set(asked)) - len(pending)}
    return TemplateResponse(request, "staffing/leave_bulk.html", context)


def establishment_team(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_STAFF, pk=pk)
    context = {
        "establishment": establishment,
        "team": team_of(establishment, timezone.localdate()),
        "may_propose": can(request.user, Capability.PROPOSE_LEAVE, establishment),
        "trail": establishment_breadcrumb(establishment, request.user),
        "tabs": establishment_tabs(establishment, request.user, "staffing:establishment_team"),
    }
    return TemplateResponse(request, "staffing/establishment_team.html", context)
