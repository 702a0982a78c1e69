from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.calendar import month_end
from core.french import capitalise, month_name
from core.pages import list_page, readable_query
from core.templatetags.french import fr_instant
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Establishment, JournalEntry
from establishments.tabs import establishment_tabs
from establishments.workflow import TransitionRefused

from .capacity import month_capacity
from .explained import explained
from .figures import rates_figure
from .forms import ActivityForm, OverviewForm, YearForm
from .history import house_activity
from .models import MonthlyActivity
from .months import last_complete_month, read_month
from .overview import reached, read_overview, summary
from .psu_words import notices, stats
from .psu_year import psu_year
from .steps import allowed_steps
from .tables import OverviewTable, PsuTable
from .terms import terms_of_one


def overview(request):
    require_capability(request.user, Capability.VIEW_AGGREGATES)
    request.GET = readable_query(request.GET)
    today = timezone.localdate()
    form = OverviewForm(request.GET, user=request.user, today=today)
    month, territory = form.chosen()
    found = read_overview(request.user, month, territory=territory)
    return list_page(
        request,
        found.lines if "export" in request.GET else list(found.houses),
        filterset_class=None,
        table_class=OverviewTable,
        template="indicators/overview.html",
        title=f"Indicateurs, {month_name(month)}{f', {territory}' if territory else ''}",
        intro=summary(found),
        overview=found,
        form=form,
        figure=rates_figure(
            found.by_month, found.months, provisional=found.provisional, n=found.coverage, today=today
        ),
        explained=explained(found.total.activity, coverage=found.coverage),
        targets=reached(found, territory),
    )


def establishment_activity(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_AGGREGATES, pk=pk)
    context = {
        "establishment": establishment,
        **house_activity(establishment, timezone.localdate()),
        "may_enter": can(request.user, Capability.ENTER_ACTIVITY, establishment),
        "trail": establishment_breadcrumb(establishment, request.user),
        "tabs": establishment_tabs(establishment, request.user, "indicators:establishment_activity"),
    }
    return TemplateResponse(request, "indicators/establishment_activity.html", context)


def establishment_psu(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_AGGREGATES, pk=pk)
    request.GET = readable_query(request.GET)
    last = last_complete_month(timezone.localdate())
    form = YearForm(request.GET, last=last, opened_on=establishment.opened_on)
    found = psu_year(establishment, form.chosen(), last)
    return list_page(
        request,
        found.lines if "export" in request.GET else list(found.months),
        filterset_class=None,
        table_class=PsuTable,
        template="indicators/establishment_psu.html",
        title=f"PSU {found.year}, {establishment}",
        establishment=establishment,
        form=form,
        stats=stats(found),
        notices=notices(found),
        trail=establishment_breadcrumb(establishment, request.user),
        tabs=establishment_tabs(establishment, request.user, "indicators:establishment_activity"),
    )


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
        "steps": allowed_steps(row, request.user) if row else {},
        "explained": explained(row.activity, row=row) if row else [],
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
    if not can(request.user, Capability.ENTER_ACTIVITY, establishment):
        return None
    capacity = month_capacity(terms_of_one(establishment, month, month_end(month)), month)
    instance = row or MonthlyActivity(establishment=establishment, month=month)
    return ActivityForm(request.POST or None, instance=instance, user=request.user, capacity=capacity)


def _told(user, row):
    entries = JournalEntry.objects.visible_to(user, Capability.VIEW_AGGREGATES).about(row).select_related("actor")
    return [
        {"when": fr_instant(entry.at), "title": f"{capitalise(entry.verb)}, {entry.actor}", "text": entry.note}
        for entry in entries
    ]


def _done(request, row, sentence):
    messages.success(request, sentence)
    return redirect(row)
