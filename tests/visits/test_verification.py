"""A paper proves itself: registered as it leaves, chained to the one before, refused when one byte changed."""

import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from tests.pdf_reading import extract_text, words_of
from tests.visits.factories import accept_remarks
from visits.issuing import issue, verdict_on_fingerprint
from visits.models import IssuedReport, Visit

pytestmark = pytest.mark.django_db
URL = "/visites/verifier/"


@pytest.fixture(autouse=True)
def nobody_failed_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def shared(visit, coordinator):
    visit.share(by=coordinator)
    return Visit.objects.get(pk=visit.pk)


@pytest.fixture
def validated(shared, coordinator, director):
    shared.answer(by=director, remark="Le plan était affiché.")
    accept_remarks(shared, coordinator)
    shared.validate_report(by=coordinator)
    return Visit.objects.get(pk=shared.pk)


def checked(client, content=None, **typed):
    files = {"document": SimpleUploadedFile("compte-rendu.pdf", content, "application/pdf")} if content else {}
    return client.post(URL, {**typed, **files})


def test_a_paper_taken_from_its_page_is_recognised_by_anybody(client, validated, coordinator):
    client.force_login(coordinator)
    content = client.get(reverse("visits:report_pdf", args=[validated.pk])).content
    client.logout()
    verdict = checked(client, content).context["verdict"]
    assert (verdict.found, verdict.is_draft, verdict.is_latest, verdict.is_chained) == (True, False, True, True)
    assert verdict.version == validated.version


def test_one_flipped_byte_anywhere_is_refused(client, validated):
    content, _ = issue(validated, "interne")
    for place in (9, len(content) // 3, len(content) // 2, len(content) - 3):
        forged = bytearray(content)
        forged[place] ^= 1
        assert not checked(client, bytes(forged)).context["verdict"].found
    assert checked(client, content).context["verdict"].found


def test_the_fingerprint_printed_on_the_page_is_enough(client, validated):
    content, _ = issue(validated, "etablissement")
    printed = IssuedReport.objects.get().fingerprint
    shown = " ".join(printed.upper()[i : i + 4] for i in range(0, 16, 4))
    assert shown in words_of(extract_text(content))
    assert checked(client, fingerprint=shown).context["verdict"].reading == "transmise à l’établissement"
    other = printed[:-1] + ("0" if printed[-1] != "0" else "1")
    assert not checked(client, fingerprint=other).context["verdict"].found


@pytest.mark.parametrize("typed", ["", "   ", "3F2A", "zzzz zzzz zzzz zzzz", "%", "' OR 1=1 --"])
def test_what_is_no_fingerprint_finds_nothing(client, validated, typed):
    issue(validated, "interne")
    assert not verdict_on_fingerprint(typed).found
    assert checked(client, fingerprint=typed).status_code == 200


def test_the_answer_tells_nothing_of_what_the_paper_says(client, validated, creche, coordinator):
    content, _ = issue(validated, "interne")
    page = checked(client, content).content.decode()
    secrets = [
        creche.name,
        creche.street,
        "Benali",
        "Roux",
        validated.summary.split("\n")[0],
        "berceaux",
        "2026-03-10",
    ]
    assert not [word for word in secrets if word in page]
    assert "10 mars" not in page
    assert "10/03/2026" not in page


def test_an_older_version_is_recognised_and_said_to_be_old(client, shared, coordinator, director):
    project, _ = issue(shared, "interne")
    shared.answer(by=director, remark="Le plan était affiché.")
    verdict = checked(client, project).context["verdict"]
    assert (verdict.found, verdict.is_draft, verdict.is_latest) == (True, True, False)
    accept_remarks(shared, coordinator)
    shared.validate_report(by=coordinator)
    final, _ = issue(Visit.objects.get(pk=shared.pk), "interne")
    assert checked(client, final).context["verdict"].is_latest
    assert "plus récente" in checked(client, project).content.decode()
    newest, oldest = IssuedReport.objects.all()
    assert newest.previous == oldest


def test_the_same_paper_is_written_once(validated):
    for _ in range(3):
        issue(validated, "interne")
    issue(validated, "elu")
    assert sorted(IssuedReport.objects.values_list("reading", flat=True)) == ["elu", "interne"]


def test_a_draft_that_was_not_transmitted_leaves_no_trace(client, visit):
    content, _ = issue(visit, "interne")
    assert not IssuedReport.objects.exists()
    assert not checked(client, content).context["verdict"].found


@pytest.mark.parametrize("change", ["sha256 = 'x'", "version = 9", "chain = ''", "fingerprint = ''"])
def test_the_register_is_never_rewritten(validated, change):
    issue(validated, "interne")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE visits_issuedreport SET {change}")  # noqa: S608 — our own table
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM visits_issuedreport")


def test_a_link_that_does_not_hold_is_said(client, validated):
    content, _ = issue(validated, "interne")
    paper = IssuedReport.objects.get()
    IssuedReport.objects.create(
        visit=validated,
        reading="interne",
        version=paper.version,
        is_draft=False,
        sha256="f" * 64,
        fingerprint="f" * 16,
        previous=paper,
        chain="0" * 64,
    )
    assert "Registre altéré" in checked(client, content).content.decode()


def test_too_many_failures_slow_down_and_a_true_paper_still_passes(client, validated):
    content, _ = issue(validated, "interne")
    answers = [checked(client, fingerprint="0" * 16).status_code for _ in range(32)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert checked(client, content).context["verdict"].found


def test_an_empty_request_says_what_is_missing(client):
    assert "Donnez l’empreinte, ou le fichier." in client.post(URL, {}).content.decode()


def test_the_paper_says_where_it_is_checked(validated):
    assert "/visites/verifier/" in words_of(extract_text(issue(validated, "elu")[0]))


def test_the_command_writes_the_same_bytes_and_registers_them(client, validated, tmp_path):
    path = tmp_path / "compte-rendu.pdf"
    call_command("export_pdf", "visit", str(validated.pk), reading="elu", output=str(path), stdout=io.StringIO())
    assert path.read_bytes() == issue(validated, "elu")[0]
    assert checked(client, path.read_bytes()).context["verdict"].found


def test_a_file_that_cannot_be_written_is_said_and_no_paper_is_registered(validated, tmp_path):
    before = IssuedReport.objects.count()
    with pytest.raises(CommandError, match="impossible d’écrire"):
        call_command("export_pdf", "visit", str(validated.pk), "-o", str(tmp_path / "absent" / "visite.pdf"))
    assert IssuedReport.objects.count() == before
