"""The export of the finances, read into budget lines: all or nothing; the same file again changes nothing."""

from datetime import date

from core.french import normalise
from core.spreadsheets import parse_date_fr

from .models import BudgetLine
from .plain_files import Outcome, keep_all, lines_of

COLUMNS = {
    "code": ("code", "code etablissement", "etablissement", "structure"),
    "year": ("annee", "exercice"),
    "category": ("ligne", "categorie", "nature"),
    "as_of": ("arrete au", "date", "situation au"),
    "allotted": ("alloue", "budget", "credit ouvert", "credits ouverts"),
    "committed": ("engage", "montant engage"),
    "spent": ("depense", "mandate", "realise", "montant mandate"),
}
OPTIONAL = {"year", "as_of"}
MONEY = ("allotted", "committed", "spent")
OLDEST = 2000
LABELS = {normalise(label): value for value, label in BudgetLine.Category.choices}


def import_budget(content, name, houses, *, year: int, as_of: date) -> Outcome:
    """Write the rows of a file for `houses` (a queryset: the perimeter). Raises RefusedFile or UnreadableFile."""
    lines = lines_of(content, name, COLUMNS, OPTIONAL)
    known = {normalise(house.name): house for house in houses} | {normalise(house.code): house for house in houses}
    return keep_all(BudgetLine, [_row(line, known, year, as_of) for line in lines])


def _row(line, known, year, as_of):
    house = known.get(normalise(line.text("code")))
    if house is None:
        raise line.refused("code", "établissement inconnu dans votre périmètre")
    category = LABELS.get(normalise(line.text("category")))
    if category is None:
        raise line.refused("category", "ligne inconnue")
    values = {field: line.amount(field, "un montant positif est attendu") for field in MONEY}
    try:
        day = parse_date_fr(line.cell("as_of")) or as_of
    except ValueError as error:
        raise line.refused("as_of", str(error)) from error
    told = line.whole("year")
    if told is not None and not OLDEST <= told <= year + 1:  # the next year's lines are allotted before it starts
        raise line.refused("year", f"une année de {OLDEST} à {year + 1} est attendue")
    key = {"establishment": house, "year": told or year, "category": category, "as_of": day}
    return key, values
