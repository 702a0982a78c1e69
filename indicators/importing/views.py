from itertools import islice

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.pages import list_page
from core.spreadsheets import clean_text
from core.spreadsheets.writing import csv_response
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability
from establishments.workflow import TransitionRefused

from ..models import ImportRun
from ..sections import sections
from .applying import undo_run
from .forms import ColumnsForm, ImportForm
from .receiving import SAMPLES, give_up, remember
from .reporting import CHANGE_HEADERS, REJECT_HEADERS, changed_rows, counts, rejected_rows, shown
from .running import start
from .staging import headers_of, rows_below
from .tables import ImportTable

Status = ImportRun.Status
FILES = {"rejets": (REJECT_HEADERS, rejected_rows), "changements": (CHANGE_HEADERS, changed_rows)}


def import_list(request):
    require_capability(request.user, Capability.ENTER_ACTIVITY)
    return list_page(
        request,
        ImportRun.objects.visible_to(request.user),
        filterset_class=None,
        table_class=ImportTable,
        template="indicators/import_list.html",
        title="Imports d’activité",
        tabs=sections(request, "indicators:import_list"),
        actions=[("Importer un fichier", reverse("indicators:import_create"))],
    )


def import_create(request):
    """The file; what it holds is guessed, then shown to be corrected. Nothing is written here."""
    require_capability(request.user, Capability.ENTER_ACTIVITY)
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect("indicators:import_columns", form.run.pk)
    return TemplateResponse(request, "indicators/import_upload.html", {"form": form})


def import_columns(request, pk):
    """Which column holds what, remembered for the next file of the same source; then the file is read."""
    run = _run(request, pk)
    if run.status not in (Status.RECEIVED, Status.READY):
        return redirect(run)
    headers = headers_of(run)
    form = ColumnsForm(request.POST or None, run=run, headers=headers, samples=_samples(run, len(headers)))
    if request.method == "POST" and form.is_valid():
        remember(run, headers)
        start(run, Status.READING)
        return redirect(run)
    return TemplateResponse(request, "indicators/import_columns.html", {"run": run, "form": form})


def import_detail(request, pk):
    """Where a file stands: being read, to be confirmed with its differences, written, undone."""
    run = _run(request, pk)
    if run.status == Status.RECEIVED:
        return redirect("indicators:import_columns", run.pk)
    is_moving = run.status in (Status.READING, Status.WRITING)
    context = {"run": run, "counts": counts(run), "is_moving": is_moving, **({} if is_moving else shown(run))}
    return TemplateResponse(request, "indicators/import_detail.html", context)


@require_POST
def import_confirm(request, pk):
    run = _run(request, pk)
    run.partial = request.POST.get("partiel") == "1"
    if run.is_refused:
        raise TransitionRefused("Des lignes sont rejetées\u00a0: rien n’a été importé.")
    start(run, Status.WRITING)
    return redirect(run)


@require_POST
def import_abandon(request, pk):
    run = _run(request, pk)
    if run.status in (Status.RECEIVED, Status.READY):
        give_up(run)
        messages.info(request, "Import abandonné\u00a0: rien n’a été écrit.")
    return redirect(run)


@require_POST
def import_undo(request, pk):
    run = _run(request, pk)
    undo_run(run, by=request.user)
    messages.success(request, "Import annulé\u00a0: ce qui était là avant est revenu.")
    if run.message:
        messages.warning(request, run.message)
    return redirect(run)


def import_lines(request, pk, what):
    """The rejected rows, or every cell that changes, as a file."""
    run = _run(request, pk)
    if what not in FILES:
        raise Http404
    headers, rows = FILES[what]
    return csv_response(f"{what} {run.filename}", headers, rows(run))


def _run(request, pk):
    require_capability(request.user, Capability.ENTER_ACTIVITY)
    return get_visible_or_404(ImportRun.objects, request.user, Capability.ENTER_ACTIVITY, pk=pk)


def _samples(run, width):
    """For each column, the first values that are not blank."""
    rows = [[clean_text(cell)[:20] for cell in row.cells] for row in islice(rows_below(run), 20)]
    columns = [[row[place] for row in rows if place < len(row) and row[place]] for place in range(width)]
    return [column[:SAMPLES] for column in columns]
