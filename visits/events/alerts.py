"""Alerts as they reach people: what the open pages ask for, what is escalated, the sentence after telling."""

from datetime import timedelta

from core.french import NBSP
from establishments.models import Capability, Mandate, roles_with

from ..models import Event
from .duties import ESCALATED_AFTER

RECENT = timedelta(days=2)
MOST = 5


def waiting_for(user) -> list[dict[str, str | int]]:
    """The latest alerts nobody took in charge, among those `user` may take. One query."""
    rows = Event.objects.visible_to(user, Capability.HANDLE_EVENT).unacknowledged().exclude(reported_by=user.pk)
    return [
        {
            "number": event.pk,
            "title": f"Alerte{NBSP}: {event.get_family_display()}, {event.establishment}",
            "url": event.get_absolute_url(),
        }
        for event in rows.select_related("establishment").order_by("-reported_at", "-pk")[:MOST]
    ]


def escalate_all(now) -> int:
    """Send one level up every alert that waited too long; returns how many."""
    late = Event.objects.unacknowledged().filter(escalated_at__isnull=True, reported_at__lte=now - ESCALATED_AFTER)
    return sum(event.escalate(now) for event in late.select_related("establishment").order_by("pk"))


def may_report(user):
    return Mandate.objects.held_by(user, roles_with(Capability.REPORT_EVENT)).exists()


def told(event) -> str:
    people = event.notices.filter(user__isnull=False).count()
    said = f"{people} personnes sont prévenues" if people > 1 else "1 personne est prévenue" if people else ""
    return " ".join(filter(None, ["Événement enregistré.", f"{said}." if said else ""]))
