"""Capacity: how many children at once, how many hours in a week (CSP R. 2324-27, arrêté of 8 October 2021)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from establishments.regulation.catalogue import rule, single


@dataclass(frozen=True)
class CapacitySlot:
    """Places authorised over one slot of one weekday (1 Monday … 7 Sunday); an end at 00:00 means midnight.

    An authorisation may give other places by time of day or week (CSP R. 2324-20): one slot for each.
    """

    weekday: int
    starts_at: time
    ends_at: time
    places: int

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7:
            raise ValueError(f"weekday must be between 1 and 7, not {self.weekday}")
        if self.places < 0:
            raise ValueError(f"places must not be negative, not {self.places}")
        if self.end_minute <= self.start_minute:
            raise ValueError("a slot must end after it starts")

    @property
    def start_minute(self) -> int:
        return self.starts_at.hour * 60 + self.starts_at.minute

    @property
    def end_minute(self) -> int:
        return self.ends_at.hour * 60 + self.ends_at.minute or 24 * 60

    @property
    def place_hours(self) -> Fraction:
        return Fraction(self.places * (self.end_minute - self.start_minute), 60)


def overcapacity_limit(places: int, on: date | None = None) -> int:
    """Most children at the same moment: 115 % of the places, rounded up (CSP R. 2324-27; arrêté, art. 6).

    `on` None, or a day before the rule: as it was first written.
    For collective crèches, haltes-garderies and jardins d'enfants; the weekly rule and the ratio apply besides.
    Raises ValueError for places that are not positive.
    """
    if places <= 0:
        raise ValueError(f"places must be positive, not {places}")
    found = rule("SURNOMBRE-INSTANT", on) if on else None
    return -(-(found or single("SURNOMBRE-INSTANT")).value["percent"] * places // 100)


def weekly_capacity_hours(slots: Iterable[CapacitySlot]) -> Fraction:
    """Hours of presence that a week can hold: places times hours of each slot (arrêté of 8 October 2021, art. 4).

    Raises ValueError when two slots of a day overlap: their hours would count twice.
    """
    ordered = sorted(slots, key=lambda slot: (slot.weekday, slot.start_minute))
    for earlier, later in pairwise(ordered):
        if earlier.weekday == later.weekday and later.start_minute < earlier.end_minute:
            raise ValueError("two slots of the same day overlap")
    return sum((slot.place_hours for slot in ordered), Fraction(0))


def week_slots(
    places: int, openings: Iterable[tuple[int, time, time]], slots: Iterable[CapacitySlot] = ()
) -> list[CapacitySlot]:
    """The whole week of an authorisation: the places of its slots, `places` on the rest of the opening hours.

    `openings` are (weekday, opens at, closes at). What a slot gives outside the opening welcomes nobody: it is cut.
    Raises ValueError when two slots of a day overlap.
    """
    slots, found = list(slots), []
    weekly_capacity_hours(slots)  # refuses those that overlap
    for weekday, opens_at, closes_at in openings:
        opening = CapacitySlot(weekday, opens_at, closes_at, places)
        at = opening.start_minute
        for slot in sorted((s for s in slots if s.weekday == weekday), key=lambda s: s.start_minute):
            low, high = max(slot.start_minute, at), min(slot.end_minute, opening.end_minute)
            if low < high:
                found += [_piece(weekday, at, low, places), _piece(weekday, low, high, slot.places)]
                at = high
        found.append(_piece(weekday, at, opening.end_minute, places))
    return [piece for piece in found if piece is not None]


def _piece(weekday: int, start: int, end: int, places: int) -> CapacitySlot | None:
    if start >= end:
        return None
    starts_at, ends_at = (time(at // 60 % 24, at % 60) for at in (start, end))
    return CapacitySlot(weekday, starts_at, ends_at, places)


def breaches_weekly_capacity(presence_hours: Decimal | int | Fraction, slots: Iterable[CapacitySlot]) -> bool:
    """Whether a week's hours of presence exceed 100 % of its capacity in hours (CSP R. 2324-27 1°)."""
    return Fraction(presence_hours) > weekly_capacity_hours(slots)
