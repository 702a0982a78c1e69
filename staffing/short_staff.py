"""Short of staff on a day: what can be done, in order, with the number of children concerned (functions S-046).

Pure. The order is that of the least harm to the families: somebody more, then children regrouped, then shorter hours,
then fewer children. Each option is computed with the same rules as the coverage engine; none is a decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from core.french import NBSP, counted, hours, sentence_list
from staffing.coverage import (
    FIVE_EIGHT_BY_GROUP,
    FIVE_EIGHT_SUMMED,
    ChildrenPresence,
    HouseDay,
    Segment,
    StaffPresence,
    Topic,
    assessed,
)

STEP = 30
HEADCOUNT = frozenset({Topic.RATIO, Topic.MINIMUM, Topic.CATEGORY_1})


class Option(StrEnum):
    FLOAT = "agent volant"
    TRANSFER = "renfort d’une autre maison"
    MERGE = "regroupement des sections"
    HOURS = "horaires réduits"
    PLACES = "moins d’enfants accueillis"


@dataclass(frozen=True)
class Helper:
    """Somebody who could come: her hours that day, where from, category; no home loses what it needs."""

    name: str
    presence: StaffPresence
    come_from: str = ""


@dataclass(frozen=True)
class Step:
    """One option: `children` are those it concerns, `enough` says whether it alone makes the rules hold all day."""

    option: Option
    text: str
    children: int
    enough: bool


def in_breach(segments: Sequence[Segment]) -> list[Segment]:
    """The stretches where there are too few professionals, or none of category 1°."""
    return [segment for segment in segments if any(b.topic in HEADCOUNT for b in segment.breaches)]


def protocol(day: HouseDay, *, floats: Sequence[Helper] = (), colleagues: Sequence[Helper] = ()) -> list[Step]:
    """The options of one day, in their order; [] when the rules hold."""
    segments = assessed(day)
    broken = in_breach(segments)
    if not broken:
        return []
    concerned = max(segment.children for segment in broken)
    return [
        _somebody(Option.FLOAT, day, floats, concerned),
        _somebody(Option.TRANSFER, day, colleagues, concerned),
        _merged(day, broken, concerned),
        _shorter(day, segments),
        _fewer(day),
    ]


def _somebody(option: Option, day: HouseDay, helpers: Sequence[Helper], concerned: int) -> Step:
    """The fewest people, taken in the order given, after whom nothing is broken."""
    there: list[Helper] = []
    for helper in helpers:
        trial = replace(day, presences=[*day.presences, *(h.presence for h in there), helper.presence])
        before = replace(day, presences=[*day.presences, *(h.presence for h in there)])
        if _broken_minutes(trial) < _broken_minutes(before):
            there.append(helper)
        if not in_breach(assessed(replace(day, presences=[*day.presences, *(h.presence for h in there)]))):
            break
    if not there:
        return Step(option, "Personne de disponible.", concerned, enough=False)
    whole = replace(day, presences=[*day.presences, *(h.presence for h in there)])
    names = sentence_list([f"{h.name} ({h.come_from})" if h.come_from else h.name for h in there])
    return Step(option, f"{names}.", concerned, enough=not in_breach(assessed(whole)))


def _broken_minutes(day: HouseDay) -> tuple[int, int]:
    broken = in_breach(assessed(day))
    return sum(max(0, s.required - s.present) * s.minutes for s in broken), sum(s.minutes for s in broken)


def _merged(day: HouseDay, broken: Sequence[Segment], concerned: int) -> Step:
    """Sections together: the need is rounded once instead of by group, when the authorisation counts by group."""
    if day.rule != FIVE_EIGHT_BY_GROUP:
        text = "Le taux se compte déjà sur toute la maison\u00a0: regrouper ne change pas le nombre exigé."
        return Step(Option.MERGE, text, concerned, enough=False)
    left = in_breach(assessed(replace(day, rule=FIVE_EIGHT_SUMMED)))
    gained = sum(s.minutes for s in broken) - sum(s.minutes for s in left)
    text = f"Compté sur le total et non par groupe\u00a0: {counted(gained, 'minute')} de moins sous le taux."
    return Step(Option.MERGE, text, concerned, enough=not left)


def _shorter(day: HouseDay, segments: Sequence[Segment]) -> Step:
    """The longest opening, by half-hours of the clock, in which nothing is broken."""
    start, end = day.opening or (0, 0)
    bad = [(s.start, s.end) for s in in_breach(segments)]
    edges = [start, *range(-(-start // STEP) * STEP, end, STEP), end]
    best = max(
        (
            (high - low, -low, low, high)
            for low in edges
            for high in edges
            if low < high and not any(first < high and low < last for first, last in bad)
        ),
        default=None,
    )
    if best is None:
        return Step(Option.HOURS, "Aucune partie de la journée ne tient.", _most(segments), enough=False)
    low, high = best[2:]
    cut = [s for s in segments if s.start < low or s.end > high]
    text = f"Ouvrir de {hours(minutes=low)} à {hours(minutes=high)}."
    return Step(Option.HOURS, text, _most(cut), enough=True)


def _most(segments: Sequence[Segment]) -> int:
    return max((segment.children for segment in segments), default=0)


def _fewer(day: HouseDay) -> Step:
    """The fewest children to welcome elsewhere, the same all day, so that nothing is broken."""
    most = _most(assessed(day))
    for left_out in range(1, most):
        if not in_breach(assessed(replace(day, children=reduced(day.children, most - left_out)))):
            text = f"{counted(most - left_out, 'enfant')} au plus à la fois, au lieu de{NBSP}{most}."
            return Step(Option.PLACES, text, left_out, enough=True)
    return Step(Option.PLACES, "Aucun enfant ne peut être accueilli.", most, enough=True)


def reduced(children: Sequence[ChildrenPresence], most: int) -> list[ChildrenPresence]:
    """The same day with at most `most` children at once; those who walk leave first, which is the harder case.

    Presences that overlap are first told apart, instant by instant.
    """
    edges = sorted({moment for group in children for moment in (group.start, group.end)})
    found = []
    for start, end in zip(edges, edges[1:], strict=False):
        here = [g for g in children if g.start <= start and end <= g.end]
        first, second = sum(g.non_walkers for g in here), sum(g.walkers for g in here)
        over = max(0, first + second - most)
        walkers = max(0, second - over)
        kept = ChildrenPresence(start, end, first - max(0, over - second), walkers)
        if kept.non_walkers + kept.walkers:
            found.append(kept)
    return found
