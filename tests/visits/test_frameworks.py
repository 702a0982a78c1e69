"""Frameworks come as files: refused with path and line, frozen once a review used them, never rewriting one."""

import datetime
import hashlib
import io
import re

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from establishments.models import JournalEntry
from establishments.regulation import RULES
from tests.visits.factories import GridFactory, ObservationFactory, VisitFactory
from tests.visits.reviews import lived, opened, validated
from visits.frameworks.evidence import around, evidence
from visits.frameworks.loading import SHIPPED, import_framework
from visits.frameworks.reading import FileRefused, read_framework
from visits.models import Framework, FrameworkItem, FrameworkMapping
from visits.reviews.paper import review_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FILE = """\
code: maison
version: 1
title: Projet de la collectivité
starts_on: 2024-01-01
items:
  - key: accueil
    title: Accueillir
    reference: maison 1
  - key: matin
    title: Le matin
    parent: accueil
"""


def load(text=FILE, **more):
    return import_framework(text.encode(), **more)


def problems(text):
    with pytest.raises(FileRefused) as refused:
        load(text)
    assert not Framework.objects.filter(code="maison").exists()
    return [str(one) for one in refused.value.problems]


@pytest.fixture
def shipped():
    for path in SHIPPED:
        import_framework(path.read_bytes())


def test_the_ten_principles_the_three_parts_and_every_article_of_the_rules_are_shipped(shipped):
    assert FrameworkItem.objects.filter(framework__code="charte").count() == 10
    assert FrameworkItem.objects.filter(framework__code="referentiel", parent_key="").count() == 3
    references = set(
        FrameworkItem.objects.filter(framework__code="reglementation").values_list("reference", flat=True)
    )
    articles = {found for rule in RULES for found in re.findall(r"[LR]\. 2324-[\d-]*\d", rule.article)}
    assert articles - references == set()


def test_the_shipped_titles_are_our_own():
    for path in SHIPPED:
        assert "j’ai besoin" not in path.read_text(encoding="utf-8").lower()


def test_each_principle_is_mapped_to_a_part_of_the_referentiel(shipped):
    """domain.md 3.2: 2, 4, 5, 6, 7 to part 1; 1 and 3 to part 2 (and 1); 8, 9, 10 to part 3."""
    found = around(Framework.objects.get(code="charte"))
    parts = {
        key: {link.key[-1] for link in one.links if re.fullmatch(r"referentiel-\d", link.key)}
        for key, one in found.items()
    }
    assert parts["charte-01"] == parts["charte-03"] == {"1", "2"}
    assert all(parts[f"charte-{n:02}"] == {"1"} for n in (2, 4, 5, 6, 7))
    assert all(parts[f"charte-{n:02}"] == {"3"} for n in (8, 9, 10))
    assert {link.relation for link in found["charte-02"].links} == {"plus étroit"}


def test_the_same_file_twice_changes_nothing(coordinator):
    assert load(by=coordinator).state == "importée"
    before = list(FrameworkItem.objects.values())
    journal = JournalEntry.objects.count()
    assert "rien n’a changé" in load(by=coordinator).state
    assert list(FrameworkItem.objects.values()) == before
    assert JournalEntry.objects.count() == journal


def test_a_trial_run_writes_nothing():
    outcome = load(dry_run=True)
    assert "essai à blanc" in str(outcome)
    assert not Framework.objects.exists()
    assert not JournalEntry.objects.exists()


def test_another_content_under_the_same_version_is_refused():
    load()
    with pytest.raises(FileRefused, match="augmentez-la"):
        load(FILE.replace("Accueillir", "Recevoir"))


def test_a_new_version_keeps_the_keys_and_ends_the_one_before():
    load()
    newer = FILE.replace("version: 1", "version: 2").replace("2024-01-01", "2026-01-01").replace("matin", "soir")
    assert "s’arrête le 31/12/2025" in str(load(newer))
    old, new = Framework.objects.order_by("version")
    assert old.ends_on == datetime.date(2025, 12, 31)
    assert {"accueil"} == {i.key for i in old.items.all()} & {i.key for i in new.items.all()}
    assert list(Framework.objects.in_force(datetime.date(2025, 12, 31))) == [old]
    assert list(Framework.objects.in_force(datetime.date(2026, 1, 1))) == [new]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FILE.replace("version: 1", "version: un"), "ligne 2, version\u00a0: un nombre entier"),
        (FILE.replace("2024-01-01", "2024-13-01"), "ligne 4, starts_on\u00a0: une date"),
        (FILE.replace("key: matin", "key: accueil"), "ligne 9, items[1].key\u00a0: la clé «\u00a0accueil\u00a0»"),
        (FILE.replace("parent: accueil", "parent: nulle"), "ligne 11, items[1].parent\u00a0: aucun point"),
        (FILE.replace("    title: Le matin\n", ""), "ligne 9, items[1].title\u00a0: il manque"),
        (FILE.replace("title: Le matin", "intitule: Le matin"), "ligne 10, items[1].intitule\u00a0: champ inconnu"),
        (FILE + "mappings:\n  - {from: accueil, framework: charte, to: charte-01, relation: partial}\n",
         "ligne 13, mappings[0].framework\u00a0: le référentiel «\u00a0charte\u00a0» n’est pas encore importé"),
        (FILE + "mappings:\n  - {from: accueil, framework: maison, to: rien, relation: proche}\n",
         "ligne 13, mappings[0].relation\u00a0: attendu"),
        ("code: [1\n", "YAML"),
        ("- un\n- deux\n", "ligne 1\u00a0: une liste de champs"),
        ("", "ligne 1\u00a0: une liste de champs"),
    ],
)  # fmt: skip
def test_a_bad_file_says_in_french_where_it_is_wrong(text, said):
    assert any(said in one for one in problems(text)), problems(text)


def test_everything_wrong_is_said_at_once():
    wrong = FILE.replace("version: 1", "version: 0").replace("Accueillir", "").replace("accueil\n", "Été\n")
    assert len(problems(wrong)) >= 3


def test_the_official_wording_is_added_once_even_to_a_version_in_use(creche, coordinator):
    load()
    opened(creche, coordinator)
    worded = FILE.replace("    reference: maison 1", "    reference: maison 1\n    wording: Le texte entier.")
    assert load(worded).wordings == 1
    assert "rien n’a changé" in load(worded).state
    with pytest.raises(FileRefused):
        load(worded.replace("entier", "autre"))


def test_the_command_loads_and_says_what_is_refused(tmp_path):
    out = io.StringIO()
    call_command("import_framework", "--shipped", stdout=out)
    assert "10 points" in out.getvalue()
    bad = tmp_path / "faux.yaml"
    bad.write_text("code: x\n", encoding="utf-8")
    with pytest.raises(CommandError, match="rien n’a été écrit"):
        call_command("import_framework", str(bad))
    with pytest.raises(CommandError):
        call_command("import_framework")


# --- frozen once used


@pytest.mark.parametrize(
    "change",
    [
        lambda: Framework.objects.filter(code="maison").update(title="Autre"),
        lambda: Framework.objects.filter(code="maison").delete(),
        lambda: FrameworkItem.objects.filter(key="accueil").update(title="Autre"),
        lambda: FrameworkItem.objects.filter(key="matin").delete(),
        lambda: FrameworkItem.objects.create(framework=Framework.objects.get(), position=9, key="n", title="N"),
        lambda: FrameworkMapping.objects.create(
            framework=Framework.objects.get(), key="accueil", other_code="c", other_key="k", relation="partial"
        ),
    ],
)
def test_a_version_that_a_review_used_does_not_change(creche, coordinator, change):
    load()
    opened(creche, coordinator)
    with pytest.raises((IntegrityError, Exception)) as refused, transaction.atomic():
        change()
    assert "framework" in str(refused.value)


def test_a_new_framework_never_rewrites_a_closed_review(creche, coordinator, director, pole_head, shipped):
    lived(creche, coordinator)
    review = validated(creche, coordinator, director, pole_head)
    before = hashlib.sha256(review_file(review)[0]).hexdigest(), review.fingerprint, review.document
    assert "Charte nationale de l’accueil du jeune enfant (version 1)" in review.document["frameworks"]
    charte = SHIPPED[0].read_text(encoding="utf-8").replace("version: 1", "version: 2")
    load(charte.replace("2021-09-30", "2026-03-01").replace("Une place pour chaque famille", "Autrement dit"))
    review.refresh_from_db()
    assert (hashlib.sha256(review_file(review)[0]).hexdigest(), review.fingerprint, review.document) == before
    assert {str(one) for one in review.frameworks.all()} == set(before[2]["frameworks"])


# --- what was seen


def test_evidence_is_direct_first_then_through_a_mapping(creche, coordinator, shipped):
    grid = GridFactory(items=2)
    first, second = grid.items.all()
    first.reference, second.reference = "charte 9", "charte 10"
    first.save()
    second.save()
    for day in (1, 10):
        visit = VisitFactory(establishment=creche, grid=grid, visited_on=datetime.date(2026, 3, day))
        ObservationFactory(visit=visit, item=first, rating="acquired" if day == 1 else "to_build")
        ObservationFactory(visit=visit, item=second, rating="not_observed", fact="")
    today = datetime.date(2026, 3, 17)
    rows = {
        row.reference: row
        for code in ("charte", "reglementation", "referentiel")
        for row in evidence(creche, Framework.objects.get(code=code), coordinator, today)
    }
    assert (rows["charte 9"].seen_on.day, rows["charte 9"].rating, rows["charte 9"].via) == (10, "à construire", "")
    assert rows["charte 9"].count == 2
    assert rows["R. 2324-37"].via == "charte 9 (partiel)"
    assert rows["référentiel 3"].via == "charte 9 (plus large)"
    assert rows["charte 10"].seen_on is None, "« non observé » is neutral"
    assert rows["charte 1"].seen_on is None


def test_a_key_kept_by_a_grid_counts_for_the_point_and_its_parent(creche, coordinator):
    load()
    grid = GridFactory(items=1)
    grid.items.update(key="matin")
    visit = VisitFactory(establishment=creche, grid=grid)
    ObservationFactory(visit=visit, item=grid.items.get())
    rows = evidence(creche, Framework.objects.get(), coordinator, datetime.date(2026, 3, 17))
    assert [row.visit for row in rows] == [visit.pk, visit.pk]


# --- pages


def test_a_framework_is_read_filtered_and_exported(client, coordinator, shipped):
    call_command("load_grid", "--shipped")
    client.force_login(coordinator)
    page = client.get(reverse("visits:framework", args=[Framework.objects.get(code="charte").pk]))
    assert "référentiel 2" in page.content.decode()
    assert "Dix principes de la charte (1 point)" in page.content.decode()
    rules = reverse("visits:framework", args=[Framework.objects.get(code="reglementation").pk])
    assert client.get(rules, {"observed": "true"}).context["list"]["count"] == 0
    assert client.get(rules, {"q": "continuite"}).context["list"]["count"] == 1
    for kind, start in [("csv", b"\xef\xbb\xbf"), ("pdf", b"%PDF"), ("xlsx", b"PK")]:
        answer = client.get(rules, {"export": kind})
        content = b"".join(answer) if answer.streaming else answer.content
        assert content.startswith(start)


@pytest.mark.parametrize("name", ["framework", "establishment_evidence"])
def test_the_pages_cost_the_same_queries_with_1_and_30_rows(client, coordinator, creche, name):
    client.force_login(coordinator)
    counts = []
    for number, rows in enumerate((1, 30), start=1):
        content = yaml.safe_load(FILE) | {"code": f"maison-{number}", "starts_on": datetime.date(2024, 1, number)}
        content["items"] = [{"key": f"k{n}", "title": f"T{n}", "reference": f"m {n}"} for n in range(rows)]
        content["mappings"] = [{"from": "k0", "framework": f"maison-{number}", "to": "k0", "relation": "partial"}]
        load(yaml.safe_dump(content, allow_unicode=True))
        grid = GridFactory(items=rows)
        for n, item in enumerate(grid.items.all()):
            item.reference = f"m {n}"
            item.save()
        visit = VisitFactory(establishment=creche, grid=grid)
        for item in grid.items.all():
            ObservationFactory(visit=visit, item=item)
        made = Framework.objects.get(code=f"maison-{number}")
        url = reverse(f"visits:{name}", args=[made.pk if name == "framework" else creche.pk])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url, {"referentiel": made.code}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= (12 if name == "framework" else 16), counts


# --- administration


def posted(client, text, **more):
    file = SimpleUploadedFile("r.yaml", text.encode(), content_type="application/yaml")
    return client.post(reverse("admin:visits_framework_import"), {"file": file, **more})


def test_the_administration_checks_then_imports(client, administrator):
    client.force_login(administrator)
    assert "essai à blanc" in posted(client, FILE, verifier="1").content.decode()
    assert not Framework.objects.exists()
    assert posted(client, FILE).status_code == 302
    assert JournalEntry.objects.get(verb="référentiel importé").actor == administrator
    refused = posted(client, FILE.replace("version: 1", "version: deux").replace("maison", "autre")).content.decode()
    assert "ligne 2, version" in refused
    made = Framework.objects.get()
    assert client.post(reverse("admin:visits_framework_change", args=[made.pk]), {"title": "X"}).status_code == 403


def test_only_administrators_import(client, coordinator, pole_head):
    for user in (coordinator, pole_head):
        client.force_login(user)
        assert posted(client, FILE).status_code == 403
    assert not Framework.objects.exists()


def test_a_file_of_a_thousand_faults_is_read_whole():
    with pytest.raises(FileRefused) as refused:
        read_framework(b"a: 1\n" * 1000)
    assert len(refused.value.problems) > 1000
