"""Partners, what was said and promised; the local actions led with them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.pages import list_page
from core.record_paper import record_page
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Establishment

from ..filters.network import LocalActionFilter, PartnerFilter
from ..forms.network import ContactForm, ExchangeForm, LocalActionForm, LocalReportForm, PartnerForm
from ..history import history_of
from ..models import LocalAction, Partner, PartnerContact
from ..network_steps import LOCAL
from ..sections import sections
from ..sheets import local_sheet, partner_sheet
from ..stepping import offered, take, warn
from ..tables.network import LocalActionTable, PartnerTable

READ, MANAGE = Capability.READ_TRANSMITTED, Capability.MANAGE_PARTNERS


def partner_list(request):
    require_capability(request.user, READ)
    may_add = MANAGE in held_capabilities(request)
    return list_page(
        request,
        Partner.objects.visible_to(request.user).select_related("territory").with_news().order_by("name", "pk"),
        filterset_class=PartnerFilter,
        table_class=PartnerTable,
        template="projects/list.html",
        title="Partenaires",
        intro="Qui, quand on s’est parlé pour la dernière fois, ce qui reste promis.",
        actions=[("Ajouter un partenaire", reverse("projects:partner_create"))] if may_add else [],
        tabs=sections(request, "projects:partner_list"),
    )


def partner_create(request):
    require_capability(request.user, MANAGE)
    form = PartnerForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        warn(request, form.instance.note)
        return redirect(form.instance.keep(by=request.user))
    context = {"form": form, "title": "Ajouter un partenaire", "back_url": reverse("projects:partner_list")}
    return TemplateResponse(request, "projects/form.html", context)


def partner_detail(request, pk):
    partner = get_visible_or_404(Partner.objects.select_related("territory"), request.user, READ, pk=pk)
    today = timezone.localdate()
    exchanges = list(partner.exchanges.select_related("contact", "recorded_by"))
    contacts = list(partner.contacts.all())
    context = {
        "partner": partner,
        "exchanges": exchanges,
        "promises": [one for one in exchanges if one.commitment and one.kept_on is None],
        "present": [one for one in contacts if one.ends_on is None or one.ends_on >= today],
        "gone": [one for one in contacts if one.ends_on is not None and one.ends_on < today],
        "actions": LocalAction.objects.visible_to(request.user).filter(partners=partner),
        "may_manage": can(request.user, MANAGE, partner),
    }
    return record_page(
        request, "projects/partner_detail.html", context, lambda: partner_sheet(partner, exchanges, context["present"])
    )


def contact_add(request, pk):
    partner = get_visible_or_404(Partner.objects, request.user, MANAGE, pk=pk)
    form = ContactForm(request.POST or None, instance=PartnerContact(partner=partner))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Contact ajouté.")
        return redirect(partner)
    context = {"form": form, "title": f"Ajouter un contact\u00a0: {partner}", "back_url": partner.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


@require_POST
def contact_leave(request, pk):
    contact = get_visible_or_404(PartnerContact.objects.select_related("partner"), request.user, MANAGE, pk=pk)
    contact.leave(by=request.user, day=timezone.localdate())
    messages.success(request, "Contact parti\u00a0: ses échanges restent, il ne sera plus proposé.")
    return redirect(contact.partner)


def exchange_add(request, pk):
    partner = get_visible_or_404(Partner.objects, request.user, MANAGE, pk=pk)
    form = ExchangeForm(request.POST or None, partner=partner, user=request.user)
    if request.method == "POST" and form.is_valid():
        exchange = form.instance.keep(by=request.user)
        warn(request, exchange.summary, exchange.commitment)
        messages.success(request, "Échange noté.")
        return redirect(partner)
    context = {"form": form, "title": f"Noter un échange\u00a0: {partner}", "back_url": partner.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


@require_POST
def commitment_kept(request, pk, exchange):
    partner = get_visible_or_404(Partner.objects, request.user, MANAGE, pk=pk)
    get_object_or_404(partner.exchanges, pk=exchange).honour(by=request.user)
    messages.success(request, "Engagement tenu.")
    return redirect(partner)


def local_list(request):
    require_capability(request.user, READ)
    may_add = MANAGE in held_capabilities(request)
    return list_page(
        request,
        LocalAction.objects.visible_to(request.user).select_related("territory").order_by("-starts_on", "pk"),
        filterset_class=LocalActionFilter,
        table_class=LocalActionTable,
        template="projects/list.html",
        title="Actions locales",
        intro="Ce qui est mené avec les partenaires, combien de familles, ce qu’on en garde.",
        actions=[("Prévoir une action", reverse("projects:local_create"))] if may_add else [],
        tabs=sections(request, "projects:local_list"),
    )


def local_create(request):
    require_capability(request.user, MANAGE)
    form = LocalActionForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        action = form.instance.create_once(by=request.user, partners=chosen["partners"], houses=chosen["houses"])
        warn(request, action.title, action.aim)
        return redirect(action)
    context = {"form": form, "title": "Prévoir une action locale", "back_url": reverse("projects:local_list")}
    return TemplateResponse(request, "projects/form.html", context)


def local_detail(request, pk):
    action = get_visible_or_404(LocalAction.objects.select_related("territory"), request.user, READ, pk=pk)
    houses = Establishment.objects.visible_to(request.user, Capability.SUMMARY)
    context = {
        "action": action,
        "partners": Partner.objects.visible_to(request.user).filter(local_actions=action),
        "houses": houses.filter(local_actions=action),
        "steps": offered(action, request.user, LOCAL),
        "may_report": action.status == action.Status.PLANNED and can(request.user, MANAGE, action),
        "history": history_of(action, request.user),
    }
    return record_page(
        request,
        "projects/local_detail.html",
        context,
        lambda: local_sheet(action, context["partners"], context["houses"], context["history"]),
    )


def local_report(request, pk):
    action = get_visible_or_404(LocalAction.objects, request.user, MANAGE, pk=pk)
    form = LocalReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        action.report(by=request.user, **form.cleaned_data)
        warn(request, action.balance)
        messages.success(request, "Bilan enregistré.")
        return redirect(action)
    context = {"form": form, "title": f"Bilan\u00a0: {action}", "back_url": action.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


@require_POST
def local_step(request, pk, step):
    return redirect(take(request, LocalAction, pk, step, LOCAL))
