from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.calendar import month_end
from core.french import capitalise
from core.templatetags.french import fr_instant
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import can, get_visible_or_404
from establishments.models import Capability, Establishment, JournalEntry
from establishments.workflow import TransitionRefused

from ..capacity import month_capacity
from ..entry.rules import outside_life
from ..explained import explained
from ..forms import ActivityForm
from ..links import explain_url
from ..models import MonthlyActivity
from ..months import last_complete_month, read_month
from ..steps import allowed_steps
from ..terms import terms_of_one


def activity_edit(request, pk):
    """One month of one house: entered by those who may, read by the others, locked once submitted."""
    needed = Capability.ENTER_ACTIVITY if request.method == "POST" else Capability.VIEW_AGGREGATES
    establishment = get_visible_or_404(Establishment.objects, request.user, needed, pk=pk)
    month = _month(request)
    rows = MonthlyActivity.objects.visible_to(request.user).of(establishment).of_month(month)
    row = rows.select_related("entered_by", "validated_by", "establishment").first()
    form = _form(request, establishment, month, row)
    if request.method == "POST" and form.is_valid() and form.enter(by=request.user):
        messages.success(request, "Mois enregistré\u00a0: soumettez-le quand il est prêt.")
        for doubt in form.doubts():
            messages.warning(request, doubt)
        return redirect(form.instance)
    context = {
        "establishment": establishment,
        "month": month,
        "row": row,
        "form": form,
        "outside": outside_life(establishment, month),
        "steps": allowed_steps(row, request.user) if row else {},
        "explained": _explained(row) if row else [],
        "history": _told(request.user, row) if row else [],
        "trail": establishment_breadcrumb(establishment, request.user),
    }
    return TemplateResponse(request, "indicators/activity_edit.html", context)


@require_POST
def activity_submit(request, pk):
    row = get_visible_or_404(MonthlyActivity.objects, request.user, Capability.ENTER_ACTIVITY, pk=pk)
    row.submit(by=request.user)
    return _done(request, row, "Mois soumis\u00a0: il compte dans les taux, marqué non validé.")


@require_POST
def activity_validate(request, pk):
    row = get_visible_or_404(MonthlyActivity.objects, request.user, Capability.VALIDATE_ACTIVITY, pk=pk)
    row.validate_activity(by=request.user)
    return _done(request, row, "Mois validé.")


@require_POST
def activity_close(request, pk):
    row = get_visible_or_404(MonthlyActivity.objects, request.user, Capability.CLOSE_ACTIVITY, pk=pk)
    row.close(by=request.user)
    return _done(request, row, "Mois clos.")


@require_POST
def activity_reopen(request, pk):
    row = get_visible_or_404(MonthlyActivity.objects, request.user, Capability.VALIDATE_ACTIVITY, pk=pk)
    row = get_visible_or_404(MonthlyActivity.objects, request.user, row.reopening_capability, pk=pk)
    row.reopen(by=request.user, reason=request.POST.get("raison", "").strip()[:2000])
    return _done(request, row, "Mois rouvert à la saisie.")


def _month(request):
    today = timezone.localdate()
    if "mois" not in request.GET:
        return last_complete_month(today)
    month = read_month(request.GET["mois"], today)
    if month is None:
        raise Http404
    return month


def _form(request, establishment, month, row):
    """The form of a month still in entry, None for those who read; a locked month refuses what is sent."""
    if row is not None and row.status != row.Status.DRAFT:
        if request.method == "POST":
            raise TransitionRefused(f"Ce mois n’est plus en saisie\u00a0: activité {row.get_status_display()}.")
        return None
    outside = outside_life(establishment, month)
    if outside and request.method == "POST":
        raise TransitionRefused(f"{outside}\u00a0: rien n’a été enregistré.")
    if outside or not can(request.user, Capability.ENTER_ACTIVITY, establishment):
        return None
    capacity = month_capacity(terms_of_one(establishment, month, month_end(month)), month)
    instance = row or MonthlyActivity(establishment=establishment, month=month)
    return ActivityForm(request.POST or None, instance=instance, user=request.user, capacity=capacity)


def _explained(row):
    def opens(rate):
        return explain_url(rate, row.month, establishment=row.establishment_id)

    return explained(row.activity, row=row, opens=opens)


def _told(user, row):
    entries = JournalEntry.objects.visible_to(user, Capability.VIEW_AGGREGATES).about(row).select_related("actor")
    return [
        {"when": fr_instant(entry.at), "title": f"{capitalise(entry.verb)}, {entry.actor}", "text": entry.note}
        for entry in entries
    ]


def _done(request, row, sentence):
    messages.success(request, sentence)
    return redirect(row)
