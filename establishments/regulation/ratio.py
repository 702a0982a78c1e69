"""How many professionals with the children, at every instant (CSP R. 2324-42 to R. 2324-43-2, R. 2324-46-4)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from establishments.regulation.catalogue import rule as rule_on
from establishments.regulation.catalogue import value_on
from establishments.regulation.categories import check_kind, check_places

FIVE_EIGHT_SUMMED = "five_eight_summed"
FIVE_EIGHT_BY_GROUP = "five_eight_by_group"
ONE_SIX = "one_six"
KINDERGARTEN = "kindergarten"

# The texts do not say whether the two fractions are rounded before or after they are added: both readings are kept.
RATIO_RULE_LABELS = {
    FIVE_EIGHT_SUMMED: "1 pour 5 qui ne marchent pas et 1 pour 8 qui marchent, arrondi sur le total",
    FIVE_EIGHT_BY_GROUP: "1 pour 5 qui ne marchent pas et 1 pour 8 qui marchent, arrondi par groupe",
    ONE_SIX: "1 pour 6 quel que soit l’âge",
    KINDERGARTEN: "jardin d’enfants : 1 pour 6 avant trois ans et 1 pour 15 à partir de trois ans",
}
_RULE_IDS = {
    FIVE_EIGHT_SUMMED: "RATIO-5-8",
    FIVE_EIGHT_BY_GROUP: "RATIO-5-8",
    ONE_SIX: "RATIO-6",
    KINDERGARTEN: "RATIO-JARDIN",
}


def ratio_need(non_walkers: int, walkers: int, *, rule_code: str, on: date) -> int:
    """Professionals required by the ratio alone, without the floor of two (reference of the 40 %, R. 2324-43 I al. 2).

    For `kindergarten` the two numbers are the children under three, and of three and over.
    Raises ValueError for negative numbers and for an unknown rule.
    """
    if non_walkers < 0 or walkers < 0:
        raise ValueError("numbers of children must not be negative")
    if rule_code not in _RULE_IDS:
        raise ValueError(f"unknown ratio rule: {rule_code!r}")
    return _divided(_RULE_IDS[rule_code], non_walkers, walkers, on, by_group=rule_code == FIVE_EIGHT_BY_GROUP)


def required_staff(
    non_walkers: int,
    walkers: int,
    *,
    rule: str,
    places: int | None,
    kind: str,
    on: date,
    outing: bool = False,
) -> int:
    """Professionals required with the children present, at one instant.

    No child: 0. Up to three children in a place for twelve or fewer: one is enough. Otherwise at least two
    (CSP R. 2324-43-1); unknown places are taken as more than twelve. An outing takes two adults and one for five
    children whatever the rule and the size (R. 2324-43-2). For the rule `kindergarten` the two numbers are the
    children under three, and of three and over (R. 2324-47-4).
    Raises ValueError for negative numbers, places that are not positive, an unknown rule or kind.
    """
    check_kind(kind)
    check_places(places)
    need = ratio_need(non_walkers, walkers, rule_code=rule, on=on)
    children = non_walkers + walkers
    if children == 0:
        return 0
    floor = value_on("MIN-DEUX-PRO", on)
    if outing:
        return max(floor["staff"], _divided("RATIO-SORTIE", non_walkers, walkers, on))
    if places is not None and places <= floor["alone_up_to_places"] and children <= floor["alone_up_to_children"]:
        return 1
    return max(floor["staff"], need)


def needs_category_1(places: int | None, kind: str, on: date) -> bool:
    """Whether one of the two professionals must be of category 1°: above 24 places (CSP R. 2324-43-1).

    False for unknown places: nothing can be required of an unknown capacity.
    """
    check_kind(kind)
    check_places(places)
    return places is not None and places > value_on("MIN-DEUX-PRO", on)["category_1_above_places"]


def meets_category_1_share(
    category_1_mean: Decimal | Fraction, required_mean: Decimal | Fraction, on: date
) -> bool | None:
    """Whether category 1° makes at least 40 % of the month's reference staff (CSP R. 2324-42); None before 2023.

    Both means are taken over the same instants of one calendar month; `required_mean` is that of `ratio_need`.
    """
    found = rule_on("QUALIF-40", on)
    if found is None:
        return None
    return Fraction(category_1_mean) >= Fraction(found.value["share"]) * Fraction(required_mean)


def _divided(rule_id: str, first: int, second: int, on: date, *, by_group: bool = False) -> int:
    """Each number over its children for one adult, in exact fractions: 1/5 and 1/8 have no exact float."""
    per_first, per_second = value_on(rule_id, on)["children_per_adult"]
    if by_group:
        return ceil(Fraction(first, per_first)) + ceil(Fraction(second, per_second))
    return ceil(Fraction(first, per_first) + Fraction(second, per_second))
