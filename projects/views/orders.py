"""The register of orders: the draft and the dates that clash, the sending, what each addressee says of it."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.jobs import mark_read
from core.pages import list_page
from establishments.context import held_capabilities
from establishments.door import get_visible_or_404, require_capability
from establishments.models import Capability

from ..filters.orders import OrderFilter
from ..forms.orders import AttachForm, DateForm, OrderForm
from ..history import history_of
from ..models import OrderAddressee, OrderDocument, ServiceOrder
from ..order_facts import around
from ..order_page import lines_of, paper_of
from ..order_steps import ADDRESSEE, ORDER
from ..sections import sections
from ..stepping import offered, take, warn
from ..tables.orders import OrderTable

READ, GIVE = Capability.READ_ORDERS, Capability.GIVE_ORDERS


def _order(request, pk, capability):
    return get_visible_or_404(
        ServiceOrder.objects.select_related("territory", "sent_by"), request.user, capability, pk=pk
    )


def order_list(request):
    require_capability(request.user, READ)
    may_give = GIVE in held_capabilities(request)
    return list_page(
        request,
        ServiceOrder.objects.visible_to(request.user).with_progress().order_by("-due_on", "-pk"),
        filterset_class=OrderFilter,
        table_class=OrderTable,
        template="projects/list.html",
        title="Commandes passées aux territoires",
        intro="Ce que les directions demandent, à qui, pour quand. Les conflits de dates se voient avant l’envoi.",
        actions=[("Préparer une commande", reverse("projects:order_create"))] if may_give else [],
        tabs=sections(request, "projects:order_list"),
    )


def order_create(request):
    require_capability(request.user, GIVE)
    form = OrderForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        order = form.instance.prepare(by=request.user, places=form.cleaned_data["places"])
        warn(request, order.title, order.text)
        messages.success(request, "Commande préparée\u00a0: regardez les dates avant de l’envoyer.")
        return redirect(order)
    context = {"form": form, "title": "Préparer une commande", "back_url": reverse("projects:order_list")}
    return TemplateResponse(request, "projects/form.html", context)


def order_edit(request, pk):
    order = _order(request, pk, GIVE)
    form = OrderForm(request.POST or None, instance=order, user=request.user)
    if request.method == "POST" and form.is_valid() and form.amend(by=request.user):
        warn(request, order.title, order.text)
        messages.success(request, "Commande modifiée.")
        return redirect(order)
    context = {"form": form, "title": "Modifier une commande", "back_url": order.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


def order_detail(request, pk):
    order, today = _order(request, pk, READ), timezone.localdate()
    mark_read(request.user, order.get_absolute_url())
    is_draft = order.status == order.Status.DRAFT
    found, others = around(order, today) if is_draft else ({}, [])
    context = {
        "order": order,
        "lines": lines_of(order, request.user, today),
        "documents": order.documents.all(),
        "is_draft": is_draft,
        "found": found,
        "others": others if found else [],
        "steps": offered(order, request.user, ORDER),
        "may_give": is_draft and GIVE in held_capabilities(request),
        "history": history_of(order, request.user, READ),
    }
    return TemplateResponse(request, "projects/order_detail.html", context)


@require_POST
def order_move(request, pk):
    order = _order(request, pk, GIVE)
    form = DateForm(request.POST)
    if form.is_valid() and form.cleaned_data["jour"]:
        order.move(form.cleaned_data["jour"], by=request.user)
        messages.success(request, "Échéance déplacée pour tous.")
    else:
        messages.error(request, "Cette date n’est pas valable\u00a0: l’échéance n’a pas changé.")
    return redirect(order)


@require_POST
def addressee_date(request, pk):
    line = get_visible_or_404(OrderAddressee.objects.select_related("order", "territory"), request.user, GIVE, pk=pk)
    form = DateForm(request.POST)
    if form.is_valid():
        line.reschedule(form.cleaned_data["jour"], by=request.user)
        messages.success(request, f"Échéance de {line.territory} enregistrée.")
    else:
        messages.error(request, "Cette date n’est pas valable\u00a0: l’échéance n’a pas changé.")
    return redirect(line.order)


def order_attach(request, pk):
    order = _order(request, pk, GIVE)
    form = AttachForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        OrderDocument.deposit(order, form.upload, by=request.user)
        messages.success(request, "Pièce jointe.")
        return redirect(order)
    context = {"form": form, "title": f"Joindre une pièce\u00a0: {order}", "back_url": order.get_absolute_url()}
    return TemplateResponse(request, "projects/order_attach.html", context)


def order_document(request, pk):
    document = get_visible_or_404(OrderDocument.objects, request.user, READ, pk=pk)
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.filename, content_type=document.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def order_step(request, pk, step):
    return redirect(take(request, ServiceOrder, pk, step, ORDER))


@require_POST
def addressee_step(request, pk, step):
    return redirect(take(request, OrderAddressee, pk, step, ADDRESSEE).order)


def order_pdf(request, pk):
    order = _order(request, pk, READ)
    return paper_of(order, lines_of(order, request.user, timezone.localdate()), at=timezone.now())
