"""Which rows of the projects are due to one person, and how each is said."""

from dataclasses import replace
from datetime import timedelta

from django.db.models import Count, Min
from django.db.models.functions import Coalesce
from django.urls import reverse

from core.attention import DECISION, LATE, SAFETY, SOON, AttentionItem
from core.calendar import add_months
from core.french import capitalise, counted, day_month, full_date
from establishments.models import Capability, WorksPeriod

from .attention_meetings import MEETING_SOURCES
from .attention_source import Source
from .models import ActionItem, EstablishmentProject, LegalDocument, PedagogicalDay

SOON_MONTHS = 6
SAFETY_DAYS = timedelta(days=60)
Version = EstablishmentProject.Status


def _late(user, today):
    late = ActionItem.objects.visible_to(user).owned_by(user).overdue(today)
    return late.annotate(place_name=Coalesce("establishment__name", "territory__name"))


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
    of_houses = declared.filter(establishment__isnull=False)
    return of_houses.values("establishment", "establishment__name").annotate(n=Count("pk"), since=Min("declared_at"))


def _territory_to_verify(user, today):
    declared = ActionItem.objects.visible_to(user, Capability.MANAGE_ACTIONS).to_verify().order_by()
    of_territories = declared.filter(territory__isnull=False)
    return of_territories.values("territory", "territory__name").annotate(n=Count("pk"), since=Min("declared_at"))


def _territory_to_verify_item(due, today):
    url = f"{reverse('projects:action_list')}?territory={due.pk}&status={ActionItem.Status.DONE}"
    item = _to_verify_item(due, today)
    return replace(item, key=f"actions-to-verify-territory-{due.pk}", url=url)


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
    rows = EstablishmentProject.objects.visible_to(user, Capability.PROPOSE_PROJECT).of_open_houses(today)
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


def _days_to_decide(user, today):
    return PedagogicalDay.objects.visible_to(user, Capability.DECIDE_PROJECT).to_decide()


def _day_to_decide_item(due, today):
    advised = due.status == PedagogicalDay.Status.ADVISED
    return AttentionItem(
        key=f"day-decide-{due.pk}",
        weight=DECISION,
        title=f"Journée pédagogique\u00a0: {due.house}",
        reason=f"{due.title}, demandée pour le {day_month(due.day)}",
        url=reverse("projects:day_detail", args=[due.pk]),
        button="Valider" if advised else "Donner un avis",
        tone="watch",
        due_on=due.day,
    )


def _days_to_report(user, today):
    return PedagogicalDay.objects.visible_to(user, Capability.PROPOSE_PROJECT).to_report(today)


def _day_to_report_item(due, today):
    return AttentionItem(
        key=f"day-report-{due.pk}",
        weight=SOON,
        title=f"Bilan de la journée pédagogique\u00a0: {due.house}",
        reason=f"Tenue le {full_date(due.day)}",
        url=reverse("projects:day_report", args=[due.pk]),
        button="Faire le bilan",
        tone="watch",
    )


def _old_safety(user, today):
    return WorksPeriod.objects.visible_to(user, Capability.DECIDE_PROJECT).safety_since(today - SAFETY_DAYS)


def _works_item(due, weight, reason, tone):
    return AttentionItem(
        key=f"works-{due.kind}-{due.pk}",
        weight=weight,
        title=f"{due.title} ({due.house})",
        reason=reason,
        url=reverse("projects:works_detail", args=[due.pk]),
        button="Ouvrir le dossier",
        tone=tone,
        due_on=due.day,
    )


def _old_safety_item(due, today):
    age = counted((today - due.day).days, "jour")
    return _works_item(due, SAFETY, f"Travaux de sécurité demandés depuis {age}", "alert")


def _overrunning(user, today):
    return WorksPeriod.objects.visible_to(user, Capability.DECIDE_PROJECT).overrunning(today)


def _overrunning_item(due, today):
    reason = f"Fin prévue le {day_month(due.day)} dépassée\u00a0: prolongez ou rouvrez"
    return _works_item(due, LATE, reason, "alert")


SOURCES = {
    "action-late": Source(_late, _late_item, title="title", day="due_on", house="place_name"),
    "action-to-verify": Source(_to_verify, _to_verify_item, pk="establishment", day="since", number="n"),
    "action-to-verify-territory": Source(
        _territory_to_verify,
        _territory_to_verify_item,
        pk="territory",
        house="territory__name",
        day="since",
        number="n",
    ),
    "project-decide": Source(
        _to_decide, _to_decide_item, title="document", day="proposed_at", status="status", number="number"
    ),
    "project-revise": Source(_to_revise, _to_revise_item, title="document", day="revise_on"),
    "day-decide": Source(_days_to_decide, _day_to_decide_item, title="theme", day="held_on", status="status"),
    "day-report": Source(_days_to_report, _day_to_report_item, title="theme", day="held_on"),
    "safety": Source(_old_safety, _old_safety_item, title="title", day="needed_on"),
    "overrun": Source(_overrunning, _overrunning_item, title="title", day="ends_on"),
    **MEETING_SOURCES,
}
