"""Which line of the minutes is which after somebody wrote in them: the object follows its line. Pure."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from core.french import normalise

# Below, it is another line: « Acheter les rideaux » is no correction of « Prévenir les familles ».
ALIKE = 0.6

Line = tuple[str, str]


def match(before: Sequence[Line], after: Sequence[Line]) -> list[int | None]:
    """For each (kind, text) of `after`, the place in `before` of the line it was, None for a new one.

    First the lines left as they were, in their order; then the closest of the same kind, the closest pair first. Each
    line of `before` is given once.
    """
    found: list[int | None] = [None] * len(after)
    free = list(range(len(before)))
    for place, line in enumerate(after):
        same = next((old for old in free if before[old] == line), None)
        if same is not None:
            found[place] = same
            free.remove(same)
    pairs = [
        (likeness(before[old][1], line[1]), -abs(old - place), old, place)
        for place, line in enumerate(after)
        if found[place] is None
        for old in free
        if before[old][0] == line[0]
    ]
    for close, _, old, place in sorted(pairs, reverse=True):
        if close >= ALIKE and found[place] is None and old in free:
            found[place] = old
            free.remove(old)
    return found


def likeness(one: str, other: str) -> float:
    """0 to 1, whatever the accents, the case and the punctuation."""
    return SequenceMatcher(None, normalise(one), normalise(other), autojunk=False).ratio()
