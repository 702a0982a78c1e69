"""Recorded changes of rules, given to the engines; and what one change does to a house, before it applies.

Read at most once a minute in each process: a change is recorded before its day of effect, so a minute is never late.
"""

import time
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import DatabaseError, transaction

from core.french import NBSP, number

from .compliance import LINES, quantity
from .regulation import (
    CRECHE_FAMILIALE,
    KINDERGARTEN,
    Rule,
    category,
    category_label,
    changes,
    needs_category_1,
    overcapacity_limit,
    quotas,
    required_staff,
    rule,
    trying,
    value_on,
)
from .rule_values import label_of, leaves, version

_kept: dict[str, object] = {"at": None, "rules": ()}


def recorded() -> tuple[Rule, ...]:
    """The versions recorded, the same tuple as long as they do not change. For `regulation.provided_by`."""
    seconds = settings.RONDE_RULES_SECONDS
    now = time.monotonic()
    if seconds is not None and (_kept["at"] is None or now - _kept["at"] > seconds):
        refresh()
        _kept["at"] = now
    return _kept["rules"]


def refresh() -> None:
    """Read them again: after one was recorded or cancelled, and every minute. Silent where there is no table yet."""
    from .models import RuleChange

    _kept["at"] = time.monotonic()  # whatever follows asks the rules itself: never twice at once
    try:
        with transaction.atomic():
            rows = list(RuleChange.objects.recorded().order_by("starts_on", "pk"))
    except DatabaseError:
        return
    found: tuple[Rule, ...] = ()
    for row in rows:  # each over those before it
        with trying(found):
            found += (as_version(row),)
    if found != _kept["rules"]:
        _kept["rules"] = found


def forget() -> None:
    _kept.update(at=None, rules=())


def as_version(change) -> Rule:
    """A change as a version of its rule, over what is in force on its day without it."""
    base = rule(change.rule_id, change.starts_on)
    return version(
        base,
        values=change.numbers,
        starts_on=change.starts_on,
        article=change.article,
        statement=change.statement,
    )


def others(change) -> tuple[Rule, ...]:
    """Every recorded version but that of this change."""
    return tuple(one for one in changes() if (one.id, one.starts_on) != (change.rule_id, change.starts_on))


@dataclass(frozen=True)
class Difference:
    """What one house must have, before and from the day of effect on, as text."""

    label: str
    before: str
    after: str


def thresholds(change) -> list[Difference]:
    """The numbers that move, in the words of the rule."""
    with trying(others(change)):
        base = rule(change.rule_id, change.starts_on)
    return [
        Difference(label_of(path), number_said(old), number_said(change.numbers[path]))
        for path, old in leaves(dict(base.value))
        if path in change.numbers
    ]


def number_said(value) -> str:
    text = number(value, 2)
    return text.rstrip("0").rstrip(",") if "," in text else text


def differences(change, kind: str, places: int | None, ratio_rule: str | None) -> list[Difference]:
    """What a change moves in one house: both sets of rules are asked about the same day, the day of effect."""
    before = others(change)
    if places is None:
        return []
    with trying(before):
        old = _measures(kind, places, ratio_rule, change.starts_on)
        new_rule = as_version(change)
    with trying((*before, new_rule)):
        new = _measures(kind, places, ratio_rule, change.starts_on)
    return [
        Difference(label, old.get(label, "—"), new.get(label, "—"))
        for label in new | old
        if old.get(label) != new.get(label)
    ]


def _measures(kind: str, places: int, ratio_rule: str | None, day: date) -> dict[str, str]:
    """Every requirement on a house that a rule fixes, by name."""
    found = {"Catégorie": category_label(kind, category(kind, places, day))}
    fixed = quotas(kind, places, day)
    for name, label, unit in LINES:
        if getattr(fixed, name) is not None:
            found[label] = quantity(getattr(fixed, name), unit)
    if kind != CRECHE_FAMILIALE:
        found["Au plus en même temps"] = f"{overcapacity_limit(places, day)}{NBSP}enfants"
    found["Catégorie 1° auprès des enfants"] = "exigée" if needs_category_1(places, kind, day) else "non exigée"
    found["Encadrement d’une sortie à dix enfants"] = _staff(
        10, 0, ratio_rule or KINDERGARTEN, places, kind, day, True
    )
    if ratio_rule:
        half = places // 2
        label = f"Encadrement, maison pleine ({half} et {places - half} enfants)"
        found[label] = _staff(half, places - half, ratio_rule, places, kind, day, False)
        found["Un professionnel seul auprès de trois enfants"] = (
            "permis" if required_staff(0, 3, rule=ratio_rule, places=places, kind=kind, on=day) == 1 else "non"
        )
    share = rule("QUALIF-40", day)
    if share:
        found["Part de la catégorie 1°"] = f"{number_said(value_on('QUALIF-40', day)['share'] * 100)}{NBSP}%"
    return found


def _staff(first, second, ratio_rule, places, kind, day, outing) -> str:
    count = required_staff(first, second, rule=ratio_rule, places=places, kind=kind, on=day, outing=outing)
    return f"{count}{NBSP}professionnel{'s' if count > 1 else ''}"
