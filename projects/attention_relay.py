"""What the relay of the network offers to « À traiter »: requests to answer, and those told too late."""

from django.db.models.functions import Coalesce
from django.urls import reverse

from core.attention import DECISION, KEEPING, LATE, SOON, AttentionItem
from core.french import counted, day_month
from establishments.models import Capability

from .attention_sources import Source
from .models import Arbitration, GoodPractice, OrderAddressee, ServiceRequest, WatchNotice
from .models.practices import HOUSE, OBSERVER


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


def _orders(user, today):
    lines = OrderAddressee.objects.visible_to(user, Capability.CARRY_ORDERS).open()
    return lines.annotate(day=Coalesce("due_on", "order__due_on"))


def _orders_item(due, today):
    late, unseen = due.day < today, due.status == OrderAddressee.Status.UNSEEN
    state = "réception à accuser" if unseen else "en cours"
    return AttentionItem(
        key=f"order-{due.pk}",
        weight=LATE if late else DECISION if unseen else SOON,
        title=f"Commande\u00a0: {due.title}",
        reason=f"{due.house}, attendue le {day_month(due.day)}, {state}",
        url=reverse("projects:order_detail", args=[due.number]),
        button="Accuser réception" if unseen else "Faire le point",
        tone="alert" if late else "watch",
        due_on=due.day,
    )


def _to_decide(user, today):
    return Arbitration.objects.visible_to(user, Capability.DECIDE_ARBITRATION).to_decide()


def _to_decide_item(due, today):
    late = due.day < today
    return AttentionItem(
        key=f"arbitration-{due.pk}",
        weight=LATE if late else DECISION,
        title=f"Arbitrage\u00a0: {due.title}",
        reason=f"{due.house}, à rendre avant le {day_month(due.day)}",
        url=reverse("projects:arbitration_detail", args=[due.pk]),
        button="Trancher",
        tone="alert" if late else "watch",
        due_on=due.day,
    )


def _to_read(user, today):
    return WatchNotice.objects.to_acknowledge(user, today)


def _to_read_item(due, today):
    return AttentionItem(
        key=f"watch-{due.pk}",
        weight=SOON,
        title=f"Veille\u00a0: {due.title}",
        reason=f"Publiée le {day_month(due.day)}, pas encore lue",
        url=reverse("projects:watch_detail", args=[due.pk]),
        button="Lire la note",
        tone="watch",
    )


def _to_agree(side):
    def rows(user, today):
        return GoodPractice.objects.visible_to(user, side).waiting_for(side)

    return rows


def _to_agree_item(due, today):
    return AttentionItem(
        key=f"practice-{due.pk}",
        weight=SOON,
        title=f"Bonne pratique à agréer\u00a0: {due.title}",
        reason=f"{due.house}, proposée par l’autre côté",
        url=reverse("projects:practice_detail", args=[due.pk]),
        button="Relire la carte",
        tone="good",
    )


RELAY_SOURCES = {
    "practice-seen": Source(_to_agree(OBSERVER), _to_agree_item, title="title"),
    "practice-house": Source(_to_agree(HOUSE), _to_agree_item, title="title"),
    "watch": Source(_to_read, _to_read_item, title="title", house="", day="published_on"),
    "arbitration": Source(
        _to_decide, _to_decide_item, title="title", house="territory__name", day="decide_before", status="status"
    ),
    "order": Source(
        _orders,
        _orders_item,
        title="order__title",
        house="territory__name",
        day="day",
        status="status",
        number="order",
    ),
    "request-mine": Source(_mine, _mine_item, title="title", house="", day="due_on"),
    "request-told": Source(_told, _told_item, title="title", house="", day="due_on"),
    "request-answered": Source(_answered, _answered_item, title="title", house="", day="answered_on"),
}
