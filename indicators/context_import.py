"""Public figures about the families of a territory, read from a file: none without its year and its source (S-016)."""

from datetime import date

from core.french import normalise

from .models import ContextFigure
from .plain_files import Outcome, keep_all, lines_of

COLUMNS = {
    "territory": ("territoire", "code", "code territoire", "secteur", "arrondissement"),
    "kind": ("donnee", "indicateur", "variable"),
    "year": ("annee", "millesime"),
    "value": ("valeur", "nombre", "taux"),
    "source": ("source", "origine"),
}
LABELS = {normalise(label): value for value, label in ContextFigure.Kind.choices} | {
    normalise(value): value for value in ContextFigure.Kind.values
}
OLDEST = 1990


def import_context(content, name, territories, *, source: str = "", today: date) -> Outcome:
    """Write the figures of a file for `territories` (a queryset: the perimeter). Raises RefusedFile, UnreadableFile.

    `source` holds for the lines that name none.
    """
    lines = lines_of(content, name, COLUMNS, () if not source else ("source",))
    places = list(territories)
    named = {}
    for place in places:
        named.setdefault(normalise(place.name), []).append(place)
    known = {key: found[0] for key, found in named.items() if len(found) == 1}
    known |= {normalise(place.code): place for place in places}
    return keep_all(ContextFigure, [_row(line, known, source, today) for line in lines])


def _row(line, known, source, today):
    place = known.get(normalise(line.text("territory")))
    if place is None:
        raise line.refused("territory", "territoire inconnu dans votre périmètre, ou de même nom qu’un autre")
    kind = LABELS.get(normalise(line.text("kind")))
    if kind is None:
        raise line.refused("kind", f"donnée inconnue\u00a0; sont connues {', '.join(ContextFigure.Kind.labels)}")
    year = line.whole("year")
    if year is None or not OLDEST <= year <= today.year:
        raise line.refused("year", f"une année de {OLDEST} à {today.year} est attendue")
    told = line.text("source") or source
    if not told:
        raise line.refused("source", "une donnée sans source n’est pas reprise")
    value = line.amount("value", "un nombre positif est attendu")
    return {"territory": place, "kind": kind, "year": year}, {"value": value, "source": told[:200]}
