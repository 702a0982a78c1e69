"""Which meetings are due to one person: a call that closes, an agenda to send, minutes to hand out."""

from datetime import timedelta

from django.urls import reverse

from core.attention import LATE, SOON, AttentionItem
from core.french import day_month
from establishments.models import Capability

from .attention_source import Source
from .models import Meeting, Subject

CALL_ENDS = timedelta(days=5)
AGENDA_BEFORE = timedelta(days=7)
MANAGE = Capability.MANAGE_MEETINGS


def _item(due, kind, weight, title, reason, button, tone, name="projects:meeting_detail"):
    return AttentionItem(
        key=f"meeting-{kind}-{due.pk}",
        weight=weight,
        title=f"{title}\u00a0: {due.house}",
        reason=reason,
        url=reverse(name, args=[due.pk]),
        button=button,
        tone=tone,
        due_on=due.day,
    )


def _calls(user, today):
    """Open calls of her series to which she said nothing yet."""
    said = Subject.objects.filter(proposed_by=user, status=Subject.Status.OPEN).order_by().values("series")
    mine = Meeting.objects.visible_to(user, Capability.JOIN_MEETINGS).preparing()
    closing = mine.filter(series__memberships__person=user, calls_until__range=(today, today + CALL_ENDS))
    return closing.exclude(series__in=said)


def _call_item(due, today):
    reason = f"L’appel à sujets se ferme le {day_month(due.day)}"
    return _item(due, "call", SOON, "Proposer un sujet", reason, "Voir la réunion", "info")


def _agendas(user, today):
    soon = (today, today + AGENDA_BEFORE)
    return Meeting.objects.visible_to(user, MANAGE).preparing().filter(held_on__range=soon)


def _agenda_item(due, today):
    reason = f"Réunion le {day_month(due.day)}, ordre du jour pas encore envoyé"
    return _item(due, "agenda", SOON, "Ordre du jour à envoyer", reason, "Préparer", "watch")


def _minutes(user, today):
    waiting = Meeting.objects.visible_to(user, MANAGE).filter(status__in=Meeting.WRITABLE)
    return waiting.filter(held_on__lt=today)


def _minutes_item(due, today):
    reason = f"Réunion du {day_month(due.day)}, relevé pas encore diffusé"
    return _item(due, "minutes", LATE, "Relevé à diffuser", reason, "Écrire le relevé", "watch")


MEETING_SOURCES = {
    "meeting-call": Source(_calls, _call_item, title="series__title", house="series__title", day="calls_until"),
    "meeting-agenda": Source(_agendas, _agenda_item, title="series__title", house="series__title", day="held_on"),
    "meeting-minutes": Source(_minutes, _minutes_item, title="series__title", house="series__title", day="held_on"),
}
