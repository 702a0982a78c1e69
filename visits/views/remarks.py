"""The coordinator answers each remark of a director: accepted, or refused with its reason."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from establishments.door import get_visible_or_404
from establishments.models import Capability

from ..forms import RemarkForm
from ..models import Remark


@require_POST
def remark_decide(request, pk):
    remark = get_visible_or_404(
        Remark.objects.select_related("visit__establishment"), request.user, Capability.VALIDATE_REPORT, pk=pk
    )
    form = RemarkForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Acceptez l’observation, ou refusez-la avec son motif.")
    elif form.cleaned_data["decision"] == Remark.Decision.REFUSED:
        remark.refuse(by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, "Observation refusée\u00a0: elle figurera au compte rendu avec votre motif.")
    else:
        remark.accept(by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, "Observation acceptée\u00a0: elle figurera au compte rendu.")
    return redirect(remark.visit)
