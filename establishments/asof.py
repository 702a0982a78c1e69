"""`?au=AAAA-MM-JJ`: a page as it was valid on a day (decisions, 1); an unreadable date is said, never an error."""

from dataclasses import dataclass
from datetime import date

PARAMETER = "au"
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class AsOf:
    """The day a page is about; `error` says why the day asked for was left aside, "" otherwise."""

    day: date
    today: date
    error: str = ""

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def query(self) -> str:
        """What links keep: "?au=2024-01-31", nothing for today."""
        return "" if self.is_today else f"?{PARAMETER}={self.day.isoformat()}"


def told_end(ends_on, day, today):
    """An end as the page of `day` tells it: on a past day, what came to an end later had no end yet (None)."""
    return None if ends_on and day < today and ends_on >= day else ends_on


def is_told(starts_on, day, today):
    """Whether the page of `day` tells of what began that day: on a past day, nothing that began later."""
    return day >= today or starts_on <= day


def as_of(query, today) -> AsOf:
    """The day asked for in the address, today when there is none or when it makes no sense."""
    asked = query.get(PARAMETER, "").strip()
    if not asked:
        return AsOf(today, today)
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        error = "Cette date ne se lit pas\u00a0: la page est montrée telle qu’aujourd’hui."
        return AsOf(today, today, error)
    if not FIRST <= day <= LAST:
        return AsOf(today, today, "Cette date est hors du calendrier\u00a0: la page est montrée telle qu’aujourd’hui.")
    return AsOf(day, today)
