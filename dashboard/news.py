"""« Depuis votre dernier passage »: what others decided over what the user reads, and what she was told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, IntegerField, Value
from django.utils import timezone

from core.addresses import address
from core.compiled import rows_once
from core.french import MONTHS, capitalise, clock
from core.models import Notification
from core.unions import EMPTY, leg
from establishments.models import Capability, JournalEntry

SHOWN = 6
FIRST_DAYS = 7
DECISION, TOLD = "decision", "told"


@dataclass(frozen=True)
class News:
    at: datetime
    title: str
    text: str
    url: str

    @property
    def when(self) -> str:
        local = timezone.localtime(self.at)
        return f"{local.day} {MONTHS[local.month - 1]} à {clock(local.time())}"


def seen_since(user, now) -> datetime:
    """The last « marquer comme vu »; the last seven days for who never did."""
    return user.home_seen_at or now - timedelta(days=FIRST_DAYS)


def news(user, now) -> tuple[list[News], bool]:
    """(what others decided and what the user was told since, the newest first; whether there is more). One query."""
    found = _since(user, seen_since(user, now), now)
    return [_news(row) for row in found[:SHOWN]], len(found) > SHOWN


@rows_once
def _since(user, seen, now):
    since = {"gt": seen, "lte": now}
    decided = JournalEntry.objects.visible_to(user, Capability.VIEW).exclude(actor=user)
    decided = decided.filter(**{f"at__{name}": value for name, value in since.items()})
    told = Notification.objects.filter(user=user).filter(
        **{f"created_at__{name}": value for name, value in since.items()}
    )
    columns = {"when": F("at"), "main": F("verb"), "more": F("subject"), "house": F("establishment__name")}
    columns |= {"given": F("actor__first_name"), "family": F("actor__last_name"), "place": F("establishment_id")}
    heard = {"when": F("created_at"), "main": F("title"), "more": F("body"), "house": EMPTY}
    heard |= {"given": EMPTY, "family": EMPTY, "place": Value(None, IntegerField())}
    legs = [leg(decided, DECISION, **columns), leg(told, TOLD, **heard)]
    return legs[0].union(legs[1], all=True).order_by("-when", "-row")[: SHOWN + 1]


def _news(row):
    if row["what"] == TOLD:
        return News(row["when"], row["main"], row["more"], "")
    by = " ".join(filter(None, [row["given"], row["family"]]))
    title = f"{capitalise(row['main'])} par {by}" if by else capitalise(row["main"])
    house = row["house"] or ""
    parts = [row["more"], "" if house in row["more"] else house]
    url = address("establishments:detail", row["place"]) if row["place"] else ""
    return News(row["when"], title, " · ".join(filter(None, parts)), url)


def mark_seen(user, upto):
    """What was told up to `upto` is no longer new on the home page; it never goes back in time."""
    if user.home_seen_at is None or upto > user.home_seen_at:
        user.home_seen_at = upto
        user.save(update_fields=["home_seen_at"])
