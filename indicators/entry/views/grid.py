from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.french import counted, month_name
from core.pages import readable_query
from establishments.breadcrumbs import territory_breadcrumb
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, Establishment

from ...sections import sections
from ..cells import Kind, save_cell
from ..forms.grid import CellForm, GridChoiceForm, GridForm
from ..grid import houses_of, read_grid


def activity_grid(request):
    """The month of a sector, typed as in a spreadsheet; without a script, one form that saves what changed."""
    require_capability(request.user, Capability.ENTER_ACTIVITY)
    request.GET = readable_query(request.GET)
    today = timezone.localdate()
    choice = GridChoiceForm(request.GET, user=request.user, today=today)
    month, territory = choice.chosen()
    houses, outcomes = list(houses_of(request.user, month, territory)), {}
    if request.method == "POST":
        outcomes = GridForm(request.POST, houses, month).save(by=request.user)
        _tell(request, outcomes.values())
        if all(outcome.is_kept for outcome in outcomes.values()):
            return redirect(request.get_full_path())
    context = {
        "choice": choice,
        "grid": read_grid(houses, month, outcomes),
        "title": f"Saisie {month_name(month)}",
        "tabs": sections(request, "indicators:activity_grid"),
        "trail": territory_breadcrumb(territory, request.user) if territory else [],
    }
    return TemplateResponse(request, "indicators/activity_grid.html", context)


@require_POST
def activity_cell(request, pk):
    """One cell of the grid, sent by its script: what became of it, and the sums that it changes."""
    house = get_visible_or_404(Establishment.objects, request.user, Capability.ENTER_ACTIVITY, pk=pk)
    today = timezone.localdate()
    form = CellForm(request.POST, today=today)
    if not form.is_valid():
        return JsonResponse({"kind": Kind.REFUSED, "reason": "cette case n’a pas été comprise"}, status=400)
    sent = form.cleaned_data
    month = sent["mois"]
    outcome = save_cell(house, month, sent["colonne"], sent["valeur"], sent["avant"], by=request.user)
    choice = GridChoiceForm(request.GET, user=request.user, today=today)
    grid = read_grid(houses_of(request.user, month, choice.chosen()[1]), month)
    line = next((line for line in grid.lines if line.house == house), None)
    return JsonResponse(
        {
            "kind": outcome.kind,
            "stored": outcome.stored,
            "reason": outcome.reason,
            "line": line.told if line else {},
            "totals": grid.totals(),
        }
    )


def _tell(request, outcomes):
    kept = sum(outcome.kind == Kind.SAVED for outcome in outcomes)
    left = sum(not outcome.is_kept for outcome in outcomes)
    if kept:
        messages.success(request, f"{counted(kept, 'case enregistrée', 'cases enregistrées')}.")
    if left:
        one, many = "case n’a pas été enregistrée", "cases n’ont pas été enregistrées"
        messages.error(request, f"{counted(left, one, many)}\u00a0: votre saisie est gardée, la raison est dessous.")
    if not (kept or left):
        messages.info(request, "Rien n’avait changé.")
