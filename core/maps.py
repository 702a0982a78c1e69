"""A vector map without tiles: no address leaves the application, and the same drawing goes into the PDF.

Pure. Areas are tinted and hatched by tone, points have one shape per tone, both are links a keyboard reaches.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Unpack

from core import french, geo
from core.charts import svg
from core.charts.grids import check_tones, tone_key
from core.charts.lines import legend_rows

RADIUS = 5.5
HIT_RADIUS = 12  # WCAG 2.5.8: a target of 24 px
SIMPLIFY_UNITS = 0.6  # finer than a pixel: nobody sees it, and the page is ten times lighter
BEYOND = 0.1  # a point further than a tenth of the map from the areas is an error, not a reason to shrink the map
MARGIN = 14
FOOT = 20  # kept for the scale, so that no point hides it


@dataclass(frozen=True)
class Area:
    """A territory: `label` is printed on it (its name by default), `value` is read after its name ("12 crèches")."""

    name: str
    geometry: geo.Geometry
    tone: str = ""
    label: str = ""
    value: str = ""
    href: str = ""
    id: str = ""


@dataclass(frozen=True)
class Place:
    """A point: `label` is printed beside it where there is room, `value` is read after its name ("en retard")."""

    name: str
    lon: float
    lat: float
    tone: str = "neutral"
    label: str = ""
    value: str = ""
    href: str = ""


class Room:
    """The rectangles already taken by labels, so that no text covers another."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.taken: list[tuple[float, float, float, float]] = []

    def take(self, x: float, y: float, wide: float, high: float) -> bool:
        """Reserve the rectangle whose top left corner is (x, y), if it is free and inside the drawing."""
        if x < 0 or y < 0 or x + wide > self.width or y + high > self.height:
            return False
        if any(x < a + w and a < x + wide and y < b + h and b < y + high for a, b, w, h in self.taken):
            return False
        self.taken.append((x, y, wide, high))
        return True


def area_map(
    areas: Sequence[Area],
    points: Sequence[Place],
    *,
    tones: Mapping[str, str],
    area_tones: Mapping[str, str] | None = None,
    width: float | None = None,
    height: float | None = None,
    **frame: Unpack[svg.Frame],
) -> svg.Svg:
    """The map of `areas` and `points`; `tones` and `area_tones` say in words what each tone of either means.

    Either may be empty: without areas a frame and the scale remain. Points far from every area are counted under
    the map instead of drawn. Raises ValueError for a tone without a legend or a link that leaves the site.
    """
    area_tones = area_tones or {}
    check_tones((place.tone for place in points), tones)
    check_tones((area.tone for area in areas if area.tone), area_tones)
    check_links([*areas, *points])
    sheet_width, size = svg.sheet(frame)
    width = width or sheet_width
    height = height or width * 0.75
    keys = [(word, swatch(tone)) for tone, word in area_tones.items()]
    keys += [(word, tone_key(tone)) for tone, word in tones.items()] if points else []
    legend, top = legend_rows(keys, width, size)
    ground = draw_ground(areas, points, tones, area_tones, (width, height, size))
    return svg.document(
        [legend, svg.el("g", *ground, transform=f"translate(0 {svg.num(top)})")],
        width=width,
        height=top + height,
        defs=definitions(tones, area_tones, points),
        role="group",
        class_="chart map",
        **frame,
    )


def draw_ground(
    areas: Sequence[Area],
    points: Sequence[Place],
    tones: Mapping[str, str],
    area_tones: Mapping[str, str],
    sheet: tuple[float, float, float],
) -> list[str]:
    """Everything under the legend: frame, areas, points, labels, scale; `sheet` is width, height, size of text."""
    width, height, size = sheet
    box = map_box(areas, points)
    projection = geo.project(box, width, height - FOOT, MARGIN)
    shown = [place for place in points if near(place, box)]
    placed = spread(shown, projection)
    room = Room(width, height - FOOT)
    labels = [*area_labels(areas, projection, size, room), *place_labels(placed, size, room)]
    return [
        svg.rect(0.5, 0.5, width - 1, height - 1, fill="none", stroke="currentColor", stroke_opacity="0.25", rx=4),
        *draw_areas(areas, projection, area_tones),
        *draw_places(placed, tones),
        svg.el("g", *labels, pointer_events="none", class_="map-labels") if labels else "",
        *scale_bar(projection.metres_per_unit, width, height, size),
        *missing_note(len(points) - len(shown), not areas and not points, width, height, size),
    ]


def check_links(targets: Iterable[Area | Place]) -> None:
    """Links stay on the site: a path, a query or a fragment, never a scheme nor another host."""
    for target in targets:
        # Browsers drop tabs and line ends inside an address: "/\t/host" would be another host.
        if target.href and not re.fullmatch(r"(?![/\\]{2})[/?#][^\s\x00-\x1f\x7f]*", target.href):
            raise ValueError(f"Lien refusé sur la carte\u00a0: {target.href[:60]}")


def definitions(tones: Mapping[str, str], area_tones: Mapping[str, str], points: Sequence[Place]) -> list[str]:
    """One hatch per tone of area, one mark per tone of point: each point is then a short reference."""
    drawn = [
        svg.hatch(f"a-{tone}", svg.TONES[tone].hatch, svg.tone_ink(tone), strength=0.55)
        for tone in area_tones
        if svg.TONES[tone].hatch
    ]
    for tone in tones if points else ():
        hit = svg.el("circle", r=HIT_RADIUS, fill="none", pointer_events="all")
        mark = svg.shape(svg.TONES[tone].shape, 0, 0, RADIUS, stroke_width="1.6")
        drawn.append(svg.el("g", hit, mark, id=svg.own_id(f"m-{tone}"), **svg.tone_ink(tone)))
    return drawn


def swatch(tone: str) -> str:
    return svg.rect(0, -10, 20, 12, **svg.veil(f"a-{tone}", svg.TONES[tone].hatch, svg.tone_ink(tone)))


def map_box(areas: Sequence[Area], points: Sequence[Place]) -> geo.Box:
    """The areas decide; without them, the points; without anything, a nominal square."""
    if areas:
        return geo.bounding_box(point for area in areas for point in area.geometry.points())
    if points:
        return geo.bounding_box((place.lon, place.lat) for place in points)
    return (0.0, 0.0, 0.0, 0.0)


def near(place: Place, box: geo.Box) -> bool:
    west, south, east, north = box
    lon, lat = (east - west) * BEYOND, (north - south) * BEYOND
    return west - lon <= place.lon <= east + lon and south - lat <= place.lat <= north + lat


def spoken(target: Area | Place, words: Mapping[str, str]) -> str:
    """The accessible name: its name, its value or else the meaning of its tone."""
    value = target.value or words.get(target.tone, "")
    return f"{target.name}\u00a0: {value}" if value else target.name


def linked(target: Area | Place, name: str, drawing: str) -> str:
    """The title is both the accessible name (SVG-AAM) and what a mouse shows."""
    title = svg.el("title", svg.clean(name))
    if target.href:
        return svg.el("a", title, drawing, href=target.href)
    return svg.el("g", title, drawing)


def draw_areas(areas: Sequence[Area], projection: geo.Projection, words: Mapping[str, str]) -> list[str]:
    tolerance = SIMPLIFY_UNITS * projection.metres_per_unit
    drawn = []
    for area in areas:
        rings = [ring for polygon in geo.simplify(area.geometry, tolerance).polygons for ring in polygon]
        outline = "".join(svg.path((projection(point) for point in ring[:-1]), closed=True) for ring in rings)
        if area.tone:
            paint = svg.veil(f"a-{area.tone}", svg.TONES[area.tone].hatch, svg.tone_ink(area.tone))
        else:
            paint = {"fill": "currentColor", "fill_opacity": "0.05", "stroke": "currentColor", "stroke_opacity": "0.5"}
        shape = svg.el("path", d=outline, fill_rule="evenodd", stroke_linejoin="round", **paint)
        drawn.append(linked(area, spoken(area, words), shape))
    return [svg.el("g", *drawn, class_="map-areas")] if drawn else []


Spot = tuple[Place, float, float]


def spread(places: Sequence[Place], projection: geo.Projection) -> list[Spot]:
    """Where each point goes: two houses at one address are drawn side by side, in the order given.

    The most serious tones come last, so that they are drawn on top.
    """
    ranks = list(svg.TONES)
    taken: set[tuple[int, int]] = set()
    spots = []
    for place in sorted(places, key=lambda one: ranks.index(one.tone)):
        x, y = projection((place.lon, place.lat))
        for turn in range(13):
            angle, reach = turn * math.pi / 3, 0 if turn == 0 else RADIUS * 2 * (1 + (turn - 1) // 6)
            at = (x + reach * math.cos(angle), y + reach * math.sin(angle))
            if cell(at) not in taken:
                break
        taken.add(cell(at))
        spots.append((place, *at))
    return spots


def cell(at: geo.Point) -> tuple[int, int]:
    return (round(at[0] / RADIUS), round(at[1] / RADIUS))


def draw_places(spots: Sequence[Spot], words: Mapping[str, str]) -> list[str]:
    drawn = []
    for place, x, y in spots:
        mark = svg.el("use", href=svg.Own(f"#{svg.ID}-m-{place.tone}"), x=x, y=y)
        drawn.append(linked(place, spoken(place, words), mark))
    return [svg.el("g", *drawn, class_="map-places")] if drawn else []


def area_labels(areas: Sequence[Area], projection: geo.Projection, size: float, room: Room) -> list[str]:
    """The largest areas first; a label that would cover another is left out (the link still has its name)."""
    drawn = []
    for area in sorted(areas, key=lambda one: -extent(one.geometry)):
        name = area.label or area.name
        x, y = projection(geo.centroid(area.geometry))
        wide = svg.text_width(name, size)
        if room.take(x - wide / 2, y - size / 2, wide, size * 1.2):
            drawn.append(svg.text(x, y + size * 0.35, name, size=size, anchor="middle", font_weight="600"))
    return drawn


def extent(geometry: geo.Geometry) -> float:
    west, south, east, north = geo.bounding_box(geometry.points())
    return (east - west) * (north - south)


def place_labels(spots: Sequence[Spot], size: float, room: Room) -> list[str]:
    """Beside its point: right, left, below or above, whichever is free; the most serious tones choose first."""
    labelled = [spot for spot in spots[::-1] if spot[0].label]
    if labelled:
        for _, x, y in spots:
            room.taken.append((x - RADIUS, y - RADIUS, RADIUS * 2, RADIUS * 2))
    drawn = []
    for place, x, y in labelled:
        wide, gap = svg.text_width(place.label, size), RADIUS + 2
        corners = [
            (x + gap, y - size / 2),
            (x - gap - wide, y - size / 2),
            (x - wide / 2, y + gap),
            (x - wide / 2, y - gap - size),
        ]
        corner = next((one for one in corners if room.take(*one, wide, size)), None)
        if corner:
            drawn.append(svg.text(corner[0], corner[1] + size * 0.85, place.label, size=size))
    return drawn


def scale_bar(metres_per_unit: float, width: float, height: float, size: float) -> list[str]:
    """A round distance of at most a quarter of the width, at the bottom left."""
    longest = metres_per_unit * width / 4
    magnitude = 10 ** math.floor(math.log10(longest))
    metres = next(step * magnitude for step in (5, 2, 1) if step * magnitude <= longest)
    length, y = metres / metres_per_unit, height - MARGIN + 4
    name = f"{french.number(metres / 1000)}\u00a0km" if metres >= 1000 else f"{french.number(metres)}\u00a0m"
    ends = f"M10 {svg.num(y - 5)}V{svg.num(y)}H{svg.num(10 + length)}V{svg.num(y - 5)}"
    bar = svg.el("path", d=ends, fill="none", stroke="currentColor", stroke_width="1.6")
    return [bar, svg.text(16 + length, y, name, size=size)]


def missing_note(far: int, empty: bool, width: float, height: float, size: float) -> list[str]:
    if empty:
        return [svg.text(width / 2, height / 2, "Aucun lieu à montrer", size=size, anchor="middle")]
    if not far:
        return []
    note = f"{french.counted(far, 'point')} hors de la carte"
    return [svg.text(width - 10, height - MARGIN + 4, note, size=size, anchor="end")]
