"""What the relay of the network offers to « À traiter »: requests to answer, and those told too late."""

from django.urls import reverse

from core.attention import DECISION, KEEPING, LATE, AttentionItem
from core.french import counted, day_month

from .attention_sources import Source
from .models import ServiceRequest


def _url(due):
    return reverse("projects:request_detail", args=[due.pk])


def _mine(user, today):
    return ServiceRequest.objects.visible_to(user).open().filter(owner=user, same_as__isnull=True)


def _mine_item(due, today):
    late = due.day < today
    days = counted((today - due.day).days, "jour") if late else ""
    reason = f"Réponse attendue le {day_month(due.day)}"
    return AttentionItem(
        key=f"request-{due.pk}",
        weight=LATE if late else DECISION,
        title=f"Demande\u00a0: {due.title}",
        reason=f"{reason}, en retard de {days}" if late else reason,
        url=_url(due),
        button="Répondre",
        tone="alert" if late else "watch",
        due_on=due.day,
    )


def _told(user, today):
    return ServiceRequest.objects.visible_to(user).open().filter(escalated_to=user).exclude(owner=user)


def _told_item(due, today):
    return AttentionItem(
        key=f"request-late-{due.pk}",
        weight=LATE,
        title=f"Demande sans réponse\u00a0: {due.title}",
        reason=f"Attendue le {day_month(due.day)}, toujours pas répondue",
        url=_url(due),
        button="Débloquer",
        tone="alert",
        due_on=due.day,
    )


def _answered(user, today):
    answered = ServiceRequest.Status.ANSWERED
    return ServiceRequest.objects.visible_to(user).filter(asked_by=user, status=answered)


def _answered_item(due, today):
    return AttentionItem(
        key=f"request-answered-{due.pk}",
        weight=KEEPING,
        title=f"Réponse reçue\u00a0: {due.title}",
        reason=f"Répondue le {day_month(due.day)}",
        url=_url(due),
        button="Lire et clore",
        tone="good",
    )


RELAY_SOURCES = {
    "request-mine": Source(_mine, _mine_item, title="title", house="", day="due_on"),
    "request-told": Source(_told, _told_item, title="title", house="", day="due_on"),
    "request-answered": Source(_answered, _answered_item, title="title", house="", day="answered_on"),
}
