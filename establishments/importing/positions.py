"""Whether a point lies in an outline, and how far outside. Pure: no Django.

Outlines are GeoJSON geometries (Polygon or MultiPolygon, longitude first, degrees).
"""

from collections.abc import Iterator
from math import cos, hypot, radians
from typing import Any

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6 371 km
Ring = list[list[float]]


def contains(geometry: dict[str, Any], latitude: float, longitude: float) -> bool:
    """Ray casting; a hole of a polygon is outside."""
    return any(sum(_crosses(ring, latitude, longitude) for ring in polygon) % 2 == 1 for polygon in polygons(geometry))


def distance(geometry: dict[str, Any], latitude: float, longitude: float) -> float:
    """Metres from a point to the outline (0 inside), on the plane tangent at the point: 1 % over a département."""
    if contains(geometry, latitude, longitude):
        return 0.0
    scale = cos(radians(latitude))
    edges = (edge for polygon in polygons(geometry) for ring in polygon for edge in zip(ring, ring[1:], strict=False))
    return min(
        _to_edge(
            (first[0] - longitude) * scale * METRES_PER_DEGREE,
            (first[1] - latitude) * METRES_PER_DEGREE,
            (second[0] - longitude) * scale * METRES_PER_DEGREE,
            (second[1] - latitude) * METRES_PER_DEGREE,
        )
        for first, second in edges
    )


def polygons(geometry: dict[str, Any]) -> Iterator[list[Ring]]:
    coordinates = geometry["coordinates"]
    yield from [coordinates] if geometry["type"] == "Polygon" else coordinates


def _crosses(ring: Ring, latitude: float, longitude: float) -> int:
    """How many edges a ray to the east crosses."""
    count = 0
    for (x1, y1, *_), (x2, y2, *_) in zip(ring, ring[1:], strict=False):
        if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
            count += 1
    return count


def _to_edge(x1: float, y1: float, x2: float, y2: float) -> float:
    """Distance from the origin to a segment."""
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else min(1.0, max(0.0, -(x1 * dx + y1 * dy) / length))
    return hypot(x1 + share * dx, y1 + share * dy)
