"""Category of an establishment: computed from its authorised places, never typed (CSP R. 2324-46 to R. 2324-48)."""

from datetime import date

from establishments.regulation.catalogue import rule

CRECHE_COLLECTIVE = "creche_collective"
HALTE_GARDERIE = "halte_garderie"
JARDIN_ENFANTS = "jardin_enfants"
CRECHE_FAMILIALE = "creche_familiale"

# Legal kinds of CSP R. 2324-17 II; its 1° holds both collective crèches and haltes-garderies.
KIND_LABELS = {
    CRECHE_COLLECTIVE: "crèche collective",
    HALTE_GARDERIE: "halte-garderie",
    JARDIN_ENFANTS: "jardin d’enfants",
    CRECHE_FAMILIALE: "crèche familiale",
}
UNKNOWN = ""

_RULE_OF_KIND = {
    CRECHE_COLLECTIVE: "CAT-COLLECTIVE",
    HALTE_GARDERIE: "CAT-COLLECTIVE",
    JARDIN_ENFANTS: "CAT-JARDIN",
    CRECHE_FAMILIALE: "CAT-FAMILIALE",
}
LABELS_BY_RULE = {
    "CAT-COLLECTIVE": {
        "micro": "micro-crèche",
        "petite": "petite crèche",
        "creche": "crèche",
        "grande": "grande crèche",
        "tres_grande": "très grande crèche",
    },
    "CAT-JARDIN": {
        "petit_jardin": "petit jardin d’enfants",
        "jardin": "jardin d’enfants",
        "grand_jardin": "grand jardin d’enfants",
    },
    "CAT-FAMILIALE": {
        "petite": "petite crèche familiale",
        "familiale": "crèche familiale",
        "grande": "grande crèche familiale",
        "tres_grande": "très grande crèche familiale",
    },
}


def check_kind(kind: str) -> None:
    if kind not in KIND_LABELS:
        raise ValueError(f"unknown kind of establishment: {kind!r}")


def check_places(places: int | None) -> None:
    if places is not None and places <= 0:
        raise ValueError(f"places must be positive, not {places}")


def category_bounds(kind: str, on: date) -> tuple[tuple[str, int, int | None], ...]:
    """(code, fewest places, most places or None) of each category of a kind, empty when no text was in force.

    For a list that filters by category in the database.
    """
    check_kind(kind)
    found = rule(_RULE_OF_KIND[kind], on)
    return tuple((code, low, high) for code, (low, high) in found.value["bounds"].items()) if found else ()


def category(kind: str, places: int | None, on: date) -> str:
    """Code of the category of `places` authorised places on a day; "" when the places or the rule are unknown.

    Raises ValueError for an unknown kind and for places that are not positive.
    """
    bounds = category_bounds(kind, on)
    check_places(places)
    if places is None:
        return UNKNOWN
    return next((code for code, low, high in bounds if low <= places and (high is None or places <= high)), UNKNOWN)


def category_label(kind: str, code: str) -> str:
    """The French name of a category ("très grande crèche"), « — » when unknown."""
    check_kind(kind)
    return LABELS_BY_RULE[_RULE_OF_KIND[kind]][code] if code else "—"
