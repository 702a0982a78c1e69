from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.jobs import mark_read
from core.pages import list_page
from establishments.context import held_capabilities
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability, Establishment
from establishments.rule_changes import thresholds

from .changes import change_or_404, listed
from .forms import TITLES, CancelForm, ChangeForm
from .page import cited_in, lines_of
from .tables import ChangeFilter, ChangeTable, TouchedTable

READ, WATCH = Capability.SUMMARY, Capability.WATCH_RULES


@require_GET
def change_list(request):
    require_capability(request.user, READ)
    return list_page(
        request,
        listed(),
        filterset_class=ChangeFilter,
        table_class=ChangeTable,
        title="Veille réglementaire",
        intro="Une règle qui change est enregistrée une fois, avec sa date d’effet\u00a0: avant elle, rien ne bouge.",
        actions=[("Enregistrer un changement", reverse("visits:rule_choose"))]
        if WATCH in held_capabilities(request)
        else [],
    )


@require_GET
def change_choose(request):
    require_capability(request.user, WATCH)
    return TemplateResponse(
        request, "visits/rule_choose.html", {"rules": sorted(TITLES.items(), key=lambda one: one[1])}
    )


@require_http_methods(["GET", "POST"])
def change_create(request, rule_id):
    require_capability(request.user, WATCH)
    if rule_id not in TITLES:
        raise Http404
    form = ChangeForm(rule_id, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        change = form.save(by=request.user)
        messages.success(request, "Changement enregistré\u00a0: les directions touchées sont prévenues.")
        return redirect(change)
    return TemplateResponse(request, "visits/rule_form.html", {"form": form, "rule": form.base})


@require_GET
def change_detail(request, pk):
    """What moves, for whom, what cites it, who took it into account."""
    require_capability(request.user, READ)
    change = change_or_404(pk)
    mark_read(request.user, change.get_absolute_url())
    lines = lines_of(change, request.user)
    before = change.status == change.Status.RECORDED and change.starts_on > timezone.localdate()
    return list_page(
        request,
        lines,
        filterset_class=None,
        table_class=TouchedTable,
        template="visits/rule_detail.html",
        title=change.title,
        change=change,
        thresholds=thresholds(change),
        cited=cited_in(change),
        done=sum(line.acknowledged_at is not None for line in lines),
        mine=[line.establishment for line in lines if line.may_acknowledge],
        cancel_form=CancelForm() if before and WATCH in held_capabilities(request) else None,
    )


@require_POST
def change_acknowledge(request, pk, house):
    require_capability(request.user, READ)
    change = change_or_404(pk)
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.ANSWER_REPORT, pk=house)
    change.acknowledge(establishment, by=request.user)
    messages.success(request, "Pris en compte.")
    return redirect(change)


@require_POST
def change_cancel(request, pk):
    require_capability(request.user, WATCH)
    change, form = change_or_404(pk), CancelForm(request.POST)
    if form.is_valid():
        change.cancel(by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, "Changement annulé\u00a0: la règle reste ce qu’elle est.")
    else:
        messages.warning(request, "Dites pourquoi\u00a0: rien n’a été annulé.")
    return redirect(change)
