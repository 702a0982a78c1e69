"""Projet d’établissement and règlement de fonctionnement: versions, circuit, differences."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from core.jobs import mark_read
from core.pages import list_page
from core.pdf import fingerprint, pdf_response, render_pdf
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import can, get_visible_or_404, require_capability
from establishments.keeping import deposit
from establishments.models import Capability, Document, Establishment, Obligation
from establishments.tabs import establishment_tabs
from establishments.vocabulary import current_pack, words

from ..document import document_of
from ..filters.versions import VersionFilter
from ..forms.versions import AttachmentForm, VersionForm
from ..history import history_of
from ..models import EstablishmentProject, LegalDocument
from ..project_steps import STEPS
from ..sections import sections
from ..stepping import offered, take, warn
from ..tables.versions import VersionTable

PROPOSE, READ = Capability.PROPOSE_PROJECT, Capability.READ_TRANSMITTED
PROTOCOLS = [kind for kind in Obligation.Kind.values if kind.startswith("protocol")]


def _version(request, pk, capability):
    people = ("establishment", "proposed_by", "opinion_by", "decided_by")
    return get_visible_or_404(EstablishmentProject.objects.select_related(*people), request.user, capability, pk=pk)


def project_list(request):
    require_capability(request.user, READ)
    versions = EstablishmentProject.objects.visible_to(request.user).select_related("establishment", "decided_by")
    return list_page(
        request,
        versions.order_by("establishment__name", "document", "-number"),
        filterset_class=VersionFilter,
        table_class=lambda *args, **kwargs: VersionTable(*args, today=timezone.localdate(), **kwargs),
        template="projects/list.html",
        title=words()["project"].caps,
        intro="Chaque version, de son brouillon à son remplacement, et le règlement de fonctionnement à côté.",
        tabs=sections(request, "projects:project_list"),
    )


def project_detail(request, pk):
    version = _version(request, pk, READ)
    mark_read(request.user, version.get_absolute_url())
    siblings = EstablishmentProject.objects.visible_to(request.user).of(version.establishment)
    siblings = siblings.filter(document=version.document)
    context = {
        "version": version,
        "document": document_of(version),
        "siblings": [one for one in siblings if one.pk != version.pk],
        "attachments": version.attachments.all(),
        "steps": offered(version, request.user, STEPS),
        "may_write": version.is_writable and can(request.user, PROPOSE, version),
        "history": history_of(version, request.user),
        "trail": establishment_breadcrumb(version.establishment, request.user),
    }
    return TemplateResponse(request, "projects/project_detail.html", context)


@require_POST
def project_begin(request, pk, document):
    establishment = get_visible_or_404(Establishment.objects, request.user, PROPOSE, pk=pk)
    if document not in LegalDocument.values:
        raise Http404
    return redirect(EstablishmentProject.begin(establishment, document, by=request.user))


def project_edit(request, pk):
    version = _version(request, pk, PROPOSE)
    form = VersionForm(request.POST or None, instance=version, user=request.user)
    if request.method == "POST" and form.is_valid() and form.write(by=request.user):
        warn(request, *form.texts().values())
        messages.success(request, "Version enregistrée.")
        return redirect(version)
    return TemplateResponse(request, "projects/project_edit.html", {"form": form, "version": version})


def project_attach(request, pk):
    version = _version(request, pk, PROPOSE)
    given = {"establishment": version.establishment, "user": request.user}
    form = AttachmentForm(request.POST or None, request.FILES or None, **given)
    if request.method == "POST" and form.is_valid():
        document = form.save(commit=False)
        document.kind = Document.Kind.PROJECT if version.document == "project" else Document.Kind.RULES
        kept, _ = deposit(document, form.upload, by=request.user)
        version.attach(kept)
        messages.success(request, "La pièce est jointe.")
        return redirect(version)
    return TemplateResponse(request, "projects/project_attach.html", {"form": form, "version": version})


@require_POST
def project_step(request, pk, step):
    return redirect(take(request, EstablishmentProject, pk, step, STEPS))


def project_differences(request, pk, other):
    version = _version(request, pk, READ)
    known = EstablishmentProject.objects.visible_to(request.user).of(version.establishment)
    before = get_object_or_404(known.filter(document=version.document), pk=other)
    context = {"version": version, "before": before, "found": document_of(version).differences_from(before.texts())}
    return TemplateResponse(request, "projects/project_differences.html", context)


def project_pdf(request, pk):
    version = _version(request, pk, READ)
    document = document_of(version)
    content = render_pdf(
        "projects/pdf/project.html",
        {"document": document, "pack": current_pack()},
        title=f"{document.title}, {document.establishment}",
        subject=document.title,
        level="etablissement",
        version=version.number,
        draft=not document.is_settled,
        fingerprint=fingerprint(document),
        created_at=timezone.now(),
    )
    return pdf_response(content, f"{slugify(str(version))}.pdf", level="etablissement")


def establishment_projects(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, READ, pk=pk)
    versions = list(EstablishmentProject.objects.visible_to(request.user).of(establishment))
    documents = [(kind, [one for one in versions if one.document == kind.value]) for kind in LegalDocument]
    context = {
        "establishment": establishment,
        "documents": documents,
        "protocols": establishment.obligations.filter(kind__in=PROTOCOLS),
        "may_propose": can(request.user, PROPOSE, establishment),
        "trail": establishment_breadcrumb(establishment, request.user),
        "tabs": establishment_tabs(establishment, request.user, "projects:establishment_projects"),
    }
    return TemplateResponse(request, "projects/establishment_projects.html", context)
