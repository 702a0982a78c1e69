from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.french import capitalise, counted, sort_key
from core.pages import list_page
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability

from ..models import StaffImport
from .tables import ImportTable, LineTable
from .undoing import NAMED, obstacles, undo_import
from .words import promise

MANAGE = Capability.MANAGE_STAFF


def import_list(request):
    require_capability(request.user, MANAGE)
    return list_page(
        request,
        StaffImport.objects.visible_to(request.user).select_related("by"),
        filterset_class=None,
        table_class=ImportTable,
        title="Imports d’équipes",
        intro="Ce que chaque fichier a changé. Un import s’annule en entier, tant que rien n’a bougé depuis.",
        actions=[("Importer un fichier", reverse("staffing:staff_import"))],
    )


def import_detail(request, pk):
    """What a file changed, row by row, and the button that takes it back or the rows that forbid it."""
    run = _run(request, pk)
    houses = dict(run.establishments.values_list("pk", "name"))
    found = obstacles(run) if run.status == StaffImport.Status.APPLIED else []
    return list_page(
        request,
        run.lines.select_related("employee"),
        filterset_class=None,
        table_class=lambda *args, **kwargs: LineTable(*args, houses=houses, **kwargs),
        template="staffing/import_detail.html",
        title=run.filename,
        run=run,
        houses=sorted(houses.values(), key=sort_key),
        obstacles=[capitalise(str(one)) for one in found[:NAMED]],
        left=counted(len(found) - NAMED, "autre ligne", "autres lignes") if len(found) > NAMED else "",
        may_undo=run.status == StaffImport.Status.APPLIED and not found,
        promise=promise(run),
    )


@require_POST
def import_undo(request, pk):
    run = undo_import(_run(request, pk), by=request.user)
    messages.success(request, "Import annulé\u00a0: les équipes sont comme avant ce fichier.")
    return redirect(run)


def _run(request, pk):
    require_capability(request.user, MANAGE)
    return get_visible_or_404(StaffImport.objects, request.user, MANAGE, pk=pk)
