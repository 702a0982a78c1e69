"""The value of a rule taken apart into numbers that have a name, and put together again with some changed. Pure.

« direction.micro » is the 0.20 of `{"direction": {"micro": Decimal("0.20")}}`; a tuple gives its ranks, an `Extra` its
fields. What is not a number (an open end, a yes or no) is not changed by a number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from .regulation import Rule
from .regulation.categories import LABELS_BY_RULE

Number = int | Decimal

# Rules whose engines read them by day: the others are settings or read once, and do not change from a page.
CHANGEABLE = (
    "CAT-COLLECTIVE",
    "CAT-JARDIN",
    "CAT-FAMILIALE",
    "SURNOMBRE-INSTANT",
    "RATIO-5-8",
    "RATIO-6",
    "RATIO-JARDIN",
    "RATIO-SORTIE",
    "MIN-DEUX-PRO",
    "QUALIF-40",
    "DIRECTION-ETP",
    "RSAI-HEURES",
    "RSAI-JARDIN",
    "SANTE-ETP",
    "EJE-ETP",
    "EJE-JARDIN",
    "EJE-FAMILIALE",
)
_SAID = {
    "bounds": "places",
    "0": "première valeur",
    "1": "seconde valeur",
    "percent": "pourcentage des places",
    "children_per_adult": "enfants par professionnel",
    "staff": "professionnels au moins",
    "alone_up_to_places": "seul jusqu’à (places)",
    "alone_up_to_children": "seul jusqu’à (enfants)",
    "category_1_above_places": "catégorie 1° exigée au-delà de (places)",
    "share": "part de la catégorie 1° (0,40 pour 40\u202f%)",
    "direction": "direction (ETP)",
    "deputy": "direction adjointe (ETP)",
    "per_year": "heures par an",
    "per_quarter": "heures par trimestre",
    "fte": "ETP",
    "extra": "en plus",
    "from_places": "au-delà de (places)",
    "per_places": "par tranche de (places)",
    "amount": "quantité ajoutée",
}
_SAID |= {code: label for labels in reversed(LABELS_BY_RULE.values()) for code, label in labels.items()}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Number]]:
    """(path, number) of every number of a value, in its order."""
    for name, inner in _parts(value):
        here = f"{path}.{name}" if path else name
        if isinstance(inner, (int, Decimal)) and not isinstance(inner, bool):
            yield here, inner
        else:
            yield from leaves(inner, here)


def label_of(path: str) -> str:
    """ "direction.micro" as « direction (ETP), micro-crèche »."""
    return ", ".join(_SAID.get(name, name) for name in path.split("."))


def changed(value: Any, values: Mapping[str, str], path: str = "") -> Any:
    """The value with the numbers of `values` (paths as in `leaves`, numbers as text) in place of its own."""
    made = {}
    for name, inner in _parts(value):
        here = f"{path}.{name}" if path else name
        number = isinstance(inner, (int, Decimal)) and not isinstance(inner, bool)
        if number and here in values:
            made[name] = type(inner)(values[here])
        else:
            made[name] = inner if number else changed(inner, values, here)
    if isinstance(value, Mapping):
        return made
    if isinstance(value, tuple):
        return tuple(made.values())
    return replace(value, **made) if is_dataclass(value) else value


def version(base: Rule, *, values, starts_on, article, statement) -> Rule:
    """A rule as it is from a day on."""
    return replace(
        base,
        value=changed(dict(base.value), values),
        starts_on=starts_on,
        ends_on=None,
        article=article,
        statement=statement,
        verified=True,
    )


def number_of(text: str, like: Number) -> Number | None:
    """A number typed in French, of the kind of another; None when it is not one."""
    try:
        found = Decimal(text.strip().replace(",", ".").replace("\u202f", "").replace(" ", ""))
    except InvalidOperation:
        return None
    if not found.is_finite() or found < 0 or found > 100_000:
        return None
    return (int(found) if found == int(found) else None) if isinstance(like, int) else found


def _parts(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [(str(name), inner) for name, inner in value.items()]
    if isinstance(value, tuple):
        return [(str(rank), inner) for rank, inner in enumerate(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return [(one.name, getattr(value, one.name)) for one in fields(value)]
    return []
