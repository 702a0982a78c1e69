"""What people take away: read back the same, run by no spreadsheet program, flat in memory."""

import csv
import io
import re
import tracemalloc
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from core.spreadsheets import clean_text, parse_date_fr, parse_decimal_fr, read_table
from core.spreadsheets.writing import csv_lines, csv_response, ods_response, write_xlsx, xlsx_response

RESPONSES = [csv_response, xlsx_response, ods_response]
FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "\ufeff=1+1",
    "＝1+1", "＋1", "－1", "＠A1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")',
    "-2+3+cmd|' /C calc'!A0", "+33 1 42", "\u200b=1+1", "\x00=1+1", "\x0b=1+1", "=", "-", "\u202f\u200b=1+1",
]  # fmt: skip
PLAIN = [
    "Crèche",
    "a=b",
    "12-14 rue X",
    "'quoted'",
    "l’été ; « oui »",
    "ligne\nsuivante",
    'guillemet "',
    "-12",
    "-3,5",
]


def content(response):
    try:
        return b"".join(response.streaming_content)
    finally:
        for close in response._resource_closers:
            close()


@pytest.mark.parametrize("respond", RESPONSES)
def test_what_is_exported_is_read_back_the_same(respond):
    headers = ["Nom", "Places", "Taux", "Ouverte le", "Saisie"]
    rows = [
        ["Crèche d’Été ; « Œuf »", 58, Decimal("74.25"), date(2026, 3, 17), datetime(2026, 3, 17, 8, 30, tzinfo=UTC)],
        ["=Nid", -3, Fraction(1, 3), None, None],
    ]
    table = read_table(content(respond("liste", headers, rows)))
    assert table.headers == tuple(headers)
    first, second = (row.cells for row in table.rows)
    assert clean_text(first[0]) == "Crèche d’Été ; « Œuf »"
    assert (parse_decimal_fr(first[1]), parse_decimal_fr(first[2])) == (58, Decimal("74.25"))
    assert parse_date_fr(first[3]) == parse_date_fr(first[4]) == date(2026, 3, 17)
    assert "09:30" in str(first[4])  # Paris, not Greenwich
    assert clean_text(second[0]) == "=Nid"
    assert (parse_decimal_fr(second[1]), parse_decimal_fr(second[2])) == (-3, Decimal("0.333333"))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula_in_a_csv(text):
    line = b"".join(csv_lines(["Nom"], [[text]])).decode("utf-8-sig")
    cell = next(csv.reader(io.StringIO(line.partition("\r\n")[2], newline=""), delimiter=";"))[0]
    assert cell.startswith("'")


@pytest.mark.parametrize("text", PLAIN)
def test_an_ordinary_text_is_left_as_it_is(text):
    line = b"".join(csv_lines(["Nom"], [[text]])).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(line.partition("\r\n")[2], newline=""), delimiter=";"))[0] == text


def test_headers_are_texts_too():
    assert b"".join(csv_lines(["=1+1"], [])) == "\ufeff'=1+1\r\n".encode()


@pytest.mark.parametrize(
    ("respond", "part"), [(xlsx_response, "xl/worksheets/sheet1.xml"), (ods_response, "content.xml")]
)
def test_no_cell_of_a_workbook_is_live_nor_a_link(respond, part):
    texts = [*FORMULAS, "http://exemple.fr", "mailto:a@b.fr", "1234", "<script>&\"'"]
    data = content(respond("liste", ["=A1"], [[text] for text in texts]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(part).decode()
    assert not re.search(r"<f[ >]|table:formula|xlink:href|<hyperlink", xml)
    assert "1234" in [row.cells[0] for row in read_table(data).rows]


def test_a_csv_opens_as_french_spreadsheets_expect():
    values = [
        True,
        False,
        None,
        1234,
        12.5,
        Decimal("-0.50"),
        date(2026, 3, 17),
        time(7, 30),
        timedelta(hours=7, minutes=30),
    ]
    data = b"".join(csv_lines(["a"], [values]))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\noui;non;;1234;12,5;-0,50;17/03/2026;07:30;7,5\r\n")


@pytest.mark.parametrize("respond", RESPONSES)
def test_what_no_file_can_hold_is_replaced_not_fatal(respond):
    rows = [
        ["\ud800moitié", "\x00\x07\uffff", "x" * 40_000, 10**30, date(1, 1, 1), float("nan"), float("inf"), object]
    ]
    table = read_table(content(respond("liste", list("abcdefgh"), rows)))
    assert table.rows[0].cells[0].startswith("\ufffd")
    assert len(table.rows[0].cells[2]) >= 32_767


def test_an_xlsx_freezes_and_filters_its_header():
    data = content(xlsx_response("liste", ["Nom", "Places"], [["A", 1], ["B", 2]]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'ySplit="1"' in xml
    assert 'state="frozen"' in xml
    assert '<autoFilter ref="A1:B3"' in xml


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("visites", 'attachment; filename="visites.csv"'),
        ("Établissements", "attachment; filename=\"etablissements.csv\"; filename*=utf-8''%C3%89tablissements.csv"),
        ('a"; b\r\nX: 1/../c', 'attachment; filename="a-b-x-1-c.csv"'),
        ("", 'attachment; filename="export.csv"'),
        ("ééé" * 100, None),
    ],
)
def test_file_names_are_ascii_with_the_accented_one_beside(name, header):
    found = csv_response(name, [], [])["Content-Disposition"]
    assert found.isascii()
    assert "\n" not in found
    assert len(found) < 1_500
    assert header is None or found == header


def many(count):
    for n in range(count):
        yield [f"Établissement {n}", n, n * 0.5, date(2026, 3, 17), None, True, "texte"]


def peak(consume):
    tracemalloc.start()
    try:
        consume()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_streamed_in_flat_memory():
    def run(count):
        lines = csv_lines(["a"] * 7, many(count))
        return lambda: sum(len(chunk) for chunk in lines)

    assert run(450)() > 450 * 40
    assert peak(run(100_000)) < 2 * peak(run(1_000)) < 2 * 1024 * 1024


@pytest.mark.slow
def test_workbooks_of_many_rows_are_written_in_flat_memory():
    small = peak(lambda: content(ods_response("a", ["a"] * 7, many(1_000))))
    assert peak(lambda: content(ods_response("a", ["a"] * 7, many(20_000)))) < small + 5 * 1024 * 1024

    def to_disk(count):
        with io.BytesIO() as stream:
            write_xlsx(stream, ["a"] * 7, many(count))

    assert peak(lambda: to_disk(10_000)) < peak(lambda: to_disk(1_000)) + 2 * 1024 * 1024
