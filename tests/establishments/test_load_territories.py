"""Trees from files: loaded once, named by line, the past never edited."""

import datetime
import io
from collections import Counter
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from core.spreadsheets import UnreadableFile
from establishments.importing import TreeErrors, load_tree, read_tree
from establishments.models import JournalEntry, Mandate, SectorAttachment, Territory, TerritoryLink
from tests.factories import EstablishmentFactory, MandateFactory

DATA = Path(__file__).resolve().parents[2] / "establishments" / "territories_data"
TREE = """kind;code;name;parent;postcodes;starts_on
secteur;s1;Secteur 1;p1;75001 75002;01/01/2020
pôle;p1;Pôle 1;d;;01/01/2020
direction;d;Direction;;;01/01/2020
"""
CHANGE = datetime.date(2026, 9, 1)


def load(text, name="arbre.csv"):
    return load_tree(read_tree(text.encode(), name), filename=name)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "count"), [("paris.yaml", 39), ("val_de_marne.yaml", 8)])
def test_the_trees_shipped_load_once_and_a_second_run_writes_nothing(name, count, django_assert_num_queries):
    out = io.StringIO()
    call_command("load_territories", str(DATA / name), stdout=out)
    assert out.getvalue() == f"créés {count}, inchangés 0\n"
    nodes = read_tree((DATA / name).read_bytes(), name)
    with django_assert_num_queries(1):
        assert str(load_tree(nodes)) == f"créés 0, inchangés {count}"
    assert JournalEntry.objects.filter(verb="territoires chargés").count() == 1


def test_paris_has_ten_divisions_and_each_postcode_belongs_to_one_sector():
    nodes = read_tree((DATA / "paris.yaml").read_bytes(), "paris.yaml")
    kinds = Counter(node.kind for node in nodes)
    assert (kinds["direction"], kinds["division"], kinds["pole"]) == (1, 10, 10)
    postcodes = Counter(code for node in nodes for code in node.postcodes.split())
    assert set(postcodes) == {*(f"750{number:02d}" for number in range(1, 21)), "75116"}
    assert set(postcodes.values()) == {1}
    sectors = Counter(node.parent for node in nodes if node.kind == "sector")
    assert len(sectors) == 10
    assert max(sectors.values()) <= 4
    marked = yaml.safe_load((DATA / "paris.yaml").read_text(encoding="utf-8"))["territories"]
    verified = {node["code"] for node in marked if node["verified"]}
    assert verified == {"dfpe", "caspe-5-13", "caspe-6-14", "caspe-20"}


def test_the_val_de_marne_never_gives_a_postcode_to_two_sectors():
    nodes = read_tree((DATA / "val_de_marne.yaml").read_bytes(), "val_de_marne.yaml")
    postcodes = Counter(code for node in nodes for code in node.postcodes.split())
    assert len(postcodes) > 40
    assert set(postcodes.values()) == {1}


@pytest.mark.django_db
def test_rows_may_come_in_any_order_and_the_closure_of_the_tree_is_built():
    assert str(load(TREE)) == "créés 3, inchangés 0"
    assert str(load(TREE)) == "créés 0, inchangés 3"
    top = Territory.objects.get(code="d")
    assert TerritoryLink.objects.filter(ancestor=top).count() == 3


@pytest.mark.django_db
def test_a_change_with_a_date_closes_the_old_territory_and_everything_goes_on_under_the_new_one():
    load(TREE)
    pole, sector = Territory.objects.get(code="p1"), Territory.objects.get(code="s1")
    house = EstablishmentFactory(sector=sector)
    mandate = MandateFactory(territory=pole)
    assert str(load(TREE.replace("Pôle 1;d;;01/01/2020", "Grand pôle;d;;01/09/2026"))) == "créés 2, inchangés 2"
    pole.refresh_from_db()
    assert (pole.name, pole.ends_on) == ("Pôle 1", CHANGE - datetime.timedelta(days=1))
    new = Territory.objects.active_on(CHANGE).get(code="p1")
    assert (new.name, Territory.objects.active_on(CHANGE).get(code="s1").parent) == ("Grand pôle", new)
    assert house.sector_on(CHANGE).parent == new
    assert house.sector_on(CHANGE - datetime.timedelta(days=1)) == sector
    assert set(SectorAttachment.objects.values_list("starts_on", flat=True)) >= {CHANGE}
    assert Mandate.objects.active_on(CHANGE).get(user=mandate.user).territory == new
    assert Mandate.objects.active_on(CHANGE - datetime.timedelta(days=1)).get(user=mandate.user).territory == pole
    text = TREE.replace("Pôle 1;d;;01/01/2020", "Grand pôle;d;;01/09/2026")
    assert str(load(text)) == "créés 0, inchangés 3"


@pytest.mark.django_db
def test_a_change_without_a_new_date_is_refused_and_nothing_is_written():
    load(TREE)
    with pytest.raises(TreeErrors, match="Le passé ne se modifie pas") as error:
        load(TREE.replace("Secteur 1", "Secteur un"))
    assert error.value.errors[0].startswith("ligne 2 (s1)\u00a0: ")
    assert Territory.objects.count() == 3


@pytest.mark.django_db
def test_each_wrong_line_is_named():
    wrong = TREE + "village;v;Village;d;;\nsecteur;;Sans code;d;;\nsecteur;z;Zone;d;9;hier\nsecteur;s1;Double;d;;\n"
    with pytest.raises(TreeErrors) as error:
        load(wrong)
    assert [line.split("\u00a0")[0] for line in error.value.errors] == ["ligne 5", "ligne 6", "ligne 7", "ligne 8"]
    assert "niveau inconnu" in error.value.errors[0]
    with pytest.raises(TreeErrors, match="aucun territoire «\u00a0nulle-part\u00a0»"):
        load(TREE.replace(";p1;75001", ";nulle-part;75001"))
    with pytest.raises(TreeErrors, match="niveau au-dessus"):
        load(TREE + "pôle;p2;Pôle 2;p1;;01/01/2020\n")
    assert not Territory.objects.exists()


@pytest.mark.django_db
def test_yaml_names_the_line_too():
    text = "territories:\n  - {kind: direction, code: d, name: D}\n  - {kind: ville, code: v, name: V}\n"
    with pytest.raises(TreeErrors, match="ligne 3"):
        load(text, "arbre.yaml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", b"territories: [{kind: direction"),
        ("a.yaml", b"a: &a [1]\nterritories: [*a]\n"),
        ("a.yaml", b"territories: !!python/object/apply:os.system ['id']\n"),
        ("a.yaml", b"territories: 3\n"),
        ("a.yaml", b"\xff\xff"),
        ("a.csv", b"couleur;taille\nrouge;3\n"),
        ("a.csv", b""),
    ],
)
def test_a_hostile_tree_is_refused_in_french(name, content):
    with pytest.raises(UnreadableFile):
        read_tree(content, name)


def test_the_command_says_what_is_missing(tmp_path):
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("load_territories", str(tmp_path / "rien.yaml"), stdout=io.StringIO())


@pytest.mark.parametrize("header", ["niveau;code;nom;rattaché à;codes postaux", "TYPE;Code;NOM;Parent;Code postal"])
def test_a_table_with_french_headings_is_read(header):
    nodes = read_tree(f"{header}\nDirection;dpe;Petite enfance;;\nPôle;p;Pôle A;dpe;75020\n".encode(), "arbre.csv")
    assert [(node.kind, node.code, node.parent, node.postcodes) for node in nodes] == [
        ("direction", "dpe", "", ""),
        ("pole", "p", "dpe", "75020"),
    ]


def test_the_expected_headings_are_told_in_french():
    with pytest.raises(UnreadableFile, match="niveau, code, nom, rattaché à"):
        read_tree(b"couleur;taille\nrouge;3\n", "arbre.csv")
