"""One day of one house."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from establishments.regulation import CapacitySlot
from staffing.coverage.requirements import breaches, requirement, version_of
from staffing.coverage.shapes import ChildrenPresence, Segment, StaffPresence

Opening = tuple[int, int]
# What changes at a moment: non-walkers, walkers, present, category 1°, those who may direct, places of slots, slots.
_Change = list[int]
_COUNTERS = 7


def assess_day(
    *,
    opening: Opening | None,
    children: Iterable[ChildrenPresence],
    presences: Iterable[StaffPresence],
    rule: str,
    places: int | None,
    kind: str,
    on: date,
    slots: Iterable[CapacitySlot] = (),
) -> list[Segment]:
    """The segments of the day: they partition `opening`, in order, half-open, each with its breaches.

    `opening` is (start, end) in minutes after midnight; None, () or an end equal to the start is a closed day: [].
    Presences are clipped to it; those of children add up. Neighbours that would say the same are one segment, so that
    two neighbours always differ. `slots` are the modulated places of the week (CSP R. 2324-20), which the limit
    of R. 2324-27 then follows on this weekday; outside them it follows `places`. The direction must be covered all
    along the opening, children or not (R. 2324-36).
    Raises ValueError for an opening that ends before it starts, an unknown rule or kind, places that are not positive,
    one person present twice at the same moment.
    """
    if not opening or opening[0] == opening[1]:
        return []
    if opening[1] < opening[0] or opening[0] < 0:
        raise ValueError(f"an opening must end after it starts, not {opening}")
    presences = list(presences)
    refuse_doubles(presences)
    changes = _changes(opening, children, presences, _slots_of(slots, on))
    version = version_of(on)
    return _merged(_facts(changes, rule, places, kind, version))


def refuse_doubles(presences: Sequence[StaffPresence]) -> None:
    """Raises ValueError when one person would be counted twice at the same moment (failure C24)."""
    last: dict[Hashable, int] = {}
    for presence in sorted((p for p in presences if p.person is not None), key=lambda p: p.start):
        if presence.start < last.get(presence.person, 0):
            raise ValueError(f"{presence.person!r} is present twice at the same moment")
        last[presence.person] = presence.end


def _slots_of(slots: Iterable[CapacitySlot], on: date) -> list[CapacitySlot]:
    found = sorted((s for s in slots if s.weekday == on.isoweekday()), key=lambda slot: slot.start_minute)
    if any(later.start_minute < earlier.end_minute for earlier, later in pairwise(found)):
        raise ValueError("two slots of the same day overlap")
    return found


def _changes(
    opening: Opening,
    children: Iterable[ChildrenPresence],
    presences: Iterable[StaffPresence],
    slots: Iterable[CapacitySlot],
) -> dict[int, _Change]:
    """What begins and ends at each moment of the opening, its two ends included."""
    first, last = opening
    changes: dict[int, _Change] = {first: [0] * _COUNTERS, last: [0] * _COUNTERS}

    def add(start: int, end: int, *amounts: int) -> None:
        start, end = max(start, first), min(end, last)
        if start >= end:
            return
        begins, ends = changes.setdefault(start, [0] * _COUNTERS), changes.setdefault(end, [0] * _COUNTERS)
        for index, amount in enumerate(amounts):
            begins[index] += amount
            ends[index] -= amount

    for group in children:
        add(group.start, group.end, group.non_walkers, group.walkers)
    for staff in presences:
        add(staff.start, staff.end, 0, 0, staff.counts, staff.counts and staff.category == 1, staff.may_direct)
    for slot in slots:
        add(slot.start_minute, slot.end_minute, 0, 0, 0, 0, 0, slot.places, 1)
    return changes


def _facts(
    changes: dict[int, _Change], rule: str, places: int | None, kind: str, version: date
) -> Iterator[tuple[int, int, tuple[Any, ...]]]:
    """Start, end, and what a segment says besides, in the order of its fields."""
    state = [0] * _COUNTERS
    for start, end in pairwise(sorted(changes)):
        state = [before + change for before, change in zip(state, changes[start], strict=True)]
        non_walkers, walkers, present, category_1, directing, slot_places, in_slot = state
        authorised = slot_places if in_slot else places
        asked = requirement(non_walkers, walkers, rule, places, authorised, kind, version)
        found = breaches(asked, present, category_1, directing > 0, rule, version)
        yield start, end, (asked.children, asked.required, present, category_1, directing > 0, found, asked.need)


def _merged(facts: Iterable[tuple[int, int, tuple[Any, ...]]]) -> list[Segment]:
    return [
        Segment(stretches[0][0], stretches[-1][1], *said)
        for said, group in groupby(facts, key=lambda each: each[2])
        if (stretches := list(group))
    ]
