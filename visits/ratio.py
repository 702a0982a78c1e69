"""The staffing ratio of the moment, computed on the spot from that day's authorisation (pure; CSP R. 2324-46-4)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.french import counted
from establishments.regulation.capacity import overcapacity_limit
from establishments.regulation.ratio import KINDERGARTEN, RATIO_RULE_LABELS, needs_category_1, required_staff

GROUPS = ("qui ne marchent pas", "qui marchent")
KINDERGARTEN_GROUPS = ("de moins de trois ans", "de trois ans et plus")
BELOW = "En dessous du nombre requis."
NO_CATEGORY_1 = "Aucun professionnel de catégorie 1 présent (CSP, art. R. 2324-43-1)."
UNKNOWN_PLACES = 60  # as many children as the table goes to where no capacity is known
MOST_CHILDREN = 120  # beyond, the server alone answers
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Ratio:
    """Professionals required and present (categories 1° and 2° only) for the children seen at one moment."""

    required: int
    present: int
    rule_label: str
    is_met: bool
    lacks_category_1: bool
    sentence: str

    @property
    def told(self) -> str:
        """The sentence with its verdict, where nothing beside it says so."""
        return " ".join(
            filter(None, [self.sentence, not self.is_met and BELOW, self.lacks_category_1 and NO_CATEGORY_1])
        )


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


def needs_table(*, rule: str | None, places: int | None, kind: str, on: date) -> dict[str, Any] | None:
    """What a page needs to tell the ratio without a network, where no rule is written twice; None without a rule.

    `needs`: a text for each number of the first group, from 0; its character of rank n is `required_staff` with n of
    the second group, in base 36, for as many children as may be there at one moment, the surnombre included. `groups`
    and `rule` are French words.
    """
    if rule is None:
        return None
    most = min(MOST_CHILDREN, overcapacity_limit(places) if places else UNKNOWN_PLACES)
    needs = [
        "".join(
            DIGITS[required_staff(first, second, rule=rule, places=places, kind=kind, on=on)]
            for second in range(most - first + 1)
        )
        for first in range(most + 1)
    ]
    return {
        "needs": needs,
        "category_1": needs_category_1(places, kind, on),
        "groups": groups(rule),
        "rule": RATIO_RULE_LABELS[rule],
    }
