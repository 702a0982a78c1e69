"""Questions of the field: the list, the question and its answer, the relay, the grouping, the paper."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.jobs import mark_read
from core.pages import list_page
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability

from ..filters.requests import RequestFilter
from ..forms.requests import RelayForm, ReplyForm, RequestForm
from ..history import history_of
from ..models import ServiceRequest
from ..papers import Part, paper
from ..request_page import figures_of, twins_of
from ..request_steps import STEPS
from ..sections import sections
from ..stepping import offered, take, text_of, warn
from ..tables.requests import RequestTable

READ, ASK, HANDLE = Capability.READ_TRANSMITTED, Capability.ASK_REQUEST, Capability.HANDLE_REQUESTS
PEOPLE = ("establishment", "territory", "owner", "asked_by", "answered_by", "escalated_to", "same_as", "broadcast")


def _request(request, pk, capability):
    return get_visible_or_404(ServiceRequest.objects.select_related(*PEOPLE), request.user, capability, pk=pk)


def request_list(request):
    require_capability(request.user, READ)
    today = timezone.localdate()
    rows = ServiceRequest.objects.visible_to(request.user).select_related(*PEOPLE)
    may_ask = ASK in held_capabilities(request)
    return list_page(
        request,
        rows.order_by("-asked_on", "-pk"),
        filterset_class=RequestFilter,
        table_class=lambda *args, **kwargs: RequestTable(*args, today=today, **kwargs),
        template="projects/request_list.html",
        title="Demandes du terrain",
        intro="Une question, quelqu’un qui y répond, un délai en jours ouvrés, une réponse que tous peuvent lire.",
        actions=[("Poser une question", reverse("projects:request_create"))] if may_ask else [],
        tabs=sections(request, "projects:request_list"),
        figures=figures_of(request.user, today),
    )


def request_create(request):
    require_capability(request.user, ASK)
    form = RequestForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        asked = form.instance.ask(by=request.user)
        warn(request, asked.title, asked.text)
        messages.success(request, f"Question posée\u00a0: elle est chez {asked.owner or 'personne'}.")
        return redirect(asked)
    context = {"form": form, "title": "Poser une question", "back_url": reverse("projects:request_list")}
    return TemplateResponse(request, "projects/form.html", context)


def request_detail(request, pk):
    asked, today = _request(request, pk, READ), timezone.localdate()
    mark_read(request.user, asked.get_absolute_url())
    steps = offered(asked, request.user, STEPS)
    if asked.same_as_id is None:
        steps.pop("ungroup", None)
    handles = asked.status in asked.OPEN and can(request.user, HANDLE, asked)
    context = {
        "asked": asked,
        "late": asked.days_late(today),
        "days": asked.days_open(today),
        "main": ServiceRequest.objects.visible_to(request.user).filter(pk=asked.same_as_id).first(),
        "grouped": ServiceRequest.objects.visible_to(request.user).filter(same_as=asked).select_related(*PEOPLE[:2]),
        "alike": twins_of(asked, request.user, today) if asked.status in asked.OPEN else [],
        "steps": steps,
        "may_relay": handles,
        "may_reply": handles and asked.same_as_id is None,
        "history": history_of(asked, request.user),
    }
    return TemplateResponse(request, "projects/request_detail.html", context)


def request_relay(request, pk):
    asked = _request(request, pk, HANDLE)
    form = RelayForm(request.POST or None, user=request.user, request_row=asked)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        asked.relay(by=request.user, **given)
        warn(request, given["text"])
        messages.success(request, f"Demande relayée à {given['owner']}.")
        return redirect(asked)
    context = {"form": form, "title": f"Relayer\u00a0: {asked}", "back_url": asked.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


def request_reply(request, pk):
    asked = _request(request, pk, HANDLE)
    form = ReplyForm(request.POST or None, user=request.user, request_row=asked)
    if request.method == "POST" and form.is_valid():
        asked.reply(by=request.user, **form.cleaned_data)
        warn(request, form.cleaned_data["answer"])
        messages.success(request, "Réponse donnée.")
        return redirect(asked)
    context = {"form": form, "title": f"Répondre\u00a0: {asked}", "back_url": asked.get_absolute_url()}
    return TemplateResponse(request, "projects/form.html", context)


@require_POST
def request_group(request, pk):
    """This question is the same as another one, named by its number."""
    asked = _request(request, pk, HANDLE)
    number = text_of(request, "avec")
    number = int(number) if number.isdecimal() and len(number) < 18 else 0
    main = get_visible_or_404(ServiceRequest.objects, request.user, HANDLE, pk=number)
    asked.group(main, by=request.user)
    messages.success(request, "Demandes groupées\u00a0: une réponse servira aux deux.")
    return redirect(asked)


@require_POST
def request_step(request, pk, step):
    return redirect(take(request, ServiceRequest, pk, step, STEPS))


def request_pdf(request, pk):
    asked = _request(request, pk, READ)
    settled = asked.status in asked.SETTLED
    facts = [
        ("Statut", asked.get_status_display()),
        ("Posée pour", asked.place),
        ("Posée par", f"{asked.asked_by}, le {asked.asked_on:%d/%m/%Y}"),
        ("Chez", asked.owner),
        ("Service saisi", asked.service),
        ("Réponse attendue", f"le {asked.due_on:%d/%m/%Y}"),
        ("Répondue", f"le {asked.answered_on:%d/%m/%Y}, par {asked.answered_by}" if settled else ""),
        ("Visible dans", asked.broadcast),
    ]
    parts = [Part("Question", asked.text), Part("Réponse", asked.given_answer if settled else "")]
    history = [f"{line['when']}, {line['title']}" for line in reversed(history_of(asked, request.user))]
    parts.append(Part("Historique", lines=tuple(history)))
    at = timezone.now()
    return paper(asked.title, subject="Demande du terrain", facts=facts, parts=parts, at=at, level="etablissement")
