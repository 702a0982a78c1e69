"""What a report says, to whom, and that its paper says the same: dataclass, then text, then bytes."""

import dataclasses
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from core.french import full_date, long_date
from establishments.models import Level
from tests.visits.factories import VisitFactory, accept_remarks
from visits import reports
from visits.models import Visit
from visits.printing import report_file
from visits.report_facts import build_report, report_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def text_of(content, tmp_path):
    path = tmp_path / "document.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)  # noqa: S603, S607
    return " ".join(done.stdout.decode().split())


def plain(text):
    return " ".join(str(text).split())


def texts_of(value):
    """Every text of a dataclass, however deep."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts_of(getattr(value, field.name))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_of(item)


def test_every_field_that_was_filled_is_in_the_internal_report(visit):
    """Set equality over the models' own fields: a field added later must be shown or be named here."""
    unsaid = {
        "id",
        "planned_on",  # what was planned; the report says what was done
        "planned_at",
        "replaces",
        "status",
        "status_reason",
        "created_by",
        "created_at",
        "facts",
        "fingerprint",
        "client_uuid",
        "edition",  # how many times it was typed: for the pages, not for the readers
        "purged_at",  # a purged visit has no report
    }
    renamed = {"kind": "kind_label", "report_status": "status", "grid": "grid", "establishment": "establishment"}
    report = report_of(visit)
    said = {field.name for part in (report, report.context, report.progress) for field in dataclasses.fields(part)}
    levels = {f"{name}_level" for name in Visit.PARAGRAPHS}
    filled = {field.name for field in Visit._meta.concrete_fields} - unsaid - levels
    assert {name for name in filled if renamed.get(name, name) not in said} == set()


def test_what_was_typed_is_in_the_internal_pdf_word_for_word(visit, tmp_path):
    content, _ = report_file(visit, "interne")
    text = text_of(content, tmp_path)
    typed = [
        *[getattr(visit, name) for name in ("directing", "sections_seen", *Visit.PARAGRAPHS)],
        *[value for row in visit.observations.all() for value in (row.fact, row.appreciation, row.item.title)],
        *[value for row in visit.observations.all() for value in (row.get_rating_display(), row.get_nature_display())],
        *[value for check in visit.checks.all() for value in (check.action.title, check.note)],
        *[origin.action.title for origin in visit.raised.all()],
        long_date(visit.visited_on),
        long_date(visit.next_visit_on),
        "9 h – 11 h 30",
        "Alice Roux",
        "Samira Benali",
        "7 professionnels présents pour 32 enfants",
    ]
    assert [value for value in typed if value and plain(value) not in text] == []
    for number in (11, 21, 12, 22, 3, 4, 2):
        assert re.search(rf"\b{number}\b", text)


def test_the_ratio_is_computed_from_the_authorisation_of_the_day(visit):
    context = report_of(visit).context
    assert (context.required_staff, context.is_ratio_met) == (5, True)  # 11/5 + 21/8 = 4.825
    visit.establishment.authorisations.update(ratio_rule="one_six")
    assert report_of(visit).context.required_staff == 6  # 32/6
    visit.establishment.authorisations.all().delete()
    assert report_of(visit).context.required_staff is None


def test_a_lower_reading_holds_no_paragraph_above_it(visit):
    internal = report_of(visit)
    house = reports.reading_of(internal, "etablissement")
    elected = reports.reading_of(internal, "elu")
    assert (house.interview, elected.decisions) == (None, None)
    assert [line.level for line in house.observations] == ["etablissement"]
    assert elected.observations == elected.checks == elected.new_actions == ()
    assert elected.summary.text == visit.summary
    assert elected.context is None


CANARIES = {
    "public": ["summary"],
    "etablissement": ["decisions", "context_note"],
    "pole": ["interview"],
}


@pytest.mark.parametrize("reading", ["etablissement", "elu"])
def test_a_canary_of_each_level_is_absent_from_the_lower_readings(visit, reading, tmp_path):
    """In the dataclass, in the extracted text, and in the bytes once every stream is inflated."""
    words = {}
    for level, names in CANARIES.items():
        for name in names:
            words[f"canari{level}{name}".replace("_", "")] = level
            setattr(visit, name, f"Texte canari{level}{name}".replace("_", ""))
            setattr(visit, f"{name}_level", level)
    visit.save()
    row = visit.observations.last()
    row.fact, row.level = "Texte canaripoleobservation", Level.POLE
    row.save()
    words["canaripoleobservation"] = "pole"
    allowed = reports.READINGS[reading]
    cut = reports.reading_of(report_of(visit), reading)
    content, name = report_file(visit, reading)
    inflated = tmp_path / "inflated.pdf"
    document_path = tmp_path / "document.pdf"
    document_path.write_bytes(content)
    with pikepdf.open(document_path) as document:
        document.save(inflated, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False)
    haystacks = ["\n".join(texts_of(cut)), text_of(content, tmp_path), name, inflated.read_bytes().decode("latin-1")]
    for word, level in words.items():
        found = [word in haystack for haystack in haystacks]
        assert found[:2] == [level in allowed] * 2, word
        assert level in allowed or not any(found), word


def test_a_reading_is_never_raised():
    with pytest.raises(ValueError, match="unknown reading"):
        reports.reading_of(None, "nominatif")


def test_a_lower_reading_does_not_become_a_higher_one(visit):
    house = reports.reading_of(report_of(visit), "etablissement")
    with pytest.raises(ValueError, match="cannot be read"):
        reports.reading_of(house, "interne")


def test_the_stored_facts_give_the_same_report_back(visit):
    report = report_of(visit)
    assert reports.from_json(reports.to_json(report)) == report


def test_a_shared_text_does_not_follow_what_changes_afterwards(visit, coordinator):
    visit.share(by=coordinator)
    followed = visit.checks.get().action
    type(followed).objects.filter(pk=followed.pk).update(title="Autre titre")
    shared = report_of(Visit.objects.get(pk=visit.pk))
    assert shared.checks[0].title == "Refaire le plan d’évacuation"
    assert build_report(visit).checks[0].title == "Autre titre"


def test_a_validated_report_keeps_its_bytes_whatever_changes(visit, coordinator, director):
    visit.share(by=coordinator)
    visit.answer(by=director, remark="D’accord.")
    accept_remarks(visit, coordinator)
    visit.validate_report(by=coordinator)
    before, _ = report_file(Visit.objects.get(pk=visit.pk), "interne")
    coordinator.last_name = "Autrenom"
    coordinator.save()
    visit.establishment.name = "Autre crèche"
    visit.establishment.save()
    after, _ = report_file(Visit.objects.get(pk=visit.pk), "interne")
    assert hashlib.sha256(before).hexdigest() == hashlib.sha256(after).hexdigest()


def test_the_watermark_stays_until_the_report_is_validated(visit, coordinator, director, tmp_path):
    steps = [lambda: visit.share(by=coordinator), lambda: visit.answer(by=director, remark="D’accord.")]
    for step in steps:
        step()
        content, _ = report_file(Visit.objects.get(pk=visit.pk), "interne")
        assert "PROJET" in text_of(content, tmp_path)
    accept_remarks(visit, coordinator)
    visit.validate_report(by=coordinator)
    content, _ = report_file(Visit.objects.get(pk=visit.pk), "interne")
    text = text_of(content, tmp_path)
    assert "PROJET" not in text
    assert "D’accord." in text
    assert f"version {visit.version}" in text
    assert visit.fingerprint[:4].upper() in text


def test_silence_is_written_in_the_report(visit, tmp_path):
    silent = VisitFactory(validated=True)
    assert report_of(silent).progress.is_silent
    assert not report_of(visit).progress.is_silent
    content, _ = report_file(silent, "interne")
    assert "Sans observation dans le délai" in text_of(content, tmp_path)


def test_the_command_writes_the_pdf_of_a_reading(visit, tmp_path, capsys):
    path = tmp_path / "sortie.pdf"
    call_command("export_pdf", "visit", visit.pk, "--reading", "etablissement", "-o", str(path))
    assert path.read_bytes().startswith(b"%PDF")
    assert "lecture etablissement" in capsys.readouterr().out
    assert "Un poste vacant" not in text_of(path.read_bytes(), tmp_path)


def test_the_command_refuses_a_visit_that_has_no_report(tmp_path):
    planned = VisitFactory(planned=True)
    with pytest.raises(CommandError, match="Aucune visite"):
        call_command("export_pdf", "visit", planned.pk, "-o", str(tmp_path / "rien.pdf"))


RENDER = """
import hashlib, json, sys
import django
django.setup()
from core.pdf import fingerprint, render_pdf
from establishments.vocabulary import current_pack, words
from visits import reports
from visits.printing import level_marks
report = reports.from_json(json.loads(sys.stdin.read()))
content = render_pdf("visits/pdf/report.html", {"report": report, "words": words(), "pack": current_pack(),
    "level_marks": level_marks()}, title="Compte rendu", level="interne", version=1, fingerprint=fingerprint(report))
print(hashlib.sha256(content).hexdigest())
"""


def test_two_processes_with_another_zone_locale_home_and_hash_seed_give_the_same_bytes(visit, tmp_path):
    facts = json.dumps(reports.to_json(report_of(visit)))
    digests = set()
    for zone, locale, seed in [("UTC", "C", "1"), ("Asia/Tokyo", "C.UTF-8", "2")]:
        home = tmp_path / seed
        home.mkdir()
        environment = {
            **{name: os.environ[name] for name in ("PATH", "DATABASE_URL") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "clé",
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONHASHSEED": seed,
            "HOME": str(home),
            "PYTHONUTF8": "1",
        }
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", RENDER], input=facts, env=environment, cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        digests.add(done.stdout.strip())
    assert len(digests) == 1


def test_the_title_of_the_document_says_which_house_and_which_day(visit):
    content, name = report_file(visit, "interne")
    assert name == "compte-rendu-creche-les-lilas-2026-03-10-interne.pdf"
    assert b"%PDF" in content
    assert full_date(visit.visited_on) == "10 mars 2026"
