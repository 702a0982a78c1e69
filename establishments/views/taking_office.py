"""The parcours of a director who takes office: read by her and by those who accompany her, noted by these."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from ..door import can, get_visible_or_404
from ..forms import TakingOfficeStepForm
from ..keeping import keep_step_done, undo_step
from ..models import Capability, Directorship, TakingOfficeStep
from ..taking_office import MONTHS, VISIT_INTERVAL_DAYS, is_taking_office
from .record import form_page, record_context, say_saved

OF_STEP = ("directorship__establishment", "directorship__person")
DETAIL = "establishments:detail"


@require_GET
def taking_office(request, pk):
    today = timezone.localdate()
    directorship = get_visible_or_404(
        Directorship.objects.accompanied().select_related("establishment", "person"),
        request.user,
        Capability.READ_TRANSMITTED,
        pk=pk,
    )
    establishment = directorship.establishment
    return TemplateResponse(
        request,
        "establishments/taking_office.html",
        {
            **record_context(request, establishment, DETAIL),
            "directorship": directorship,
            "steps": directorship.taking_office_steps.select_related("done_by"),
            "may_note": can(request.user, Capability.LOG_VISIT, establishment),
            "today": today,
            "months": MONTHS,
            "interval_days": VISIT_INTERVAL_DAYS if is_taking_office(directorship.starts_on, today) else None,
        },
    )


def step_done(request, pk):
    step = get_visible_or_404(
        TakingOfficeStep.objects.select_related(*OF_STEP), request.user, Capability.LOG_VISIT, pk=pk
    )
    directorship, today = step.directorship, timezone.localdate()
    form = TakingOfficeStepForm(
        request.POST or None,
        instance=step,
        establishment=directorship.establishment,
        user=request.user,
        initial={"done_on": step.done_on or today},
    )
    if request.method == "POST" and form.is_valid():
        keep_step_done(form.save(commit=False), by=request.user)
        say_saved(request, form, "L’étape est notée comme faite.")
        return redirect("establishments:taking_office", directorship.pk)
    back = reverse("establishments:taking_office", args=[directorship.pk])
    return form_page(request, directorship.establishment, DETAIL, form, step.title, back)


@require_POST
def step_undo(request, pk):
    step = get_visible_or_404(
        TakingOfficeStep.objects.select_related(*OF_STEP), request.user, Capability.LOG_VISIT, pk=pk
    )
    undo_step(step, by=request.user)
    messages.success(request, "L’étape est de nouveau à faire\u202f; sa note est gardée.")
    return redirect("establishments:taking_office", step.directorship_id)
