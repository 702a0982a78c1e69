"""The staffing ratio of the moment, computed on the spot from that day's authorisation (pure; CSP R. 2324-46-4)."""

from dataclasses import dataclass
from datetime import date

from core.french import counted
from establishments.regulation.ratio import KINDERGARTEN, RATIO_RULE_LABELS, needs_category_1, required_staff

GROUPS = ("qui ne marchent pas", "qui marchent")
KINDERGARTEN_GROUPS = ("de moins de trois ans", "de trois ans et plus")


@dataclass(frozen=True)
class Ratio:
    """Professionals required and present (categories 1° and 2° only) for the children seen at one moment."""

    required: int
    present: int
    rule_label: str
    is_met: bool
    lacks_category_1: bool
    sentence: str


def groups(rule: str | None) -> tuple[str, str]:
    """How the two groups of children are told apart under a ratio rule."""
    return KINDERGARTEN_GROUPS if rule == KINDERGARTEN else GROUPS


def ratio_of_the_day(
    children: tuple[int | None, int | None],
    staff: tuple[int | None, int | None],
    *,
    rule: str | None,
    places: int | None,
    kind: str,
    on: date,
) -> Ratio | None:
    """The ratio for (non-walkers, walkers) and (category 1°, category 2°); None when one of them is unknown.

    A team larger than required and a category 1° professional where one is needed (R. 2324-43-1) are told apart.
    Raises ValueError for negative numbers.
    """
    if None in children or None in staff or rule is None:
        return None
    first, second = children
    required = required_staff(first, second, rule=rule, places=places, kind=kind, on=on)
    present = sum(staff)
    lacks = bool(required) and needs_category_1(places, kind, on) and staff[0] == 0
    labels = groups(rule)
    sentence = (
        f"{counted(present, 'professionnel présent', 'professionnels présents')} pour "
        f"{counted(first + second, 'enfant')} ({first} {labels[0]}, {second} {labels[1]})\u202f; "
        f"{required} requis ({RATIO_RULE_LABELS[rule]})."
    )
    return Ratio(required, present, RATIO_RULE_LABELS[rule], present >= required, lacks, sentence)
