"""The board of the float pool: proposed, moved by hand, confirmed, undone."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.french import counted
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability
from establishments.workflow import StaleVersion

from ..forms.pool import PoolWeekForm, asked_week, batch_of, mark_of, posted_choice
from ..models import FloatAssignment
from ..pool_board import effect_of, grid_of, rows_of, sentence_of, shown_needs, unused
from ..pool_steps import board_url, distribute, houses_of, merged, propose, undo
from ..pool_week import week_of

MANAGE = Capability.MANAGE_POOL
STALE = (
    "Quelqu’un a changé cette semaine pendant votre saisie\u00a0: voici ce qui est enregistré à présent. "
    "Votre choix est gardé ci-dessous, rien n’est confirmé."
)


def pool_board(request):
    require_capability(request.user, MANAGE)
    form = PoolWeekForm(request.GET or None, user=request.user)
    asked = asked_week(form, request.user, timezone.localdate())
    if request.method == "POST" and request.POST.get("step") == "propose":
        return _propose(request, asked)
    week = week_of(houses_of(request.user, asked.territory, asked.monday), asked.monday)
    shown = shown_needs(week, asked.day)
    wanted = posted_choice(request.POST, shown) if request.method == "POST" else _proposed(asked, week, shown)
    if request.POST.get("step") == "confirm" and request.POST.get("vu") == mark_of(wanted):
        try:
            return _confirm(request, asked, wanted)
        except StaleVersion as stale:
            messages.warning(request, STALE)
            week = stale.current
            wanted = {need: agent for need, agent in wanted.items() if need in {each.pk for each in week.needs}}
    return _page(request, form, asked, week, wanted)


def _proposed(asked, week, shown):
    """What the planner proposed for the needs still there, those shown only."""
    if asked.proposal is None:
        return {}
    agents = asked.proposal.choices.get("agents", {})
    found = {need.pk: agents.get(str(need.pk), week.choice.get(need.pk)) for need in shown}
    return {need: agent for need, agent in found.items() if agent is None or agent in week.names}


def _propose(request, asked):
    proposal = propose(request.user, asked.territory, asked.monday)
    if proposal.made_at is None:
        messages.info(request, "Le calcul se fait à part\u00a0: vous serez prévenue quand il sera prêt.")
        return redirect(proposal.job)
    return redirect(board_url(proposal))


def _confirm(request, asked, wanted):
    batch, reasons = batch_of(request.POST), _reasons(asked, wanted)
    seen = request.POST.get("seen", "")
    done = distribute(request.user, asked.territory, asked.monday, wanted, seen=seen, batch=batch, reasons=reasons)
    messages.success(
        request, f"{counted(done, 'affectation changée', 'affectations changées')}." if done else "C’est déjà fait."
    )
    query = request.GET.copy()
    query.pop("proposition", None)
    query["fait"] = str(batch)
    return redirect(f"{reverse('staffing:pool_board')}?{query.urlencode()}")


def _reasons(asked, wanted):
    """The planner's own words where its choice was kept."""
    choices = asked.proposal.choices if asked.proposal else {"agents": {}, "reasons": {}}
    return {
        need: choices["reasons"].get(str(need), "")
        for need, agent in wanted.items()
        if agent is not None and choices["agents"].get(str(need)) == agent
    }


def _page(request, form, asked, week, wanted):
    choice, shown = merged(week, wanted), shown_needs(week, asked.day)
    changed = choice != week.choice
    reasons = {int(need): text for need, text in (asked.proposal.choices["reasons"] if asked.proposal else {}).items()}
    context = {
        "form": form,
        "asked": asked,
        "week": week,
        "rows": rows_of(week, shown, choice, reasons),
        "all_shown": len(shown) == len(week.needs),
        "effect": effect_of(week, choice) if changed else None,
        "vu": mark_of({need.pk: choice.get(need.pk) for need in shown}),
        "client_uuid": uuid.uuid4(),
        "sentence": sentence_of(week, choice),
        "grid": grid_of(week, choice),
        "unused": unused(week, choice),
        "done": _done(request, asked),
        "before": week.monday - timedelta(days=7),
        "after": week.monday + timedelta(days=7),
    }
    return TemplateResponse(request, "staffing/pool_board.html", context)


def _done(request, asked):
    """One assignment of the distribution just confirmed, by which it may be undone."""
    if asked.batch is None:
        return None
    mine = FloatAssignment.objects.visible_to(request.user, MANAGE)
    return mine.filter(confirmed_in=asked.batch).first() or mine.filter(withdrawn_in=asked.batch).first()


@require_POST
def pool_undo(request, pk):
    row = get_visible_or_404(FloatAssignment.objects, request.user, MANAGE, pk=pk)
    batch = request.POST.get("batch", "")
    if batch not in {str(row.confirmed_in), str(row.withdrawn_in)}:
        raise Http404
    done = undo(uuid.UUID(batch), by=request.user)
    messages.success(
        request,
        f"{counted(done, 'affectation rétablie', 'affectations rétablies')} comme avant."
        if done
        else "Il n’y a plus rien à annuler.",
    )
    return redirect(f"{reverse('staffing:pool_board')}?semaine={row.on.isoformat()}")
