"""Agents of the float pool, what houses need, and when people work."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date

DAY = 24 * 60


@dataclass(frozen=True)
class Shift:
    """Work of one person on one day, [start, end[ in minutes after midnight."""

    on: date
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a shift must end after it starts, not {self.start} to {self.end}")

    @property
    def minutes(self) -> int:
        return self.end - self.start

    @property
    def begins(self) -> int:
        """Minutes since the first day of the calendar: shifts of different days compare."""
        return self.on.toordinal() * DAY + self.start

    @property
    def ends(self) -> int:
        return self.on.toordinal() * DAY + self.end


@dataclass(frozen=True)
class Need:
    """One professional missing in one house on one day; `half_hours` below the ratio that she would remove."""

    id: Hashable
    house: Hashable
    shift: Shift
    half_hours: int
    category_1: bool = False
    may_direct: bool = False

    def __post_init__(self) -> None:
        if self.half_hours < 1:
            raise ValueError("a need removes at least one half-hour below the ratio")


@dataclass(frozen=True)
class FloatAgent:
    """One agent of the pool.

    `free` gives the hours of each day on which she may be sent; `travel` the minutes to each house (`UNKNOWN_TRAVEL`
    where missing); `minutes_given` what she already gave over the period that fairness looks at; `shifts` other work
    already settled, for legal rest.
    """

    id: Hashable
    category: int | None
    may_direct: bool = False
    knows: frozenset[Hashable] = frozenset()
    free: Mapping[date, tuple[int, int]] = field(default_factory=dict)
    travel: Mapping[Hashable, int] = field(default_factory=dict)
    minutes_given: int = 0
    shifts: tuple[Shift, ...] = ()

    def __post_init__(self) -> None:
        if self.minutes_given < 0 or any(minutes < 0 for minutes in self.travel.values()):
            raise ValueError("minutes must not be negative")

    def travel_to(self, house: Hashable) -> int:
        return self.travel.get(house, UNKNOWN_TRAVEL)


UNKNOWN_TRAVEL = 60  # minutes: a journey that nobody measured is taken as long, never as free
