"""Leaves: their list, the decision page, each decision alone or together."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.french import capitalise, counted
from core.jobs import mark_read
from core.pages import list_page
from core.record_paper import record_page
from core.templatetags.french import fr_instant
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.context import held_capabilities
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, Establishment, JournalEntry
from establishments.vocabulary import words

from ..consequences import consequences_of
from ..decision import decision_of
from ..decisions import grant_all, held_over, is_heir, refuse_all
from ..filters import LeaveFilter
from ..forms.leaves import DerogationForm, LeaveForm, RefusalForm
from ..models import LeaveRequest
from ..sheets import leave_sheet
from ..tables import SELECTION, LeaveTable

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
        actions=[
            *([("Proposer un congé", reverse("staffing:leave_create"))] if may_propose else []),
            ("Plannings", reverse("staffing:plan_list")),
            ("Continuité de direction", reverse("staffing:continuity")),
            ("Renforts", reverse("staffing:need_list")),
            (words()["employee"].caps, reverse("staffing:employee_list")),
            *_planning_links(decidable),
        ],
        selection=SELECTION if decidable else "",
    )


def _planning_links(decidable):
    """The weather and the groupings for those who decide; one's own appraisals for everybody."""
    ahead = [
        ("Météo des effectifs", reverse("staffing:forecast")),
        ("Regroupements d’été", reverse("staffing:groupings")),
    ]
    return [*(ahead if decidable else []), ("Entretiens annuels", reverse("staffing:appraisal_list"))]


def leave_detail(request, pk):
    people = ("employee", "establishment", "proposed_by", "decided_by", "plan")
    leave = get_visible_or_404(
        LeaveRequest.objects.select_related(*people), request.user, Capability.VIEW_STAFF, pk=pk
    )
    pending, held = leave.status == leave.Status.PROPOSED, held_over(leave, request.user)
    decision = decision_of(leave, timezone.localdate()) if pending else None
    context = {
        "leave": leave,
        "is_pending": pending,
        "decision": decision,
        "may_decide": pending and leave.employee.user_id != request.user.pk and Capability.DECIDE_LEAVE in held,
        "may_derogate": Capability.DEROGATE in held,
        "may_ask": Capability.ASK_NEED in held,
        "may_cancel": leave.can_be_cancelled_by(request.user, timezone.localdate(), is_heir=is_heir(held)),
        "refusal": RefusalForm(user=request.user),
        "derogation": DerogationForm(user=request.user),
        "history": [] if pending else _history(request, leave),
        "trail": establishment_breadcrumb(leave.establishment, request.user),
    }
    return record_page(request, "staffing/leave_detail.html", context, lambda: leave_sheet(leave, context["history"]))


def _history(request, leave):
    """The decisions, told once there are some; opening the page reads its notifications."""
    mark_read(request.user, leave.get_absolute_url())
    journal = JournalEntry.objects.visible_to(request.user, Capability.VIEW_STAFF)
    return [
        {"when": fr_instant(entry.at), "title": f"{capitalise(entry.verb)}, {entry.actor}", "text": entry.note}
        for entry in journal.about(leave).select_related("actor")
    ]


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
    form = DerogationForm(request.POST, user=request.user)
    if not form.is_valid():
        for error in form.errors["derogation"]:
            messages.error(request, f"Rien n’est accordé. {error}")
        return redirect(leave)
    leave.grant(by=request.user, derogation=form.cleaned_data["derogation"])
    messages.success(request, "Congé accordé par dérogation." if leave.derogation else "Congé accordé.")
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
    leaves = list(rows.select_related("employee", "establishment", "plan"))
    if {"confirmer", "refuser"} & set(request.POST):
        return _decide_all(request, leaves)
    pending = [leave for leave in leaves if leave.status == leave.Status.PROPOSED]
    found = consequences_of(pending)
    context = {
        "rows": [(leave, found[leave.pk]) for leave in pending],
        "left_out": len(set(asked)) - len(pending),
        "refusal": RefusalForm(user=request.user),
        "back_url": _back(request),
    }
    return TemplateResponse(request, "staffing/leave_bulk.html", context)


def _decide_all(request, leaves):
    form = RefusalForm(request.POST, user=request.user)
    if "confirmer" in request.POST:
        done, refusals = grant_all(leaves, by=request.user)
        words = ("congé accordé", "congés accordés")
    elif form.is_valid():
        done, refusals = refuse_all(leaves, by=request.user, reason=form.cleaned_data["reason"])
        words = ("congé refusé", "congés refusés")
    else:
        messages.error(request, "Un refus porte un motif de service\u00a0: choisissez-le. Rien n’est décidé.")
        return redirect(_back(request))
    messages.success(request, f"{counted(done, *words)}.")
    for refusal in refusals:
        messages.warning(request, refusal)
    return redirect(_back(request))


def _back(request):
    """Where the selection was made: a page of ours, the list otherwise."""
    url = request.POST.get("retour", "")
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url.startswith("/")
    return url if safe else reverse("staffing:leave_list")
