from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.jobs import mark_read
from core.pages import list_page
from core.pdf import pdf_response
from establishments.breadcrumbs import establishment_breadcrumb
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability
from establishments.vocabulary import said

from ..models import DoubleRating
from .comparison import by_item, lines_of, of_one, overall
from .forms import OpenForm, RetainForm
from .page import page_of, sheet_of
from .paper import double_file
from .tables import AgreementTable, DoubleFilter, DoubleTable, agreement_figure

CONDUCT = Capability.CONDUCT_REVIEW


def _double(request, pk):
    return get_visible_or_404(DoubleRating.objects.with_people(), request.user, CONDUCT, pk=pk)


@require_GET
def double_list(request):
    require_capability(request.user, CONDUCT)
    return list_page(
        request,
        DoubleRating.objects.visible_to(request.user).with_people(),
        filterset_class=DoubleFilter,
        table_class=DoubleTable,
        title="Doubles cotations",
        intro="Deux personnes cotent le même texte sans se voir. L’accord et les écarts se lisent ensuite.",
        actions=[
            ("Ouvrir une double cotation", reverse("visits:double_create")),
            ("Accord point par point", reverse("visits:double_agreement")),
        ],
    )


@require_GET
def double_agreement(request):
    """κ by point over the perimeter, as a chart and as a list."""
    require_capability(request.user, CONDUCT)
    rows = DoubleRating.objects.visible_to(request.user)
    items, whole, count = by_item(rows), overall(rows), rows.compared().count()
    return list_page(
        request,
        items,
        filterset_class=None,
        table_class=AgreementTable,
        template="visits/double_agreement.html",
        title="Accord entre deux cotations, point par point",
        intro=said("Sous 80 % d’accord, un point se reprend ensemble avant de comparer {establishment.des}."),
        actions=[("Doubles cotations", reverse("visits:doubles"))],
        figure=agreement_figure(items, whole, count, timezone.localdate()),
    )


@require_http_methods(["GET", "POST"])
def double_create(request):
    require_capability(request.user, CONDUCT)
    initial = {"text": request.GET.get("texte", "")[:40], "training": "entrainement" in request.GET}
    form = OpenForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        double = form.save(by=request.user)
        messages.success(request, "Double cotation ouverte\u00a0: chacun la sienne.")
        return redirect(double)
    return TemplateResponse(request, "visits/double_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def double_detail(request, pk):
    """The reader's own sheet while she rates; the comparison, and what to retain, once both are in."""
    double = _double(request, pk)
    if request.method == "GET":
        mark_read(request.user, double.get_absolute_url())
        return _page(request, double)
    sheet = sheet_of(double, request.user, request.POST)
    if sheet is None or not sheet.is_valid():
        return _page(request, double, sheet=sheet)
    double.keep(by=request.user, answers=sheet.answers())
    if "remettre" in request.POST:
        double.hand_in(by=request.user)
        messages.success(request, "Votre cotation est remise.")
    else:
        messages.success(request, "Enregistré\u00a0: vous seul·e le lisez.")
    return redirect(double)


@require_POST
def double_settle(request, pk):
    double = _double(request, pk)
    form = RetainForm(lines_of(double, request.user), request.POST)
    if not form.is_valid():
        return _page(request, double, retain=form)
    double.settle(by=request.user, retained=form.retained())
    messages.success(request, "Concertation close.")
    return redirect(double)


@require_POST
def double_cancel(request, pk):
    double = _double(request, pk)
    double.cancel(by=request.user)
    messages.success(request, "Double cotation abandonnée.")
    return redirect(double)


@require_GET
def double_pdf(request, pk):
    """The comparison on paper: there is none as long as one sheet is missing."""
    double = _double(request, pk)
    lines = lines_of(double, request.user)
    if not lines:
        raise Http404
    content, name = double_file(double, lines, of_one(lines))
    return pdf_response(content, name, level="interne")


def _page(request, double, **forms):
    context = page_of(double, request.user, **forms)
    trail = [*establishment_breadcrumb(double.establishment, request.user), ("Double cotation", None)]
    return TemplateResponse(request, "visits/double_detail.html", {**context, "breadcrumb": trail})
