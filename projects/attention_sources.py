"""Which rows of the projects are due to one person, and how each is said."""

from dataclasses import dataclass

from django.db.models import Count, Min
from django.urls import reverse

from core.attention import DECISION, LATE, SOON, AttentionItem
from core.calendar import add_months
from core.french import capitalise, counted, day_month, full_date
from establishments.models import Capability

from .models import ActionItem, EstablishmentProject, LegalDocument

SOON_MONTHS = 6
Version = EstablishmentProject.Status


@dataclass(frozen=True)
class Source:
    """`rows(user, today)` is what is due; the other names are the columns it gives (attention.py); `item` says one."""

    rows: object
    item: object
    pk: str = "pk"
    title: str = ""
    house: str = "establishment__name"
    day: str = ""
    status: str = ""
    number: str = ""


def _late(user, today):
    return ActionItem.objects.visible_to(user).owned_by(user).overdue(today)


def _late_item(due, today):
    days = counted((today - due.day).days, "jour")
    return AttentionItem(
        key=f"action-late-{due.pk}",
        weight=LATE,
        title=f"{due.title} ({due.house})",
        reason=f"Action attendue le {day_month(due.day)}, en retard de {days}",
        url=reverse("projects:action_detail", args=[due.pk]),
        button="Faire le point",
        tone="alert",
        due_on=due.day,
    )


def _to_verify(user, today):
    """One line a house: the second look is done on the spot, for all of them together."""
    declared = ActionItem.objects.visible_to(user, Capability.MANAGE_ACTIONS).to_verify().order_by()
    return declared.values("establishment", "establishment__name").annotate(n=Count("pk"), since=Min("declared_at"))


def _to_verify_item(due, today):
    days = (today - due.day).days
    return AttentionItem(
        key=f"actions-to-verify-{due.pk}",
        weight=DECISION,
        title=f"{counted(due.number, 'action')} à vérifier ({due.house})",
        reason=f"Déclarées réalisées, la plus ancienne depuis {counted(days, 'jour')}"
        if days
        else "Déclarées réalisées aujourd’hui",
        url=reverse("projects:establishment_actions", args=[due.pk]),
        button="Vérifier",
        tone="watch",
    )


BUTTONS = {
    Version.PROPOSED: ("Donner un avis", "proposée"),
    Version.REVIEWED: ("Valider", "proposée, avis donné,"),
    Version.VALIDATED: ("Mettre en vigueur", "validée, proposée"),
}


def _to_decide(user, today):
    waiting = EstablishmentProject.objects.visible_to(user, Capability.DECIDE_PROJECT)
    return waiting.filter(status__in=list(BUTTONS))


def _to_decide_item(due, today):
    button, word = BUTTONS[due.status]
    return AttentionItem(
        key=f"project-decide-{due.pk}",
        weight=DECISION,
        title=f"{capitalise(str(LegalDocument(due.title).label))}\u00a0: {due.house}",
        reason=f"Version {due.number} {word} le {day_month(due.day)}",
        url=reverse("projects:project_detail", args=[due.pk]),
        button=button,
        tone="watch",
    )


def _to_revise(user, today):
    rows = EstablishmentProject.objects.visible_to(user, Capability.PROPOSE_PROJECT)
    return rows.to_revise_before(add_months(today, SOON_MONTHS)).without_successor()


def _to_revise_item(due, today):
    late = due.day < today
    return AttentionItem(
        key=f"project-revise-{due.pk}",
        weight=LATE if late else SOON,
        title=f"{capitalise(str(LegalDocument(due.title).label))} à réviser\u00a0: {due.house}",
        reason=f"Révision attendue avant le {full_date(due.day)}",
        url=reverse("projects:project_detail", args=[due.pk]),
        button="Préparer la version",
        tone="alert" if late else "watch",
        due_on=due.day,
    )


SOURCES = {
    "action-late": Source(_late, _late_item, title="title", day="due_on"),
    "action-to-verify": Source(_to_verify, _to_verify_item, pk="establishment", day="since", number="n"),
    "project-decide": Source(
        _to_decide, _to_decide_item, title="document", day="proposed_at", status="status", number="number"
    ),
    "project-revise": Source(_to_revise, _to_revise_item, title="document", day="revise_on"),
}
