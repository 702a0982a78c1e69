"""Capacity: how many children at once, how many hours in a week (CSP R. 2324-27, arrêté of 8 October 2021)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from establishments.regulation.catalogue import single


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


def overcapacity_limit(places: int) -> int:
    """Most children at the same moment: 115 % of the places, rounded up (CSP R. 2324-27; arrêté, art. 6).

    For collective crèches, haltes-garderies and jardins d'enfants; the weekly rule and the ratio apply besides.
    Raises ValueError for places that are not positive.
    """
    if places <= 0:
        raise ValueError(f"places must be positive, not {places}")
    return -(-single("SURNOMBRE-INSTANT").value["percent"] * places // 100)


def weekly_capacity_hours(slots: Iterable[CapacitySlot]) -> Fraction:
    """Hours of presence that a week can hold: places times hours of each slot (arrêté of 8 October 2021, art. 4).

    Raises ValueError when two slots of a day overlap: their hours would count twice.
    """
    ordered = sorted(slots, key=lambda slot: (slot.weekday, slot.start_minute))
    for earlier, later in pairwise(ordered):
        if earlier.weekday == later.weekday and later.start_minute < earlier.end_minute:
            raise ValueError("two slots of the same day overlap")
    return sum((slot.place_hours for slot in ordered), Fraction(0))


def breaches_weekly_capacity(presence_hours: Decimal | int | Fraction, slots: Iterable[CapacitySlot]) -> bool:
    """Whether a week's hours of presence exceed 100 % of its capacity in hours (CSP R. 2324-27 1°)."""
    return Fraction(presence_hours) > weekly_capacity_hours(slots)
