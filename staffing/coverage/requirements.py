"""What the texts require for a number of children, and which of them do not hold.

Everything is remembered by number of children, not by day: the texts only change on the days of their versions.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from core.french import counted, typo
from establishments import regulation
from establishments.regulation import (
    FIVE_EIGHT_BY_GROUP,
    FIVE_EIGHT_SUMMED,
    KINDERGARTEN,
    ONE_SIX,
    RULES,
    needs_category_1,
    overcapacity_limit,
    ratio_need,
    required_staff,
)
from staffing.coverage.shapes import Breach, Topic

_RATIO_IDS = {
    FIVE_EIGHT_SUMMED: "RATIO-5-8",
    FIVE_EIGHT_BY_GROUP: "RATIO-5-8",
    ONE_SIX: "RATIO-6",
    KINDERGARTEN: "RATIO-JARDIN",
}
_REMEMBERED = 1 << 16  # a pôle over a summer meets some thousands of different instants


def version_of(on: date) -> date:
    """A day with the same rules as `on`: the last on which any rule of the catalogue began or ended."""
    recorded = regulation.changes()
    if recorded != _known[0]:  # a change was recorded or cancelled: what was remembered of its days is no longer true
        _known[0] = recorded
        requirement.cache_clear()
        breaches.cache_clear()
    versions = _versions(recorded)
    found = bisect_right(versions, on)
    return versions[found - 1] if found else date.min


_known: list[tuple[regulation.Rule, ...]] = [()]


@lru_cache(maxsize=8)
def _versions(recorded: tuple[regulation.Rule, ...]) -> list[date]:
    rules = RULES + recorded
    ends = {each.ends_on + timedelta(days=1) for each in rules if each.ends_on}
    return sorted({each.starts_on for each in rules if each.starts_on} | ends)


@dataclass(frozen=True)
class Requirement:
    """What one instant asks: `need` by the ratio alone, `required` with the floor of two, in professionals.

    `limit` is the most children at once, None where R. 2324-27 does not apply. `alone` says that the only professional
    must hold a State diploma, `with_category_1` that one of those with the children must.
    """

    children: int
    need: int
    required: int
    with_category_1: bool
    alone: bool
    limit: int | None


@lru_cache(maxsize=_REMEMBERED)
def requirement(
    non_walkers: int, walkers: int, rule: str, places: int | None, slot_places: int | None, kind: str, version: date
) -> Requirement:
    """What is required with these children; `slot_places` are those authorised at this time of the day.

    Raises ValueError for negative numbers, places that are not positive, an unknown rule or kind.
    """
    children = non_walkers + walkers
    diploma = regulation.rule("MICRO-SEUL-DIPLOME", version)
    required = required_staff(non_walkers, walkers, rule=rule, places=places, kind=kind, on=version)
    return Requirement(
        children=children,
        need=ratio_need(non_walkers, walkers, rule_code=rule, on=version),
        required=required,
        with_category_1=children > 0 and needs_category_1(places, kind, version),
        alone=required == 1 and diploma is not None and kind in diploma.kinds,
        limit=_limit(slot_places, kind, version),
    )


def _limit(places: int | None, kind: str, version: date) -> int | None:
    found = regulation.rule("SURNOMBRE-INSTANT", version)
    if found is None or kind not in found.kinds or places is None:
        return None
    return overcapacity_limit(places, version) if places else 0


@lru_cache(maxsize=_REMEMBERED)
def breaches(
    asked: Requirement, present: int, category_1: int, direction_covered: bool, rule: str, version: date
) -> tuple[Breach, ...]:
    """The rules that do not hold, in the order headcount, qualification, direction, capacity."""
    return tuple(
        Breach(rule_id, _article(rule_id, version), typo(message), topic)
        for rule_id, topic, message in (
            *_headcount(asked, present, rule),
            *_qualification(asked, present, category_1),
            *_house(asked, direction_covered),
        )
    )


_Found = Iterator[tuple[str, Topic, str]]


def _article(rule_id: str, version: date) -> str:
    found = regulation.rule(rule_id, version)
    return found.article if found else ""


def _headcount(asked: Requirement, present: int, rule: str) -> _Found:
    who = counted(present, "professionnel") if present else "Aucun professionnel"
    children = counted(asked.children, "enfant")
    # One alone is enough for three children in twelve places, whatever the reading of the ratio (decision 13).
    least = min(asked.need, asked.required)
    if present < least:
        wanted = f"{least} exigé{'s' if least > 1 else ''}"
        yield _RATIO_IDS[rule], Topic.RATIO, f"{who} pour {children}, {wanted} par le taux d’encadrement."
    if present < 2 <= asked.required:
        yield "MIN-DEUX-PRO", Topic.MINIMUM, f"{who} auprès de {children} : jamais moins de deux."


def _qualification(asked: Requirement, present: int, category_1: int) -> _Found:
    if category_1:
        return
    if asked.with_category_1:
        sentence = "Personne de la catégorie 1° auprès des enfants, au-delà de 24 places."
        yield "MIN-DEUX-PRO", Topic.CATEGORY_1, sentence
    if asked.alone and present == 1:
        yield "MICRO-SEUL-DIPLOME", Topic.CATEGORY_1, "Le professionnel seul n’est pas de la catégorie 1°."


def _house(asked: Requirement, direction_covered: bool) -> _Found:
    if not direction_covered:
        sentence = "Personne sur place ne peut assurer la direction."
        yield "CONTINUITE-DIRECTION", Topic.DIRECTION, sentence
    if asked.limit is not None and asked.children > asked.limit:
        sentence = f"{counted(asked.children, 'enfant')} à la fois, {asked.limit} au plus."
        yield "SURNOMBRE-INSTANT", Topic.OVERCAPACITY, sentence
