"""Reading what people send: formats, encodings, cells, headers under a title, and files made to hurt."""

import codecs
import io
import json
import os
import random
import resource
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from core.spreadsheets import (
    Limits,
    Row,
    UnreadableFile,
    clean_text,
    find_header,
    header_key,
    is_total,
    iter_rows,
    parse_bool_fr,
    parse_coordinates,
    parse_date_fr,
    parse_decimal_fr,
    parse_int_fr,
    read_table,
    table_from,
)
from core.spreadsheets.ods import write_ods
from core.spreadsheets.writing import write_xlsx

TRIAL_DATA = Path(os.environ.get("RONDE_TRIAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
HEADERS = ["Nom", "Places", "Ouverte le"]
ROWS = [
    ["Crèche des Lilas", 58, date(2026, 3, 17)],
    ["Halte-garderie d’Été ; « Œuf »", 20, None],
    ["Multi\naccueil", 33, date(1999, 12, 31)],
]
TEXT = "Nom;Places;Ouverte le\r\nCrèche des Lilas;58;17/03/2026\r\nHalte d’Été;20;\r\n"
FEATURES = [{"type": "Feature", "properties": {"nom": "A"}, "geometry": {"type": "Point", "coordinates": [2.4, 48.9]}}]
GEOJSON = json.dumps({"type": "FeatureCollection", "features": FEATURES}).encode()
CPU_SECONDS = 2


def xlsx(headers=HEADERS, rows=ROWS):
    stream = io.BytesIO()
    write_xlsx(stream, headers, rows)
    return stream.getvalue()


def ods(headers=HEADERS, rows=ROWS):
    stream = io.BytesIO()
    write_ods(stream, headers, rows, sheet="Liste")
    return stream.getvalue()


def rezipped(content, **parts):
    """The archive with some of its parts replaced: {"xl/worksheets/sheet1.xml": bytes}."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, parts.pop(entry.filename, None) or old.read(entry))
        for name, part in parts.items():
            new.writestr(name, part)
    return stream.getvalue()


def part_of(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


# --- formats


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_texts_of_all_usual_codings_and_separators_give_the_same_table(encoding, separator, newline):
    text = newline.join(["Nom;Ville;Places", "Crèche d’Été;Niort;58", "Le Nid;Évry;20", ""]).replace(";", separator)
    table = read_table(text.encode(encoding), "liste.xls")
    assert table.headers == ("Nom", "Ville", "Places")
    assert [row.cells for row in table.rows] == [("Crèche d’Été", "Niort", "58"), ("Le Nid", "Évry", "20")]
    assert [row.number for row in table.rows] == [2, 3]


@pytest.mark.parametrize("build", [xlsx, ods])
def test_workbooks_keep_whole_numbers_and_dates(build):
    table = read_table(build(), "sans-extension")
    assert table.headers == tuple(HEADERS)
    assert table.rows[0].cells == ("Crèche des Lilas", 58, date(2026, 3, 17))
    assert table.rows[1].cells[:2] == ("Halte-garderie d’Été ; « Œuf »", 20)
    assert table.rows[2].cells[0].split() == ["Multi", "accueil"]


def test_separators_survive_decimal_commas_addresses_and_the_hint_of_excel():
    comma_decimals = "nom;lat;lon\nA;48,85;2,35\nB;48,86;2,36\n"
    addresses = "CRECHE 11, RUE X; 2.41;48.8\nCRECHE 8, BD, Y; 2.38;48.9\n"
    assert read_table(comma_decimals.encode()).rows[0].cells == ("A", "48,85", "2,35")
    assert read_table(addresses.encode(), has_header=False).rows[1].cells == ("CRECHE 8, BD, Y", " 2.38", "48.9")
    hinted = read_table(b"sep=,\r\nnom,ville\r\nA;B,C\r\n")
    assert (hinted.headers, hinted.rows[0]) == (("nom", "ville"), Row(3, ("A;B", "C")))


def test_a_row_keeps_the_line_where_it_starts():
    table = read_table(b'nom;note\n\nA;"deux\nlignes"\nB;une\n')
    assert [(row.number, row.cells[0]) for row in table.rows] == [(3, "A"), (5, "B")]
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        sheet = workbook.add_worksheet()
        for line, name in [(2, "nom"), (3, "A"), (9, "B")]:
            sheet.write(line, 1, name)
    assert list(iter_rows(stream.getvalue())) == [Row(3, (None, "nom")), Row(4, (None, "A")), Row(10, (None, "B"))]


def test_geojson_gives_its_properties_and_a_point():
    box = {"type": "Polygon", "coordinates": [[[2.0, 48.0], [3.0, 48.0], [3.0, 49.0], [2.0, 48.0]]]}
    features = [
        {"type": "Feature", "properties": {"nom": "A"}, "geometry": {"type": "Point", "coordinates": [2.35, 48.85]}},
        {"type": "Feature", "properties": {"nom": "B", "places": 20}, "geometry": box},
        {"type": "Feature", "properties": None, "geometry": None},
    ]
    table = read_table(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    assert table.headers == ("nom", "places", "latitude", "longitude")
    assert [row.cells for row in table.rows] == [("A", None, 48.85, 2.35), ("B", 20, 48.5, 2.5)]


def test_the_named_sheet_is_read_and_a_missing_one_is_said_with_those_present():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        workbook.add_worksheet("Vide")
        workbook.add_worksheet("Données").write(0, 0, "nom")
        workbook.add_worksheet("Autres").write(0, 0, "autre")
    assert read_table(stream.getvalue()).headers == ("nom",)
    assert read_table(stream.getvalue(), sheet="Autres").headers == ("autre",)
    with pytest.raises(UnreadableFile, match="«\u00a0Autres\u00a0»"):
        read_table(stream.getvalue(), sheet="Absente")


def test_the_real_list_of_paris_is_read_whole():
    if not (TRIAL_DATA / "paris_creches.csv").exists():
        pytest.skip(f"pas de données d’essai dans {TRIAL_DATA}")
    table = read_table(TRIAL_DATA / "paris_creches.csv", has_header="auto")
    assert (table.headers, len(table.rows), {len(row.cells) for row in table.rows}) == ((), 320, {6})


def test_rows_come_one_by_one():
    content = b"nom;n\n" + b"".join(b"A;%d\n" % n for n in range(50_000))
    rows = iter_rows(content)
    assert next(rows).cells == ("nom", "n")
    assert sum(1 for _ in rows) == 50_000


# --- headers and cells


def test_a_header_is_found_under_a_title_and_a_total_is_left_out():
    lines = [
        ("Liste des crèches",),
        ("au 17 mars 2026",),
        ("NOM ", "Capacité", "Ville"),
        ("A", 20, "X"),
        ("Total", 20),
    ]
    rows = [Row(number, cells) for number, cells in enumerate(lines, start=1)]
    assert find_header(rows, ["nom", "capacite"]) == 2
    assert find_header(rows, ["siret", "téléphone"]) is None
    table = table_from(rows, ["nom", "capacite"])
    assert (table.headers, table.rows) == (("NOM", "Capacité", "Ville"), [rows[3]])
    assert list(table.records()) == [(4, {"NOM": "A", "Capacité": 20, "Ville": "X"})]


def test_names_are_compared_without_case_accent_nor_punctuation():
    assert header_key("  N° de  TÉLÉPHONE_pro ") == header_key("n de telephone pro")
    assert is_total(Row(9, ("", "TOTAL GÉNÉRAL", 12)))
    assert is_total(Row(9, ("Sous-total secteur Belleville", "", 12)))
    assert not is_total(Row(9, ("Crèche Totale",)))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1 234,50", "1234.50"), ("1\u202f234,5", "1234.5"), ("1\u00a0234", "1234"), ("1.234,50", "1234.50"),
        ("1.234.567", "1234567"), ("12.5", "12.5"), ("−3", "-3"), ("72,9 %", "72.9"), ("6,63 €", "6.63"),
        (12.5, "12.5"), (7, "7"), ("  ", None), (None, None), (",5", "0.5"), (0.1, "0.1"),
    ],
)  # fmt: skip
def test_french_numbers(cell, expected):
    assert parse_decimal_fr(cell) == (expected and Decimal(expected))


@pytest.mark.parametrize("cell", ["abc", "1,2,3", "1e5", "٣", "nan", float("inf"), True, "9" * 50, "--1", "1 2 x"])
def test_what_is_not_a_number_is_said(cell):
    with pytest.raises(ValueError, match="nombre"):
        parse_decimal_fr(cell)


def test_whole_numbers():
    assert [parse_int_fr(cell) for cell in ("1 234", "12,0", 12.0, "")] == [1234, 12, 12, None]
    for cell in ("12,5", "9" * 30, 1e300):
        with pytest.raises(ValueError, match="nombre"):
            parse_int_fr(cell)


@pytest.mark.parametrize(
    "cell",
    ["17/03/2026", " 17/3/26 ", "17-03-2026", "17.03.2026", "2026-03-17", "2026-03-17T09:30:00", "17/03/2026 09:30",
     46098, 46098.4, "46098", date(2026, 3, 17), datetime(2026, 3, 17, 9, 30, tzinfo=UTC)],
)  # fmt: skip
def test_french_dates(cell):
    assert parse_date_fr(cell) == date(2026, 3, 17)


@pytest.mark.parametrize("cell", ["31/02/2026", "demain", "17/03/0202", 10**9, -5, float("nan"), "2026-13-01", True])
def test_what_is_not_a_date_is_said_in_french(cell):
    with pytest.raises(ValueError, match="date|calendrier|année"):
        parse_date_fr(cell)


def test_yes_no_and_coordinates():
    assert [parse_bool_fr(cell) for cell in ("Oui", "x", 1, "NON", 0, False, "")] == [True] * 3 + [False] * 3 + [None]
    for cell in ("48.85, 2.35", "48.85,2.35", "48,85 ; 2,35", "(48.85 2.35)"):
        assert parse_coordinates(cell) == (48.85, 2.35)
    for cell in ("91, 2", "48.85", "a, b", "1, 2, 3"):
        with pytest.raises(ValueError, match="latitude"):
            parse_coordinates(cell)
    with pytest.raises(ValueError, match="ni oui ni non"):
        parse_bool_fr("peut-être")


def test_text_loses_its_padding_and_the_apostrophe_of_our_exports():
    assert clean_text("\ufeff\u00a0 A\u202f  b\n") == "A b"
    assert [clean_text(cell) for cell in ("'=1+1", "'quote", 75020.0, None)] == ["=1+1", "'quote", "75020", ""]


# --- files made to hurt


def refused(content, name="liste.xlsx", **limits):
    with pytest.raises(UnreadableFile) as caught:
        for _ in iter_rows(content, name, limits=Limits(**limits)):
            pass
    return str(caught.value)


def spent():
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"), (b"  \r\n ", "vide"), (b"%PDF-1.7 ...", "un PDF"), (b"<html><table>", "page HTML"),
        (b"\x89PNG\r\n", "une image PNG"), (b"a;b\x00c\n", "nuls"), (codecs.BOM_UTF16_LE + b"a", "codage"),
        (codecs.BOM_UTF32_LE + b"a\0\0\0", "UTF-32"), (b"a;\x81\xff\n", "codage"),
        (b'{"type": "Feature"}', "FeatureCollection"),
        (b'{"a": ' * 100_000, "JSON"), (b'"' + b"x" * 200_000, "guillemet"), (b"PK\x03\x04zzz", "abîmé"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "abîmé"),
        (Path("/"), "ouvert"), (Path("/absent.csv"), "ouvert"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
    ],
)  # fmt: skip
def test_a_stranger_is_refused_with_its_reason(content, words):
    message = refused(content)
    assert words in message
    assert message.endswith("Rien n’a été importé.")


def test_every_ceiling_is_kept():
    assert "20\u00a0Mo" in refused(b"a" * (20 * 1024 * 1024 + 1))
    assert "3 colonnes" in refused(b"a;b;c\nd;e;f\n", max_columns=2)
    assert "trop grand" in refused(b"a\n" * 11, max_rows=10)
    assert "trop grand" in refused(b"a;b\n" * 11, max_cells=20)
    assert "16\u202f384 colonnes" in refused(b";" * 16_383 + b"x\n")


def test_a_sheet_that_is_mostly_void_is_refused_with_its_size():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "nom")
        sheet.write(9_999, 999, "loin")
    assert "10\u202f000 lignes et 1\u202f000 colonnes" in refused(stream.getvalue())


def test_bombs_are_refused_before_they_go_off():
    sheet, book = "xl/worksheets/sheet1.xml", xlsx()
    xml = part_of(book, sheet)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    corners = xml.replace(b'r="C4"', b'r="XFD1048576"').replace(b'r="4"', b'r="1048576"')
    repeated = part_of(ods(), "content.xml").replace(
        b"<table:table-row><table:table-cell office", b'<table:table-row table:number-rows-repeated="1048576">'
        b'<table:table-cell table:number-columns-repeated="16384" office', 1
    )  # fmt: skip
    cases = {
        "DOCTYPE": rezipped(book, **{sheet: xml.replace(b"<worksheet", bomb + b"<worksheet")}),
        "DOCTYPE ": rezipped(ods(), **{"content.xml": (bomb.decode() + "<x/>").encode("utf-16")}),
        "démesuré": rezipped(book, **{sheet: xml + b" " * (130 * 1024 * 1024)}),
        "démesuré ": rezipped(book, **{f"xl/media/{n}.xml": b"<x/>" for n in range(2_100)}),
        "lignes ou de colonnes": rezipped(book, **{sheet: corners}),
        "lignes": rezipped(ods(), **{"content.xml": repeated}),
        "ni un classeur XLSX": rezipped(book, x=b"y").replace(b"xl/workbook.xml", b"xl/workbook.bin"),
    }
    for words, content in cases.items():
        before = spent()
        assert words.strip() in refused(content), words
        assert spent() - before <= CPU_SECONDS, words


def mutated(content, chance):
    """One of the ways a file is spoilt, by accident or on purpose."""
    body, where = bytearray(content), chance.randrange(len(content))
    way = chance.randrange(7)
    if way == 0:
        return bytes(body[:where])
    if way == 1:
        for _ in range(chance.randint(1, 20)):
            body[chance.randrange(len(body))] = chance.randrange(256)
    elif way == 2:
        body[where:where] = chance.randbytes(chance.randint(1, 300))
    elif way == 3:
        del body[where : where + chance.randint(1, 300)]
    elif way == 4:
        body[where : where + 8] = b"\xff" * 8
    elif way == 5:
        body = body[where:] + body[:where]
    else:
        body = bytearray(content.replace(chance.choice([b"1", b"r", b"2", b"<", b";"]), b"9" * chance.randint(2, 9)))
    return bytes(body)


def rewritten(content, name, chance):
    """The same, inside one part of the archive, which stays a good archive."""
    return rezipped(content, **{name: mutated(part_of(content, name), chance)})


SPOILT = {
    "csv": lambda chance: mutated(TEXT.encode(chance.choice(["utf-8", "cp1252", "utf-16"])), chance),
    "xlsx": lambda chance: mutated(xlsx(), chance),
    "ods": lambda chance: mutated(ods(), chance),
    "sheet": lambda chance: rewritten(xlsx(), "xl/worksheets/sheet1.xml", chance),
    "book": lambda chance: rewritten(xlsx(), chance.choice(["xl/workbook.xml", "xl/styles.xml"]), chance),
    "content": lambda chance: rewritten(ods(), "content.xml", chance),
    "geojson": lambda chance: mutated(GEOJSON, chance),
}  # fmt: skip


def sentence_or_table(content):
    try:
        return read_table(content, "spoilt")
    except UnreadableFile as error:
        return str(error)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(SPOILT))
def test_spoilt_files_give_a_table_or_a_french_sentence(kind):
    chance = random.Random(f"ronde-{kind}")
    outcomes = []
    for _ in range(120 if kind in ("csv", "geojson") else 40):
        content, before = SPOILT[kind](chance), spent()
        outcomes.append(sentence_or_table(content))
        assert spent() - before <= CPU_SECONDS
    assert any(isinstance(outcome, str) for outcome in outcomes)
    assert all(outcome.endswith("Rien n’a été importé.") for outcome in outcomes if isinstance(outcome, str))
