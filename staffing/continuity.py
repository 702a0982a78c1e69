"""Who ensures the direction of a house, half-day by half-day, and who could when nobody does (CSP R. 2324-36).

Pure. The chain of a house is its director, its deputy, an interim, then the relays that it designated, in their order;
a relay must be of category 1° of R. 2324-42 or, failing that, of category 2° with a year beside young children.
A half-day is uncovered when nobody of the chain is there: somebody else of category 1° may well be present, but has
not been designated, and a team must know who answers. Half-days are (date, 0 morning or 1 afternoon).
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from core.calendar import add_months
from core.french import NBSP, NNBSP, number
from establishments.regulation import single

HalfDay = tuple[date, int]
HALF_NAMES = ("matin", "après-midi")


class Link(IntEnum):
    """The places of the chain, in order."""

    DIRECTOR = 0
    INTERIM = 1
    DEPUTY = 2
    RELAY = 3


def may_ensure_direction(category: int | None, children_since: date | None, on: date) -> bool:
    """Whether a person present may stand in for the director (CSP R. 2324-36): 1°, or 2° after one year."""
    if category == 1:
        return True
    if category != 2 or children_since is None:
        return False
    years = single("CONTINUITE-DIRECTION").value["category_2_min_experience_years"]
    return add_months(children_since, 12 * years) <= on


@dataclass(frozen=True)
class Designated:
    """One person of a chain, between two dates; `rank` orders the relays."""

    person: Hashable
    name: str
    link: Link
    rank: int = 0
    starts_on: date = date.min
    ends_on: date | None = None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    @property
    def order(self) -> tuple[int, int, str]:
        return self.link, self.rank, self.name


def holder_of(
    chain: Iterable[Designated], half_day: HalfDay, is_there: Callable[[Hashable, HalfDay], bool]
) -> Designated | None:
    """The first of the chain who is there, None when the half-day is uncovered."""
    standing = (one for one in chain if one.holds(half_day[0]) and is_there(one.person, half_day))
    return min(standing, key=lambda one: one.order, default=None)


def uncovered(
    chain: Sequence[Designated],
    open_half_days: Iterable[HalfDay],
    is_there: Callable[[Hashable, HalfDay], bool],
) -> list[HalfDay]:
    """The open half-days during which nobody of the chain is there, in order."""
    return [half for half in sorted(open_half_days) if holder_of(chain, half, is_there) is None]


@dataclass(frozen=True)
class Stretch:
    """Uncovered half-days that follow each other without an open half-day covered between them."""

    half_days: tuple[HalfDay, ...]

    @property
    def starts_on(self) -> date:
        return self.half_days[0][0]

    @property
    def ends_on(self) -> date:
        return self.half_days[-1][0]


def stretches(gaps: Sequence[HalfDay], open_half_days: Iterable[HalfDay]) -> list[Stretch]:
    """The gaps grouped: one interim covers one stretch."""
    missing, found, current = set(gaps), [], []
    for half in sorted(open_half_days):
        if half in missing:
            current.append(half)
        elif current:
            found.append(Stretch(tuple(current)))
            current = []
    return [*found, Stretch(tuple(current))] if current else found


@dataclass(frozen=True)
class Candidate:
    """Somebody who could cover a stretch. `is_away` some of it (own leave), `strips` her own house of its direction.

    `distance_km` is None when a house has no coordinates, 0 for a colleague of the house.
    """

    person: Hashable
    name: str
    title: str
    house: Hashable
    house_name: str
    is_inside: bool = False
    is_away: bool = False
    strips: bool = False
    knows: bool = False
    distance_km: float | None = None
    has_account: bool = True

    @property
    def is_possible(self) -> bool:
        return not self.is_away

    @property
    def order(self) -> tuple[bool, bool, bool, bool, float, str]:
        """The best first: there, without uncovering her own house, of the house, knowing it, near."""
        far = float("inf") if self.distance_km is None else self.distance_km
        return self.is_away, self.strips, not self.is_inside, not self.knows, far, self.name

    @property
    def reason(self) -> str:
        """ "disponible ; connaît déjà la maison ; à 1,2 km"."""
        said = ["absente une partie de ces jours" if self.is_away else "présente tous ces jours"]
        if self.strips:
            said.append("sa propre maison resterait sans direction")
        if self.is_inside:
            said.append("de l’équipe, à désigner")
        elif self.knows:
            said.append("connaît déjà la maison")
        if not self.is_inside:
            said.append("distance inconnue" if self.distance_km is None else _distance(self.distance_km))
        return f"{NNBSP}; ".join(said)


def _distance(kilometres: float) -> str:
    return f"à {number(kilometres, 1)}{NBSP}km"


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda candidate: candidate.order)
