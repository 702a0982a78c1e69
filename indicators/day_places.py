"""How many children a house may welcome at each half-hour of a day (functions S-006). Pure.

The places of the authorisation, those its slots give at other hours (CSP R. 2324-20), those that are frozen, and the
115 % of R. 2324-27, which are those of the authorised places: a frozen place is a choice of the house, not of the law.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from establishments.regulation import CRECHE_FAMILIALE, overcapacity_limit
from indicators.capacity import Terms, open_stretches

HALF_HOUR = 30


@dataclass(frozen=True)
class HalfHour:
    """From `start` (minutes since midnight) on: fewest places of the half-hour; None where they are unknown.

    `limit` is the most children at the same moment; None in a crèche familiale, which R. 2324-27 leaves out.
    """

    start: int
    authorised: int | None
    open: int | None
    limit: int | None


def places_by_half_hour(terms: Terms, day: date, *, kind: str) -> tuple[HalfHour, ...]:
    """The half-hours of the clock that the opening of that day touches; () when nobody is welcomed."""
    found: dict[int, int | None] = {}
    for start, count in _pieces(terms, day):
        found[start] = count if start not in found else _fewest(found[start], count)
    frozen = sum(one.places for one in terms.frozen if one.holds(day))
    return tuple(_half_hour(start, found[start], frozen, kind, day) for start in sorted(found))


def _pieces(terms: Terms, day: date) -> Iterator[tuple[int, int | None]]:
    """(start of the half-hour, places) of each piece of the opening."""
    places = next((one for one in terms.places if one.holds(day)), None)
    for start, end in open_stretches(terms, day):
        at = start
        for minutes, count in places.pieces(day.isoweekday(), start, end) if places else [(end - start, None)]:
            if minutes:
                yield from ((half, count) for half in range(at // HALF_HOUR * HALF_HOUR, at + minutes, HALF_HOUR))
            at += minutes


def _fewest(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else min(one, other)


def _half_hour(start: int, count: int | None, frozen: int, kind: str, day: date) -> HalfHour:
    if count is None:
        return HalfHour(start, None, None, None)
    limit = None if kind == CRECHE_FAMILIALE else overcapacity_limit(count, day) if count else 0
    return HalfHour(start, count, max(count - frozen, 0), limit)
