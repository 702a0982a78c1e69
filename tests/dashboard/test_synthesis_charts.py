"""The chart of a synthesis: the engine's figures, a sentence and a table beside it, on the page, in PDF and in ODT."""

import datetime
import io
import zipfile
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from core import sources
from core.calendar import add_months
from dashboard.models import Synthesis
from dashboard.syntheses.charts import Chart
from dashboard.syntheses.page import view_of
from dashboard.syntheses.printing import odt_of
from dashboard.texts import entries_matching
from establishments.models import SectorAttachment
from indicators.territory import read_territory
from tests.dashboard.city import month
from tests.factories import EstablishmentFactory
from tests.pdf_reading import extract_text
from tests.visits.factories import VisitFactory

FIRST, LAST = datetime.date(2026, 2, 1), datetime.date(2026, 2, 28)
KEY = "graphique-frequentation"
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def months(creche, sector, far_sector, coordinator):
    """Fourteen months of the creche, one of them missing, the last not validated; a house that left in between."""
    for back in range(14):
        if back != 4:
            by = coordinator if back else None
            month(creche, add_months(FIRST, -back), actual=600 + 10 * back, by=by)
    gone = EstablishmentFactory(sector=sector)
    SectorAttachment.objects.filter(establishment=gone).update(ends_on=datetime.date(2025, 9, 30))
    SectorAttachment.objects.create(establishment=gone, territory=far_sector, starts_on=datetime.date(2025, 10, 1))
    for back in range(14):
        month(gone, add_months(FIRST, -back), actual=100, by=coordinator)
    return creche


def about(by, variant="synthese", level="interne", **place):
    return Synthesis(variant=variant, level=level, starts_on=FIRST, ends_on=LAST, **place).open(by=by)


def chart_of(document):
    return Chart.read(document.lines.get(key=KEY).text)


def test_each_month_is_the_engines(months, sector, coordinator, central):
    chart = chart_of(about(coordinator, territory=sector))
    assert chart.names == ["Fréquentation", "Admission"]
    assert [row[0] for row in chart.rows] == [add_months(FIRST, back).isoformat() for back in range(-12, 1)]
    for day, _, attendance, admission in chart.rows:
        told = read_territory(central, sector, datetime.date.fromisoformat(day)).total.month
        assert (attendance, admission) == tuple(
            "" if rate is None else str(rate) for rate in (told.attendance_rate, told.admission_rate)
        )
    states = {row[0]: row[1] for row in chart.rows}
    assert (states["2026-02-01"], states["2026-01-01"], states["2025-10-01"]) == ("no", "yes", "")
    assert chart.sentence == (
        "La fréquentation est de 60,0\u202f% en février 2026, contre 41,0\u202f% un an plus tôt (+\u202f19,0 points)."
    )


def test_the_page_the_pdf_and_the_odt_hold_the_drawing_its_sentence_and_its_table(client, months, sector, pole_head):
    document = about(pole_head, territory=sector)
    client.force_login(pole_head)
    page = client.get(document.get_absolute_url()).content.decode()
    assert page.count("<svg") > 1
    assert 'aria-labelledby="graphique-frequentation-t"' in page
    paper = extract_text(client.get(reverse("dashboard:synthesis_pdf", args=[document.pk])).content)
    content, _ = odt_of(document)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        parts = {name: archive.read(name).decode() for name in names if name.endswith((".xml", ".svg"))}
    trees = {name: ElementTree.fromstring(text) for name, text in parts.items()}  # noqa: S314 - written by us
    (drawing,) = [name for name in names if name.endswith(".svg")]
    assert trees[drawing].tag == "{http://www.w3.org/2000/svg}svg"
    assert f'xlink:href="{drawing}"' in parts["content.xml"]
    assert f'full-path="{drawing}"' in parts["META-INF/manifest.xml"]
    said = " ".join(trees["content.xml"].itertext())
    for text in (page, paper, said):
        assert "contre 41,0\u202f% un an plus tôt" in text.replace("\n", " ")
        assert "Fréquentation et admission mois par mois" in text.replace("\n", " ")
        assert "sans donnée" in text


def test_the_sheet_of_the_elected_draws_the_attendance_alone(months, sector, pole_head):
    document = about(pole_head, variant="fiche-elu", level="elu", territory=sector)
    chart = chart_of(document)
    assert chart.names == ["Fréquentation"]
    assert "dmission" not in document.lines.get(key=KEY).text
    assert {len(row) for row in chart.rows} == {3}


def test_a_month_that_moves_marks_the_chart_and_what_quotes_the_activity_only(months, sector, coordinator):
    document = about(coordinator, territory=sector)
    document.submit(by=coordinator)
    VisitFactory(establishment=months, visited_on=datetime.date(2026, 3, 3), coordinator=coordinator)
    assert sources.moved(document.document) == set()
    month(months, add_months(FIRST, -4), by=coordinator)
    assert sources.moved(document.document) == {KEY}


def test_a_chart_is_held_still_left_out_and_never_typed_over(client, months, sector, pole_head):
    document = about(pole_head, territory=sector)
    client.force_login(pole_head)
    url = reverse("dashboard:synthesis_edit", args=[document.pk])
    page = client.get(url).content.decode()
    assert f'name="texte-{KEY}"' not in page
    assert f'name="fige-{KEY}"' in page
    assert client.post(url, {"version": 1, f"fige-{KEY}": "on", f"texte-{KEY}": "{}"}).status_code == 302
    line = document.lines.get(key=KEY)
    assert line.is_frozen
    assert Chart.read(line.text).rows
    client.post(url, {"version": 2, f"sans-{KEY}": "on"})
    assert KEY not in {one.key for section in view_of(document).kept for one in section.lines}


def test_an_empty_place_draws_no_curve_and_says_so(sector, coordinator):
    document = about(coordinator, territory=sector)
    (figure,) = [line.figure for section in view_of(document).sections for line in section.lines if line.figure]
    assert figure.sentence == "Aucune donnée sur la période."


def test_the_search_finds_no_word_of_a_drawing(months, sector, coordinator, pole_head, today):
    document = about(coordinator, territory=sector)
    document.submit(by=coordinator)
    document.approve(by=pole_head)
    assert entries_matching(coordinator, "fréquentation", today).exists()
    assert not entries_matching(coordinator, "sentence rows", today).exists()


def test_what_an_author_adds_comes_last_in_its_section(months, sector, coordinator):
    document = about(coordinator, territory=sector)
    document.rewrite(by=coordinator, seen=1, texts={}, left_out=set(), added={"suite": "À reprendre au printemps."})
    (section,) = [section for section in view_of(document).sections if section.key == "suite"]
    assert section.lines[-1].text == "À reprendre au printemps."
