"""Files as people send them: formats, encodings, defects of real lists, and what is said of each."""

import io
import json

import pytest
import xlsxwriter
from django.core.management import call_command
from django.core.management.base import CommandError

from core.spreadsheets.writing import write_ods
from establishments.models import Establishment, ImportKey, JournalEntry

pytestmark = pytest.mark.django_db
HEADERS = [
    "Nom",
    "Type",
    "Adresse",
    "Code postal",
    "Ville",
    "Capacité",
    "Gestion",
    "Latitude",
    "Longitude",
    "Ouvert le",
]
ROW = ["Crèche des Lilas", "Mac", "12 RUE DE L'ÉGLISE", "6000", "Nice", 45, "Régie", 43.7, 7.26, " 01/09/2012  "]


def run(path, *arguments):
    out = io.StringIO()
    call_command("import_establishments", str(path), *arguments, stdout=out)
    return out.getvalue()


def refused(path, *arguments):
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_establishments", str(path), *arguments, stdout=out)
    return out.getvalue(), str(error.value)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def text(rows, separator=";"):
    return "\r\n".join(separator.join(str(cell) for cell in row) for row in rows)


def csv_file(tmp_path, *rows, headers=HEADERS):
    path = tmp_path / "liste.csv"
    path.write_text(text([headers, *rows]), encoding="utf-8")
    return path


def as_csv(path, separator, encoding):
    path.write_bytes(text([HEADERS, ROW], separator).encode(encoding))


def as_xlsx(path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([["Liste des crèches"], HEADERS, ROW]):
            sheet.write_row(line, 0, row)


def as_ods(path):
    with path.open("wb") as stream:
        write_ods(stream, HEADERS, [ROW], sheet="Liste")


def as_geojson(path):
    properties = dict(zip(HEADERS, ROW, strict=True))
    point = {"type": "Point", "coordinates": [properties.pop("Longitude"), properties.pop("Latitude")]}
    feature = {"type": "Feature", "properties": properties, "geometry": point}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")


@pytest.mark.parametrize(
    "write",
    [
        lambda path: as_csv(path, ";", "utf-8"),
        lambda path: as_csv(path, ",", "utf-8-sig"),
        lambda path: as_csv(path, ";", "cp1252"),
        as_xlsx,
        as_ods,
        as_geojson,
    ],
    ids=["csv", "csv-comma-bom", "cp1252", "xlsx", "ods", "geojson"],
)
def test_the_same_house_comes_out_of_every_format(tmp_path, write):
    path = tmp_path / "liste.fichier"
    write(path)
    assert run(path).splitlines()[-1] == "créés 1, modifiés 0, inchangés 0, rejetés 0"
    house = Establishment.objects.get()
    assert (house.name, house.kind, house.organisation) == ("Crèche des Lilas", "creche_collective", "multi_accueil")
    assert (house.postcode, house.street, house.management_mode) == ("06000", "12 rue de l’Église", "regie")
    assert (str(house.latitude), f"{house.opened_on:%d/%m/%Y}") == ("43.700000", "01/09/2012")
    assert house.authorisations.get().places == 45
    assert house.search_name == "creche des lilas 12 rue de l eglise 06000 nice"
    assert run(path).splitlines()[-1] == "créés 0, modifiés 0, inchangés 1, rejetés 0"


def test_each_rejected_row_is_named_with_its_line_column_value_and_reason_and_nothing_is_written(tmp_path):
    rows = [
        ROW,
        ["", *ROW[1:]],
        ["A", "Piscine", *ROW[2:]],
        ["B", *ROW[1:3], "750", *ROW[4:]],
        ["C", *ROW[1:5], 0, *ROW[6:]],
        ["D", *ROW[1:7], "nord", *ROW[8:]],
        ["E", *ROW[1:7], 95, *ROW[8:]],
        ["F", *ROW[1:9], "31/02/2020"],
        ["G" * 161, *ROW[1:]],
    ]
    out, error = refused(csv_file(tmp_path, *rows), "--rejects", str(tmp_path / "r.csv"))
    assert "créés 0, modifiés 0, inchangés 0, rejetés 8" in out
    assert error.startswith("Rien n’a été importé\u00a0: 8 lignes rejetées.")
    assert not Establishment.objects.exists()
    assert not JournalEntry.objects.exists()
    said = (tmp_path / "r.csv").read_text(encoding="utf-8-sig").splitlines()
    assert said[0] == "ligne;colonne;valeur;raison"
    assert said[1] == "3;Nom;;le nom est vide"
    assert said[2].startswith("4;Type;Piscine;«\u00a0Piscine\u00a0» n’est pas un type")
    assert said[3].startswith("5;Code postal;750;")
    assert said[4].startswith('6;Capacité;0;"une capacité va de 1 à')
    assert said[5].startswith("7;Latitude;nord;")
    assert said[6].startswith("8;Latitude;95;")
    assert said[7].startswith("9;Ouvert le;31/02/2020;")
    assert said[8].startswith("10;Nom;GGG")


def test_a_partial_import_takes_the_valid_rows_and_still_writes_the_others_to_a_file(tmp_path):
    path = csv_file(tmp_path, ROW, ["B", "Piscine", *ROW[2:]])
    assert run(path, "--partial").splitlines()[-1] == "créés 1, modifiés 0, inchangés 0, rejetés 1"
    assert Establishment.objects.get().name == "Crèche des Lilas"
    assert (tmp_path / "rejets_liste.csv").exists()


def test_unknown_places_and_unknown_positions_are_allowed(tmp_path):
    out = run(csv_file(tmp_path, [*ROW[:5], "", ROW[6], "", "", ""]))
    assert "créés 1" in out
    assert "1 établissement sans coordonnées" in out
    house = Establishment.objects.get()
    assert not house.authorisations.exists()
    assert house.category_on(house.opened_on) == "—"


def test_an_identifier_used_twice_and_a_repeated_line_are_rejected(tmp_path):
    headers = ["ID", *HEADERS]
    other = ["7", "Autre crèche", *ROW[1:]]
    out, _ = refused(csv_file(tmp_path, ["7", *ROW], other, ["7", *ROW], headers=headers))
    assert "ligne 3, ligne, «\u00a07\u00a0»\u00a0: cet identifiant est déjà celui de la ligne 2" in out
    assert "cette ligne répète la ligne 2" in out


def test_a_wrong_phone_or_mail_is_left_out_and_said(tmp_path):
    path = csv_file(tmp_path, [*ROW, "pas une adresse", "05.49.78.75.00"], headers=[*HEADERS, "Courriel", "Tél"])
    assert "1 valeur illisible laissée de côté" in run(path)
    assert (Establishment.objects.get().email, Establishment.objects.get().phone) == ("", "05 49 78 75 00")


def test_the_opening_day_asked_for_serves_when_the_file_gives_none(tmp_path):
    run(csv_file(tmp_path, [*ROW[:9], ""]), "--opened-on", "01/02/2019")
    assert f"{Establishment.objects.get().opened_on:%Y-%m-%d}" == "2019-02-01"


def test_a_dry_run_shows_the_difference_and_writes_nothing(tmp_path):
    out = run(csv_file(tmp_path, ROW), "--dry-run")
    assert "+ ligne 2 — Crèche des Lilas (06000), 45 places" in out
    assert "Essai\u00a0: rien n’a été écrit." in out
    assert not Establishment.objects.exists()
    assert not ImportKey.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"%PDF-1.7", "un PDF"),
        (b"couleur;taille\nrouge;12\n", "ne ressemble à aucun profil"),
        (b'{"type": "FeatureCollection", "features": [', "mal formé"),
        (b"PK\x03\x04" + b"\x00" * 40, "abîmé"),
        (b"nom;adresse\nx;\x00\x01\n", "caractères nuls"),
    ],
)
def test_a_hostile_file_is_refused_in_french(tmp_path, content, said):
    path = tmp_path / "hostile.csv"
    path.write_bytes(content)
    assert said in refused(path)[1]
    assert not Establishment.objects.exists()


def test_a_lone_surrogate_is_a_reason_not_a_crash(tmp_path):
    path = tmp_path / "s.geojson"
    feature = '{"type":"Feature","properties":{"nom":"a\\ud800b","cp":"75001"},"geometry":null}'
    path.write_text(f'{{"type":"FeatureCollection","features":[{feature}]}}')
    assert "caractères illisibles" in refused(path)[0]


def test_an_unknown_profile_or_one_that_does_not_fit_is_said(tmp_path):
    path = csv_file(tmp_path, ROW)
    assert "Profils connus" in refused(path, "--profile", "../secret")[1]
    assert "n’a pas les colonnes du profil" in refused(path, "--profile", "niort")[1]


def test_rejects_that_cannot_be_written_hide_neither_the_counts_nor_the_import(tmp_path):
    path, err = csv_file(tmp_path, ROW, ["B", "Piscine", *ROW[2:]]), io.StringIO()
    out = io.StringIO()
    nowhere = str(tmp_path / "absent" / "rejets.csv")
    call_command("import_establishments", str(path), "--partial", "--rejects", nowhere, stdout=out, stderr=err)
    assert out.getvalue().splitlines()[-1] == "créés 1, modifiés 0, inchangés 0, rejetés 1"
    assert "n’ont pas pu être écrits" in err.getvalue()


def test_a_source_too_long_for_the_register_is_said(tmp_path):
    with pytest.raises(CommandError, match="60 caractères"):
        run(csv_file(tmp_path, ROW), "--source", "s" * 61)
