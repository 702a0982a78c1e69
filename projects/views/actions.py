from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from core.free_text import find_concerns
from core.french import capitalise
from core.jobs import mark_read
from core.pages import UNREADABLE, list_page
from core.pdf import fingerprint, pdf_response, render_pdf
from core.record_paper import record_page
from core.templatetags.french import fr_instant
from establishments.breadcrumbs import establishment_breadcrumb, territory_breadcrumb
from establishments.context import held_capabilities
from establishments.door import can, get_visible_or_404, require_capability
from establishments.models import Capability, Establishment, JournalEntry
from establishments.tabs import establishment_tabs
from establishments.vocabulary import current_pack

from ..effects_of import effect_of_action
from ..filters.actions import ActionFilter
from ..forms import ActionEditForm, ActionForm, prefilled
from ..models import ActionItem, Meeting
from ..plan import action_plan
from ..sheets import action_sheet
from ..steps import allowed_steps
from ..tables.actions import ActionTable


def action_list(request):
    require_capability(request.user, Capability.VIEW_ACTIONS)
    actions = ActionItem.objects.visible_to(request.user)
    actions = actions.select_related("establishment", "territory", "owner").open_first()
    may_create = Capability.MANAGE_ACTIONS in held_capabilities(request)
    return list_page(
        request,
        actions,
        filterset_class=ActionFilter,
        table_class=lambda *args, **kwargs: ActionTable(*args, today=timezone.localdate(), **kwargs),
        template="projects/action_list.html",
        title="Actions",
        intro="Une seule liste, d’où que vienne l’action\u00a0: visite, analyse, contrôle, réunion.",
        actions=[("Créer une action", reverse("projects:action_create"))] if may_create else [],
        may_create=may_create,
    )


def action_detail(request, pk):
    people = ("establishment", "territory", "owner", "created_by", "declared_by", "closed_by", "assessed_by")
    action = get_visible_or_404(
        ActionItem.objects.select_related(*people), request.user, Capability.VIEW_ACTIONS, pk=pk
    )
    mark_read(request.user, action.get_absolute_url())
    journal = JournalEntry.objects.visible_to(request.user, Capability.VIEW_ACTIONS)
    context = {
        "action": action,
        "late": action.lateness(timezone.localdate()),
        "effect": effect_of_action(action, timezone.localdate()),
        "opinions": ActionItem.Effectiveness.choices,
        "steps": allowed_steps(action, request.user),
        "history": [
            {"when": fr_instant(entry.at), "title": f"{capitalise(entry.verb)}, {entry.actor}", "text": entry.note}
            for entry in journal.about(action).select_related("actor")
        ],
        "trail": _trail(action, request.user),
        "meeting": _meeting(action, request.user),
    }
    return record_page(
        request, "projects/action_detail.html", context, lambda: action_sheet(action, context["history"])
    )


def action_create(request):
    require_capability(request.user, Capability.MANAGE_ACTIONS)
    if request.method == "POST":
        form = ActionForm(request.POST, user=request.user)
        mine = ActionItem.objects.visible_to(request.user)
        sent = mine.sent_before(request.POST.get("client_uuid"), by=request.user)
        if sent is None and form.is_valid():
            sent = form.instance.create_once(by=request.user)
            _warn(request, sent.title, sent.detail)
            messages.success(request, "Action créée.")
        if sent is not None:
            return redirect(sent)
    else:
        form = ActionForm(user=request.user, initial=prefilled(request.GET))
    return TemplateResponse(request, "projects/action_form.html", {"form": form})


def action_edit(request, pk):
    rows = ("establishment", "territory", "owner")
    action = get_visible_or_404(
        ActionItem.objects.select_related(*rows), request.user, Capability.MANAGE_ACTIONS, pk=pk
    )
    form = ActionEditForm(request.POST or None, instance=action, user=request.user)
    if request.method == "POST" and form.is_valid() and form.amend(by=request.user):
        messages.success(request, "Action modifiée.")
        return redirect(action)
    return TemplateResponse(request, "projects/action_edit.html", {"form": form, "action": action})


@require_POST
def action_start(request, pk):
    action = get_visible_or_404(ActionItem.objects, request.user, Capability.DECLARE_ACTIONS, pk=pk)
    action.start(by=request.user)
    return _done(request, action, "Action lancée.")


@require_POST
def action_declare(request, pk):
    action = get_visible_or_404(ActionItem.objects, request.user, Capability.DECLARE_ACTIONS, pk=pk)
    action.declare_done(by=request.user, evidence=_typed(request, "preuve"))
    return _done(request, action, "Action déclarée réalisée\u00a0: elle sera vérifiée à la prochaine visite.")


@require_POST
def action_verify(request, pk):
    action = get_visible_or_404(ActionItem.objects, request.user, Capability.MANAGE_ACTIONS, pk=pk)
    action.verify(by=request.user, evidence=_typed(request, "preuve"))
    return _done(request, action, "Action vérifiée.")


@require_POST
def action_reopen(request, pk):
    action = get_visible_or_404(ActionItem.objects, request.user, Capability.MANAGE_ACTIONS, pk=pk)
    action.reopen(by=request.user, note=_typed(request, "raison"))
    return _done(request, action, "Action à reprendre.")


@require_POST
def action_abandon(request, pk):
    action = get_visible_or_404(ActionItem.objects, request.user, Capability.MANAGE_ACTIONS, pk=pk)
    action.abandon(by=request.user, reason=_typed(request, "raison"))
    return _done(request, action, "Action abandonnée.")


@require_POST
def action_assess(request, pk):
    action = get_visible_or_404(ActionItem.objects, request.user, Capability.MANAGE_ACTIONS, pk=pk)
    note = _typed(request, "constat")
    action.assess(by=request.user, effectiveness=request.POST.get("avis", ""), note=note)
    _warn(request, note)
    messages.success(request, "Efficacité notée.")
    return redirect(action)


def establishment_actions(request, pk):
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_ACTIONS, pk=pk)
    plan = action_plan(establishment, ActionItem.objects.visible_to(request.user), timezone.localdate())
    context = {
        "establishment": establishment,
        "plan": plan,
        "may_create": can(request.user, Capability.MANAGE_ACTIONS, establishment),
        "reads_all": can(request.user, Capability.VIEW, establishment),
        "trail": establishment_breadcrumb(establishment, request.user),
        "tabs": establishment_tabs(establishment, request.user, "projects:establishment_actions"),
    }
    return TemplateResponse(request, "projects/establishment_actions.html", context)


def action_plan_pdf(request, pk):
    """The plan on paper; what is handed to the house (`?lecture=etablissement`) leaves the internal actions out."""
    establishment = get_visible_or_404(Establishment.objects, request.user, Capability.VIEW_ACTIONS, pk=pk)
    inside = can(request.user, Capability.VIEW, establishment) and request.GET.get("lecture") != "etablissement"
    now = timezone.now()
    actions = ActionItem.objects.visible_to(request.user)
    plan = action_plan(establishment, actions, timezone.localdate(), shared_only=not inside)
    level = "interne" if inside else "etablissement"
    content = render_pdf(
        "projects/pdf/action_plan.html",
        {"plan": plan, "pack": current_pack()},
        title=f"Plan d’actions, {establishment}",
        subject="Plan d’actions",
        level=level,
        fingerprint=fingerprint(plan),
        created_at=now,
    )
    name = slugify(f"plan d actions {establishment} {plan.day.isoformat()}")
    return pdf_response(content, f"{name}.pdf", level=level)


def _trail(action, user):
    if action.establishment:
        return establishment_breadcrumb(action.establishment, user)
    return territory_breadcrumb(action.territory, user)


def _meeting(action, user):
    """The meeting whose minutes raised the action, when the reader may open it."""
    if action.origin_kind != action.Origin.MEETING:
        return None
    return Meeting.objects.visible_to(user).filter(lines__action=action).select_related("series").first()


def _typed(request, name):
    return UNREADABLE.sub("", request.POST.get(name, "")).strip()[:2000]


def _warn(request, *texts):
    """Texts are kept as typed; a passage that may name a child or tell somebody's health is pointed at."""
    for concern in [concern for text in texts for concern in find_concerns(text)]:
        messages.warning(request, f"«\u00a0{concern.excerpt}\u00a0»\u00a0: {concern.advice}")


def _done(request, action, sentence):
    _warn(request, action.evidence if "preuve" in request.POST else action.abandon_reason)
    messages.success(request, sentence)
    return redirect(action)
