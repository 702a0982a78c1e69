"""How each person is told: at once, in one mail a day, or on the page only; per kind of event.

The kind of an event is the first word of its key ("weekly-12-sent" is "weekly"); the rooms above name theirs. What a
mail says is judged when it leaves: what was read meanwhile, what is no longer true and what the person may no longer
see are left out.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import Resolver404, resolve
from django.utils import timezone

from .french import counted, long_date
from .models import Digest, Notification, NotificationChoice, User

DIGEST_FROM = 7  # o'clock: the mail of the day leaves at the first run after it
KINDS: dict[str, Any] = {}  # texts, perhaps in the words of the pack
READERS: dict[str, Any] = {}  # {URL name: model whose queryset has `known_to`}
Way = NotificationChoice.Way


def name_kinds(labels: dict[str, Any]) -> None:
    """{kind: what a person calls it}, once, when the applications are ready."""
    KINDS.update(labels)


def seen_by(url_name: str, model) -> None:
    """What a notification that leads to this page needs to be told: that the person may know the record."""
    READERS[url_name] = model


def kind_of(event: str) -> str:
    return event.split("-")[0]


def ways_of(users) -> dict[tuple[int, str], str]:
    """{(person, kind): way} of those who chose; the others are told at once."""
    rows = NotificationChoice.objects.filter(user__in=users).values_list("user", "kind", "way")
    return {(user, kind): way for user, kind, way in rows}


def way_for(notification) -> str:
    kind = kind_of(notification.event)
    return ways_of([notification.user_id]).get((notification.user_id, kind), Way.NOW)


def is_visible(notification) -> bool:
    """Whether the person may still know what it is about; True for what is about no record."""
    path = notification.url.partition("?")[0].partition("#")[0]
    try:
        found = resolve(path) if path else None
    except Resolver404:
        return False
    model = READERS.get(found.view_name) if found else None
    if model is None:
        return True
    return model.objects.known_to(notification.user).filter(pk=found.kwargs["pk"]).exists()


def send_digests(now: datetime) -> int:
    """One mail a person and a day, from seven o'clock; returns how many left. Asking again changes nothing."""
    local = timezone.localtime(now)
    if local.hour < DIGEST_FROM:
        return 0
    chosen = NotificationChoice.objects.filter(way=Way.DIGEST, user__is_active=True)
    kinds: dict[int, set[str]] = defaultdict(set)
    for user, kind in chosen.order_by("user").values_list("user", "kind"):
        kinds[user].add(kind)
    told = Digest.objects.filter(on=local.date()).values_list("user", flat=True)
    waiting = set(kinds) - set(told)
    return sum(_send(user, kinds[user.pk], local) for user in User.objects.filter(pk__in=waiting).order_by("pk"))


def _send(user, kinds, local) -> bool:
    """The mail of one person; the row that says it left and the mail go together, or not at all."""
    from .jobs import still_true

    try:
        with transaction.atomic():
            Digest.objects.create(user=user, on=local.date())  # a second scheduler stops here
            rows = Notification.objects.select_for_update().filter(user=user, mailed_at=None).unread()
            rows = [row for row in rows.order_by("created_at", "pk") if kind_of(row.event) in kinds]
            told = [row for row in rows if still_true(row)]
            stale = {row.pk for row in rows} - {row.pk for row in told}
            Notification.objects.filter(pk__in=stale).update(read_at=timezone.now())
            Notification.objects.filter(pk__in=[row.pk for row in told]).update(mailed_at=timezone.now())
            if told:
                send_mail(*_mail(told, local), None, [user.email])
    except IntegrityError:
        return False
    return bool(told)


def _mail(rows, local):
    """(subject, body): what there is to read, by kind, each with its address."""
    by_kind = defaultdict(list)
    for row in rows:
        by_kind[str(KINDS.get(kind_of(row.event), "Autres"))].append(row)
    parts = []
    for label, told in sorted(by_kind.items()):
        lines = [
            f"- {row.title}\n  {settings.RONDE_BASE_URL}{row.url}" if row.url else f"- {row.title}" for row in told
        ]
        parts.append("\n".join([label, *lines]))
    subject = f"{counted(len(rows), 'chose à lire', 'choses à lire')}, {long_date(local.date())}"
    return subject, "\n\n".join(parts)
