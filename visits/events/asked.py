"""What events ask of a person: an alert to take in charge, an authority still to tell. One query."""

from core.attention import ALERT, LATE, AttentionItem
from core.compiled import rows_once
from establishments.models import Capability

from ..models import Event

MOST = 20


def asked(user, today) -> list[AttentionItem]:
    return [_item(event) for event in _open_alerts(user)]


@rows_once
def _open_alerts(user):
    rows = Event.objects.visible_to(user, Capability.HANDLE_EVENT).alerts().open().select_related("establishment")
    return rows.order_by("reported_at", "pk")[:MOST]


def _item(event) -> AttentionItem:
    waits = event.status == Event.Status.REPORTED
    return AttentionItem(
        key=f"event-{event.pk}",
        weight=ALERT if waits else LATE,
        title=f"{event.establishment}\u00a0: {event.get_family_display()}",
        reason="Alerte que personne n’a prise en charge." if waits else "Alerte prise en charge, à clore.",
        url=event.get_absolute_url(),
        button="Prendre en charge" if waits else "Suivre",
        tone="alert",
    )
