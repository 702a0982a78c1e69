"""Territories on the ground: what holds a point, and the map drawn from it."""

import csv
import json
import math
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core import geo
from core.maps import Area, Place, area_map

NS = "{http://www.w3.org/2000/svg}"
TRIAL = Path(os.environ.get("RONDE_TRIAL_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
TONES = {"good": "à jour", "alert": "en retard"}
SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
HOLE = [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]


def polygon(*rings):
    return geo.parse_geometry({"type": "Polygon", "coordinates": list(rings)})


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


@pytest.fixture(scope="module")
def paris():
    path = TRIAL / "paris_arrondissements.geojson"
    if not path.exists():
        pytest.skip(f"données d’essai absentes : {path.name} (RONDE_TRIAL_DATA)")
    return path


def crèches():
    with (TRIAL / "paris_creches.csv").open(encoding="utf-8") as rows:
        return [(row[0], float(row[1]), float(row[2]), row[4].strip()) for row in csv.reader(rows, delimiter=";")]


@pytest.mark.parametrize(
    ("lon", "lat", "inside"),
    [(0.5, 0.5, True), (2, 2, False), (5, 2, False), (-1, 4, False), (2, -0.001, False)],
)
def test_a_point_in_a_hole_is_outside(lon, lat, inside):
    assert geo.contains(polygon(SQUARE, HOLE), lon, lat) is inside


@pytest.mark.parametrize(("lon", "lat"), [(0, 0), (4, 4), (2, 0), (0, 2), (4, 1.5), (1, 2), (3, 3), (2, 4)])
def test_the_boundary_is_inside_that_of_a_hole_included(lon, lat):
    assert geo.contains(polygon(SQUARE, HOLE), lon, lat)


def test_a_vertex_on_the_ray_is_counted_once():
    diamond = polygon([[0, 0], [2, -2], [4, 0], [2, 2], [0, 0]])
    assert not geo.contains(diamond, -1, 0)
    assert geo.contains(diamond, 1, 0)


def test_a_multipolygon_holds_what_any_of_its_parts_holds():
    far = [[10, 0], [12, 0], [12, 2], [10, 2], [10, 0]]
    both = geo.parse_geometry({"type": "MultiPolygon", "coordinates": [[SQUARE], [far]]})
    assert geo.contains(both, 11, 1)
    assert geo.contains(both, 2, 2)
    assert not geo.contains(both, 7, 1)


def test_the_tolerance_is_in_metres():
    metres = 50 / geo.METRES_PER_DEGREE
    assert not geo.contains(polygon(SQUARE), 2, -metres)
    assert geo.contains(polygon(SQUARE), 2, -metres, tolerance_m=51)
    assert not geo.contains(polygon(SQUARE), 2, -metres, tolerance_m=49)


def test_a_point_holds_itself_and_its_surroundings():
    home = geo.parse_geometry({"type": "Point", "coordinates": [2.35, 48.85, 35.0]})
    assert geo.contains(home, 2.35, 48.85)
    assert not geo.contains(home, 2.351, 48.85, tolerance_m=70)
    assert geo.contains(home, 2.351, 48.85, tolerance_m=75)


stars = st.lists(st.tuples(st.floats(0, 2 * math.pi - 0.01), st.floats(0.2, 1)), min_size=3, max_size=20, unique=True)


@given(stars, st.floats(-1.2, 1.2), st.floats(-1.2, 1.2))
def test_ray_casting_agrees_with_the_winding_number(star, x, y):
    ring = [[r * math.cos(a), r * math.sin(a)] for a, r in sorted(star)]
    assume(len({tuple(p) for p in ring}) >= 3)
    area = polygon(ring)
    assume(geo.distance_m(area, x, y) > 1)
    turns = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        ax, ay, bx, by = x1 - x, y1 - y, x2 - x, y2 - y
        turns += math.atan2(ax * by - ay * bx, ax * bx + ay * by)
    assert geo.contains(area, x, y) == (abs(turns) > math.pi)


def test_distances_on_the_sphere():
    paris, créteil = (2.3522, 48.8566), (2.4556, 48.7904)
    assert geo.haversine_km(paris, créteil) == pytest.approx(10.58, abs=0.05)
    assert geo.haversine_km(paris, paris) == 0
    assert geo.haversine_km((0, 0), (180, 0)) == pytest.approx(math.pi * geo.EARTH_KM)


def test_the_centroid_takes_holes_out_whatever_the_winding():
    corner = [[2, 2], [4, 2], [4, 4], [2, 4], [2, 2]]
    expected = (5 / 3, 5 / 3)
    assert geo.centroid(polygon(SQUARE, corner)) == pytest.approx(expected)
    assert geo.centroid(polygon(SQUARE[::-1], corner)) == pytest.approx(expected)
    assert geo.centroid(polygon([[0, 0], [1, 1], [2, 2]])) == pytest.approx((0.75, 0.75))


def test_the_bounding_box_of_nothing_is_refused():
    assert geo.bounding_box([(1, 5), (3, 2)]) == (1, 2, 3, 5)
    with pytest.raises(ValueError, match="Aucun point"):
        geo.bounding_box([])


@given(stars, st.floats(100, 50_000))
def test_no_point_removed_by_simplifying_was_further_than_the_tolerance(star, tolerance):
    ring = [[r * math.cos(a), r * math.sin(a)] for a, r in sorted(star)]
    assume(len({tuple(p) for p in ring}) >= 3)
    area = polygon(ring)
    simpler = geo.simplify(area, tolerance)
    assert set(simpler.points()) <= set(area.points())
    assert all(geo.distance_m(simpler, *point) <= tolerance * 1.01 + 1e-3 for point in area.points())


def test_simplifying_keeps_an_area_an_area():
    tiny = polygon([[0, 0], [0.001, 0], [0, 0.001]])
    assert geo.simplify(tiny, 10_000) == tiny


def test_the_projection_keeps_proportions_and_turns_north_up():
    project = geo.project((2.2, 48.8, 2.5, 48.9), 600, 400, 10)
    (left, top), (right, bottom) = project((2.2, 48.9)), project((2.5, 48.8))
    assert (left, right) == pytest.approx((10, 590))
    assert 0 < top < bottom < 400
    metres = geo.haversine_km((2.2, 48.85), (2.5, 48.85)) * 1000
    assert (right - left) * project.metres_per_unit == pytest.approx(metres, rel=1e-3)


def test_a_lone_point_is_drawn_in_the_middle():
    assert geo.project((2.3, 48.8, 2.3, 48.8), 600, 400)((2.3, 48.8)) == pytest.approx((300, 200))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "lisible"),
        ("[" * 100_000, "lisible"),
        (b"\xff\xfe{", "lisible"),
        ("[]", "objet est attendu"),
        ('{"type": "FeatureCollection"}', "features"),
        ('{"type": "Point", "coordinates": [NaN, 1]}', "NaN"),
        (collection({"type": "Feature", "geometry": {"type": "LineString"}}), "Objet 1.*LineString"),
        (collection({"type": "Point", "coordinates": [0, 0]}, 3), "Objet 2"),
        (collection({"type": "Feature", "properties": [1], "geometry": None}), "propriétés"),
        (collection({"type": "Point", "coordinates": [652_000.0, 6_862_000.0]}), "hors du monde"),
        (collection({"type": "Point", "coordinates": [10**400, 0]}), "hors du monde"),
        (collection({"type": "Point", "coordinates": ["2", "48"]}), "longitude"),
        (collection({"type": "Point", "coordinates": [True, 1]}), "longitude"),
        (collection({"type": "Point", "coordinates": 5}), "illisibles"),
        (collection({"type": "Polygon", "coordinates": []}), "vide"),
        (collection({"type": "MultiPolygon", "coordinates": []}), "vide"),
        (collection({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}), "trois points"),
        (collection({"type": "Feature", "properties": {}, "geometry": []}), "géométrie est illisible"),
    ],
)
def test_a_faulty_file_is_refused_in_french(text, words):
    with pytest.raises(ValueError, match=words):
        geo.parse_features(text)


def test_the_size_of_a_file_is_bounded(monkeypatch):
    point = {"type": "Point", "coordinates": [0, 0]}
    monkeypatch.setattr(geo, "MAX_FEATURES", 2)
    monkeypatch.setattr(geo, "MAX_POINTS", 4)
    with pytest.raises(ValueError, match="plus de 2 objets"):
        geo.parse_features(collection(point, point, point))
    with pytest.raises(ValueError, match="plus de 4 points"):
        geo.parse_features(collection({"type": "Polygon", "coordinates": [SQUARE]}))
    monkeypatch.setattr(geo, "MAX_BYTES", 10)
    with pytest.raises(ValueError, match="dépasse"):
        geo.parse_features(collection(point))


def test_properties_and_missing_geometries_are_kept():
    text = collection({"type": "Feature", "properties": {"code": "94028"}, "geometry": None})
    assert geo.parse_features(text) == [geo.Feature({"code": "94028"}, None)]


@pytest.mark.parametrize("kind", ["Point", "Polygon", "MultiPolygon"])
def test_a_geometry_is_written_as_it_was_read(kind):
    coordinates = {"Point": [2.5, 48.5], "Polygon": [SQUARE, HOLE], "MultiPolygon": [[SQUARE, HOLE]]}[kind]
    source = {"type": kind, "coordinates": coordinates}
    assert geo.to_geojson(geo.parse_geometry(source)) == source


# Real boundaries and real crèches -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("suffix", "misplaced"), [("", 7), ("_simplified", 6)])
def test_seven_real_crèches_lie_outside_their_arrondissement(paris, suffix, misplaced):
    features = geo.parse_features((TRIAL / f"paris_arrondissements{suffix}.geojson").read_bytes())
    areas = {f"750{int(one.properties['c_ar']):02d}": one.geometry for one in features}
    outside = [row for row in crèches() if not geo.contains(areas[row[3]], row[1], row[2])]
    assert len(areas) == 20
    assert len(crèches()) == 320
    assert len(outside) == misplaced
    # Three of them are within three metres of the line; the others are more than a kilometre away.
    assert sum(not geo.contains(areas[row[3]], row[1], row[2], tolerance_m=10) for row in outside) == 4


def test_a_map_of_450_crèches_and_twenty_territories_is_light(paris):
    features = geo.parse_features(paris.read_bytes())
    areas = [Area(f.properties["l_ar"], f.geometry, "good", href=f"/t/{i}/") for i, f in enumerate(features)]
    rows = (crèches() * 2)[:450]
    places = [Place(row[0], row[1], row[2], "alert", href=f"/etablissements/{i}/") for i, row in enumerate(rows)]
    drawing = area_map(areas, places, tones=TONES, area_tones={"good": "couverte"}, title="Crèches de Paris")
    assert len(drawing.encode()) < 100_000
    assert len(list(ElementTree.fromstring(drawing).iter(f"{NS}a"))) == 470


# The map ------------------------------------------------------------------------------------------------------------


def small_map(name="Piat", **options):
    areas = [Area(name, polygon(SQUARE), "alert", value="12 crèches", href="/territoires/1/")]
    places = [Place(name, 1, 1, "good", label=name, href="/etablissements/1/"), Place("Rampal", 3, 3, "alert")]
    return area_map(areas, places, tones=TONES, area_tones={"alert": "moins de 40 %"}, title=name, **options)


def texts(drawing):
    return [node.text for node in ElementTree.fromstring(drawing).iter(f"{NS}text")]


def test_areas_and_points_are_links_with_a_name():
    tree = ElementTree.fromstring(small_map())
    names = {node.get("href"): node.find(f"{NS}title").text for node in tree.iter(f"{NS}a")}
    assert names == {"/territoires/1/": "Piat\u00a0: 12 crèches", "/etablissements/1/": "Piat\u00a0: à jour"}
    assert tree.get("role") == "group"  # role="img" would hide the links from a screen reader
    assert tree.get("aria-labelledby")


def test_a_point_has_a_target_of_twenty_four_pixels():
    marks = [n for n in ElementTree.fromstring(small_map()).iter(f"{NS}circle") if n.get("pointer-events") == "all"]
    assert {float(mark.get("r")) * 2 for mark in marks} == {24}


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//ailleurs.example/", "https://ailleurs.example/", "/\\x", "/\t/x", "a"]
)
def test_a_link_that_leaves_the_site_is_refused(href):
    with pytest.raises(ValueError, match="Lien refusé"):
        area_map([], [Place("x", 2, 48, "good", href=href)], tones=TONES, title="t")


def test_a_hostile_name_stays_text_and_the_map_passes_the_strict_policy():
    drawing = small_map("<script>alert(1)</script>\"'&\x00\x1e")
    ElementTree.fromstring(drawing)
    assert not re.search(r"<script|style=|\bon\w+=|\x1e|\x00", drawing)


def test_every_reference_of_the_map_is_defined():
    drawing = small_map(prefix="carte")
    assert set(re.findall(r"#(carte-[\w-]+)", drawing)) <= set(re.findall(r' id="([^"]+)"', drawing))


def test_the_map_works_without_areas_and_without_points():
    without_areas = area_map(
        [], [Place("a", 2.3, 48.8, "good"), Place("b", 2.4, 48.9, "good")], tones=TONES, title="t"
    )
    assert any("km" in text for text in texts(without_areas))
    assert without_areas.count("<use") == 2
    without_points = area_map([Area("a", polygon(SQUARE))], [], tones={}, title="t")
    assert "<use" not in without_points
    assert "Aucun lieu à montrer" in texts(area_map([], [], tones={}, title="t"))


def test_two_houses_at_one_address_are_both_seen():
    places = [Place(name, 2.3, 48.8, "good") for name in "abcdefg"]
    uses = re.findall(r'<use[^>]* x="([^"]+)" y="([^"]+)"', area_map([], places, tones=TONES, title="t"))
    assert len(set(uses)) == 7


def test_a_point_far_from_the_areas_is_counted_rather_than_drawn():
    drawing = area_map([Area("a", polygon(SQUARE))], [Place("b", 48.8, 2.3, "good")], tones=TONES, title="t")
    assert "1 point hors de la carte" in texts(drawing)
    assert "<use" not in drawing


def test_labels_never_cover_each_other():
    places = [Place(f"n{i}", 2 + i % 6 / 100, 48 + i // 6 / 100, "good", label=f"Crèche {i}") for i in range(36)]
    tree = ElementTree.fromstring(area_map([], places, tones=TONES, title="t"))
    labels = [n for n in tree.iter(f"{NS}text") if n.text.startswith("Crèche")]
    boxes = [(float(n.get("x")), float(n.get("y")), len(n.text) * 7.8) for n in labels]
    clashes = [
        (a, b)
        for a in boxes
        for b in boxes
        if a < b and abs(a[1] - b[1]) < 12.9 and a[0] < b[0] + b[2] and b[0] < a[0] + a[2]
    ]
    assert len(labels) > 10
    assert clashes == []


def test_the_most_serious_points_are_drawn_last():
    places = [Place("a", 2.3, 48.8, "alert"), Place("b", 2.4, 48.9, "good")]
    marks = re.findall(r'href="#\w+-m-(\w+)"', area_map([], places, tones=TONES, title="t"))
    assert marks == ["good", "alert"]


def test_a_hole_is_left_empty():
    path = area_map([Area("a", polygon(SQUARE, HOLE))], [], tones={}, title="t")
    assert 'fill-rule="evenodd"' in path
    assert re.search(r'd="M[^"]+ZM[^"]+Z"', path)
