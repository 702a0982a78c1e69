"""Hours of work as a person writes them: « 8h-12h30, 13h30-17h bureau ». The same text in forms and files. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from fractions import Fraction
from typing import Protocol

from core.calendar import minutes_of
from core.french import NBSP, clock

CHILDREN, OTHER = "children", "other"
OFF = {"", "-", "–", "repos", "off", "rp", "0"}
# Words that say the time is not spent with the children (failure C24).
ASIDE = ("bureau", "admin", "réunion", "reunion", "cuisine", "hors", "autre")
_HOUR = r"(\d{1,2})\s*(?:[hH:]\s*(\d{2})?)?"
_STRETCH = re.compile(rf"^{_HOUR}\s*(?:-|–|à|a)\s*{_HOUR}\s*\(?([^\d()]*)\)?$")


class UnreadableHours(ValueError):
    """The text is not hours of work; the message is shown as it is."""


@dataclass(frozen=True, order=True)
class Stretch:
    """Work from one time to another of a day, with the children or not."""

    starts_at: time
    ends_at: time
    task: str = CHILDREN

    def __str__(self) -> str:
        text = f"{clock(self.starts_at)}-{clock(self.ends_at)}".replace(NBSP, "")
        return text if self.task == CHILDREN else f"{text} bureau"


def read_day(text: str) -> list[Stretch]:
    """The stretches of one day, in order; [] for a day off.

    Raises UnreadableHours for what is not hours, an end before its start, stretches that overlap.
    """
    cleaned = " ".join(str(text or "").replace("\u00a0", " ").split()).strip()
    if cleaned.lower() in OFF:
        return []
    found = sorted(_stretch(part.strip()) for part in re.split(r"[,;/+]|\bet\b", cleaned) if part.strip())
    for before, after in zip(found, found[1:], strict=False):
        if after.starts_at < before.ends_at:
            raise UnreadableHours(f"« {cleaned} »\u00a0: deux plages se chevauchent.")
    return found


def _stretch(part: str) -> Stretch:
    match = _STRETCH.match(part)
    if match is None:
        raise UnreadableHours(f"« {part} » n’est pas un horaire\u00a0: écrivez par exemple 8h-12h30.")
    start, end = _time(match[1], match[2], part), _time(match[3], match[4], part)
    if end <= start:
        raise UnreadableHours(f"« {part} »\u00a0: la fin précède le début.")
    words = (match[5] or "").strip().lower()
    if words and not words.startswith(ASIDE):
        raise UnreadableHours(f"« {part} »\u00a0: « {words} » n’est pas connu, écrivez « bureau ».")
    return Stretch(start, end, OTHER if words else CHILDREN)


def _time(hour: str, minute: str | None, part: str) -> time:
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        raise UnreadableHours(f"« {part} »\u00a0: cette heure n’existe pas.") from None


def say_day(stretches: Iterable[Stretch]) -> str:
    """ "8h-12h30, 13h30-17h bureau", "" for a day off: what `read_day` reads back."""
    return ", ".join(map(str, sorted(stretches)))


class Worked(Protocol):
    """Anything with a start and an end of the same day: a stretch, a stored slot."""

    starts_at: time
    ends_at: time


def weekly_minutes(worked: Iterable[Worked], weeks: int) -> Fraction:
    """Minutes of work of a week, the mean of those that alternate over `weeks` weeks."""
    return Fraction(sum(minutes_of(one.ends_at) - minutes_of(one.starts_at) for one in worked), weeks)
