"""Which houses resemble one another: same kind, near size, near hours. Pure (functions S-068, M24)."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

SIZE_WITHIN = 1.7  # times more or fewer places
HOURS_WITHIN = 1.25  # times longer or shorter weeks


@dataclass(frozen=True)
class Profile:
    """What makes a house comparable: its legal kind, its places, its minutes of opening a week.

    Unknown places (None) compare with nothing; unknown hours leave the size alone to decide.
    """

    key: int
    kind: str
    places: int | None
    weekly_minutes: int | None


def is_similar(one: Profile, other: Profile) -> bool:
    """Crèches familiales are kept apart by their kind: their rates are lower by nature (domain, 4.6)."""
    if one.key == other.key or one.kind != other.kind or not (one.places and other.places):
        return False
    if (
        one.weekly_minutes
        and other.weekly_minutes
        and _far(one.weekly_minutes, other.weekly_minutes) > log(HOURS_WITHIN)
    ):
        return False
    return _far(one.places, other.places) <= log(SIZE_WITHIN)


def similar_to(one: Profile, others: Iterable[Profile], most: int | None = None) -> list[Profile]:
    """The houses that resemble `one`, the nearest in size first, `most` of them."""
    found = [other for other in others if is_similar(one, other)]
    found.sort(key=lambda other: (_far(one.places or 1, other.places or 1), other.key))
    return found[:most]


def _far(one: int, other: int) -> float:
    return abs(log(one / other))
