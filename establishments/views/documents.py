"""Documents of a house: what may be read, what is deposited, how it is given back."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from ..door import can, get_visible_or_404
from ..forms import DocumentForm
from ..keeping import deposit
from ..models import Capability, Document, Establishment
from .record import form_page, record_context, say_saved


def establishment_documents(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.READ_TRANSMITTED, pk=pk)
    return TemplateResponse(
        request,
        "establishments/documents.html",
        {
            **record_context(request, establishment, "establishments:documents"),
            "documents": Document.objects.visible_to(request.user).of(establishment).select_related("uploaded_by"),
            "may_manage": can(request.user, Capability.MANAGE_CALENDAR, establishment),
        },
    )


def document_add(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.MANAGE_CALENDAR, pk=pk)
    form = DocumentForm(request.POST or None, request.FILES or None, establishment=establishment, user=request.user)
    if request.method == "POST" and form.is_valid():
        document, created = deposit(form.save(commit=False), form.upload, by=request.user)
        if created:
            say_saved(request, form, "Le document est déposé.")
        elif can(request.user, Capability.VIEW, document):
            messages.info(request, f"Ce fichier était déjà là\u00a0: «\u00a0{document.title}\u00a0».")
        else:  # kept for named readers: its title is theirs
            messages.info(request, "Ce fichier était déjà là.")
        return redirect("establishments:documents", establishment.pk)
    return form_page(request, establishment, "establishments:documents", form, "Déposer un document")


def document_download(request, pk):
    """The file, never shown inside the site: a document that may not be read is not even known to exist."""
    document = get_visible_or_404(Document.objects.visible_to(request.user), request.user, pk=pk)
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.filename, content_type=document.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
