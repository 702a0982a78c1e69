"""Syntheses: written from the facts, rewritten, held still, submitted, approved; nothing above their level."""

import datetime
import io
import uuid
import zipfile
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import sources
from core.models import Notification
from core.odt import Heading, Paragraph, Table, odt_file
from core.pdf import engine
from dashboard.models import Synthesis
from dashboard.syntheses.page import view_of
from dashboard.syntheses.variants import variants
from dashboard.texts import entries_matching
from establishments.workflow import StaleVersion, TransitionRefused
from projects.minutes_writing import write
from projects.models import LocalAction, Partner
from tests.dashboard.city import month
from tests.factories import EstablishmentFactory
from tests.pdf_reading import extract_text
from tests.projects.meeting_factories import MeetingFactory, SeriesFactory
from tests.visits.factories import ActionFactory, VisitFactory
from tests.visits.happenings import told

FIRST, LAST = datetime.date(2026, 2, 1), datetime.date(2026, 2, 28)
IN_FEBRUARY = datetime.date(2026, 2, 10)
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def february(creche, coordinator):
    """A visit, an action and a month of the creche."""
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=IN_FEBRUARY)
    ActionFactory(establishment=creche, due_on=datetime.date(2026, 2, 20))
    return month(creche, by=coordinator)


def about(by, *, variant="synthese", level="interne", **place):
    return Synthesis(variant=variant, level=level, starts_on=FIRST, ends_on=LAST, **place).open(by=by)


@pytest.fixture
def draft(february, sector, coordinator):
    return about(coordinator, territory=sector)


def said(document):
    """{key: text} as the page reads now."""
    return {line.key: line.text for section in view_of(document).sections for line in section.lines}


@pytest.fixture
def submitted(draft, pole_head, coordinator):
    draft.submit(by=coordinator)
    return draft


@pytest.fixture
def approved(submitted, pole_head):
    submitted.approve(by=pole_head)
    return submitted


def test_the_draft_says_what_happened_in_the_period(draft):
    texts = said(draft)
    assert texts["visites"] == (
        "1 visite a été réalisée dans 1 établissement, contre aucune sur la période précédente."
    )
    assert texts["frequentation"] == "La fréquentation est de 70,0\u202f% en février 2026."
    assert texts["perimetre"].startswith("Le périmètre compte 1 établissement et ")


def test_local_actions_of_the_place_enter_the_annual_report_with_their_families(
    sector, far_sector, pole, creche, far_creche, coordinator, pole_head
):
    def led(territory, houses=(), partners=(), families=None, day=IN_FEBRUARY):
        action = LocalAction(territory=territory, title="Lectures au square", starts_on=day, ends_on=day)
        action.create_once(by=pole_head, partners=partners, houses=houses)
        if families is not None:
            action.report(by=pole_head, families=families, balance="À refaire.")

    library = Partner.objects.create(territory=pole, name="Bibliothèque")
    led(sector, [creche], [library], families=40)
    led(sector, partners=[library])
    led(pole, [creche], families=6)
    led(far_sector, [far_creche], families=500)
    led(sector, families=900, day=datetime.date(2025, 2, 10))
    text = "3 actions locales ont été menées avec 1 partenaire\u202f; 46 familles touchées\u202f; 1 bilan attendu."
    assert said(about(coordinator, variant="rapport-annuel", territory=sector))["actions-locales"] == text
    of_house = said(about(coordinator, variant="rapport-annuel", establishment=creche))["actions-locales"]
    assert of_house == "2 actions locales ont été menées avec 1 partenaire\u202f; 46 familles touchées."


def test_the_file_of_the_annual_meeting_tells_what_was_promised_and_what_was_kept(
    sector, far_sector, pole, creche, director, coordinator, pole_head
):
    def met(territory, text, day=IN_FEBRUARY):
        series = SeriesFactory(territory=territory, people=[director, coordinator])
        meeting = MeetingFactory(series=series, held_on=day)
        write(meeting, text, by=pole_head, seen=1)
        return meeting

    held = met(
        sector,
        "décision : fermer à 18 h\ndécision : ouvrir le jardin\n"
        "action : @alice afficher le plan avant le 20 février\naction : @alice acheter des albums avant le 30 avril",
    )
    met(far_sector, "décision : autre chose")
    met(pole, "décision : au pôle")
    met(sector, "décision : trop tôt", day=datetime.date(2025, 2, 10))
    kept = held.decisions.get(text__startswith="Fermer")
    with time_machine.travel(datetime.datetime(2026, 2, 15, 9, tzinfo=datetime.UTC)):
        kept.apply(by=coordinator)
    held.decisions.get(text__startswith="Ouvrir").apply(by=coordinator)  # in March: still open on the last day told
    text = "4 engagements ont été pris en réunion\u00a0: 1 tenu et 3 en cours, dont 1 en retard."
    assert said(about(coordinator, variant="dossier-annuel", territory=sector))["engagements"] == text
    above = said(about(pole_head, variant="dossier-annuel", territory=pole))["engagements"]
    assert above.startswith("5 engagements")


def test_every_block_quotes_a_source_that_opens(draft):
    lines = [line for section in view_of(draft).sections for line in section.lines]
    assert len(lines) == draft.lines.count() == sum(len(section.holds) for section in draft.model.sections)
    assert all(line.quoted and all(source.url for source in line.quoted) for line in lines)
    assert not any(line.is_stale for line in lines)


def test_a_live_block_of_a_draft_follows_the_facts_and_the_others_are_marked(draft, creche, coordinator):
    texts = {"visites": "Une belle visite."}
    draft.rewrite(by=coordinator, seen=1, texts=texts, left_out=set(), added={}, frozen={"table-ecarts"})
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=IN_FEBRUARY)
    blocks = {line.key: line for section in view_of(draft).sections for line in section.lines}
    assert {key for key, line in blocks.items() if line.is_stale} == {"visites", "table-ecarts"}
    assert blocks["visites"].text == "Une belle visite."
    assert blocks["visites"].proposed.startswith("2 visites ont été réalisées")
    assert ["Visites réalisées", "1", "0", "+\u202f1"] in blocks["table-ecarts"].grid.rows
    draft.rewrite(by=coordinator, seen=2, texts={"visites": ""}, left_out=set(), added={})
    assert said(draft)["visites"].startswith("2 visites ont été réalisées")
    assert ["Visites réalisées", "2", "0", "+\u202f2"] in view_of(draft).sections[6].lines[0].grid.rows


def test_a_submitted_text_stays_and_only_what_quotes_the_source_that_moved_is_marked(submitted, creche, coordinator):
    before = said(submitted)
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=IN_FEBRUARY)
    submitted.refresh()
    assert said(submitted) == before
    assert sources.moved(submitted.document) == {"visites", "table-ecarts"}


def test_a_fact_outside_the_period_or_the_place_moves_nothing(approved, creche, far_creche, coordinator, neighbour):
    VisitFactory(establishment=far_creche, coordinator=neighbour, visited_on=IN_FEBRUARY)
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=datetime.date(2026, 3, 2))
    ActionFactory(establishment=far_creche, due_on=datetime.date(2026, 2, 3))
    assert sources.moved(approved.document) == set()


def test_approving_freezes_in_the_database(approved):
    assert len(approved.fingerprint) == 64
    with pytest.raises(IntegrityError), transaction.atomic():
        Synthesis.objects.filter(pk=approved.pk).update(level="elu")
    with pytest.raises(IntegrityError), transaction.atomic():
        approved.lines.update(text="Autre chose.")


def test_a_correction_gives_a_new_edition_and_keeps_the_old_one(approved, creche, coordinator):
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=IN_FEBRUARY)
    again = approved.edit_again(by=coordinator)
    assert (again.edition, again.replaces, again.status) == (2, approved, "draft")
    assert said(again)["visites"].startswith("2 visites")
    assert said(approved)["visites"].startswith("1 visite")
    assert approved.edit_again(by=coordinator) == again


def test_steps_refuse_what_is_not_their_turn(draft, coordinator, pole_head):
    with pytest.raises(TransitionRefused):
        draft.approve(by=pole_head)
    with pytest.raises(TransitionRefused):
        draft.edit_again(by=coordinator)
    draft.submit(by=coordinator)
    with pytest.raises(TransitionRefused):
        draft.submit(by=coordinator)
    with pytest.raises(TransitionRefused):
        draft.rewrite(by=coordinator, seen=1, texts={}, left_out=set(), added={})
    draft.send_back(by=pole_head, reason="Ajouter les travaux.")
    assert draft.status == "draft"
    told = set(Notification.objects.values_list("user__last_name", "title"))
    assert ("Marchand", f"Synthèse à approuver\u00a0: {draft}") in told
    assert ("Benali", f"Synthèse à reprendre\u00a0: {draft}") in told


def test_nothing_kept_cannot_be_submitted(draft, coordinator):
    keys = set(draft.lines.values_list("key", flat=True))
    draft.rewrite(by=coordinator, seen=1, texts={}, left_out=keys, added={})
    with pytest.raises(TransitionRefused):
        draft.submit(by=coordinator)


def test_two_people_rewriting_at_once_lose_nothing(draft, coordinator):
    draft.rewrite(by=coordinator, seen=1, texts={"visites": "Le premier."}, left_out=set(), added={})
    with pytest.raises(StaleVersion):
        draft.rewrite(by=coordinator, seen=1, texts={"visites": "Le second."}, left_out=set(), added={})


def test_the_same_request_twice_is_one_document(client, february, coordinator, sector):
    client.force_login(coordinator)
    typed = {"variant": "rapport-annuel", "territory": sector.pk, "level": "interne", "client_uuid": uuid.uuid4()}
    pages = [client.post(reverse("dashboard:synthesis_create"), typed) for _ in range(2)]
    document = Synthesis.objects.get()
    assert {page.url for page in pages} == {document.get_absolute_url()}
    assert (document.starts_on, document.ends_on) == (datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"level": "elu"}, "choisissez la lecture"),
        ({"level": "etablissement"}, "Seul un document sur"),
        ({"territory": ""}, "pas les deux"),
        ({"starts_on": "2026-02-01"}, "Donnez les deux dates"),
        ({"starts_on": "2026-02-10", "ends_on": "2026-02-01"}, "précède"),
        ({"starts_on": "2026-02-10", "ends_on": "2026-12-01"}, "rien n’est su d’après"),
    ],
)
def test_what_cannot_be_written_is_said_and_what_was_typed_stays(client, coordinator, sector, typed, message):
    client.force_login(coordinator)
    base = {"variant": "synthese", "territory": sector.pk, "level": "interne", "client_uuid": uuid.uuid4()}
    page = client.post(reverse("dashboard:synthesis_create"), base | typed).content.decode()
    assert message in page
    assert not Synthesis.objects.exists()


def test_a_place_outside_the_perimeter_is_an_invalid_choice(client, coordinator, far_sector, far_creche):
    client.force_login(coordinator)
    for place in ({"territory": far_sector.pk}, {"establishment": far_creche.pk}):
        typed = {"variant": "synthese", "level": "interne", "client_uuid": uuid.uuid4(), **place}
        client.post(reverse("dashboard:synthesis_create"), typed)
    assert not Synthesis.objects.exists()


@pytest.mark.parametrize("variant", sorted(variants()))
def test_each_document_is_written_printed_and_opened(client, february, sector, pole_head, variant):
    level = variants()[variant].levels[0]
    document = about(pole_head, variant=variant, level=level, territory=sector)
    client.force_login(pole_head)
    page = client.get(document.get_absolute_url())
    assert page.status_code == 200
    paper = extract_text(client.get(reverse("dashboard:synthesis_pdf", args=[document.pk])).content)
    assert "PROJET" in paper
    assert sector.name in paper
    odt = client.get(reverse("dashboard:synthesis_odt", args=[document.pk]))
    with zipfile.ZipFile(io.BytesIO(odt.content)) as archive:
        assert archive.namelist()[0] == "mimetype"
        content = "".join(ElementTree.fromstring(archive.read("content.xml")).itertext())
    for section in view_of(document).kept:
        assert section.title in content
        for line in section.lines:
            assert (line.drawn_title or line.text) in content


def test_search_finds_an_approved_synthesis_for_its_readers_only(approved, assistant, colleague, elected):
    day = datetime.date(2026, 3, 17)
    found = {who: entries_matching(who, "périmètre", day).count() for who in (assistant, colleague, elected)}
    assert found == {assistant: 1, colleague: 0, elected: 0}


@pytest.fixture
def canaries(february, creche, coordinator, director):
    """A word per record that only the inside may read."""
    moment = datetime.datetime(2026, 2, 12, tzinfo=datetime.UTC)
    with time_machine.travel(moment, tick=False):
        told(creche, coordinator, title="zzevenement", happened_at=moment)
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=IN_FEBRUARY, summary="zzresume")
    ActionFactory(establishment=creche, title="zzaction", due_on=datetime.date(2026, 2, 3))


@pytest.mark.parametrize(("level", "variant"), [("etablissement", "synthese"), ("elu", "fiche-elu")])
def test_a_lower_document_holds_no_word_of_a_higher_one(
    canaries, client, creche, coordinator, monkeypatch, level, variant
):
    """On paper, as an open document, on the page: the same place and days, one level below the other."""
    monkeypatch.setattr(engine, "write", lambda html, **_: html.encode())
    inside = about(coordinator, establishment=creche)
    lower = about(coordinator, variant=variant, level=level, establishment=creche)
    client.force_login(coordinator)

    def words_of(document):
        odt = client.get(reverse("dashboard:synthesis_odt", args=[document.pk])).content
        with zipfile.ZipFile(io.BytesIO(odt)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
        pages = [reverse(f"dashboard:{name}", args=[document.pk]) for name in ("synthesis", "synthesis_pdf")]
        return b"".join([*parts, *(client.get(url).content for url in pages)]).decode("utf-8", "replace")

    high, low = words_of(inside), words_of(lower)
    assert "zzevenement" in high
    assert not [word for word in ("zzevenement", "zzresume", "zzaction") if word in low]
    only_inside = set(said(inside).values()) - set(said(lower).values())
    assert only_inside
    assert not [text for text in only_inside if text in low]


def test_an_open_document_is_well_formed_whatever_is_typed(draft, coordinator):
    nasty = "<b>&\x07\ud800 «\u00a0fin\u00a0»\nseconde ligne"
    content = odt_file(
        "T & <x>",
        [Heading("a<b", 2), Paragraph(nasty), Table(["A", "B"], [["<", "&"]])],
        author="é",
        at=draft.drafted_at,
        header="<&>",
    )
    again = odt_file(
        "T & <x>",
        [Heading("a<b", 2), Paragraph(nasty), Table(["A", "B"], [["<", "&"]])],
        author="é",
        at=draft.drafted_at,
        header="<&>",
    )
    assert content == again
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        listed = ElementTree.fromstring(archive.read("META-INF/manifest.xml"))
        named = {value for entry in listed for key, value in entry.attrib.items() if key.endswith("full-path")}
        assert named == {"/", "content.xml", "styles.xml", "meta.xml"}
        trees = {name: ElementTree.fromstring(archive.read(name)) for name in named - {"/"}}
    text = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    styled = {node.get(f"{text}style-name") for node in trees["content.xml"].iter() if node.get(f"{text}style-name")}
    style = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}name"
    known = {node.get(style) for tree in trees.values() for node in tree.iter() if node.get(style)}
    assert styled <= known
    assert "seconde ligne" in "".join(trees["content.xml"].itertext())


def test_the_list_and_a_document_cost_the_same_for_one_and_for_thirty(
    client, february, sector, coordinator, pole_head
):
    client.force_login(pole_head)
    about(coordinator, territory=sector)
    url = reverse("dashboard:synthesis_list")

    def cost(address):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    page = Synthesis.objects.get().get_absolute_url()
    one, one_page = cost(url), cost(page)
    for n in range(30):
        house = EstablishmentFactory(name=f"Maison {n}", sector=sector)
        about(coordinator, establishment=house, variant="point")
    assert cost(url) == one <= 12
    assert cost(page) == one_page <= 75
