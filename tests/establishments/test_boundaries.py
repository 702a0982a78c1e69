"""Outlines: codes found, hostile shapes refused, points told inside from outside."""

import copy
import io
import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from core.spreadsheets import UnreadableFile
from establishments.importing import read_boundaries, save_boundaries
from establishments.importing.positions import contains, distance
from establishments.models import TerritoryBoundary

SQUARE = [[2.0, 48.0], [2.0, 49.0], [3.0, 49.0], [3.0, 48.0], [2.0, 48.0]]
HOLE = [[2.4, 48.4], [2.6, 48.4], [2.6, 48.6], [2.4, 48.6], [2.4, 48.4]]


def collection(properties, coordinates=None, kind="Polygon"):
    geometry = {"type": kind, "coordinates": [SQUARE] if coordinates is None else coordinates}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.mark.parametrize(
    ("properties", "field", "code", "name"),
    [
        ({"c_ar": 7, "c_arinsee": 75107, "l_aroff": "Palais-Bourbon"}, "", "75007", "Palais-Bourbon"),
        ({"c_ar": 7, "c_arinsee": 75107, "l_aroff": "Palais-Bourbon"}, "c_arinsee", "75107", "Palais-Bourbon"),
        ({"code": "94001", "nom": "Ablon-sur-Seine"}, "", "94001", "Ablon-sur-Seine"),
        ({"Code_Postal": "94480", "x": 1}, "", "94480", "94480"),
        ({"zone": "pole-20", "nom": "Pôle 20e"}, "zone", "pole-20", "Pôle 20e"),
    ],
)
def test_the_code_is_a_postcode_an_insee_code_or_the_property_asked_for(properties, field, code, name):
    (boundary,) = read_boundaries(collection(properties), field)
    assert (boundary.code, boundary.name) == (code, name)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "GeoJSON lisible"),
        (b"\xff\xfe{}", "GeoJSON lisible"),
        (b"[" * 100_000, "GeoJSON lisible"),
        (b"[]", "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "0 objets"),
        (b'{"type": "FeatureCollection", "features": [3]}', "propriétés"),
        (collection({"c_ar": 21}), "arrondissement"),
        (collection({"c_ar": "²"}), "arrondissement"),
        (collection({"couleur": "rouge"}), "--code-field"),
        (collection({"code": ""}), "code lisible"),
        (collection({"code": "a\ud800"}), "code lisible"),
        (collection({"code": {"a": 1}}), "code lisible"),
        (collection({"code": "1"}, [2.0, 48.0], "Point"), "surface"),
        (collection({"code": "1"}, []), "mal formé"),
        (collection({"code": "1"}, [SQUARE[:3]]), "mal formé"),
        (collection({"code": "1"}, [SQUARE[:4]]), "mal formé"),
        (collection({"code": "1"}, [[[2, 4800], *SQUARE[1:4], [2, 4800]]]), "mal formé"),
        (collection({"code": "1"}, [[["a", "b"]] * 5]), "mal formé"),
        (collection({"code": "1"}, [[[True, False]] * 5]), "mal formé"),
        (collection({"code": "1"}).replace(b"49.0", b"1e400"), "mal formé"),
        (collection({"code": "1"}).replace(b"49.0", b"NaN"), "mal formé"),
    ],
)
def test_a_hostile_geojson_is_refused_in_french(content, said):
    with pytest.raises(UnreadableFile, match=said):
        read_boundaries(content)


def test_one_code_twice_and_an_unknown_property_are_refused():
    document = json.loads(collection({"code": "1"}))
    document["features"] *= 2
    with pytest.raises(UnreadableFile, match="reprend le code|deux objets"):
        read_boundaries(json.dumps(document).encode())
    with pytest.raises(UnreadableFile, match="Propriétés présentes\u00a0: code"):
        read_boundaries(collection({"code": "1"}), "zone")


@pytest.mark.django_db
def test_outlines_are_written_once_and_replaced_when_they_change():
    assert str(save_boundaries(read_boundaries(collection({"code": "1"})), "a")) == "créés 1, modifiés 0, inchangés 0"
    assert str(save_boundaries(read_boundaries(collection({"code": "1"})), "b")) == "créés 0, modifiés 0, inchangés 1"
    assert TerritoryBoundary.objects.get().source == "a"
    moved = copy.deepcopy(SQUARE)
    moved[1][1] = 49.5
    assert str(save_boundaries(read_boundaries(collection({"code": "1"}, [moved])), "b")).startswith(
        "créés 0, modifiés 1"
    )


def test_the_command_says_what_is_missing(tmp_path):
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("import_boundaries", str(tmp_path / "rien.geojson"), stdout=io.StringIO())


def test_a_hole_is_outside_and_its_edge_is_measured():
    geometry = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}
    assert contains(geometry, 48.2, 2.2)
    assert not contains(geometry, 48.5, 2.5)
    assert distance(geometry, 48.2, 2.2) == 0
    assert distance({"type": "MultiPolygon", "coordinates": [[SQUARE]]}, 49.01, 2.5) == pytest.approx(1112, abs=1)


@given(st.floats(47, 50), st.floats(1, 4))
def test_inside_and_outside_a_square_agree_with_plain_arithmetic(latitude, longitude):
    geometry = {"type": "Polygon", "coordinates": [SQUARE]}
    if min(abs(latitude - 48), abs(latitude - 49), abs(longitude - 2), abs(longitude - 3)) < 1e-9:
        return
    inside = 48 < latitude < 49 and 2 < longitude < 3
    assert contains(geometry, latitude, longitude) == inside
    assert (distance(geometry, latitude, longitude) == 0) == inside
