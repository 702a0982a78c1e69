"""Outlines of territories out of the collectivité's GeoJSON: codes found, shapes checked, written once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.french import normalise
from core.spreadsheets import UnreadableFile, clean_text

from ..models import TerritoryBoundary

MAX_BYTES = 30 * 1024 * 1024
MAX_VERTICES = 2_000_000
MAX_FEATURES = 5_000
DIGITS = 6  # of a degree: ten centimetres
# Properties that hold a code, the surest first; compared as normalised names.
CODE_NAMES = ("code postal", "code post", "cp", "postcode", "code insee", "insee", "insee com", "code commune", "code")
LABEL_NAMES = ("nom", "l aroff", "l ar", "name", "libelle", "nom com", "commune", "label")
PARIS_DISTRICT = "c ar"


@dataclass(frozen=True)
class Outcome:
    created: int
    updated: int
    unchanged: int

    def __str__(self) -> str:
        return f"créés {self.created}, modifiés {self.updated}, inchangés {self.unchanged}"


def read_boundaries(content: bytes, code_field: str = "") -> list[TerritoryBoundary]:
    """Outlines of a FeatureCollection, not saved. Raises UnreadableFile with the French reason."""
    features = _features(content)
    code_of = _code_reader(features, code_field)
    found: dict[str, TerritoryBoundary] = {}
    for rank, feature in enumerate(features, start=1):
        code = code_of(rank, feature["properties"])
        if code in found:
            raise UnreadableFile(
                f"Le code «\u00a0{code}\u00a0» est porté par deux objets du GeoJSON (objet nº\u00a0{rank})."
            )
        name = _first(feature["properties"], LABEL_NAMES)[:120] or code
        found[code] = TerritoryBoundary(code=code, name=name, geometry=_geometry(rank, feature.get("geometry")))
    return list(found.values())


def save_boundaries(boundaries: list[TerritoryBoundary], source: str) -> Outcome:
    """Write what is new or different, in one transaction."""
    created = updated = 0
    with transaction.atomic():
        present = {row.code: row for row in TerritoryBoundary.objects.all()}
        for boundary in boundaries:
            row = present.get(boundary.code)
            if row and (row.name, row.geometry) == (boundary.name, boundary.geometry):
                continue
            created, updated = created + (row is None), updated + (row is not None)
            row = row or TerritoryBoundary(code=boundary.code)
            row.name, row.geometry, row.source = boundary.name, boundary.geometry, source[:200]
            row.save()
    return Outcome(created, updated, len(boundaries) - created - updated)


def _features(content: bytes) -> list[dict[str, Any]]:
    if len(content) > MAX_BYTES:
        raise UnreadableFile("Ce fichier dépasse 30\u00a0Mo, la taille la plus grande qui soit acceptée.")
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("Ce fichier n’est pas un GeoJSON lisible (UTF-8 attendu).") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise UnreadableFile("Un GeoJSON de type «\u00a0FeatureCollection\u00a0» est attendu.")
    if not 0 < len(features) <= MAX_FEATURES:
        raise UnreadableFile(f"Ce GeoJSON compte {len(features)} objets\u00a0: de 1 à {MAX_FEATURES} sont attendus.")
    for rank, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise UnreadableFile(f"L’objet nº\u00a0{rank} du GeoJSON n’a pas de propriétés lisibles.")
    return features


def _code_reader(features: list[dict[str, Any]], code_field: str) -> Any:
    """How to find the code of each object: the field asked for, the arrondissements of Paris, or a usual name."""
    names = {normalise(name): name for name in features[0]["properties"]}
    if code_field:
        wanted = names.get(normalise(code_field))
        if wanted is None:
            known = ", ".join(names.values())
            raise UnreadableFile(
                f"La propriété «\u00a0{code_field}\u00a0» n’existe pas. Propriétés présentes\u00a0: {known}."
            )
    elif PARIS_DISTRICT in names:
        return lambda rank, properties: _paris_postcode(rank, properties.get(names[PARIS_DISTRICT]))
    else:
        wanted = next((names[name] for name in CODE_NAMES if name in names), None)
        if wanted is None:
            known = ", ".join(names.values())
            raise UnreadableFile(
                "Aucune propriété de ce GeoJSON n’est un code connu. Nommez-la avec --code-field. "
                f"Propriétés présentes\u00a0: {known}."
            )
    return lambda rank, properties: _plain_code(rank, properties.get(wanted))


def _paris_postcode(rank: int, district: Any) -> str:
    """Arrondissement 7 → 75007."""
    text = clean_text(district)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 20):
        raise UnreadableFile(f"L’objet nº\u00a0{rank} n’est pas un arrondissement de Paris (1 à 20).")
    return f"750{int(text):02d}"


def _plain_code(rank: int, value: Any) -> str:
    text = "" if isinstance(value, (dict, list)) else clean_text(value)
    if not text or len(text) > 40 or not text.isprintable() or any("\ud800" <= each <= "\udfff" for each in text):
        raise UnreadableFile(f"L’objet nº\u00a0{rank} du GeoJSON n’a pas de code lisible (40 caractères au plus).")
    return text


def _first(properties: dict[str, Any], names: tuple[str, ...]) -> str:
    known = {normalise(name): value for name, value in properties.items()}
    texts = (known[name] for name in names if isinstance(known.get(name), str))
    text = clean_text(next(texts, ""))
    return "".join(each for each in text if each.isprintable() and not "\ud800" <= each <= "\udfff")


def _geometry(rank: int, geometry: Any) -> dict[str, Any]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise UnreadableFile(f"L’objet nº\u00a0{rank} n’est pas une surface (Polygon ou MultiPolygon).")
    try:
        shape = geometry.get("coordinates")
        parts = [_rings(shape)] if kind == "Polygon" else [_rings(polygon) for polygon in _list(shape)]
    except (ValueError, TypeError) as error:
        reason = "un anneau fermé d’au moins quatre points, en degrés, longitude d’abord, est attendu"
        raise UnreadableFile(f"Le contour de l’objet nº\u00a0{rank} est mal formé\u00a0: {reason}.") from error
    if sum(len(ring) for part in parts for ring in part) > MAX_VERTICES:
        raise UnreadableFile(f"Le contour de l’objet nº\u00a0{rank} a trop de points\u00a0: simplifiez le fichier.")
    return {"type": kind, "coordinates": parts[0] if kind == "Polygon" else parts}


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise ValueError
    return value


def _rings(polygon: Any) -> list[list[list[float]]]:
    return [list(_ring(ring)) for ring in _list(polygon)]


def _ring(ring: Any) -> Iterator[list[float]]:
    if len(_list(ring)) < 4 or ring[0] != ring[-1]:
        raise ValueError
    for position in ring:
        longitude, latitude = _list(position)[:2]
        if isinstance(longitude, bool) or isinstance(latitude, bool):
            raise ValueError
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValueError
        yield [round(longitude, DIGITS), round(latitude, DIGITS)]
