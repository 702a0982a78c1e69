"""« À traiter »: the late actions that I own, those declared done that I may verify."""

from django.db.models import Count, Min
from django.urls import reverse

from core.attention import DECISION, LATE, AttentionItem
from core.french import counted, day_month
from establishments.models import Capability

from .models import ActionItem

MOST = 20


def attention(user, today):
    """Two queries, whatever the number of actions."""
    return [*_late(user, today), *_to_verify(user, today)]


def _late(user, today):
    mine = ActionItem.objects.visible_to(user).owned_by(user).overdue(today).select_related("establishment")
    for action in mine.order_by("due_on", "pk")[:MOST]:
        yield AttentionItem(
            key=f"action-late-{action.pk}",
            weight=LATE,
            title=f"{action.title} ({action.establishment})",
            reason=f"Action attendue le {day_month(action.due_on)}, {action.lateness(today)}",
            url=action.get_absolute_url(),
            button="Faire le point",
            tone="alert",
            due_on=action.due_on,
        )


def _to_verify(user, today):
    """One line a house: the second look is done on the spot, for all of them together."""
    declared = ActionItem.objects.visible_to(user, Capability.MANAGE_ACTIONS).to_verify().order_by()
    houses = declared.values("establishment", "establishment__name").annotate(n=Count("pk"), since=Min("declared_at"))
    for house in houses.order_by("since")[:MOST]:
        days = (today - house["since"].date()).days
        yield AttentionItem(
            key=f"actions-to-verify-{house['establishment']}",
            weight=DECISION,
            title=f"{counted(house['n'], 'action')} à vérifier ({house['establishment__name']})",
            reason=f"Déclarées réalisées, la plus ancienne depuis {counted(days, 'jour')}"
            if days
            else "Déclarées réalisées aujourd’hui",
            url=reverse("projects:establishment_actions", args=[house["establishment"]]),
            button="Vérifier",
            tone="watch",
        )
