"""Pages that write: planning, logging, sharing, answering, validating a visit."""

import json
import uuid

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.french import clock, full_date
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, Establishment
from establishments.vocabulary import said
from establishments.workflow import TransitionRefused

from .. import completeness
from ..cards import suggestions_for
from ..conflicts import differences, hidden_fields, resolved
from ..entry import LONGEST_ID, VersionConflict, VisitEntry
from ..forms import AnswerForm, CancelForm, PlanForm, PostponeForm
from ..free_texts import warnings_of
from ..models import Visit
from ..offline.alerts import AlertForm
from ..offline.kept import kept_of
from ..offline.sessions import tag_of
from ..planning import ALREADY_USED
from ..report_facts import ratio_of, ratio_table_of


def visit_create(request):
    """A visit made today or before, of one house; without a house, the list of those that are due."""
    require_capability(request.user, Capability.LOG_VISIT)
    house_id = request.POST.get("etablissement") or request.GET.get("etablissement", "")
    if not house_id.isdecimal() or len(house_id) > LONGEST_ID:
        messages.info(request, said("Choisissez {establishment.le} à visiter."))
        return redirect("visits:due")
    house = get_visible_or_404(Establishment.objects.all(), request.user, Capability.LOG_VISIT, pk=house_id)
    sent_before = _sent_before(request)
    if sent_before is not None:
        return _save(request, sent_before)
    visit = Visit(establishment=house, coordinator=request.user)
    if request.method == "POST":
        return _save(request, visit)
    return _entry_page(request, VisitEntry(visit, user=request.user))


def _sent_before(request):
    """The visit that this very page already created, when it is sent a second time."""
    try:
        key = uuid.UUID(request.POST.get("client_uuid", ""))
    except ValueError:
        return None
    return Visit.objects.visible_to(request.user, Capability.LOG_VISIT).filter(client_uuid=key).first()


def visit_edit(request, pk):
    visit = get_visible_or_404(Visit.objects.with_people(), request.user, Capability.LOG_VISIT, pk=pk)
    if not visit.is_editable:
        messages.warning(request, f"Déjà traité : {visit.get_report_status_display()}.")
        return redirect(visit)
    if request.method == "POST":
        return _save(request, visit)
    return _entry_page(request, VisitEntry(visit, user=request.user))


def _save(request, visit):
    """Write the page, show its errors, or show the two texts when somebody else saved meanwhile."""
    entry = VisitEntry(visit, user=request.user, data=resolved(request.POST))
    if not entry.is_valid():
        return _entry_page(request, entry)
    try:
        saved = entry.save()
    except (VersionConflict, IntegrityError):
        return _conflict_page(request, entry)
    messages.success(request, f"Enregistré à {clock(timezone.localtime())}.")
    again = "relire" not in request.POST
    return HttpResponseRedirect(reverse("visits:edit", args=[saved.pk]) if again else saved.get_absolute_url())


def _conflict_page(request, entry):
    key = entry.form.cleaned_data["client_uuid"]
    visit = Visit.objects.visible_to(request.user, Capability.LOG_VISIT).with_people().filter(client_uuid=key).first()
    if visit is None:  # the key of a visit that she may not know
        raise TransitionRefused(ALREADY_USED)
    stored = VisitEntry(visit, user=request.user)
    found = differences(entry, stored)
    if not found:
        return redirect(visit)
    context = {"visit": visit, "differences": found, "hidden": hidden_fields(entry, stored)}
    return TemplateResponse(request, "visits/visit_conflict.html", context, status=409)


def _entry_page(request, entry):
    visit = entry.form.instance
    made = visit.pk is not None and visit.status == Visit.Status.DONE
    context = {
        "entry": entry,
        "form": entry.form,
        "visit": visit,
        "establishment": entry.establishment,
        "ratio": ratio_of(visit) if made and not entry.form.errors else None,
        "warnings": warnings_of(visit) if made else [],
        "kept": kept_of(visit, request.user),
        "practices": suggestions_for(entry.establishment, request.user, before=visit),
        "person": tag_of(request.user),
        "alert_form": AlertForm(user=request.user),
        "ratio_table": json.dumps(ratio_table_of(visit)),
        "rules": json.dumps(completeness.as_data(), ensure_ascii=False),
        "breadcrumb": [*establishment_breadcrumb(entry.establishment, request.user), ("Saisie de visite", None)],
    }
    return TemplateResponse(request, "visits/visit_form.html", context, status=200 if entry.data is None else 422)


def visit_plan(request):
    require_capability(request.user, Capability.LOG_VISIT)
    initial = {"establishment": request.GET.get("etablissement"), "client_uuid": uuid.uuid4()}
    form = PlanForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        visit = form.plan(by=request.user)
        messages.success(request, f"Visite planifiée pour le {full_date(visit.planned_on)}.")
        return redirect(visit)
    return TemplateResponse(request, "visits/visit_plan.html", {"form": form})


def _own(request, pk, capability):
    return get_visible_or_404(Visit.objects.with_people(), request.user, capability, pk=pk)


@require_POST
def visit_cancel(request, pk):
    visit = _own(request, pk, Capability.LOG_VISIT)
    form = CancelForm(request.POST)
    if form.is_valid():
        visit.cancel(by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, "Visite annulée.")
    else:
        messages.error(request, "Dites pourquoi la visite est annulée.")
    return redirect(visit)


@require_POST
def visit_postpone(request, pk):
    visit = _own(request, pk, Capability.LOG_VISIT)
    form = PostponeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Donnez la nouvelle date et le motif du report.")
        return redirect(visit)
    cleaned = form.cleaned_data
    following = visit.postpone(
        by=request.user, reason=cleaned["reason"], to=cleaned["to"], client_uuid=cleaned["client_uuid"]
    )
    messages.success(request, f"Visite reportée au {full_date(following.planned_on)}.")
    return redirect(following)


@require_POST
def visit_share(request, pk):
    visit = _own(request, pk, Capability.LOG_VISIT)
    visit.share(by=request.user)
    messages.success(request, f"Compte rendu transmis. Réponse possible jusqu’au {full_date(visit.answer_due_on)}.")
    return redirect(visit)


@require_POST
def visit_answer(request, pk):
    visit = _own(request, pk, Capability.ANSWER_REPORT)
    form = AnswerForm(request.POST, user=request.user)
    if form.is_valid():
        visit.answer(by=request.user, remark=form.cleaned_data["remark"])
        messages.success(request, "Vos observations sont transmises.")
    else:
        messages.error(request, "Écrivez vos observations avant de les envoyer.")
    return redirect(visit)


@require_POST
def visit_validate(request, pk):
    visit = _own(request, pk, Capability.VALIDATE_REPORT)
    visit.validate_report(by=request.user)
    messages.success(request, "Compte rendu validé : il ne se modifie plus.")
    return redirect(visit)
