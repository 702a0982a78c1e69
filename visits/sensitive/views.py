from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.free_text import find_concerns
from core.jobs import mark_read
from core.pages import list_page
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability

from ..models import SensitiveFile
from . import page
from .forms import NoteForm, OpenFileForm, ReaderForm
from .tables import SensitiveFilter, SensitiveTable


@require_GET
@never_cache
def sensitive_list(request):
    return list_page(
        request,
        SensitiveFile.objects.visible_to(request.user).select_related("establishment"),
        filterset_class=SensitiveFilter,
        table_class=SensitiveTable,
        template="visits/sensitive_list.html",
        title="Dossiers sensibles",
        may_open=page.may_open(request.user),
    )


@require_http_methods(["GET", "POST"])
def sensitive_create(request):
    require_capability(request.user, Capability.OPEN_SENSITIVE)
    form = OpenFileForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        file = form.save(by=request.user)
        _warn(request, form.cleaned_data["subject"])
        messages.success(request, f"Dossier {file.reference} ouvert\u00a0: vous en êtes lecteur ou lectrice.")
        return redirect(file)
    return TemplateResponse(request, "visits/sensitive_form.html", {"form": form})


@require_GET
@never_cache
def sensitive_detail(request, pk):
    """Everything the file says; this opening is logged before anything is shown."""
    file = _file(request, pk)
    file.log_reading(by=request.user)
    mark_read(request.user, file.get_absolute_url())
    context = page.page_of(file, timezone.localdate())
    return TemplateResponse(request, "visits/sensitive_detail.html", context)


@require_POST
def sensitive_note(request, pk):
    file, form = _file(request, pk), NoteForm(request.POST)
    if not form.is_valid():
        context = page.page_of(file, timezone.localdate(), note_form=form)
        file.log_reading(by=request.user)
        return TemplateResponse(request, "visits/sensitive_detail.html", context)
    file.add_note(by=request.user, **form.cleaned_data)
    _warn(request, form.cleaned_data["text"])
    messages.success(request, "Note ajoutée.")
    return redirect(file)


@require_POST
def sensitive_reader_add(request, pk):
    file = _file(request, pk)
    form = ReaderForm(file, timezone.localdate(), request.POST)
    if form.is_valid():
        user = page.person(form.cleaned_data["user"])
        file.name_reader(user, by=request.user)
        messages.success(request, f"{user} lit désormais ce dossier.")
    else:
        messages.error(request, "Cette personne ne peut pas être choisie\u00a0: rien n’a changé.")
    return redirect(file)


@require_POST
def sensitive_reader_end(request, pk, reader):
    file = _file(request, pk)
    file.end_reader(get_object_or_404(file.readers, pk=reader), by=request.user)
    messages.success(request, "Cette personne ne lit plus le dossier.")
    if SensitiveFile.objects.visible_to(request.user).filter(pk=file.pk).exists():
        return redirect(file)
    return redirect("visits:sensitive_list")


@require_POST
def sensitive_close(request, pk):
    file = _file(request, pk)
    file.close(by=request.user, today=timezone.localdate())
    messages.success(request, f"Dossier {file.reference} clos.")
    return redirect(file)


def _file(request, pk):
    """404 for everybody but its readers: that a file exists is already a secret."""
    return get_visible_or_404(SensitiveFile.objects, request.user, Capability.SUMMARY, pk=pk)


def _warn(request, text):
    """A passage that may name a child or tell somebody's health is pointed at; the text is kept as typed."""
    for concern in find_concerns(text):
        messages.warning(request, f"«\u00a0{concern.excerpt}\u00a0»\u00a0: {concern.advice}")
