"""Other looks at the one list of actions: columns by status, counts by house or person, many changed at once."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from core.french import counted
from core.pages import readable_query
from establishments.context import held_capabilities
from establishments.door import require_capability
from establishments.models import Capability, Establishment

from ..board import board
from ..bulk import MOST, apply, preview
from ..filters.actions import ActionFilter
from ..forms.bulk import BulkForm
from ..models import ActionItem
from ..pivot import AXES, pivot


def _filtered(request, capability):
    request.GET = readable_query(request.GET)
    actions = ActionItem.objects.visible_to(request.user, capability)
    return ActionFilter(request.GET, queryset=actions, request=request)


def action_board(request):
    require_capability(request.user, Capability.VIEW_ACTIONS)
    found = _filtered(request, Capability.VIEW_ACTIONS)
    context = {
        "columns": board(found.qs, timezone.localdate()),
        "filters": {"form": found.form, "described": found.described(), "clear_url": "?", "sort": ""},
        "query": request.GET.urlencode(),
        "may_manage": Capability.MANAGE_ACTIONS in held_capabilities(request),
    }
    return TemplateResponse(request, "projects/action_board.html", context)


def action_pivot(request, axis):
    require_capability(request.user, Capability.VIEW_ACTIONS)
    if axis not in AXES:
        raise Http404
    actions = ActionItem.objects.visible_to(request.user)
    rows = pivot(actions, axis, timezone.localdate())
    return TemplateResponse(request, "projects/action_pivot.html", {"rows": rows, "axis": axis})


def action_bulk(request):
    """Choose among the actions of the filters in force; the preview is read before anything changes."""
    require_capability(request.user, Capability.MANAGE_ACTIONS)
    found = _filtered(request, Capability.MANAGE_ACTIONS)
    chosen = (
        found.qs.filter(status__in=ActionItem.FOLLOWED)
        .select_related("establishment", "territory", "owner")
        .open_first()
    )
    houses = Establishment.objects.visible_to(request.user, Capability.MANAGE_ACTIONS).order_by().values("pk")
    form = BulkForm(request.POST or None, user=request.user, chosen=chosen, houses=houses)
    context = {"form": form, "actions": chosen[:MOST], "described": found.described(), "lines": []}
    if request.method == "POST" and form.is_valid():
        context["lines"] = preview(list(form.cleaned_data["actions"][:MOST]), form.wanted)
        if "vu" in request.POST:
            return _applied(request, context["lines"], form.wanted)
    return TemplateResponse(request, "projects/action_bulk.html", context)


def _applied(request, lines, wanted):
    changed, moved = apply(lines, wanted, set(request.POST.getlist("vu")), by=request.user)
    messages.success(request, f"{counted(changed, 'action modifiée', 'actions modifiées')}.")
    if moved:
        told = counted(moved, "action a changé", "actions ont changé")
        messages.warning(request, f"{told} depuis l’aperçu\u00a0: laissées telles quelles, regardez-les de nouveau.")
    return redirect(reverse("projects:action_list"))
