"""The export of the finances, read into budget lines: all or nothing; the same file again changes nothing."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core.french import normalise
from core.spreadsheets import (
    find_header,
    header_key,
    is_total,
    iter_rows,
    parse_date_fr,
    parse_decimal_fr,
    parse_int_fr,
)

from .models import BudgetLine

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
LABELS = {normalise(label): value for value, label in BudgetLine.Category.choices}


class RefusedFile(ValueError):
    """The first thing that is wrong, in French, with its line and column."""


@dataclass(frozen=True)
class Outcome:
    created: int
    changed: int
    unchanged: int


def import_budget(content, name, houses, *, year: int, as_of: date) -> Outcome:
    """Write the rows of a file for `houses` (a queryset: the perimeter). Raises RefusedFile or UnreadableFile."""
    rows = list(iter_rows(content, name))
    start = find_header(rows, [alias for names in COLUMNS.values() for alias in names])
    if start is None:
        raise RefusedFile("Aucune ligne d’en-têtes reconnue\u00a0: code, ligne, alloué, engagé, dépensé.")
    places = _places([str(cell or "") for cell in rows[start].cells])
    known = {house.code: house for house in houses} | {normalise(house.name): house for house in houses}
    wanted = [_row(row, places, known, year, as_of) for row in rows[start + 1 :] if not is_total(row)]
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    with transaction.atomic():
        for key, values in dict(wanted).items():
            counts[_keep(key, values)] += 1
    return Outcome(**counts)


def _keep(key, values):
    house, year, category, as_of = key
    same = {"establishment": house, "year": year, "category": category, "as_of": as_of}
    row = BudgetLine.objects.filter(**same).first()
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return "unchanged"
    BudgetLine.objects.update_or_create(**same, defaults=values)
    return "created" if row is None else "changed"


def _places(headers):
    keys = [header_key(header) for header in headers]
    found = {}
    for field, names in COLUMNS.items():
        place = next((keys.index(name) for name in names if name in keys), None)
        if place is None and field not in OPTIONAL:
            raise RefusedFile(f"Il manque une colonne\u00a0: {names[0]}.")
        found[field] = place
    return found


def _row(row, places, known, year, as_of):
    def cell(field):
        place = places[field]
        return row.cells[place] if place is not None and place < len(row.cells) else None

    def refused(field, why):
        return RefusedFile(f"Ligne {row.number}, colonne {field}\u00a0: {why} («\u00a0{cell(field)}\u00a0»).")

    house = known.get(str(cell("code") or "").strip()) or known.get(normalise(str(cell("code") or "")))
    if house is None:
        raise refused("code", "établissement inconnu dans votre périmètre")
    category = LABELS.get(normalise(str(cell("category") or "")))
    if category is None:
        raise refused("category", "ligne inconnue")
    values = {}
    for field in MONEY:
        try:
            values[field] = parse_decimal_fr(cell(field))
        except ValueError as error:
            raise refused(field, str(error)) from error
        if values[field] is None or values[field] < 0:
            raise refused(field, "un montant positif est attendu")
    try:
        key = (house, parse_int_fr(cell("year")) or year, category, parse_date_fr(cell("as_of")) or as_of)
    except ValueError as error:
        raise refused("as_of", str(error)) from error
    return key, values
