"""The half-hours in which a rule does not hold, as the decision page shows them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from staffing.coverage.shapes import Breach, Segment, Topic

HALF_HOUR = 30


@dataclass(frozen=True)
class HalfHour:
    """Half an hour of the clock, [start, start + 30[ in minutes after midnight, and what breaks in it."""

    start: int
    breaches: tuple[Breach, ...]

    @property
    def end(self) -> int:
        return self.start + HALF_HOUR


def half_hours_in_breach(segments: Iterable[Segment], topics: Collection[Topic] | None = None) -> list[HalfHour]:
    """Half-hours of the clock (7 h 00, 7 h 30…) that a breach touches, even for one minute, in order.

    The rule holds "à chaque instant" (CSP R. 2324-43 I): a half-hour is not saved by its mean. Each breach is given
    once a half-hour, in the order met. `topics` keeps only some of them.
    """
    found: dict[int, dict[Breach, None]] = {}
    for segment in segments:
        kept = [breach for breach in segment.breaches if topics is None or breach.topic in topics]
        first = segment.start - segment.start % HALF_HOUR
        for start in range(first, segment.end, HALF_HOUR) if kept else ():
            found.setdefault(start, {}).update(dict.fromkeys(kept))
    return [HalfHour(start, tuple(breaches)) for start, breaches in sorted(found.items())]
