"""The catalogue: every rule, and how to find the one in force on a day.

A rule changed since is one more version, recorded with its date of effect (`establishments/rule_changes.py`) and given
here by `provided_by`: before that day nothing moves, whoever asks and whenever.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from establishments.regulation.catalogue_csp import CSP_RULES
from establishments.regulation.catalogue_practice import PRACTICE_RULES
from establishments.regulation.rules import Rule

RULES: tuple[Rule, ...] = CSP_RULES + PRACTICE_RULES
_IDS = frozenset(each.id for each in RULES)
_TRIAL: ContextVar[tuple[Rule, ...] | None] = ContextVar("rules tried", default=None)
_providers: list[Callable[[], tuple[Rule, ...]]] = []


def provided_by(provider: Callable[[], tuple[Rule, ...]]) -> None:
    """Where recorded versions come from; the same tuple as long as none was recorded nor cancelled."""
    _providers[:] = [provider]


def changes() -> tuple[Rule, ...]:
    """The versions recorded since the catalogue was written, or those being tried."""
    tried = _TRIAL.get()
    if tried is not None:
        return tried
    return _providers[0]() if _providers else ()


@contextmanager
def trying(versions: tuple[Rule, ...]) -> Iterator[None]:
    """Judge with these versions instead of the recorded ones: what a change would do, before it is one."""
    token = _TRIAL.set(versions)
    try:
        yield
    finally:
        _TRIAL.reset(token)


def rule(id: str, on: date) -> Rule | None:
    """The version of a rule in force on a day, None when it was not (or no longer) in force.

    Of two in force the one that began last wins: a recorded change over the text it changes, a later text over it.
    Raises KeyError for an unknown identifier: a misspelt rule must not look like a rule not yet in force.
    """
    if id not in _IDS:
        raise KeyError(id)
    written = next((each for each in RULES if each.id == id and each.in_force(on)), None)
    since = [each for each in changes() if each.id == id and each.in_force(on)]
    if not since:
        return written
    last = max(since, key=_began)
    return written if written is not None and _began(written) > _began(last) else last


def _began(each: Rule) -> date:
    return each.starts_on or date.min


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
    found = (rule(id, day) for id in dict.fromkeys(each.id for each in RULES))
    return tuple(each for each in found if each is not None)
