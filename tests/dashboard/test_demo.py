"""The demonstration: the same for everybody, true to the rules, like a real pôle, and about nobody."""

import datetime
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.test import override_settings

from core.free_text import find_concerns
from core.geo import contains, parse_geometry
from core.models import User
from core.pdf import fingerprint
from dashboard.demo import cast, empreinte, in_place, load
from dashboard.demo.prints import MODELS
from dashboard.demo.sentences import bank
from establishments.models import (
    Capability,
    Document,
    Establishment,
    JournalEntry,
    Mandate,
    Role,
    SectorAttachment,
    Territory,
    TerritoryBoundary,
    broken_links,
)
from projects.models import ActionItem
from tests.factories import TODAY
from visits import closing, completeness, report_facts, reports
from visits.models import Visit

ROOT = Path(__file__).parents[2]
MINI = {"size": "mini", "seed": 20, "today": TODAY, "default_today": TODAY}
EMPTY = (None, "")


@pytest.fixture(scope="module")
def mini_rows(django_db_setup, django_db_blocker, tmp_path_factory):
    """The folder of a demonstration that lasts as long as the tests of this file, then vanishes."""
    folder = tmp_path_factory.mktemp("mini")
    cheap = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    quickly = override_settings(MEDIA_ROOT=folder, PASSWORD_HASHERS=cheap)
    with django_db_blocker.unblock(), quickly, transaction.atomic():
        load(**MINI, password=cast.PASSWORD)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def mini(mini_rows, db, today):
    return in_place()


def member(key):
    return User.objects.get(email=next(m.email for m in cast.MEMBERS if m.key == key))


def run(*arguments, database, **environment):
    """Start `manage.py` on a SQLite file of its own, in another process."""
    given = {"DATABASE_URL": f"sqlite:///{database}", "MEDIA_ROOT": str(database.parent / "media"), **environment}
    given["RONDE_SQLITE_SYNCHRONOUS"] = "OFF"
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.Popen(command, env={**os.environ, **given}, stdout=subprocess.PIPE, text=True)


def printed(process):
    output, _ = process.communicate(timeout=600)
    assert process.returncode == 0, output
    return re.search(r"^empreinte: ([0-9a-f]{64})$", output, re.M)[1], output


@pytest.mark.slow
def test_the_same_arguments_give_the_same_print_in_any_process_and_on_any_engine(mini, tmp_path):
    first, second, third = (tmp_path / f"{name}.sqlite3" for name in ("un", "deux", "trois"))
    run("migrate", "-v0", database=first).communicate(timeout=600)
    shutil.copy(first, second)
    shutil.copy(first, third)
    seed = ["seed_demo", "--size", "mini", "--today", TODAY.isoformat()]
    elsewhere = [
        run(*seed, database=first, PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C"),
        run(*seed, database=second, PYTHONHASHSEED="2", TZ="America/Lima"),
        run(*seed, "--seed", "21", database=third),
    ]
    one, two, other = [printed(process)[0] for process in elsewhere]
    assert one == two == mini.empreinte
    assert other != one
    again, output = printed(run(*seed, database=first))
    assert again == one
    assert "déjà en place" in output


def test_the_print_is_that_of_the_rows_and_moves_with_them(mini):
    assert empreinte() == mini.empreinte
    action = ActionItem.objects.first()
    action.title += " bis"
    action.save()
    assert empreinte() != mini.empreinte


def test_a_second_run_changes_nothing_and_prints_the_same(mini):
    before = JournalEntry.objects.count()
    output = io.StringIO()
    call_command("seed_demo", size="mini", stdout=output)
    assert "Démonstration déjà en place (au 17/03/2026)." in output.getvalue()
    assert f"empreinte: {mini.empreinte}" in output.getvalue()
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize("asked", [{"seed": 21}, {"size": "pole"}, {"today": TODAY + datetime.timedelta(days=1)}])
def test_another_demonstration_is_not_poured_over_the_first(mini, asked):
    with pytest.raises(CommandError, match="Une autre démonstration est en place"):
        call_command("seed_demo", **{"size": "mini", **asked})


def test_no_sentence_of_the_bank_names_a_child_or_tells_a_health():
    def texts(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for item in value.values() if isinstance(value, dict) else value:
                yield from texts(item)

    sentences = list(texts(bank()))
    assert len(sentences) > 150
    assert {text: find_concerns(text) for text in sentences if find_concerns(text)} == {}


def test_no_written_text_alarms_the_detector(mini):
    found, looked_at = {}, 0
    for model in MODELS:
        names = [f.attname for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)]
        for row in model._base_manager.values_list(*names) if names else ():
            for text in filter(None, row):
                looked_at += 1
                if concerns := find_concerns(text):
                    found[text] = concerns
    assert found == {}
    assert looked_at > 3000


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_row_would_pass_the_forms_of_the_product(mini, model):
    for row in model._base_manager.order_by("pk")[:60]:
        empty = [f.name for f in model._meta.fields if getattr(row, f.attname) in EMPTY]
        row.full_clean(exclude=empty, validate_unique=False)
        row.validate_unique()


def test_every_house_lies_in_its_sector_and_in_no_other(mini):
    outlines = {row.code: parse_geometry(row.geometry) for row in TerritoryBoundary.objects.all()}
    assert len(outlines) == 2
    for house in Establishment.objects.all():
        inside = [
            code for code, shape in outlines.items() if contains(shape, float(house.longitude), float(house.latitude))
        ]
        assert inside == [house.sector_on(TODAY).code]


def test_a_sector_was_closed_and_its_houses_went_on_elsewhere(mini):
    closed = Territory.objects.get(ends_on__isnull=False)
    moved = SectorAttachment.objects.filter(territory=closed)
    assert moved.count() == 2
    assert not Establishment.objects.within(closed, TODAY).exists()
    assert Establishment.objects.within(closed, closed.ends_on).count() == 2
    for attachment in moved:
        assert attachment.establishment.sector_on(closed.ends_on + datetime.timedelta(days=1)).ends_on is None


def test_each_visit_is_by_the_coordinator_of_the_time_on_a_day_of_welcome(mini):
    for visit in Visit.objects.done():
        sector = visit.establishment.sector_on(visit.visited_on)
        held = Mandate.objects.active_on(visit.visited_on).filter(user=visit.coordinator, role=Role.COORDINATOR)
        assert held.filter(territory=sector).exists()
        day = visit.visited_on
        assert day.weekday() < 5
        assert not visit.establishment.closures.filter(starts_on__lte=day, ends_on__gte=day, part="day").exists()


def test_a_stored_report_is_the_one_that_the_rows_give(mini):
    shared = Visit.objects.transmitted()
    assert shared.count() > 15
    for visit in shared.select_related("establishment"):
        fresh = report_facts.build_report(visit)
        assert report_facts.report_of(visit) == fresh
        if visit.report_status == Visit.ReportStatus.VALIDATED:
            assert visit.fingerprint == fingerprint(fresh)
            assert visit.facts == reports.to_json(fresh)


def test_a_shared_report_holds_everything_that_sharing_asks_for(mini):
    for visit in Visit.objects.transmitted():
        answers = closing.answers_of(visit) | {"actions": []}  # those raised since would be asked for too
        assert completeness.missing(answers) == ()


def test_the_journal_tells_the_decisions_and_its_chain_holds(mini):
    assert broken_links() == []
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {"compte rendu transmis", "compte rendu validé", "congé accordé", "activité validée"} <= verbs
    validated = Visit.objects.filter(report_status=Visit.ReportStatus.VALIDATED).count()
    assert JournalEntry.objects.filter(verb="compte rendu validé").count() == validated


@pytest.mark.parametrize("person", cast.MEMBERS, ids=lambda member: member.key)
def test_each_member_of_the_cast_signs_in_and_holds_the_role(mini, person):
    user = member(person.key)
    assert user.check_password(cast.PASSWORD)
    assert Mandate.objects.held_by(user, [person.role], TODAY).exists()


@pytest.mark.parametrize(
    ("key", "capability", "houses"),
    [
        (Role.COORDINATOR, Capability.VIEW, 3),
        (Role.COORDINATOR, Capability.SUMMARY, 6),
        ("colleague", Capability.VIEW, 3),
        (Role.POLE_HEAD, Capability.VIEW, 6),
        (Role.DIVISION_HEAD, Capability.VIEW, 6),
        (Role.CENTRAL, Capability.VIEW, 0),
        (Role.CENTRAL, Capability.VIEW_AGGREGATES, 6),
        (Role.ASSISTANT, Capability.MANAGE_CALENDAR, 6),
        (Role.HEALTH_LEAD, Capability.SUMMARY, 6),
        (Role.DIRECTOR, Capability.READ_TRANSMITTED, 1),
        (Role.ADMINISTRATOR, Capability.MANAGE_REGISTER, 6),
        (Role.ELECTED, Capability.SUMMARY, 0),
    ],
)
def test_each_role_sees_what_it_should(mini, key, capability, houses):
    assert Establishment.objects.visible_to(member(key), capability, TODAY).count() == houses


def test_nobody_outside_the_cast_can_sign_in(mini):
    others = User.objects.exclude(email__in=[m.email for m in cast.MEMBERS])
    assert others.exists()
    assert not any(user.has_usable_password() for user in others)


def test_the_accounts_are_printed_again_but_a_chosen_password_is_not(mini):
    output = io.StringIO()
    call_command("demo_accounts", stdout=output)
    assert all(person.email in output.getvalue() for person in cast.MEMBERS)
    assert f"Mot de passe : {cast.PASSWORD}" in output.getvalue()
    for user in User.objects.filter(email__in=[m.email for m in cast.MEMBERS]):
        user.set_password("un autre mot de passe")
        user.save()
    output = io.StringIO()
    call_command("demo_accounts", stdout=output)
    assert cast.PASSWORD not in output.getvalue()
    assert "choisi au chargement" in output.getvalue()


def test_the_papers_open_and_prove_their_obligations(mini, mini_rows):
    papers = Document.objects.all()
    assert papers.count() == 9
    for paper in papers:
        content = (mini_rows / paper.file.name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == paper.digest
        with pikepdf.open(io.BytesIO(content)) as opened:
            assert len(opened.pages) == 1
        assert {duty.establishment for duty in paper.obligations.all()} <= {paper.establishment}
    assert papers.filter(obligations__isnull=False).count() == 6
