"""What an organisation asks of a team and offers to families, on the days of a house. Pure.

A section is with its own professionals: the ratio is rounded in each of them, and the house never asks less than the
texts ask of it as a whole (CSP R. 2324-43-1, R. 2324-46-4). Sections by age part those who walk from those who do not;
mixed ones share both alike. Nothing is recorded: the days, the children and the hours of work are those of the house.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from core.french import NBSP, NNBSP, agreed, counted, hours, number
from establishments.regulation import ratio_need
from staffing.coverage import HouseDay, Segment, Topic, assessed
from staffing.coverage.halves import HALF_HOUR
from staffing.posts.risk import OPEN_WEEKS, YEAR_HOURS

FULL_TIME = Fraction(YEAR_HOURS, OPEN_WEEKS)  # hours a week of one post with the children, while the house is open
TOGETHER = 60  # minutes after the opening and before the closing, where sections may be one
HELD = frozenset({Topic.RATIO, Topic.MINIMUM, Topic.CATEGORY_1, Topic.DIRECTION})


@dataclass(frozen=True)
class Organisation:
    """`opening` in minutes after midnight, None as it is each day; `joined`: one section at both ends of the day.

    Raises ValueError for no section, or an opening that ends before it starts.
    """

    sections: int = 1
    by_age: bool = False
    opening: tuple[int, int] | None = None
    joined: bool = True

    def __post_init__(self) -> None:
        if self.sections < 1:
            raise ValueError("a house has at least one section")
        if self.opening is not None and not 0 <= self.opening[0] < self.opening[1] <= 24 * 60:
            raise ValueError(f"an opening must end after it starts, not {self.opening}")

    def groups(self, non_walkers: int, walkers: int, babies: int) -> list[tuple[int, int]]:
        """The children of an instant, section by section; `babies` of the sections are for those who do not walk."""
        if not self.by_age or self.sections == 1:
            firsts, seconds = _shared(non_walkers, self.sections), _shared(walkers, self.sections)
            return list(zip(firsts, reversed(seconds), strict=True))
        apart = [(children, 0) for children in _shared(non_walkers, babies)]
        return apart + [(0, children) for children in _shared(walkers, self.sections - babies)]


def _shared(children: int, sections: int) -> list[int]:
    """As evenly as can be, the largest first."""
    return [children // sections + (rank < children % sections) for rank in range(sections)]


@dataclass(frozen=True)
class Outcome:
    """One organisation over some days. Hours are exact, over all the days; `weeks` is how long they are.

    `broken`: half-hours in which a rule or a section does not hold. `required` and `present`: hours of professionals;
    `spare`: the fewest professionals beyond what is required, negative when they lack. `offered`: hours of places;
    `welcomed` and `lost`: hours of children expected, inside and outside the opening. `held`: the most children that
    those present allow at the fullest moment of each day, the least of them; None without any child.
    """

    days: int
    weeks: Fraction
    broken: int
    required: Fraction
    present: Fraction
    spare: int
    offered: Fraction
    welcomed: Fraction
    lost: Fraction
    held: int | None

    def weekly(self, value: Fraction) -> Fraction:
        return value / self.weeks if self.weeks else Fraction(0)

    @property
    def posts(self) -> Fraction:
        """Posts with the children that the hours required take."""
        return self.weekly(self.required) / FULL_TIME


def outcome_of(days: Mapping[date, HouseDay], organisation: Organisation) -> Outcome:
    """What the organisation gives on the open days of one house, as `assess_day` reads them."""
    babies = _baby_sections(days.values(), organisation)
    found = [_Day(day, organisation, babies) for _, day in sorted(days.items()) if day.opening]
    held = [one.held for one in found if one.held is not None]
    return Outcome(
        days=len(found),
        weeks=Fraction(len({day.isocalendar()[:2] for day in days})),
        broken=sum(one.broken for one in found),
        required=_hours(sum(one.required for one in found)),
        present=_hours(sum(one.present for one in found)),
        spare=min((one.spare for one in found), default=0),
        offered=_hours(sum(one.offered for one in found)),
        welcomed=_hours(sum(one.welcomed for one in found)),
        lost=_hours(sum(one.expected - one.welcomed for one in found)),
        held=min(held, default=None),
    )


def _hours(minutes: int) -> Fraction:
    return Fraction(minutes, 60)


def _baby_sections(days: Iterable[HouseDay], organisation: Organisation) -> int:
    """Sections by age follow the children: at least one for each kind when there are two."""
    groups = [group for day in days for group in day.children]
    non_walkers = sum(group.non_walkers * (group.end - group.start) for group in groups)
    share = Fraction(non_walkers, sum(group.child_minutes for group in groups) or 1)
    return max(1, min(organisation.sections - 1, round(share * organisation.sections)))


class _Day:
    """One day of a house under an organisation."""

    def __init__(self, day: HouseDay, organisation: Organisation, babies: int) -> None:
        opening = organisation.opening or day.opening or (0, 0)
        self.rule, self.places, self.on = day.rule, day.places, day.on
        self.organisation, self.babies, self.opening = organisation, babies, opening
        pieces = self._pieces(assessed(replace(day, opening=opening)), day)
        self.broken = len({start for piece in pieces for start in piece.half_hours})
        self.required = sum(piece.required * piece.minutes for piece in pieces)
        self.present = sum(piece.present * piece.minutes for piece in pieces)
        self.spare = min((piece.present - piece.required for piece in pieces if piece.required), default=0)
        self.welcomed = sum(piece.children * piece.minutes for piece in pieces)
        self.expected = sum(group.child_minutes for group in day.children)
        self.offered = (day.places or 0) * (opening[1] - opening[0])
        fullest = max(pieces, key=lambda piece: (piece.children, -piece.present), default=None)
        self.held = None if fullest is None or not fullest.children else self._held(fullest)

    def _pieces(self, segments: Sequence[Segment], day: HouseDay) -> list["_Piece"]:
        """The segments of the engine, cut where the children change and where the sections part."""
        edges = {edge for segment in segments for edge in (segment.start, segment.end)}
        edges |= {edge for group in day.children for edge in (group.start, group.end)}
        edges |= {self.opening[0] + TOGETHER, self.opening[1] - TOGETHER}
        ordered = sorted(edge for edge in edges if self.opening[0] <= edge <= self.opening[1])
        found, rank = [], 0
        for start, end in pairwise(ordered):
            while segments[rank].end <= start:
                rank += 1
            here = [group for group in day.children if group.start <= start < group.end]
            counts = sum(g.non_walkers for g in here), sum(g.walkers for g in here)
            found.append(_Piece(start, end, *counts, segments[rank], self._need(start, end, *counts)))
        return found

    def _need(self, start: int, end: int, non_walkers: int, walkers: int) -> int:
        """What the sections ask, each rounded apart."""
        at_an_end = start < self.opening[0] + TOGETHER or end > self.opening[1] - TOGETHER
        here = Organisation() if self.organisation.joined and at_an_end else self.organisation
        groups = here.groups(non_walkers, walkers, self.babies)
        return sum(ratio_need(*group, rule_code=self.rule, on=self.on) for group in groups)

    def _held(self, piece: "_Piece") -> int:
        """The most children, in the same shares, whom those present at that moment may be with."""
        share = Fraction(piece.non_walkers, piece.children)
        for children in range(self.places or piece.children, 0, -1):
            babies = round(children * share)
            if self._need(piece.start, piece.end, babies, children - babies) <= piece.present:
                return children
        return 0


class _Piece:
    """A stretch during which neither the children nor the team change."""

    def __init__(self, start: int, end: int, non_walkers: int, walkers: int, segment: Segment, need: int) -> None:
        self.start, self.end, self.non_walkers, self.walkers = start, end, non_walkers, walkers
        self.children, self.minutes, self.present = non_walkers + walkers, end - start, segment.present
        self.required = max(segment.required, need) if self.children else 0
        broken = self.required > self.present or any(breach.topic in HELD for breach in segment.breaches)
        self.half_hours = range(start - start % HALF_HOUR, end, HALF_HOUR) if broken else ()


def explained(first: Outcome, second: Outcome, names: tuple[str, str] = ("A", "B")) -> list[str]:
    """The comparison in five lines: coverage, tightest moment, staff, places, families."""
    a, b = names
    weekly = [(one.weekly(one.required), one.weekly(one.offered), one.weekly(one.lost)) for one in (first, second)]
    return [
        f"Couverture{NBSP}: {counted(first.broken, 'demi-heure')} en défaut avec {a}, "
        f"{number(second.broken)} avec {b}, "
        f"{_more(second.broken - first.broken, 'demi-heure')}.",
        f"Moment le plus juste{NBSP}: {_spare(first.spare)} avec {a}, {_spare(second.spare)} avec {b}.",
        f"Personnel{NBSP}: {hours(weekly[0][0])} exigées par semaine avec {a}, {hours(weekly[1][0])} avec {b}, "
        f"soit {_signed(second.posts - first.posts)} auprès des enfants.",
        f"Places{NBSP}: {hours(weekly[0][1])} de places par semaine avec {a}, {hours(weekly[1][1])} avec {b}"
        f"{_held(first, second, a, b)}.",
        f"Familles{NBSP}: {_lost(weekly[0][2])} hors de l’ouverture avec {a}, {_lost(weekly[1][2])} avec {b}.",
    ]


def _more(change: int, noun: str) -> str:
    if not change:
        return "autant"
    return f"{counted(abs(change), noun)} de {'plus' if change > 0 else 'moins'}"


def _spare(professionals: int) -> str:
    if professionals < 0:
        return f"il manque {counted(-professionals, 'professionnel')}"
    if not professionals:
        return "personne de plus que l’exigé"
    return f"{counted(professionals, 'professionnel')} de plus que l’exigé"


def _signed(posts: Fraction) -> str:
    """ "1,25 ETP de plus"."""
    size = round(abs(posts), 2)
    if not size:
        return "autant d’ETP"
    return f"{number(size, 2).rstrip('0').rstrip(',')}{NBSP}ETP de {'plus' if posts > 0 else 'moins'}"


def _held(first: Outcome, second: Outcome, a: str, b: str) -> str:
    if first.held is None or second.held is None:
        return ""
    return (
        f"{NNBSP}; avec les présents, {counted(first.held, 'enfant')} {agreed(first.held, 'tenu')} "
        f"au plus fort du jour avec {a}, {number(second.held)} avec {b}"
    )


def _lost(value: Fraction) -> str:
    return f"{hours(value)} d’enfants attendus" if value else "aucune heure d’enfant attendu"
