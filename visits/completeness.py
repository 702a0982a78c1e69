"""What a visit must say: one list of rules, as data (rules.json), for Python and for the browser alike (pure).

Two levels: `shape`, what any saving refuses; `closing`, what a report must hold before it is shared. A rule looks at
the visit itself, or at each row of one of its lists (`over`). Where `when` and `filled` are met, every name of `needs`
must be filled; or, with `at_least`, the list must hold that many such rows; or the `shape` must hold of a value that
is there. 0 is an answer, "" and None not. static/js/visit/rules.js reads the same file and says the same thing.
"""

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from core.french import typo

VISIT = ""
OBSERVATIONS = "observations"
ACTIONS = "actions"
NEW_ACTIONS = "new_actions"
SHAPE, CLOSING = "shape", "closing"
FILE = Path(__file__).with_name("rules.json")


@dataclass(frozen=True)
class Rule:
    """One requirement. `message` is shown as it is; {title} stands for the row's title."""

    code: str
    message: str
    level: str = CLOSING
    over: str = VISIT
    needs: tuple[str, ...] = ()
    when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    at_least: int = 0
    shape: Mapping[str, Any] | None = None
    kinds: tuple[str, ...] = ()  # kinds of visit concerned, all when empty


@dataclass(frozen=True)
class Gap:
    """A rule not met: where to look (`over`, key of the row, name of the field) and what to say."""

    code: str
    over: str
    row: str
    field: str
    message: str


@cache
def read_rules() -> tuple[tuple[Rule, ...], str]:
    """(the rules in their order, the characters that fill nothing)."""
    told = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(_rule(**entry) for entry in told["rules"]), told["blanks"]


def _rule(**entry: Any) -> Rule:
    for name in ("needs", "filled", "kinds"):
        entry[name] = tuple(entry.get(name, ()))
    entry["when"] = {name: tuple(values) for name, values in entry.get("when", {}).items()}
    return Rule(**{**entry, "message": typo(entry["message"])})


RULES, BLANKS = read_rules()


def as_data() -> dict[str, Any]:
    """The rules as JSON-ready mappings, complete, for the browser."""
    return {
        "blanks": BLANKS,
        "rules": [
            {
                "code": rule.code,
                "level": rule.level,
                "over": rule.over,
                "needs": rule.needs,
                "when": rule.when,
                "filled": rule.filled,
                "at_least": rule.at_least,
                "shape": rule.shape,
                "kinds": rule.kinds,
                "message": rule.message,
            }
            for rule in RULES
        ],
    }


def plain(value: Any) -> Any:
    """A day or an hour as the rules read it, ISO text to the minute; anything else as it is."""
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, datetime.date) else value


def missing(answers: Mapping[str, Any], level: str = CLOSING, *, over: str | None = None) -> tuple[Gap, ...]:
    """What is still missing, in the order of the rules.

    `answers` holds the visit's fields by name (days and hours as ISO text, `today` too) and, under `observations`,
    `actions` and `new_actions`, rows with a `key` and a `title` beside their own fields. A list left out is empty.
    `over` keeps the rules that look there only.
    """
    asked = [rule for rule in RULES if rule.level == level and over in {None, rule.over}]
    return tuple(gap for rule in asked if _concerns(rule, answers) for gap in _gaps(rule, answers))


def _concerns(rule: Rule, answers: Mapping[str, Any]) -> bool:
    return not rule.kinds or answers.get("kind") in rule.kinds


def _gaps(rule: Rule, answers: Mapping[str, Any]) -> Iterator[Gap]:
    rows = [answers] if rule.over == VISIT else answers.get(rule.over, ())
    chosen = [row for row in rows if _is_met(rule, row)]
    if rule.at_least:
        if len(chosen) < rule.at_least:
            yield Gap(rule.code, rule.over, "", "", rule.message)
        return
    for row in chosen:
        empty = [name for name in rule.needs if _is_empty(row.get(name))]
        if empty:
            yield _gap(rule, row, empty[0])
        elif rule.shape and not _holds(rule.shape, row):
            yield _gap(rule, row, rule.shape["field"])


def _is_met(rule: Rule, row: Mapping[str, Any]) -> bool:
    # True is not 1 here, as in the browser.
    told = all(any(type(v) is type(row.get(n)) and v == row.get(n) for v in vs) for n, vs in rule.when.items())
    return told and not any(_is_empty(row.get(name)) for name in rule.filled)


def _gap(rule: Rule, row: Mapping[str, Any], name: str) -> Gap:
    key, title = (_said(row.get(part)) for part in ("key", "title"))
    return Gap(rule.code, rule.over, key, name, rule.message.replace("{title}", title))


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _holds(shape: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """A shape says something of a value that is there; nothing of one that is not."""
    value = row.get(shape["field"])
    if value is None or value == "":
        return True
    if "most" in shape:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= shape["most"]
    if "since" in shape:  # a day written in the rule itself: the year 26 is a slip of the keyboard
        return not isinstance(value, str) or _is_empty(value) or value >= shape["since"]
    other = row.get(shape["after"] if "after" in shape else shape["until"])
    if not isinstance(value, str) or not isinstance(other, str) or other == "":
        return True
    return value > other if "after" in shape else value <= other


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(BLANKS))
