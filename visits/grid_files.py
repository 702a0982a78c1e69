"""Grids of observation as files: read, checked, loaded once; a new version is a new grid.

File: code, version, title, source, themes [{title, items [{key, title, reference, observables [text]}]}].
"""

from dataclasses import dataclass
from pathlib import Path

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from .models import GridItem, GridTheme, ObservationGrid

SHIPPED = sorted((Path(__file__).parent / "grids").glob("*.yaml"))
DEFAULT = Path(__file__).parent / "grids" / "charte.yaml"


MOST_VERSION = 32_767
UNKEYED = "Un point du thème «\u00a0{}\u00a0» n’a pas de clé ou de titre."


class GridRefused(ValueError):
    """The file cannot become a grid; the message says why, in French."""


@dataclass(frozen=True)
class Outcome:
    """What a loading did: `created` is False when the same version was already there."""

    grid: ObservationGrid
    created: bool
    items: int


def read_grid(path):
    """The checked content of a grid file, its texts as they will be stored. Raises GridRefused."""
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise GridRefused(f"Fichier illisible\u00a0: {error}") from error
    if not isinstance(content, dict):
        raise GridRefused("Ce fichier ne décrit pas une grille.")
    missing = [name for name in ("code", "version", "title", "themes") if not content.get(name)]
    if missing:
        raise GridRefused(f"Il manque\u00a0: {', '.join(missing)}.")
    version = content["version"]
    if type(version) is not int or not 0 < version <= MOST_VERSION:
        raise GridRefused(f"La version est un nombre entier, de 1 à {MOST_VERSION}.")
    grid = {"code": _text(content, "code"), "title": _text(content, "title"), "source": _text(content, "source")}
    _check(ObservationGrid(**grid, version=version), "La grille")
    themes = [_theme(entry) for entry in _list(content["themes"], "Les thèmes (themes) sont une liste.")]
    _once([theme["title"] for theme in themes], "Le thème")
    _once([item["key"] for theme in themes for item in theme["items"]], "La clé")
    return {**grid, "version": version, "themes": themes}


def _theme(entry):
    if not isinstance(entry, dict) or not entry.get("title") or not entry.get("items"):
        raise GridRefused("Chaque thème a un titre (title) et des points (items).")
    title = _text(entry, "title")
    _check(GridTheme(title=title, position=1), f"Le thème «\u00a0{title}\u00a0»")
    return {"title": title, "items": [_texts(item, title) for item in _list(entry["items"], UNKEYED.format(title))]}


def _texts(entry, theme):
    if not isinstance(entry, dict) or not entry.get("key") or not entry.get("title"):
        raise GridRefused(UNKEYED.format(theme))
    observables = _list(
        entry.get("observables") or [], f"Ce qui s’observe (observables) est une liste\u00a0: {theme}."
    )
    texts = {name: _text(entry, name) for name in ("key", "title", "reference")}
    texts["observables"] = "\n".join(str(one) for one in observables)
    _check(GridItem(**texts, position=1), f"Le point «\u00a0{texts['key']}\u00a0»")
    return texts


def _text(entry, name):
    """YAML reads 3 or 2026-01-01 as something else than what was written."""
    return str(entry.get(name) or "")


def _list(value, refusal):
    if not isinstance(value, list):
        raise GridRefused(refusal)
    return value


def _check(row, what):
    """What the admin would refuse of a row, a file may not load: too long, a key with spaces."""
    try:
        row.clean_fields(exclude=["status", "grid", "theme"])
    except ValidationError as refusal:
        field, messages = next(iter(refusal.message_dict.items()))
        raise GridRefused(
            f"{what}\u00a0: {row._meta.get_field(field).verbose_name}. {' '.join(messages)}"
        ) from refusal


def _once(values, what):
    for value in values:
        if values.count(value) > 1:
            raise GridRefused(f"{what} «\u00a0{value}\u00a0» figure deux fois.")


@transaction.atomic
def load_grid(path=DEFAULT):
    """Load a file; the same version a second time changes nothing, another content under it is refused.

    An older version than one already loaded is refused too: it would put the newer one out of service.
    """
    content = read_grid(path)
    known = ObservationGrid.objects.filter(code=content["code"])
    grid = known.filter(version=content["version"]).first()
    if grid is not None:
        if _described(grid) != _expected(content):
            raise GridRefused(f"La version {grid.version} est déjà chargée avec un autre contenu\u00a0: augmentez-la.")
        return Outcome(grid, created=False, items=grid.items.count())
    newer = known.filter(version__gt=content["version"]).order_by("-version").first()
    if newer is not None:
        raise GridRefused(
            f"La version {newer.version} de cette grille est déjà chargée\u00a0: donnez un numéro plus grand."
        )
    known.active().update(status=ObservationGrid.Status.RETIRED)
    grid = ObservationGrid.objects.create(
        code=content["code"],
        version=content["version"],
        title=content["title"],
        source=content["source"],
        status=ObservationGrid.Status.ACTIVE,
    )
    items = []
    for position, entry in enumerate(content["themes"], start=1):
        theme = GridTheme.objects.create(grid=grid, position=position, title=entry["title"])
        items += [
            GridItem(grid=grid, theme=theme, position=rank, **one) for rank, one in enumerate(entry["items"], start=1)
        ]
    GridItem.objects.bulk_create(items)
    return Outcome(grid, created=True, items=len(items))


def _expected(content):
    return [(theme["title"], tuple(item.values())) for theme in content["themes"] for item in theme["items"]]


def _described(grid):
    rows = grid.items.order_by("theme__position", "position").select_related("theme")
    return [(item.theme.title, (item.key, item.title, item.reference, item.observables)) for item in rows]
