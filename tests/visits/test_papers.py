"""Every paper of the visits: nothing to say for the structural checker, every row there, the same bytes twice."""

import datetime
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from establishments.models import Closure
from tests.factories import EstablishmentFactory
from tests.pdf_reading import extract_text, tags, words_of
from tests.pdf_structure import faults
from tests.visits.factories import ActionFactory, ObservationFactory, VisitFactory
from tests.visits.tour_factories import asked_by, houses_of
from visits.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def client(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def papers(visit, creche, sector, coordinator, grid, django_capture_on_commit_callbacks):
    """{name: address} of every paper that a coordinator can take from the visits, over a full sector."""
    for number in range(3):
        house = EstablishmentFactory(sector=sector, name=f"Crèche {number}")
        VisitFactory(establishment=house, coordinator=coordinator, planned=True)
        ActionFactory(establishment=creche)
    ObservationFactory(visit=visit, item=grid.items.last(), nature="to_improve")
    Closure.objects.create(
        establishment=creche, cause="bridge", starts_on=datetime.date(2026, 4, 3), ends_on=datetime.date(2026, 4, 7)
    )
    houses_of(sector, 3)
    with django_capture_on_commit_callbacks(execute=True):
        plan = asked_by(coordinator)
    report = reverse("visits:report_pdf", args=[visit.pk])
    lists = ["list", "due", "bimesters", "practices", "practice_items", "tours", "busy"]
    return {
        "tour": reverse("visits:tour_pdf", args=[plan.pk]),
        "agenda": reverse("visits:agenda_pdf"),
        "months": reverse("visits:calendar_pdf"),
        "house": f"{reverse('visits:establishment_visits', args=[creche.pk])}?export=pdf",
        "actions": f"{reverse('projects:action_list')}?export=pdf",
        **{reading: f"{report}?lecture={reading}" for reading in ("interne", "etablissement", "elu")},
        **{name: f"{reverse(f'visits:{name}')}?export=pdf" for name in lists},
    }


def test_the_structural_checker_has_nothing_to_say_of_any_paper(client, papers):
    found = {}
    for name, url in papers.items():
        response = client.get(url)
        assert response["Content-Type"] == "application/pdf", name
        found[name] = faults(response.content)
    assert {name: said for name, said in found.items() if said} == {}


def test_the_same_request_gives_the_same_bytes(client, papers):
    for name, url in papers.items():
        assert client.get(url).content == client.get(url).content, name


def test_the_months_on_paper_hold_every_house_and_cut_no_drawing(client, sector, monkeypatch):
    monkeypatch.setattr("visits.printing.HOUSES_A_PAGE", 4)
    names = sorted(EstablishmentFactory(sector=sector, name=f"Crèche Été {number:02}").name for number in range(9))
    content = client.get(reverse("visits:calendar_pdf")).content
    assert faults(content) == []
    text = words_of(extract_text(content))
    for name in names:
        assert text.count(name) >= 2, name  # in the drawing, and in its table
    with pikepdf.open(BytesIO(content)) as pdf:
        heights = {round(float(page.mediabox[3])) for page in pdf.pages}
    assert heights == {842, 595}  # drawings upright, tables across
    assert client.get(reverse("visits:calendar")).content.decode().count(reverse("visits:calendar_pdf")) == 1


@pytest.mark.parametrize("name", ["list", "due", "bimesters"])
def test_a_list_on_paper_has_as_many_rows_as_the_query(client, coordinator, sector, name):
    for number in range(60):
        house = EstablishmentFactory(sector=sector, name=f"Maison n{number:03}")
        VisitFactory(establishment=house, coordinator=coordinator)
    url = reverse(f"visits:{name}")
    count = client.get(url).context["list"]["count"]
    content = client.get(url, {"export": "pdf"}).content
    columns = tags(content).count("TH") and len(client.get(url).context["table"].exported)
    text = words_of(extract_text(content))
    assert count == 60
    assert sorted({word for word in text.split() if word.startswith("n0")}) == [f"n{n:03}" for n in range(60)]
    cells = tags(content).count("TD") + tags(content).count("TH")
    assert cells % columns == 0
    assert cells // columns >= count


def broken(content, change):
    pdf = pikepdf.open(BytesIO(content))
    change(pdf)
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def _untag(pdf):
    del pdf.Root.MarkInfo


def _no_language(pdf):
    del pdf.Root.Lang


def _script(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _loose_ink(pdf):
    page = pdf.pages[0]
    page.contents_add(b"0 0 10 10 re f")


def _scopeless(pdf):
    for obj in pdf.objects:
        if isinstance(obj, pikepdf.Dictionary) and obj.get("/S") == "/TH" and "/A" in obj:
            del obj.A


@pytest.mark.parametrize("change", [_untag, _no_language, _script, _loose_ink, _scopeless])
def test_the_checker_sees_what_is_wrong(client, visit, change):
    content = client.get(reverse("visits:report_pdf", args=[visit.pk])).content
    assert faults(content) == []
    assert faults(broken(content, change)) != []


def test_a_draft_is_a_project_and_a_validated_report_is_not(client, visit, coordinator):
    url = reverse("visits:report_pdf", args=[visit.pk])
    assert "PROJET" in extract_text(client.get(url).content)
    visit.share(by=coordinator)
    shared = Visit.objects.get(pk=visit.pk)
    assert f"version {shared.version}" in words_of(extract_text(client.get(url).content))
