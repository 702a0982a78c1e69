"""What the coverage engine reads and gives back."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

CATEGORIES = (1, 2, None)


class Topic(StrEnum):
    """What a breach is about, for those who count them apart."""

    RATIO = "ratio"
    MINIMUM = "minimum"
    CATEGORY_1 = "category_1"
    DIRECTION = "direction"
    OVERCAPACITY = "overcapacity"


def check_interval(start: int, end: int) -> None:
    """Raises ValueError for a negative minute and for an interval without duration. Midnight may be passed."""
    if start < 0:
        raise ValueError(f"a time is counted from midnight, not {start}")
    if end <= start:
        raise ValueError(f"an interval must end after it starts, not {start} to {end}")


@dataclass(frozen=True)
class ChildrenPresence:
    """Children in the house over [start, end[, in minutes after midnight; presences that overlap add up.

    For the rule `kindergarten` the two numbers are the children under three, and of three and over.
    """

    start: int
    end: int
    non_walkers: int
    walkers: int

    def __post_init__(self) -> None:
        check_interval(self.start, self.end)
        if self.non_walkers < 0 or self.walkers < 0:
            raise ValueError("numbers of children must not be negative")

    @property
    def child_minutes(self) -> int:
        return (self.non_walkers + self.walkers) * (self.end - self.start)


@dataclass(frozen=True)
class StaffPresence:
    """Someone in the house over [start, end[: category 1 or 2 of CSP R. 2324-42, or None.

    `counts` is False for whoever is in the house without being with the children for the ratio: in training, at other
    work, trainee, apprentice. An outside professional who takes children in charge counts. Someone who is elsewhere
    has no presence here. `person`, when known, lets the engine refuse to count one person twice.
    """

    start: int
    end: int
    category: int | None
    may_direct: bool
    counts: bool
    person: Hashable | None = None

    def __post_init__(self) -> None:
        check_interval(self.start, self.end)
        if self.category not in CATEGORIES:
            raise ValueError(f"category must be 1, 2 or None, not {self.category!r}")


def set_apart(
    presence: StaffPresence, intervals: Iterable[tuple[int, int]], *, in_the_house: bool
) -> list[StaffPresence]:
    """`presence` cut by what the person does besides: pieces in order, the intervals clipped to it.

    During the intervals the person stays without counting (`in_the_house`: other work, training on the spot) or
    leaves (training outside, another house). Intervals may overlap.
    """
    pieces: list[StaffPresence] = []
    now = presence.start
    for start, end in sorted(intervals):
        check_interval(start, end)
        start, end = max(start, now), min(end, presence.end)
        if start >= end:
            continue
        if now < start:
            pieces.append(replace(presence, start=now, end=start))
        if in_the_house:
            pieces.append(replace(presence, start=start, end=end, counts=False))
        now = end
    if now < presence.end:
        pieces.append(replace(presence, start=now))
    return pieces


@dataclass(frozen=True)
class Breach:
    """A rule that does not hold: its key in the catalogue, its article, and a French sentence."""

    rule_id: str
    article: str
    message: str
    topic: Topic = Topic.RATIO


@dataclass(frozen=True)
class Segment:
    """A stretch of the day during which nothing changes, [start, end[ in minutes after midnight.

    `required` holds the floor of two (decision 13), `need` does not: it is what the month's 40 % compares with
    (decision 15). `present` and `category_1` count those with the children; `direction_covered` looks at anyone in
    the house who may direct (decision 14).
    """

    start: int
    end: int
    children: int
    required: int
    present: int
    category_1: int
    direction_covered: bool
    breaches: tuple[Breach, ...]
    need: int = field(default=0, compare=False)

    @property
    def minutes(self) -> int:
        return self.end - self.start
