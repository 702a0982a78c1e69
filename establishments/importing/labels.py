"""Readable French out of the capitals of old files: names, streets, numbers. Pure: no Django."""

import re
from collections.abc import Mapping

from core.french import capitalise, normalise

NO_SPELLING: dict[str, str] = {}
# Written in lower case inside a name: particles, kinds of way, complements of number.
SMALL = {
    *("de", "du", "des", "la", "le", "les", "l", "d", "et", "sur", "sous", "en", "aux", "au", "lès"),
    *("rue", "avenue", "boulevard", "place", "square", "impasse", "passage", "allée", "villa", "cité", "quai"),
    *("cour", "cours", "chemin", "route", "sente", "hameau", "esplanade", "rond", "faubourg", "mail", "parvis"),
    *("bis", "ter", "quater", "quinquies", "étage", "côté", "fond", "foyer", "résidence", "porte"),
}
WRITTEN = {normalise(word): word for word in SMALL}
ABBREVIATIONS = {"bd": "boulevard", "bld": "boulevard", "av": "avenue", "ave": "avenue", "pl": "place", "sq": "square"}
ROMAN = re.compile(r"[IVX]{2,}")
LETTERS_AND_DIGITS = re.compile(r"[A-Za-z]{0,2}\d+(?:er|e|ème|eme|[a-z])?", re.IGNORECASE)
ORDINAL = re.compile(r"\d+(?:er|re|e|eme|ème)", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")
HOUSE = re.compile(
    r"(?:^|\s)(?P<number>\d+(?:\s*[-/]\s*\d+)*(?:\s*(?:BIS|TER|QUATER|[A-Z])\b)?)\s*,?\s+(?P<way>\S.*)", re.IGNORECASE
)
STOREY = re.compile(r"\s*-?\s*(?:\d+(?:ER|E)\b(?:\s+ET\s+)?)+\s*[EÉ]TAGE.*$|\s+-\s.*$", re.IGNORECASE)


def readable(text: str, spelling: Mapping[str, str] = NO_SPELLING) -> str:
    """ "11, RUE DE L'EVANGILE" → "11, rue de l’Évangile". A text that is not in capitals is left as it was typed."""
    text = " ".join(text.split())
    letters = [character for character in text if character.isalpha()]
    if any(character.islower() for character in letters):
        return text
    text = re.sub(r"\b([LD])'\s*", r"\1’", text)
    words = WORD.sub(lambda found: _word(found[0], spelling), text)
    return re.sub(r"\s+-\s*", " – ", re.sub(r"\s+([,)])", r"\1", words))


def _word(word: str, spelling: Mapping[str, str]) -> str:
    key = normalise(word)
    if key in spelling:
        return spelling[key]
    if key in WRITTEN:
        return WRITTEN[key]
    if key in ABBREVIATIONS:
        return ABBREVIATIONS[key]
    if ORDINAL.fullmatch(word):
        return word.lower().replace("ème", "e").replace("eme", "e")
    if word == "À":
        return "à"
    if len(word) == 1 or LETTERS_AND_DIGITS.fullmatch(word) or ROMAN.fullmatch(word):
        return word
    return {"st": "Saint", "ste": "Sainte"}.get(key) or word.capitalize()


def split_prefix(label: str, prefix: str) -> str:
    """What follows `prefix` (normalised) in `label`, its own letters kept."""
    end = 0
    for found in WORD.finditer(label):
        end = found.end()
        if normalise(label[:end]) == prefix:
            return label[end:].lstrip(" )-,–")
    return label[end:]


def split_mark(text: str, mark: str) -> tuple[str, str, bool]:
    """(what precedes, what follows, found) of a mark such as "ART 30", read "ART. 30" as well."""
    if not mark:
        return text, "", False
    pattern = r"[\s\-–]*\b" + r"[\s.]*".join(re.escape(part) for part in mark.split()) + r"\b\s*"
    found = re.search(pattern, text, re.IGNORECASE)
    if not found:
        return text, "", False
    return text[: found.start()].rstrip(), text[found.end() :].strip(" ()\"'«»-"), True


def address(label: str, street: str, spelling: Mapping[str, str] = NO_SPELLING) -> str:
    """The best postal line of a label that holds the number and of a street that has none.

    "75 VERSAILLES" and "AVENUE DE VERSAILLES" → "75, avenue de Versailles"; the label's own way is kept when the
    street is another one (an entrance round the corner); the street alone when the label holds no number.
    """
    house = HOUSE.search(STOREY.sub("", label).strip())
    if not house:
        return capitalise(readable(street, spelling))
    way, number = house["way"], re.sub(r"\s*([-/])\s*", r"\1", house["number"])
    if street and normalise(street).split()[-1] in normalise(way).split():
        way = street
    elif normalise(way).split()[:1] and normalise(way).split()[0] not in {*WRITTEN, *ABBREVIATIONS}:
        return capitalise(readable(street or label, spelling))
    return readable(f"{number}, {way}", spelling)


def full_name(written: str, rest: str, spelling: Mapping[str, str] = NO_SPELLING) -> str:
    """ "Crèche collective" and "11, RUE MENDELSSOHN" → "Crèche collective 11, rue Mendelssohn"."""
    return capitalise(f"{written} {readable(rest, spelling)}".strip())
