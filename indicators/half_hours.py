"""Children present by half-hour of a day: forty-eight counts, counted from midnight. Pure."""

from collections.abc import Iterable, Sequence

HALF_HOURS = 48
MINUTES = 30
MOST = 999  # children at once in one house
NOBODY: tuple[int, ...] = (0,) * HALF_HOURS


def checked(counts: Iterable[int]) -> tuple[int, ...]:
    """The counts as a tuple of 48. Raises ValueError for another length, a negative number or one beyond 999."""
    values = tuple(counts)
    if len(values) != HALF_HOURS:
        raise ValueError(f"a day has {HALF_HOURS} half-hours, not {len(values)}")
    if any(not 0 <= value <= MOST for value in values):
        raise ValueError(f"a number of children goes from 0 to {MOST}")
    return values


def packed(counts: Sequence[int]) -> str:
    """ "15:2,5,8": the first half-hour that is not empty, then the counts up to the last one; "" for nobody."""
    values = checked(counts)
    filled = [place for place, value in enumerate(values) if value]
    if not filled:
        return ""
    first, last = filled[0], filled[-1]
    return f"{first}:{','.join(map(str, values[first : last + 1]))}"


def unpacked(text: str) -> tuple[int, ...]:
    """The 48 counts of a packed text."""
    if not text:
        return NOBODY
    first, _, rest = text.partition(":")
    counts = [int(value) for value in rest.split(",")]
    before = int(first)
    return checked([0] * before + counts + [0] * (HALF_HOURS - before - len(counts)))


def added(first: Sequence[int], second: Sequence[int]) -> tuple[int, ...]:
    """Children present in all, half-hour by half-hour."""
    return tuple(one + other for one, other in zip(first, second, strict=True))


def clock(place: int) -> str:
    """ "7 h 30" for the half-hour 15."""
    hour, half = divmod(place, 2)
    return f"{hour}\u00a0h\u00a030" if half else f"{hour}\u00a0h"


def place_of(minute: int) -> int:
    """The half-hour that holds a minute of the day."""
    return minute // MINUTES


def span(opens: int, closes: int) -> range:
    """The half-hours that an opening touches, in minutes after midnight, the end excluded."""
    return range(opens // MINUTES, -(-closes // MINUTES))
