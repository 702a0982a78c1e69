"""Plane geometry on GeoJSON (RFC 7946): which territory holds a point, how far, and where to draw it.

Pure. Coordinates are WGS 84 degrees, longitude first. Everything read from a file is bounded before it is kept,
and every refusal is a ValueError whose French sentence can be shown as it is.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Ring = tuple[Point, ...]
Box = tuple[float, float, float, float]  # west, south, east, north

MAX_FEATURES = 5_000
MAX_POINTS = 500_000
MAX_BYTES = 40_000_000
EARTH_KM = 6371.0088  # mean radius, IUGG
METRES_PER_DEGREE = math.radians(EARTH_KM * 1000)
# A boundary is known to about a metre: nearer than this (degrees, about 0.1 mm) a point is on it.
ON_THE_LINE = 1e-9


@dataclass(frozen=True)
class Geometry:
    """A Point, or one or more polygons; the first ring of a polygon is its outline, the others are holes."""

    kind: str
    point: Point | None = None
    polygons: tuple[tuple[Ring, ...], ...] = ()

    def points(self) -> Iterator[Point]:
        if self.point is not None:
            yield self.point
        for polygon in self.polygons:
            for ring in polygon:
                yield from ring


@dataclass(frozen=True)
class Feature:
    """A geometry and its properties as the file gives them; `geometry` is None where the file has none."""

    properties: Mapping[str, object]
    geometry: Geometry | None


def parse_features(text: str | bytes) -> list[Feature]:
    """The features of a GeoJSON document (FeatureCollection, Feature or bare geometry).

    Raises ValueError with a French sentence that names the faulty feature (counted from 1).
    """
    if len(text) > MAX_BYTES:
        raise ValueError(f"Le fichier dépasse {MAX_BYTES // 1_000_000} Mo.")
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("Le fichier n’est pas du GeoJSON lisible.") from error
    if not isinstance(document, dict):
        raise ValueError("Le fichier n’est pas du GeoJSON\u00a0: un objet est attendu.")
    rows = _rows(document)
    if len(rows) > MAX_FEATURES:
        raise ValueError(f"Le fichier contient plus de {MAX_FEATURES} objets.")
    features, left = [], MAX_POINTS
    for index, row in enumerate(rows, start=1):
        try:
            feature = _feature(row)
        except ValueError as error:
            raise ValueError(f"Objet {index}\u00a0: {error}") from error
        left -= sum(1 for _ in feature.geometry.points()) if feature.geometry else 0
        if left < 0:
            raise ValueError(f"Le fichier contient plus de {MAX_POINTS} points.")
        features.append(feature)
    return features


def _refuse_constant(name: str) -> None:
    raise ValueError(f"Le fichier contient un nombre impossible\u00a0: {name}.")


def _rows(document: dict) -> list:
    if document.get("type") != "FeatureCollection":
        return [document]
    rows = document.get("features")
    if not isinstance(rows, list):
        raise ValueError("La collection n’a pas de liste d’objets («\u00a0features\u00a0»).")
    return rows


def _feature(row: object) -> Feature:
    if not isinstance(row, dict):
        raise ValueError("un objet est attendu.")
    if row.get("type") != "Feature":
        return Feature({}, parse_geometry(row))
    properties, geometry = row.get("properties") or {}, row.get("geometry")
    if not isinstance(properties, dict):
        raise ValueError("les propriétés sont illisibles.")
    return Feature(properties, None if geometry is None else parse_geometry(geometry))


def parse_geometry(value: object) -> Geometry:
    """A GeoJSON geometry (already decoded) as a `Geometry`; rings are closed if they were not.

    Raises ValueError for another kind than Point, Polygon, MultiPolygon, for a ring of fewer than three distinct
    points, or for coordinates out of the world (Lambert 93 metres, latitude and longitude swapped near a pole).
    """
    if not isinstance(value, dict):
        raise ValueError("la géométrie est illisible.")
    kind, coordinates = value.get("type"), value.get("coordinates")
    if kind == "Point":
        return Geometry("Point", point=_position(coordinates))
    if kind == "Polygon":
        return Geometry("Polygon", polygons=(_polygon(coordinates),))
    if kind == "MultiPolygon":
        polygons = tuple(_polygon(one) for one in _list(coordinates))
        if not polygons:
            raise ValueError("la géométrie est vide.")
        return Geometry("MultiPolygon", polygons=polygons)
    shown = str(kind)[:40]
    raise ValueError(f"le type de géométrie «\u00a0{shown}\u00a0» n’est pas lu (Point, Polygon ou MultiPolygon).")


def _list(value: object) -> list:
    if not isinstance(value, list):
        raise ValueError("les coordonnées sont illisibles.")
    return value


def _position(value: object) -> Point:
    numbers = _list(value)[:2]
    if len(numbers) < 2 or any(isinstance(n, bool) or not isinstance(n, (int, float)) for n in numbers):
        raise ValueError("une position doit avoir une longitude et une latitude.")
    lon, lat = numbers
    # Compared before any conversion: an integer of a thousand digits does not fit a float.
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("une position est hors du monde\u00a0: les coordonnées doivent être en degrés (WGS\u00a084).")
    return (float(lon), float(lat))


def _polygon(value: object) -> tuple[Ring, ...]:
    rings = tuple(_ring(one) for one in _list(value))
    if not rings:
        raise ValueError("la géométrie est vide.")
    return rings


def _ring(value: object) -> Ring:
    points = [_position(one) for one in _list(value)]
    if points and points[0] != points[-1]:
        points.append(points[0])
    if len(set(points)) < 3:
        raise ValueError("un contour doit avoir au moins trois points distincts.")
    return tuple(points)


def to_geojson(geometry: Geometry, digits: int = 6) -> dict:
    """The geometry as GeoJSON, rounded (six decimals are 0.1 m)."""
    if geometry.point is not None:
        return {"type": "Point", "coordinates": [round(n, digits) for n in geometry.point]}
    polygons = [[[[round(n, digits) for n in p] for p in ring] for ring in polygon] for polygon in geometry.polygons]
    if geometry.kind == "Polygon":
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def contains(geometry: Geometry, lon: float, lat: float, *, tolerance_m: float = 0) -> bool:
    """Is the point in the area? The boundary, holes' included, is inside; so is all within `tolerance_m` of it."""
    if geometry.point is not None:
        return haversine_km(geometry.point, (lon, lat)) * 1000 <= tolerance_m + 1e-3
    if any(_in_polygon(polygon, lon, lat) for polygon in geometry.polygons):
        return True
    return tolerance_m > 0 and distance_m(geometry, lon, lat) <= tolerance_m


def _in_polygon(polygon: Sequence[Ring], lon: float, lat: float) -> bool:
    outline = _crossing(polygon[0], lon, lat)
    if outline is not True:
        return outline is None
    for hole in polygon[1:]:
        inside = _crossing(hole, lon, lat)
        if inside is None:
            return True
        if inside:
            return False
    return True


def _crossing(ring: Ring, lon: float, lat: float) -> bool | None:
    """Ray casting to the east: inside, outside, or None on the line itself."""
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
        if (
            min(y1, y2) - ON_THE_LINE <= lat <= max(y1, y2) + ON_THE_LINE
            and _to_segment(lon, lat, x1, y1, x2, y2) <= ON_THE_LINE
        ):
            return None
        # Half-open in latitude: a vertex on the ray is counted once.
        if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


def _to_segment(x: float, y: float, x1: float, y1: float, x2: float, y2: float) -> float:
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / length))
    return math.hypot(x - x1 - along * dx, y - y1 - along * dy)


def distance_m(geometry: Geometry, lon: float, lat: float) -> float:
    """Metres to the nearest boundary (from inside too), on the local plane: right to 1 % within 50 km."""
    if geometry.point is not None:
        return haversine_km(geometry.point, (lon, lat)) * 1000
    squeeze = math.cos(math.radians(lat))
    nearest = min(
        _to_segment(0, 0, (x1 - lon) * squeeze, y1 - lat, (x2 - lon) * squeeze, y2 - lat)
        for polygon in geometry.polygons
        for ring in polygon
        for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False)
    )
    return nearest * METRES_PER_DEGREE


def haversine_km(one: Point, other: Point) -> float:
    """Great-circle distance in kilometres between two (longitude, latitude) points."""
    lon1, lat1, lon2, lat2 = (math.radians(n) for n in (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def bounding_box(points: Iterable[Point]) -> Box:
    """(west, south, east, north). Raises ValueError when there is no point."""
    everything = list(points)
    if not everything:
        raise ValueError("Aucun point à encadrer.")
    lons, lats = [p[0] for p in everything], [p[1] for p in everything]
    return (min(lons), min(lats), max(lons), max(lats))


def centroid(geometry: Geometry) -> Point:
    """The centre of mass of the area, holes taken out; the mean of the points where the area is nil."""
    if geometry.point is not None:
        return geometry.point
    west, south, _, _ = bounding_box(geometry.points())
    area = east = north = 0.0
    for polygon in geometry.polygons:
        for rank, ring in enumerate(polygon):
            part, x, y = _moments(ring, west, south)
            # The winding of rings differs from one producer to the next: outlines add, holes take away.
            sign = math.copysign(1, part) * (1 if rank == 0 else -1)
            area, east, north = area + sign * part, east + sign * x, north + sign * y
    if abs(area) < 1e-18:
        everything = list(geometry.points())
        return (sum(p[0] for p in everything) / len(everything), sum(p[1] for p in everything) / len(everything))
    return (west + east / (3 * area), south + north / (3 * area))


def _moments(ring: Ring, west: float, south: float) -> tuple[float, float, float]:
    """Twice the signed area of a ring and its moments, from a near origin so that no digit is lost."""
    area = x = y = 0.0
    for (lon1, lat1), (lon2, lat2) in zip(ring, ring[1:], strict=False):
        x1, y1, x2, y2 = lon1 - west, lat1 - south, lon2 - west, lat2 - south
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return area, x, y


def simplify(geometry: Geometry, tolerance_m: float) -> Geometry:
    """Douglas–Peucker on each ring: no removed point was further than `tolerance_m` from what is left.

    A ring that would fall under three distinct points is kept as it is; neighbours may part by the tolerance.
    """
    if geometry.point is not None:
        return geometry
    limit = tolerance_m / METRES_PER_DEGREE
    polygons = tuple(tuple(_simplify_ring(ring, limit) for ring in polygon) for polygon in geometry.polygons)
    return Geometry(geometry.kind, polygons=polygons)


def _simplify_ring(ring: Ring, limit: float) -> Ring:
    squeeze = math.cos(math.radians(ring[0][1]))
    plane = [(x * squeeze, y) for x, y in ring]
    # A closed ring has no ends: it is cut at its first point and at the point furthest from it.
    far = max(range(len(plane)), key=lambda i: math.dist(plane[0], plane[i]))
    keep, stack = {0, far, len(ring) - 1}, [(0, far), (far, len(ring) - 1)]
    while stack:
        first, last = stack.pop()
        between = range(first + 1, last)
        worst = max(between, key=lambda i: _to_segment(*plane[i], *plane[first], *plane[last]), default=None)
        if worst is not None and _to_segment(*plane[worst], *plane[first], *plane[last]) > limit:
            keep.add(worst)
            stack += [(first, worst), (worst, last)]
    kept = tuple(ring[i] for i in sorted(keep))
    return kept if len(set(kept)) >= 3 else ring


@dataclass(frozen=True)
class Projection:
    """Degrees to drawing units: equirectangular at the mean latitude, same scale both ways, centred, y downwards."""

    box: Box
    squeeze: float
    scale: float
    left: float
    top: float

    def __call__(self, point: Point) -> Point:
        west, _, _, north = self.box
        return (
            self.left + (point[0] - west) * self.squeeze * self.scale,
            self.top + (north - point[1]) * self.scale,
        )

    @property
    def metres_per_unit(self) -> float:
        return METRES_PER_DEGREE / self.scale


def project(box: Box, width: float, height: float, margin: float = 0) -> Projection:
    """The projection that fits `box` in `width` × `height` units; under 0.1 % of distortion across a département.

    A box without extent (one point) is given a kilometre around it.
    """
    west, south, east, north = box
    squeeze = max(0.01, math.cos(math.radians((south + north) / 2)))
    least = 500 / METRES_PER_DEGREE
    if north - south < least and (east - west) * squeeze < least:
        west, east, south, north = west - least / squeeze, east + least / squeeze, south - least, north + least
    wide, high = (east - west) * squeeze, north - south
    scale = min((width - 2 * margin) / max(wide, 1e-12), (height - 2 * margin) / max(high, 1e-12))
    left, top = (width - wide * scale) / 2, (height - high * scale) / 2
    return Projection((west, south, east, north), squeeze, scale, left, top)
