"""The plan of twenty-four months that a review raises: actions like all others, whose origin is the review."""

import uuid

from django.db import transaction

from core.calendar import add_months
from establishments.models import JournalHead, Level
from establishments.workflow import TransitionRefused
from projects.models import ActionItem

from .campaign import INTERVAL_MONTHS


def raise_action(review, *, by, title, due_on, owner=None, detail="", priority=None, client_uuid=None):
    """Add an action to the plan while the review is written; inside the pôle until it is transmitted.

    `owner` is the number of a person. The same key twice gives one action. Raises TransitionRefused once the review
    is transmitted, or for a day out of the twenty-four months.
    """
    from ..models import ActionOrigin

    last = add_months(review.until, INTERVAL_MONTHS)
    if not review.until <= due_on <= last:
        raise TransitionRefused("L’échéance d’une action du plan tient dans les vingt-quatre mois qui viennent.")
    with transaction.atomic():
        JournalHead.locked()
        locked = type(review).objects.select_for_update(of=("self",)).get(pk=review.pk)
        if not locked.is_writable:
            raise TransitionRefused(f"Le plan ne change plus\u00a0: {locked.get_status_display()}.")
        action = ActionItem(
            establishment_id=locked.establishment_id,
            title=title,
            detail=detail,
            due_on=due_on,
            owner_id=owner,
            priority=priority or ActionItem.Priority.NORMAL,
            theme="Analyse de fonctionnement",
            origin_kind=ActionItem.Origin.REVIEW,
            origin_label=str(review)[:200],
            level=Level.POLE,
            client_uuid=client_uuid or uuid.uuid4(),
        ).create_once(by=by)
        ActionOrigin.objects.get_or_create(action=action, defaults={"review": locked})
    return action


def reveal(review):
    """Transmitting gives the actions of the plan the level they were meant for."""
    for origin in review.raised.select_related("action"):
        if origin.action.level != origin.level_when_shared:
            origin.action.level = origin.level_when_shared
            origin.action.save(update_fields=["level"])


def plan_of(review):
    """The actions of the plan, the earliest due first."""
    return ActionItem.objects.filter(origin__review=review).select_related("owner").order_by("due_on", "pk")
