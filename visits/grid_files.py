"""Grids of observation as files: read, checked, loaded once; a new version is a new grid.

File: code, version, title, source, themes [{title, items [{key, title, reference, observables [text]}]}].
"""

from dataclasses import dataclass
from pathlib import Path

import yaml
from django.db import transaction

from .models import GridItem, GridTheme, ObservationGrid

SHIPPED = sorted((Path(__file__).parent / "grids").glob("*.yaml"))
DEFAULT = Path(__file__).parent / "grids" / "charte.yaml"


class GridRefused(ValueError):
    """The file cannot become a grid; the message says why, in French."""


@dataclass(frozen=True)
class Outcome:
    """What a loading did: `created` is False when the same version was already there."""

    grid: ObservationGrid
    created: bool
    items: int


def read_grid(path):
    """The checked content of a grid file. Raises GridRefused."""
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise GridRefused(f"Fichier illisible : {error}") from error
    if not isinstance(content, dict):
        raise GridRefused("Ce fichier ne décrit pas une grille.")
    missing = [name for name in ("code", "version", "title", "themes") if not content.get(name)]
    if missing:
        raise GridRefused(f"Il manque : {', '.join(missing)}.")
    seen = set()
    for theme in content["themes"]:
        if not theme.get("title") or not theme.get("items"):
            raise GridRefused("Chaque thème a un titre (title) et des points (items).")
        for item in theme["items"]:
            if not item.get("key") or not item.get("title"):
                raise GridRefused(f"Un point du thème « {theme['title']} » n’a pas de clé ou de titre.")
            if item["key"] in seen:
                raise GridRefused(f"La clé « {item['key']} » figure deux fois.")
            seen.add(item["key"])
    return content


@transaction.atomic
def load_grid(path=DEFAULT):
    """Load a file; the same version a second time changes nothing, another content under it is refused."""
    content = read_grid(path)
    grid = ObservationGrid.objects.filter(code=content["code"], version=content["version"]).first()
    if grid is not None:
        if _described(grid) != _expected(content):
            raise GridRefused(f"La version {grid.version} est déjà chargée avec un autre contenu : augmentez-la.")
        return Outcome(grid, created=False, items=grid.items.count())
    ObservationGrid.objects.filter(code=content["code"], status=ObservationGrid.Status.ACTIVE).update(
        status=ObservationGrid.Status.RETIRED
    )
    grid = ObservationGrid.objects.create(
        code=content["code"],
        version=content["version"],
        title=content["title"],
        source=content.get("source", ""),
        status=ObservationGrid.Status.ACTIVE,
    )
    items = []
    for position, entry in enumerate(content["themes"], start=1):
        theme = GridTheme.objects.create(grid=grid, position=position, title=entry["title"])
        items += [_item(grid, theme, rank, one) for rank, one in enumerate(entry["items"], start=1)]
    GridItem.objects.bulk_create(items)
    return Outcome(grid, created=True, items=len(items))


def _item(grid, theme, rank, entry):
    return GridItem(grid=grid, theme=theme, position=rank, **_texts(entry))


def _texts(entry):
    return {
        "key": entry["key"],
        "title": entry["title"],
        "reference": entry.get("reference", ""),
        "observables": "\n".join(entry.get("observables") or []),
    }


def _expected(content):
    return [(theme["title"], tuple(_texts(item).values())) for theme in content["themes"] for item in theme["items"]]


def _described(grid):
    rows = grid.items.order_by("theme__position", "position").select_related("theme")
    return [(item.theme.title, (item.key, item.title, item.reference, item.observables)) for item in rows]
