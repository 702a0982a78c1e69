"""What a report must hold before it is shared: one list of rules, as data, for Python and for the browser (pure).

A rule looks at the visit itself, or at each row of one of its lists (`over`). Where `when` is met, every name of
`needs` must be filled; or, with `at_least`, the list must hold that many such rows. 0 is an answer, "" and None not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.french import typo
from visits.schedule import COUNTING_KINDS

VISIT = ""
OBSERVATIONS = "observations"
ACTIONS = "actions"
NEW_ACTIONS = "new_actions"
SCORED = ("to_build", "in_progress", "acquired", "strength")


@dataclass(frozen=True)
class Rule:
    """One requirement. `message` is shown as it is; {title} stands for the row's title."""

    code: str
    message: str
    over: str = VISIT
    needs: tuple[str, ...] = ()
    when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    at_least: int = 0
    kinds: tuple[str, ...] = ()  # kinds of visit concerned, all when empty


@dataclass(frozen=True)
class Gap:
    """A rule not met: where to look (`over`, key of the row, name of the field) and what to say."""

    code: str
    over: str
    row: str
    field: str
    message: str


RULES = (
    Rule("date", "Indiquez la date de la visite.", needs=("visited_on",)),
    Rule(
        "hours",
        "Indiquez les heures d’arrivée et de départ.",
        needs=("starts_at", "ends_at"),
        when={"is_on_site": (True,)},
    ),
    Rule("directing", "Indiquez qui dirige ce jour.", needs=("directing",), kinds=COUNTING_KINDS),
    Rule(
        "children",
        "Indiquez les enfants présents, par groupe (0 est une réponse).",
        needs=("present_non_walkers", "present_walkers"),
        kinds=COUNTING_KINDS,
        when={"is_on_site": (True,)},
    ),
    Rule(
        "staff",
        "Indiquez les professionnels présents, par catégorie (0 est une réponse).",
        needs=("staff_category_1", "staff_category_2"),
        kinds=COUNTING_KINDS,
        when={"is_on_site": (True,)},
    ),
    Rule(
        "observed",
        "Observez au moins un point de la grille.",
        over=OBSERVATIONS,
        when={"rating": SCORED},
        at_least=1,
        kinds=COUNTING_KINDS,
    ),
    Rule(
        "fact",
        "« {title} » : écrivez ce que vous avez vu.",
        over=OBSERVATIONS,
        needs=("fact",),
        when={"rating": ("to_build", "strength")},
    ),
    Rule(
        "fact_behind_nature",
        "« {title} » : un écart ou une bonne pratique s’appuie sur un fait, écrivez ce que vous avez vu.",
        over=OBSERVATIONS,
        needs=("fact",),
        when={"nature": ("gap", "good_practice")},
    ),
    Rule(
        "action_state",
        "Action « {title} » : donnez son état, ou « non vu ».",
        over=ACTIONS,
        needs=("state",),
    ),
    Rule(
        "abandon_reason",
        "Action « {title} » : dites pourquoi elle est abandonnée.",
        over=ACTIONS,
        needs=("note",),
        when={"state": ("abandoned",)},
    ),
    Rule(
        "new_action",
        "Nouvelle action « {title} » : donnez son échéance.",
        over=NEW_ACTIONS,
        needs=("due_on",),
    ),
    Rule("summary", "Écrivez la synthèse, trois à cinq lignes.", needs=("summary",)),
)


def as_data() -> list[dict[str, Any]]:
    """The rules as JSON-ready mappings, for the browser."""
    return [{**asdict(rule), "message": typo(rule.message)} for rule in RULES]


def missing(answers: Mapping[str, Any]) -> tuple[Gap, ...]:
    """What is still missing, in the order of the rules.

    `answers` holds the visit's fields by name and, under `observations`, `actions` and `new_actions`, rows with a
    `key` and a `title` beside their own fields. A list left out is empty.
    """
    return tuple(gap for rule in RULES if _concerns(rule, answers) for gap in _gaps(rule, answers))


def _concerns(rule: Rule, answers: Mapping[str, Any]) -> bool:
    return not rule.kinds or answers.get("kind") in rule.kinds


def _gaps(rule: Rule, answers: Mapping[str, Any]) -> Iterator[Gap]:
    rows = [answers] if rule.over == VISIT else answers.get(rule.over, ())
    chosen = [row for row in rows if all(row.get(name) in values for name, values in rule.when.items())]
    if rule.at_least:
        if len(chosen) < rule.at_least:
            yield Gap(rule.code, rule.over, "", "", typo(rule.message))
        return
    for row in chosen:
        empty = [name for name in rule.needs if _is_empty(row.get(name))]
        if empty:
            message = typo(rule.message).replace("{title}", str(row.get("title", "")))
            yield Gap(rule.code, rule.over, str(row.get("key", "")), empty[0], message)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
