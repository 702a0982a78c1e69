"""The houses that a change of a rule touches: old and new rules asked about each of them. Two queries for all."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from core.periods import active_on

from .models import Authorisation, Establishment
from .rule_changes import Difference, differences


@dataclass(frozen=True)
class Touched:
    """One house and what moves for it."""

    house: Establishment
    lines: list[Difference]

    @property
    def sentence(self) -> str:
        return "\u202f; ".join(f"{one.label}\u00a0: {one.before} → {one.after}" for one in self.lines)


def impact(change, houses=None) -> list[Touched]:
    """Those of `houses` (all of them unless told) that are open on the day of effect and for which something moves."""
    day = change.starts_on
    authorised = Authorisation.objects.filter(active_on(day), establishment=OuterRef("pk"))
    rows = (Establishment.objects.all() if houses is None else houses).open_on(day).order_by("name", "pk")
    rows = rows.annotate(
        known_places=Subquery(authorised.values("places")[:1]),
        known_ratio=Subquery(authorised.values("ratio_rule")[:1]),
    )
    memory: dict[tuple, list[Difference]] = {}
    found = []
    for house in rows:
        key = house.kind, house.known_places, house.known_ratio
        if key not in memory:
            memory[key] = differences(change, *key)
        if memory[key]:
            found.append(Touched(house, memory[key]))
    return found


def touched(change) -> list[Establishment]:
    return [one.house for one in impact(change)]
