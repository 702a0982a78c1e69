"""« À traiter »: what each room offers to the home page, and how it is ranked. Pure.

A room offers what is due to one person (`attention(user, today)` in its attention.py); the home concatenates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# How pressing: the rooms choose among these, so that their items can be compared.
ALERT = 120  # an alert that nobody took in charge
SAFETY = 100  # a house without direction, a ratio not met, an injunction
LATE = 80  # a date is over
DECISION = 60  # somebody waits for this person's decision
SOON = 40  # a date comes
KEEPING = 20  # keeping the register right

TONES = ("neutral", "info", "good", "watch", "alert")


@dataclass(frozen=True)
class AttentionItem:
    """One thing to do by one person: `reason` says why it is there, `button` names the step that `url` starts.

    `key` is unique ("visit-due-12"): the same thing offered twice is shown once. A higher `weight` comes first, then
    the earlier `due_on` (those without a date last). `tone` is a tone of the badges.
    """

    key: str
    weight: int
    title: str
    reason: str
    url: str
    button: str
    tone: str = "watch"
    due_on: date | None = None

    def __post_init__(self) -> None:
        if self.tone not in TONES:
            raise ValueError(f"{self.tone!r} is not one of {', '.join(TONES)}")

    @property
    def is_pressing(self) -> bool:
        """Before everything that has a date: shown with a word and a tone."""
        return self.weight >= SAFETY

    @property
    def rank(self) -> tuple[int, date, str, str]:
        return (-self.weight, self.due_on or date.max, self.title, self.key)


def ranked(items: Iterable[AttentionItem]) -> list[AttentionItem]:
    """The most pressing first, each key once: of two items with one key, the more pressing stays."""
    kept: dict[str, AttentionItem] = {}
    for item in sorted(items, key=lambda item: item.rank):
        kept.setdefault(item.key, item)
    return list(kept.values())
