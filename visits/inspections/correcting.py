"""Pages that put a finding right, or withdraw one entered by mistake."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from core.french import counted
from establishments.breadcrumbs import establishment_breadcrumb

from .forms import CorrectionForm, WithdrawForm
from .views import MANAGE, finding_of, warn


@require_http_methods(["GET", "POST"])
def finding_correct(request, pk):
    finding = finding_of(request, pk, MANAGE)
    form = CorrectionForm(finding, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.correct(by=request.user):
        warn(request, form.cleaned_data["text"], form.cleaned_data["reason"])
        moved = f" {counted(form.moved, 'mesure a', 'mesures ont')} suivi le délai." if form.moved else ""
        messages.success(request, f"Constat corrigé, la rédaction d’avant reste lisible.{moved}")
        return redirect(finding)
    return _page(request, finding, form=form)


@require_POST
def finding_withdraw(request, pk):
    finding, form = finding_of(request, pk, MANAGE), WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, finding, withdraw_form=form)
    finding.withdraw(by=request.user, **form.cleaned_data)
    warn(request, form.cleaned_data["reason"])
    messages.success(request, "Constat retiré\u00a0: il ne compte plus, il reste lisible avec son motif.")
    return redirect(finding)


def _page(request, finding, **forms):
    context = {
        "finding": finding,
        "form": CorrectionForm(finding),
        "withdraw_form": WithdrawForm(),
        "may_withdraw": not finding.is_withdrawn and not finding.inspection.purged_at,
        "followed": finding.followed().count(),
        "breadcrumb": [
            *establishment_breadcrumb(finding.establishment, request.user),
            (str(finding.inspection), finding.inspection.get_absolute_url()),
            ("Constat", finding.get_absolute_url()),
            ("Corriger", None),
        ],
        **forms,
    }
    return TemplateResponse(request, "visits/finding_correct.html", context)
