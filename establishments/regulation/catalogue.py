"""The catalogue: every rule, and how to find the one in force on a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from establishments.regulation.catalogue_csp import CSP_RULES
from establishments.regulation.catalogue_practice import PRACTICE_RULES
from establishments.regulation.rules import Rule

RULES: tuple[Rule, ...] = CSP_RULES + PRACTICE_RULES
_IDS = frozenset(each.id for each in RULES)


def rule(id: str, on: date) -> Rule | None:
    """The version of a rule in force on a day, None when it was not (or no longer) in force.

    Raises KeyError for an unknown identifier: a misspelt rule must not look like a rule not yet in force.
    """
    if id not in _IDS:
        raise KeyError(id)
    return next((each for each in RULES if each.id == id and each.in_force(on)), None)


def value_on(id: str, on: date) -> Mapping[str, Any]:
    """The value of a rule that must be in force on a day. Raises LookupError when it was not."""
    found = rule(id, on)
    if found is None:
        raise LookupError(f"rule {id} is not in force on {on}")
    return found.value


def single(id: str) -> Rule:
    """A rule that was never amended, for what does not depend on the day. Raises ValueError when it has versions."""
    (found,) = (each for each in RULES if each.id == id)
    return found


def rules_on(day: date) -> tuple[Rule, ...]:
    """Every rule in force on a day, in the order of the catalogue."""
    return tuple(each for each in RULES if each.in_force(day))
