"""The board of actions: one column a status, the earliest due first; what is closed, for three months only."""

from dataclasses import dataclass
from datetime import timedelta

from .models import ActionItem

CARDS = 30
CLOSED_FOR = timedelta(days=90)
Status = ActionItem.Status
COLUMNS = [
    ("À lancer", Status.TO_START, "neutral"),
    ("En cours", Status.IN_PROGRESS, "info"),
    ("Réalisées, à vérifier", Status.DONE, "watch"),
    ("Vérifiées depuis trois mois", Status.VERIFIED, "good"),
]


@dataclass(frozen=True)
class Column:
    """`cards` are the first ones; `more` counts those that the list alone shows."""

    title: str
    status: str
    tone: str
    cards: tuple
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


def board(actions, today):
    """Four columns. Two queries each at most, whatever the number of actions."""
    return [_column(actions, today, *column) for column in COLUMNS]


def _column(actions, today, title, status, tone):
    rows = actions.filter(status=status).select_related("establishment", "territory", "owner")
    if status == Status.VERIFIED:
        rows = rows.filter(closed_at__date__gt=today - CLOSED_FOR).order_by("-closed_at", "pk")
    else:
        rows = rows.order_by("due_on", "priority", "pk")
    cards = list(rows[: CARDS + 1])
    count = len(cards) if len(cards) <= CARDS else rows.count()
    for card in cards:
        card.late = card.lateness(today)
    return Column(title, status, tone, tuple(cards[:CARDS]), count)
