"""The time budget of a meeting (S-086): which subjects fit, in their order, and which wait for the next one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """One subject asked for: `minutes` is what its sponsor needs."""

    key: int
    minutes: int


@dataclass(frozen=True)
class Budget:
    """Keys in their order. `kept` sum up to `used` minutes at most `length`, the follow-up included."""

    length: int
    follow_up: int
    kept: tuple[int, ...]
    postponed: tuple[int, ...]
    too_long: tuple[int, ...]
    used: int

    @property
    def left(self) -> int:
        return self.length - self.used

    @property
    def overflows(self) -> bool:
        return bool(self.postponed)


def fit(wanted: Sequence[Wanted], *, length: int, follow_up: int = 0) -> Budget:
    """Subjects kept in their order while the time lasts; a shorter one behind may take what is left.

    `follow_up` minutes open the meeting, never more than its `length`. `too_long` are those of the postponed that no
    meeting of this length could hold.
    """
    opening = min(follow_up, length)
    kept: list[int] = []
    postponed: list[int] = []
    used = opening
    for one in wanted:
        if used + one.minutes <= length:
            kept.append(one.key)
            used += one.minutes
        else:
            postponed.append(one.key)
    too_long = tuple(one.key for one in wanted if one.minutes > length - opening)
    return Budget(length, opening, tuple(kept), tuple(postponed), too_long, used)
