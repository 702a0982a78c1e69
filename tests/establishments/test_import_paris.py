"""The real lists, as found in the wild: RONDE_TRIAL_DATA says where they are (they are not part of the product)."""

import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from establishments.models import (
    Establishment,
    ImportKey,
    JournalEntry,
    Mandate,
    SectorAttachment,
    Territory,
    TerritoryBoundary,
)
from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("RONDE_TRIAL_DATA", ROOT.parent / "shared" / "data"))
TREES = ROOT / "establishments" / "territories_data"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"jeux d’essai absents ({DATA})\u00a0: RONDE_TRIAL_DATA les nomme"),
]


def run(command, *arguments, **options):
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def written(context):
    """Statements that change a row; savepoints and locks are not."""
    starts = ("INSERT", "UPDATE", "DELETE", "REPLACE")
    return [query["sql"] for query in context.captured_queries if query["sql"].lstrip().upper().startswith(starts)]


@pytest.fixture
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def paris(db):
    run("load_territories", TREES / "paris.yaml")
    run("import_boundaries", DATA / "paris_arrondissements.geojson")


def test_the_320_creches_of_paris_are_created_and_a_second_run_writes_nothing(paris):
    first = run("import_establishments", DATA / "paris_creches.csv")
    assert first.splitlines()[-1] == "créés 320, modifiés 0, inchangés 0, rejetés 0"
    with CaptureQueriesContext(connection) as queries:
        second = run("import_establishments", DATA / "paris_creches.csv")
    assert second.splitlines()[-1] == "créés 0, modifiés 0, inchangés 320, rejetés 0"
    assert written(queries) == []
    assert len(queries) < 30
    assert (Establishment.objects.count(), ImportKey.objects.count()) == (320, 320)
    assert JournalEntry.objects.filter(verb="établissements importés").count() == 1
    assert Establishment.history.count() == 320


def test_every_creche_of_paris_has_its_sector_and_the_seven_misplaced_points_are_listed(paris):
    out = run("import_establishments", DATA / "paris_creches.csv")
    assert not Establishment.objects.filter(attachments__isnull=True).exists()
    assert not SectorAttachment.objects.exclude(territory__kind=Territory.Kind.SECTOR).exists()
    said = out.split("7 points hors du territoire de leur adresse\u00a0:\n")[1].splitlines()[:7]
    assert [line.split(" — ")[0].strip() for line in said] == [
        f"ligne {number}" for number in (60, 71, 118, 123, 195, 200, 236)
    ]
    assert "à 3\u202f499\u00a0m du contour «\u00a0Batignolles-Monceau\u00a0»" in said[1]
    twelfth = Territory.objects.get(code="caspe-11-12")
    assert Establishment.objects.within(twelfth).count() == 45


def test_two_floors_of_one_address_are_two_houses(paris):
    run("import_establishments", DATA / "paris_creches.csv")
    floors = Establishment.objects.filter(street="8, place du Bataillon du Pacifique").order_by("name")
    assert [each.name for each in floors] == [
        "Crèche collective 8, place du Bataillon du Pacifique 1er étage",
        "Crèche collective 8, place du Bataillon du Pacifique 2e étage",
    ]
    kinds = dict.fromkeys(Establishment.objects.order_by("kind").values_list("kind", flat=True))
    assert list(kinds) == ["creche_collective", "creche_familiale", "halte_garderie"]
    delegated = Establishment.objects.filter(management_mode="delegated")
    assert set(delegated.values_list("operator", flat=True)) >= {"Crescendo", "Œuvre Croix Saint Simon"}


def test_a_coordinator_given_a_mandate_sees_the_creches_of_her_sector(paris):
    run("import_establishments", DATA / "paris_creches.csv")
    user = UserFactory(email="tournée@ville.example")
    run("grant_mandate", user.email, "coordinator", "secteur-20")
    assert Establishment.objects.visible_to(user).count() == 28


def test_without_tree_or_boundaries_the_import_works_and_says_what_was_not_checked(db):
    out = run("import_establishments", DATA / "paris_creches.csv")
    assert out.splitlines()[-1] == "créés 320, modifiés 0, inchangés 0, rejetés 0"
    assert "Les positions n’ont pas été contrôlées" in out
    assert "Les rattachements n’ont pas été faits" in out
    with CaptureQueriesContext(connection) as queries:
        assert "inchangés 320" in run("import_establishments", DATA / "paris_creches.csv")
    assert written(queries) == []


def test_the_tree_given_with_the_file_is_loaded_first(db):
    arguments = {"territories": str(TREES / "paris.yaml"), "dry_run": True}
    assert "créés 320" in run("import_establishments", DATA / "paris_creches.csv", **arguments)
    assert not Territory.objects.exists()
    run("import_establishments", DATA / "paris_creches.csv", territories=str(TREES / "paris.yaml"))
    assert SectorAttachment.objects.count() == 320


def test_niort_has_one_row_that_is_no_creche(db, in_a_folder_of_its_own):
    with pytest.raises(CommandError, match="1 ligne rejetée"):
        run("import_establishments", DATA / "niort_creches.geojson")
    out = run("import_establishments", DATA / "niort_creches.geojson", "--partial")
    assert out.splitlines()[-1] == "créés 9, modifiés 0, inchangés 0, rejetés 1"
    assert "Point Information Jeunesse" in out
    mulberry = Establishment.objects.get(name="Multi accueil du Mûrier")
    assert (mulberry.organisation, mulberry.phone) == ("multi_accueil", "05 49 78 75 00")
    assert (mulberry.address, str(mulberry.latitude)) == ("10, rue du Murier, 79000 Niort", "46.323966")


def test_the_outlines_of_paris_and_of_the_val_de_marne_are_recognised_and_written_once(db):
    assert run("import_boundaries", DATA / "paris_arrondissements.geojson") == "créés 20, modifiés 0, inchangés 0\n"
    assert run("import_boundaries", DATA / "val_de_marne_communes.geojson") == "créés 47, modifiés 0, inchangés 0\n"
    codes = set(TerritoryBoundary.objects.values_list("code", flat=True))
    assert {f"750{number:02d}" for number in range(1, 21)} | {"94001", "94081"} <= codes
    assert TerritoryBoundary.objects.get(code="75020").name == "Ménilmontant"
    with CaptureQueriesContext(connection) as queries:
        assert "inchangés 20" in run("import_boundaries", DATA / "paris_arrondissements.geojson")
    assert written(queries) == []


def test_a_mandate_is_granted_once(paris):
    UserFactory(email="chef@ville.example")
    assert "Mandat donné" in run("grant_mandate", "chef@ville.example", "pole_head", "ppe-20")
    assert "Déjà donné" in run("grant_mandate", "chef@ville.example", "pole_head", "ppe-20")
    assert Mandate.objects.count() == 1
