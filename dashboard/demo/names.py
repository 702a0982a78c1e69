"""Names of people, streets and houses, all invented: no real establishment, no real person."""

from pathlib import Path

import yaml

from core.french import normalise

_LISTS = yaml.safe_load((Path(__file__).parent / "names.yaml").read_text(encoding="utf-8"))


def _list(key):
    return [name.strip() for name in _LISTS[key].split("|")]


FIRST_NAMES, LAST_NAMES = _list("first_names"), _list("last_names")
SECTORS, DIVISIONS = _list("sectors"), _list("divisions")
HOUSE_HEADS, HOUSE_TAILS = _list("house_heads"), _list("house_tails")
STREETS = _list("streets")
STREET_KINDS = ["rue", "rue", "rue", "avenue", "passage", "quai", "place", "impasse", "allée"]
OPERATORS = {
    "delegated": ["Petits Rivages", "Les Crèches du Méridien"],
    "association": ["Association La Courte Échelle", "Association Graines de Quartier", "Association Pas à Pas"],
    "private": ["Nuage et Compagnie", "Maison Tournesol"],
}


def person_name(chance):
    return chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)


def house_names(chance, number):
    """Different two-part names, in a shuffled order. ValueError when the city asks for more than there are."""
    names = [f"{head} {tail}" for head in HOUSE_HEADS for tail in HOUSE_TAILS]
    return chance.sample(names, number)


def slug(text):
    """ "La Cabane aux Nuages" -> "la-cabane-aux-nuages"."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in normalise(text)).split())
