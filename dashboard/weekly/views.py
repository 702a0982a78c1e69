from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.jobs import mark_read
from core.pages import list_page
from core.pdf import pdf_response
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404
from establishments.models import Capability
from establishments.workflow import StaleVersion

from ..models import WeeklyReport
from . import listing
from .drafting import current_week, draft, territories_written_by
from .forms import WeeklyForm
from .page import consolidated, views_of
from .printing import weekly_file


@require_GET
def weekly_list(request):
    """The archive, and the drafts of those who write; the current week is one button away."""
    reports = WeeklyReport.objects.visible_to(request.user).select_related("territory", "sent_by")
    today = timezone.localdate()
    return list_page(
        request,
        reports,
        filterset_class=listing.WeeklyFilter,
        table_class=listing.WeeklyTable,
        template="dashboard/weekly_list.html",
        title="CRA hebdomadaires",
        to_write=listing.to_write(territories_written_by(request.user, today), current_week(today)),
    )


@require_POST
def weekly_draft(request):
    """Open the CRA of the current week of a territory, drafting it if it is not there yet."""
    today = timezone.localdate()
    mine = territories_written_by(request.user, today)
    territory = get_visible_or_404(mine, request.user, Capability.VIEW_AGGREGATES, pk=listing.number(request))
    return redirect(draft(territory, current_week(today)))


@require_GET
def weekly_detail(request, pk):
    report = _report(request, pk)
    mark_read(request.user, report.get_absolute_url())
    below = _below(request, report)
    view, *others = [view.opened_by(held_capabilities(request)) for view in views_of([report, *below])]
    context = {
        "report": report,
        "view": view,
        "others": others,
        "awaited": listing.awaited(report, below),
        "consolidated": consolidated(others),
        "may_write": report.is_editable and can(request.user, Capability.WRITE_WEEKLY, report),
    }
    return TemplateResponse(request, "dashboard/weekly_detail.html", context)


@require_http_methods(["GET", "POST"])
def weekly_edit(request, pk):
    report = _report(request, pk, Capability.WRITE_WEEKLY)
    form = WeeklyForm(report, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = form.save(by=request.user)
        except StaleVersion:
            form.is_stale = True
        else:
            messages.success(request, listing.saved(changed))
            return redirect(report)
    return TemplateResponse(request, "dashboard/weekly_edit.html", {"report": report, "form": form})


@require_POST
def weekly_refresh(request, pk):
    """Write the sentences nobody rewrote again, from the facts of now."""
    report = _report(request, pk, Capability.WRITE_WEEKLY)
    report.refresh()
    messages.success(request, "Les phrases que vous n’avez pas réécrites suivent les faits d’aujourd’hui.")
    return redirect(report)


@require_POST
def weekly_send(request, pk):
    report = _report(request, pk, Capability.WRITE_WEEKLY)
    report.send(by=request.user)
    messages.success(request, f"CRA envoyé\u00a0: {report.territory.name}, semaine {report.title_days}.")
    return redirect(report)


@require_GET
def weekly_pdf(request, pk):
    report = _report(request, pk)
    content, name = weekly_file(report, _below(request, report))
    return pdf_response(content, name)


def _report(request, pk, capability=Capability.SUMMARY):
    return get_visible_or_404(
        WeeklyReport.objects.select_related("territory", "sent_by"), request.user, capability, pk=pk
    )


def _below(request, report):
    """Sent reports of the territories under this one, for whoever may open them."""
    below = WeeklyReport.objects.visible_to(request.user).sent().below(report)
    return list(below.select_related("territory").order_by("territory__name", "pk"))
