"""A PDF is real text, readable aloud, the same everywhere, and reads nothing but our own files."""

import os
import re
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from core.list_paper import laid_out
from core.pdf import fingerprint, pdf_response, render_pdf, short_fingerprint
from tests.pdf_reading import extract_text, page_texts, painted, structure, tagged_ids, tags, words_of

ROOT = Path(__file__).parents[2]
SIGNED_AT = datetime(2026, 3, 18, 9, 30, tzinfo=UTC)
PACK = {"label": "Paris", "collectivite": "Ville de Paris", "service": "DFPE"}
NOTE = "Document de service — ne comporte ni donnée de santé ni identité d’enfant"


def listing(rows=3, **changes):
    """What core.pages gives to core/pdf/list.html; each row's last cell takes several lines and ends with a mark."""
    columns = [{"label": "Établissement", "css": ""}, {"label": "Places", "css": "num"}, {"label": "Suite", "css": ""}]
    cells = [
        [f"DÉBUT{i:03}", str(i), f"{'Une phrase qui prend de la place. ' * 4} FIN{i:03}"] for i in range(1, rows + 1)
    ]
    content = {
        "columns": columns,
        "rows": [[{"text": text, "css": c["css"]} for text, c in zip(row, columns, strict=True)] for row in cells],
        "count_sentence": f"{rows} lignes",
        "described": [("Secteur", "Belleville"), ("État", "en retard")],
        "wide": False,
        "printed_at": SIGNED_AT,
    }
    return {"list": laid_out({**content, **changes}), "pack": PACK}


def made(context=None, **options):
    options = {"title": "Liste des établissements", "created_at": SIGNED_AT, **options}
    return render_pdf("core/pdf/list.html", context or listing(), **options)


@pytest.fixture
def paper(settings, tmp_path):
    """Renders a piece of HTML inside the base document."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "piece.html").write_text(
        '{% extends "core/pdf/base.html" %}{% block content %}{{ html|safe }}{% endblock %}', encoding="utf-8"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder, *settings.TEMPLATES[0]["DIRS"]]}]

    def render(html, **options):
        return render_pdf("piece.html", {"html": html}, **{"title": "Essai", "created_at": SIGNED_AT, **options})

    return render


# --- The same bytes everywhere

SCRIPT = """
import sys, django; django.setup()
from tests.core.test_pdf import listing, made
sys.stdout.buffer.write(made(listing(40), draft=True, version=3))
"""


def elsewhere(home, **environment):
    env = {name: os.environ[name] for name in ("PATH", "DATABASE_URL", "SECRET_KEY") if name in os.environ}
    env |= {"DJANGO_SETTINGS_MODULE": "config.settings", "HOME": str(home), "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, env=env, capture_output=True, check=True).stdout


def decoy_font(home):
    """A bold face installed under the very family name that the stylesheet uses."""
    (home / ".fonts").mkdir(parents=True)
    font = TTFont(ROOT / "static/fonts/atkinson-next-latin-600-normal.woff2")
    font.flavor = None
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = "Ronde Text"
    font.save(home / ".fonts" / "decoy.ttf")


def test_another_time_zone_language_home_and_hash_seed_give_the_same_bytes(tmp_path):
    plain, other = tmp_path / "plain", tmp_path / "other"
    plain.mkdir()
    decoy_font(other)
    first = elsewhere(plain, TZ="Pacific/Auckland", LC_ALL="C", PYTHONHASHSEED="1")
    second = elsewhere(other, TZ="America/New_York", LC_ALL="C.UTF-8", PYTHONHASHSEED="4242", LANG="fr_FR.UTF-8")
    assert first.startswith(b"%PDF-1.7")
    assert first == second


def test_the_same_process_gives_the_same_bytes_after_other_documents():
    first = made()
    made(listing(20), title="Autre")
    assert made() == first


def test_one_changed_letter_changes_the_file_and_its_fingerprint():
    first, second = made(), made(listing(count_sentence="4 lignes"))
    prints = [re.search(r"Empreinte ([0-9A-F ]+)", words_of(extract_text(pdf)))[1] for pdf in (first, second)]
    assert first != second
    assert prints[0] != prints[1]


def test_without_a_date_the_file_carries_none_rather_than_the_clock():
    pdf = pikepdf.open(BytesIO(made(created_at=None)))
    info = pdf.docinfo
    assert "/CreationDate" not in info
    assert "/ModDate" not in info


def test_the_date_of_the_file_is_the_given_instant_in_utc():
    pdf = pikepdf.open(BytesIO(made()))
    info = pdf.docinfo
    assert str(info["/CreationDate"]).startswith("D:20260318093000")
    assert "18 mars 2026" in words_of(extract_text(made()))
    assert "1er mars 2026" in words_of(extract_text(made(created_at=date(2026, 3, 1)))).replace("1 er", "1er")


def test_only_the_fonts_of_the_repository_are_embedded():
    pdf = pikepdf.open(BytesIO(made(draft=True)))
    fonts = [
        obj for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    for font in fonts:
        assert "Ronde-Text" in str(font.FontName)
        assert "/FontFile2" in font or "/FontFile3" in font


def test_child_processes_keep_the_fonts_of_the_machine():
    before = os.environ.get("FONTCONFIG_FILE")
    made()
    assert os.environ.get("FONTCONFIG_FILE") == before


# --- Readable aloud, and for long


def test_the_file_says_that_it_is_pdf_a_3_and_pdf_ua_1():
    pdf = pikepdf.open(BytesIO(made(subject="Établissements du secteur", author="Pôle")))
    with pdf.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")
        assert xmp["dc:title"] == "Liste des établissements"
    assert str(pdf.Root.Lang) == "fr"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.docinfo["/Subject"]) == "Établissements du secteur"
    assert str(pdf.docinfo["/Author"]) == "Pôle"
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert len(pdf.trailer.ID) == 2


@pytest.mark.parametrize("draft", [False, True])
def test_all_ink_is_either_in_the_reading_order_or_an_artifact(draft):
    content = made(listing(40), draft=draft)
    held = tagged_ids(content)
    marks = painted(content)
    assert {(index, mark) for index, _, mark in marks if isinstance(mark, int)} == held
    assert [mark for mark in marks if mark[2] is None] == []


def test_header_cells_say_what_they_head():
    cells = [element for tag, element in structure(made(listing(2))) if tag == "TH"]
    assert [str(cell.A.Scope) for cell in cells] == ["/Column"] * 3 + ["/Row"] * 2


def test_headings_lists_and_tables_keep_their_kind(paper):
    found = tags(paper("<h2>Points forts</h2><ul><li>Un</li><li>Deux</li></ul><h3>Suite</h3><p>Fin.</p>"))
    assert [tag for tag in found if tag in ("H1", "H2", "H3", "L", "LI", "P")] == [
        *("H1", "P", "H2", "L", "LI", "LI", "H3", "P")
    ]


CHART = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}<rect width="5" height="5"/></svg>'


def test_a_chart_is_read_by_its_title(paper):
    figures = [el for tag, el in structure(paper(CHART.format("<title>Taux de mars</title>"))) if tag == "Figure"]
    assert [str(figure.Alt) for figure in figures] == ["Taux de mars"]


def test_a_chart_without_a_title_is_refused(paper):
    with pytest.raises(ValueError, match="texte de remplacement"):
        paper(CHART.format(""))


# --- Header, footer, draft


def test_each_page_says_whose_it_is_what_it_is_and_who_may_read_it():
    facts = fingerprint({"visite": 12})
    pages = page_texts(made(listing(60), version=2, level="etablissement", fingerprint=facts))
    assert len(pages) > 2
    for number, text in enumerate(map(words_of, pages), start=1):
        assert "Ville de Paris — DFPE" in text
        assert "Liste des établissements · version 2" in text
        assert "Transmis à l’établissement" in text
        assert f"page {number}/{len(pages)}" in text
        assert NOTE in text
        assert f"Empreinte {words_of(short_fingerprint(facts))}" in text


def test_what_header_and_footer_need_is_mandatory():
    with pytest.raises(TypeError, match="title"):
        render_pdf("core/pdf/list.html", listing())
    for wrong in ({"title": " "}, {"level": "nominatif"}, {"level": "secret"}, {"created_at": datetime(2026, 3, 1)}):  # noqa: DTZ001
        with pytest.raises(ValueError):  # noqa: PT011
            made(**wrong)
    with pytest.raises(TypeError):
        made(created_at="18 mars")


def test_projet_is_on_each_page_of_a_draft_and_nowhere_else():
    draft = page_texts(made(listing(60), draft=True))
    assert all("PROJET" in text and "projet" in text for text in draft)
    assert "projet" not in extract_text(made(listing(60))).casefold()


def test_a_screen_reader_hears_projet_once_and_no_running_text():
    content = made(listing(60), draft=True)
    artifacts = {index for index, operator, mark in painted(content) if operator == "TJ" and mark == "Artifact"}
    assert artifacts == set(range(len(page_texts(content))))  # header, footer and watermark of every page
    assert tags(content).count("H1") == 1
    assert tags(content).count("P") == 3  # date, notice « PROJET », filters


# --- Nothing lost, nothing cut


def test_a_table_of_120_rows_has_120_whole_rows_under_a_repeated_header():
    content = made(listing(120))
    pages = page_texts(content)
    for i in range(1, 121):
        (first,) = [n for n, text in enumerate(pages) if f"DÉBUT{i:03}" in text]
        (last,) = [n for n, text in enumerate(pages) if f"FIN{i:03}" in text]
        assert first == last, f"row {i} is cut"
    assert all("Établissement" in text and "Places" in text for text in pages)
    cells = [element for tag, element in structure(content) if tag == "TH"]
    assert sum(1 for cell in cells if cell.A.Scope == "/Row") == 120


def test_the_filters_of_a_list_are_printed_on_it():
    text = words_of(extract_text(made()))
    assert "3 lignes" in text
    assert "Secteur = Belleville" in text
    assert "État = en retard" in text
    assert "sans filtre" in words_of(extract_text(made(listing(described=[]))))
    assert "Aucune ligne" in words_of(extract_text(made(listing(0))))


def test_a_wide_list_is_on_landscape_sheets():
    pdf = pikepdf.open(BytesIO(made(listing(wide=True))))
    width, height = pdf.pages[0].mediabox[2:]
    assert width > height


def test_french_text_comes_out_as_it_went_in(paper):
    typed = "Œuvre à l’étage : « 1\u202f240 heures, 87,5\u202f% » — où ça\u202f? Là-bas\u202f; Łódź, çà et là…"
    assert words_of(typed) in words_of(extract_text(paper(f"<p>{typed}</p>")))


def test_a_character_without_a_glyph_is_spelled_rather_than_lost(paper, caplog):
    text = words_of(extract_text(paper("<p>1 ≤ 2 → 3, Nguyễn, ﬁn, ☃ 漢</p>")))
    assert "1 <= 2 -> 3" in text
    assert "Nguy" in text
    assert "fin, ? ?" in text
    assert "U+2603" in caplog.text


def test_three_pages_take_the_time_that_is_printed(capsys):
    made()
    start = time.perf_counter()
    pages = len(page_texts(made(listing(30))))
    with capsys.disabled():
        print(f"\nPDF: {pages} pages, {1000 * (time.perf_counter() - start):.0f} ms")  # noqa: T201
    assert pages >= 2


# --- The response


def test_the_response_names_the_file_in_french_and_is_not_kept():
    response = pdf_response(b"%PDF-", "compte rendu — crèche.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == ("inline; filename*=utf-8''compte%20rendu%20%E2%80%94%20cr%C3%A8che.pdf")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_a_public_document_may_be_kept_a_moment_and_a_name_cannot_add_a_header():
    assert "no-store" not in pdf_response(b"", "a.pdf", level="public")["Cache-Control"]
    response = pdf_response(b"", 'a"; x=\r\nSet-Cookie: a.pdf', inline=False)
    assert response["Content-Disposition"].startswith("attachment")
    assert "\n" not in response["Content-Disposition"]
