from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.jobs import mark_read
from establishments.door import require_capability
from establishments.models import Capability

from ..models import Batch
from .forms import BatchForm
from .running import ask_for, resume


@require_http_methods(["GET", "POST"])
def batch_create(request):
    """Ask for a batch, and find one's own again."""
    require_capability(request.user, Capability.WRITE_SYNTHESIS)
    form = BatchForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(ask_for(form.instance))
    mine = Batch.objects.visible_to(request.user).select_related("job", "territory")[:20]
    return TemplateResponse(request, "dashboard/batch_form.html", {"form": form, "batches": mine})


@require_GET
def batch_detail(request, pk):
    batch = _mine(request, pk)
    mark_read(request.user, batch.get_absolute_url())
    context = {"batch": batch, "job": batch.job, "missing": batch.items.exclude(note="")}
    return TemplateResponse(request, "dashboard/batch_detail.html", context)


@require_POST
def batch_resume(request, pk):
    batch = _mine(request, pk)
    if resume(batch):
        messages.success(request, "Le lot reprend où il s’était arrêté.")
    else:
        messages.info(request, "Ce lot est fini, ou déjà en cours.")
    return redirect(batch)


@require_GET
def batch_booklet(request, pk):
    batch = _mine(request, pk)
    if not batch.booklet:
        raise Http404
    name = batch.booklet.name.rpartition("/")[2]
    response = FileResponse(batch.booklet.open("rb"), as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _mine(request, pk):
    return get_object_or_404(Batch.objects.visible_to(request.user).select_related("job", "territory"), pk=pk)
