"""Many days of many houses at once: a summer of a sector is assessed in one call."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from establishments.regulation import CapacitySlot
from staffing.coverage.day import Opening, assess_day
from staffing.coverage.shapes import ChildrenPresence, Segment, StaffPresence

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class HouseDay:
    """Everything `assess_day` asks for, of one house on one day."""

    opening: Opening | None
    children: Sequence[ChildrenPresence]
    presences: Sequence[StaffPresence]
    rule: str
    places: int | None
    kind: str
    on: date
    slots: Sequence[CapacitySlot] = ()


def assessed(day: HouseDay) -> list[Segment]:
    """`assess_day` of one house's day."""
    return assess_day(
        opening=day.opening,
        children=day.children,
        presences=day.presences,
        rule=day.rule,
        places=day.places,
        kind=day.kind,
        on=day.on,
        slots=day.slots,
    )


@dataclass(frozen=True)
class Clash:
    """One person present twice at the same moment of a day; `start` is when the second presence begins."""

    person: Hashable
    on: date
    start: int
    keys: tuple[Hashable, Hashable]


def presences_in_two_places(days: Mapping[Key, HouseDay]) -> list[Clash]:
    """Everyone who would be counted twice, in two houses or in one, by day and time (failure C24).

    Presences without a person cannot be compared and are passed over.
    """
    found: list[Clash] = []
    last: dict[tuple[Hashable, date], tuple[int, Key]] = {}
    for on, start, _, end, person, key in sorted(
        (
            (day.on, presence.start, order, presence.end, presence.person, key)
            for order, (key, day) in enumerate(days.items())
            for presence in day.presences
            if presence.person is not None
        ),
        key=lambda each: each[:3],
    ):
        until, where = last.get((person, on), (0, key))
        if start < until:
            found.append(Clash(person, on, start, (where, key)))
        last[person, on] = max((until, where), (end, key), key=lambda each: each[0])
    return found


def assess_days(days: Mapping[Key, HouseDay]) -> dict[Key, list[Segment]]:
    """`assess_day` for each house and day, under the same keys.

    What the texts require of an instant is remembered from one day to the next, which makes a summer of a sector
    cost little more than its events.
    Raises ValueError when one person is present in two places at once: ask `presences_in_two_places` first.
    """
    clashes = presences_in_two_places(days)
    if clashes:
        first = clashes[0]
        raise ValueError(f"{first.person!r} is present twice at the same moment on {first.on}: {first.keys}")
    return {key: assessed(day) for key, day in days.items()}
