from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.free_text import find_concerns
from core.jobs import mark_read
from core.pages import list_page
from core.pdf import pdf_response, render_pdf
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import can, get_visible_or_404, require_capability
from establishments.keeping import deposit
from establishments.models import Capability, Establishment
from establishments.tabs import establishment_tabs
from establishments.vocabulary import current_pack, words

from ..events.forms import CorrectiveForm
from ..models import Finding, Inspection
from .forms import AnswerForm, CheckForm, DisplayForm, FindingForm, InspectionForm, ProofForm, document_for
from .page import lines, lines_of
from .tables import FindingFilter, FindingTable, InspectionFilter, InspectionTable

VIEW, MANAGE = Capability.VIEW_INSPECTIONS, Capability.MANAGE_INSPECTIONS


def _counted(user):
    standing = Count("findings", filter=Q(findings__status=Finding.Status.STANDING))
    found = Count("findings", filter=~Q(findings__status=Finding.Status.WITHDRAWN))
    rows = Inspection.objects.visible_to(user).select_related("establishment")
    return rows.annotate(found=found, standing=standing)


@require_GET
def inspection_list(request):
    require_capability(request.user, VIEW)
    return list_page(
        request,
        _counted(request.user),
        filterset_class=InspectionFilter,
        table_class=InspectionTable,
        template="visits/inspection_list.html",
        title="Contrôles",
        may_manage=_may_manage(request.user),
    )


@require_GET
def finding_list(request):
    require_capability(request.user, VIEW)
    return list_page(
        request,
        Finding.objects.visible_to(request.user).select_related("inspection__establishment"),
        filterset_class=FindingFilter,
        table_class=FindingTable,
        template="visits/finding_list.html",
        title="Registre des constats",
    )


@require_GET
def establishment_inspections(request, pk):
    house = get_visible_or_404(Establishment.objects, request.user, VIEW, pk=pk)
    return list_page(
        request,
        _counted(request.user).of(house),
        filterset_class=None,
        table_class=InspectionTable,
        template="visits/establishment_inspections.html",
        title=f"Contrôles — {house.name}",
        establishment=house,
        tabs=establishment_tabs(house, request.user, "visits:establishment_inspections"),
        breadcrumb=establishment_breadcrumb(house, request.user),
        may_manage=can(request.user, MANAGE, house),
    )


@require_http_methods(["GET", "POST"])
def inspection_create(request):
    require_capability(request.user, MANAGE)
    initial = {"establishment": request.GET.get("etablissement", "")[:18]}
    form = InspectionForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = form.instance
        row.client_uuid = form.cleaned_data["client_uuid"]
        if form.upload:
            title = f"Courrier {row.get_authority_display()} du {row.held_on:%d/%m/%Y}"
            row.letter, _ = deposit(document_for(row.establishment, title), form.upload, by=request.user)
        inspection = row.enter(by=request.user)
        warn(request, inspection.subject)
        messages.success(request, "Contrôle enregistré. Notez maintenant ses constats.")
        return redirect(inspection)
    return TemplateResponse(request, "visits/inspection_form.html", {"form": form})


@require_GET
def inspection_detail(request, pk):
    inspection = _inspection(request, pk)
    mark_read(request.user, inspection.get_absolute_url())
    return _page(request, inspection)


@require_POST
def finding_add(request, pk):
    inspection = _inspection(request, pk, MANAGE)
    form = FindingForm(inspection, request.POST)
    if not form.is_valid():
        return _page(request, inspection, finding_form=form)
    finding = inspection.add_finding(form.finding(), by=request.user)
    warn(request, finding.text)
    messages.success(request, "Constat noté. Dites ce qui va le corriger.")
    return redirect(finding)


@require_POST
def inspection_answer(request, pk):
    inspection, form = _inspection(request, pk, MANAGE), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, inspection, answer_form=form)
    inspection.send_answer(by=request.user, **form.cleaned_data)
    warn(request, form.cleaned_data["text"])
    messages.success(request, "Réponse notée.")
    return redirect(inspection)


@require_POST
def inspection_close(request, pk):
    inspection = _inspection(request, pk, MANAGE)
    inspection.close(by=request.user)
    messages.success(request, "Contrôle clos.")
    return redirect(inspection)


@require_GET
def inspection_pdf(request, pk):
    return _paper(request, _inspection(request, pk), "visits/pdf/inspection.html", "Contrôle")


@require_GET
def answer_pdf(request, pk):
    return _paper(
        request, _inspection(request, pk, MANAGE), "visits/pdf/inspection_answer.html", "Réponse au contrôle"
    )


@require_GET
def finding_detail(request, pk):
    finding = finding_of(request, pk)
    mark_read(request.user, finding.get_absolute_url())
    return _finding_page(request, finding)


@require_POST
def finding_action(request, pk):
    finding = finding_of(request, pk, Capability.MANAGE_ACTIONS)
    form = CorrectiveForm(finding, request.POST)
    if not form.is_valid():
        return _finding_page(request, finding, action_form=form)
    action = form.save(by=request.user)
    messages.success(request, f"Mesure ajoutée au plan d’actions\u00a0: {action.title}.")
    return redirect(finding)


@require_POST
def finding_proof(request, pk):
    """The house brings its proof, as it declares its actions done; the authority alone lifts."""
    finding, form = finding_of(request, pk, Capability.DECLARE_ACTIONS), ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        return _finding_page(request, finding, proof_form=form)
    document = None
    if form.upload:
        title = f"Preuve, {finding}"
        document, _ = deposit(document_for(finding.establishment, title), form.upload, by=request.user)
    finding.prove(by=request.user, document=document, note=form.cleaned_data["note"])
    warn(request, form.cleaned_data["note"])
    messages.success(request, "Preuve gardée.")
    return redirect(finding)


@require_POST
def finding_display(request, pk):
    finding, form = finding_of(request, pk, Capability.DECLARE_ACTIONS), DisplayForm(request.POST)
    if not form.is_valid():
        return _finding_page(request, finding, display_form=form)
    finding.display(by=request.user, on=form.cleaned_data["on"])
    messages.success(request, "Affichage noté.")
    return redirect(finding)


@require_POST
def finding_check(request, pk):
    finding, form = finding_of(request, pk, MANAGE), CheckForm(request.POST)
    if not form.is_valid():
        return _finding_page(request, finding, check_form=form)
    check = finding.look_again(form.check(), by=request.user)
    messages.success(request, f"Noté\u00a0: {check}.")
    return redirect(finding)


def _may_manage(user):
    return Establishment.objects.visible_to(user, MANAGE).exists()


def _inspection(request, pk, capability=VIEW):
    return get_visible_or_404(
        Inspection.objects.select_related("establishment", "letter", "recorded_by", "answered_by", "closed_by"),
        request.user,
        capability,
        pk=pk,
    )


def finding_of(request, pk, *more):
    """Through the door of those who read inspections, and of each other right that the step asks for."""
    for capability in (VIEW, *more):
        finding = get_visible_or_404(
            Finding.objects.select_related("inspection__establishment", "proof", "proved_by"),
            request.user,
            capability,
            pk=pk,
        )
    return finding


def _page(request, inspection, **forms):
    may_manage = can(request.user, MANAGE, inspection)
    context = {
        "inspection": inspection,
        "lines": lines_of(inspection, request.user, timezone.localdate()),
        "may_manage": may_manage,
        "is_open": inspection.status != Inspection.Status.CLOSED,
        "finding_form": FindingForm(inspection),
        "answer_form": AnswerForm(),
        "breadcrumb": [*establishment_breadcrumb(inspection.establishment, request.user), ("Contrôle", None)],
        **forms,
    }
    return TemplateResponse(request, "visits/inspection_detail.html", context)


def _finding_page(request, finding, **forms):
    (line,) = lines([finding], request.user, timezone.localdate())
    stands, manages = finding.status == Finding.Status.STANDING, can(request.user, MANAGE, finding)
    context = {
        "finding": finding,
        "line": line,
        "may_manage": stands and manages,
        "may_correct": manages and not finding.is_withdrawn and not finding.inspection.purged_at,
        "may_act": stands and can(request.user, Capability.MANAGE_ACTIONS, finding),
        "may_prove": stands and can(request.user, Capability.DECLARE_ACTIONS, finding),
        "action_form": CorrectiveForm(finding),
        "proof_form": ProofForm(),
        "display_form": DisplayForm(),
        "check_form": CheckForm(),
        "breadcrumb": [
            *establishment_breadcrumb(finding.establishment, request.user),
            (str(finding.inspection), finding.inspection.get_absolute_url()),
            ("Constat", None),
        ],
        **forms,
    }
    return TemplateResponse(request, "visits/finding_detail.html", context)


def _paper(request, inspection, template, title):
    content = render_pdf(
        template,
        {
            "inspection": inspection,
            "lines": lines_of(inspection, request.user, timezone.localdate()),
            "words": words(),
            "pack": current_pack(),
        },
        title=f"{title} — {inspection.establishment}",
        subject=str(inspection),
        draft=inspection.status == Inspection.Status.OPEN,
        created_at=inspection.closed_at or inspection.recorded_at,
    )
    return pdf_response(content, f"{slugify(f'{title} {inspection.pk} {inspection.establishment}')}.pdf")


def warn(request, *texts):
    for concern in [concern for text in texts for concern in find_concerns(text)]:
        messages.warning(request, f"«\u00a0{concern.excerpt}\u00a0»\u00a0: {concern.advice}")
