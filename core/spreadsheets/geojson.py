"""GeoJSON FeatureCollection as a table: one row a feature, its properties and a point. Pure: no Django."""

import json
from collections.abc import Iterator
from typing import Any

from .table import Row, UnreadableFile, grouped

LATITUDE, LONGITUDE = "latitude", "longitude"
MAX_VERTICES = 100_000


def iter_geojson(content: bytes) -> Iterator[Row]:
    """A first row of headers (number 1), then one row a feature, numbered from 2 like the rows of a sheet."""
    features = _features(content)
    names = _property_names(features)
    yield Row(1, (*names, LATITUDE, LONGITUDE))
    for number, feature in enumerate(features, start=2):
        properties = feature.get("properties") or {}
        latitude, longitude = point_of(feature.get("geometry"))
        cells = [_cell(properties.get(name)) for name in names]
        yield Row(number, (*cells, latitude, longitude))


def _features(content: bytes) -> list[dict[str, Any]]:
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            "Ce fichier JSON est incomplet ou mal formé\u00a0: un GeoJSON en UTF-8 est attendu."
        ) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise UnreadableFile(
            "Ce fichier JSON n’est pas une liste d’objets géographiques\u00a0: "
            "un GeoJSON de type «\u00a0FeatureCollection\u00a0» est attendu."
        )
    for rank, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
            raise UnreadableFile(f"L’objet nº\u00a0{grouped(rank)} du GeoJSON n’a pas de propriétés lisibles.")
    return features


def _property_names(features: list[dict[str, Any]]) -> list[str]:
    names: dict[str, None] = {}
    for feature in features:
        names.update(dict.fromkeys(feature.get("properties") or ()))
    return [name for name in names if name.lower() not in (LATITUDE, LONGITUDE)]


def _cell(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return value


def point_of(geometry: Any) -> tuple[float | None, float | None]:
    """(latitude, longitude) in degrees: the point itself, or the middle of the box around any other shape."""
    pairs = list(_positions(geometry.get("coordinates"))) if isinstance(geometry, dict) else []
    if not pairs:
        return None, None
    longitudes, latitudes = zip(*pairs, strict=True)
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2


def _positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    pending, seen = [coordinates], 0
    while pending and seen < MAX_VERTICES:
        seen += 1
        item = pending.pop()
        if not isinstance(item, list):
            continue
        if len(item) >= 2 and all(_is_degree(number) for number in item[:2]):
            yield float(item[0]), float(item[1])
        else:
            pending.extend(item)


def _is_degree(number: Any) -> bool:
    return isinstance(number, (int, float)) and not isinstance(number, bool) and -180 <= number <= 180
