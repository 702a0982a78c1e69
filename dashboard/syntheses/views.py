from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.jobs import mark_read
from core.odt import MIMETYPE
from core.pages import list_page
from core.pdf import pdf_response
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability
from establishments.workflow import StaleVersion

from ..models import Synthesis
from ..weekly.listing import saved
from .forms import BlocksForm, SendBackForm, SynthesisForm
from .listing import SynthesisFilter, SynthesisTable
from .page import view_of
from .printing import odt_of, pdf_of

WRITE, APPROVE = Capability.WRITE_SYNTHESIS, Capability.APPROVE_SYNTHESIS


@require_GET
def synthesis_list(request):
    may_write = WRITE in held_capabilities(request)
    return list_page(
        request,
        Synthesis.objects.visible_to(request.user).with_people(),
        filterset_class=SynthesisFilter,
        table_class=SynthesisTable,
        title="Synthèses",
        intro="Elles s’écrivent d’après les faits, chaque phrase avec ses sources.",
        actions=[
            ("Rédiger une synthèse", reverse("dashboard:synthesis_create")),
            ("Imprimer un lot", reverse("dashboard:batch_create")),
        ]
        if may_write
        else [],
    )


@require_http_methods(["GET", "POST"])
def synthesis_create(request):
    require_capability(request.user, WRITE)
    asked = {"territory": "territoire", "establishment": "etablissement", "variant": "document"}
    initial = {name: request.GET[key] for name, key in asked.items() if len(request.GET.get(key, "")) in range(1, 18)}
    form = SynthesisForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        return redirect(form.instance.open(by=request.user))
    return TemplateResponse(request, "dashboard/synthesis_form.html", {"form": form})


@require_GET
def synthesis_detail(request, pk):
    document = _document(request, pk)
    mark_read(request.user, document.get_absolute_url())
    may_write, may_approve = (can(request.user, one, document) for one in (WRITE, APPROVE))
    context = {
        "document": document,
        "view": view_of(document).opened_by(held_capabilities(request)),
        "may_write": may_write and document.is_editable,
        "may_edit_again": may_write and document.is_over,
        "may_approve": may_approve and document.status == document.Status.SUBMITTED,
        "send_back": SendBackForm(),
        "next_edition": Synthesis.objects.visible_to(request.user).filter(replaces=document).first(),
    }
    return TemplateResponse(request, "dashboard/synthesis_detail.html", context)


@require_http_methods(["GET", "POST"])
def synthesis_edit(request, pk):
    document = _document(request, pk, WRITE)
    form = BlocksForm(document, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = form.save(by=request.user)
        except StaleVersion:
            form.is_stale = True
        else:
            for concern in form.concerns:
                messages.warning(request, str(concern))
            messages.success(request, saved(changed))
            return redirect(document)
    return TemplateResponse(request, "dashboard/synthesis_edit.html", {"document": document, "form": form})


@require_POST
def synthesis_refresh(request, pk):
    document = _document(request, pk, WRITE)
    document.refresh()
    messages.success(request, "Les blocs vivants citent les faits d’aujourd’hui.")
    return redirect(document)


@require_POST
def synthesis_submit(request, pk):
    document = _document(request, pk, WRITE)
    document.submit(by=request.user)
    messages.success(request, "Synthèse soumise\u00a0: ses blocs sont arrêtés jusqu’à l’approbation.")
    return redirect(document)


@require_POST
def synthesis_send_back(request, pk):
    document = _document(request, pk, APPROVE)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Dites ce qu’il faut reprendre\u00a0: la synthèse reste soumise.")
        return redirect(document)
    document.send_back(by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, "Synthèse rendue à son auteur.")
    return redirect(document)


@require_POST
def synthesis_approve(request, pk):
    document = _document(request, pk, APPROVE)
    document.approve(by=request.user)
    messages.success(request, "Synthèse approuvée\u00a0: elle ne change plus.")
    return redirect(document)


@require_POST
def synthesis_edit_again(request, pk):
    """The next edition, drafted from the facts of now; the approved one stays as it is."""
    return redirect(_document(request, pk, WRITE).edit_again(by=request.user))


@require_GET
def synthesis_pdf(request, pk):
    document = _document(request, pk)
    content, name = pdf_of(document)
    return pdf_response(content, name, level=document.level)


@require_GET
def synthesis_odt(request, pk):
    content, name = odt_of(_document(request, pk))
    response = HttpResponse(content, content_type=MIMETYPE)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _document(request, pk, capability=Capability.SUMMARY):
    return get_visible_or_404(Synthesis.objects.with_people(), request.user, capability, pk=pk)
