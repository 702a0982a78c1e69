"""Projet d’établissement: what the law asks on its day, the circuit, what is frozen, what changed."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.attention import DECISION, LATE
from core.models import Notification
from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from projects.attention import attention
from projects.document import document_of
from projects.models import EstablishmentProject, ProjectSection, SectionRule
from tests.factories import TODAY
from tests.pdf_reading import extract_text
from tests.projects.factories import VersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "law")]
Status = EstablishmentProject.Status
DAY = datetime.timedelta(days=1)


@pytest.fixture
def version(creche, director):
    return VersionFactory(establishment=creche, created_by=director, number=1, written=True)


def settle(version, director, coordinator):
    version.propose(by=director)
    version.give_opinion(by=coordinator, text="Favorable")
    version.validate_project(by=coordinator)
    return version


def stamps(by):
    return {"judged_on": TODAY, "decided_by": by, "decided_at": timezone.now()}


def test_the_law_is_dated_and_cites_its_article():
    listed = SectionRule.objects.in_force("project", TODAY)
    assert "education" in {rule.key for rule in listed}
    assert all("R. 2324-29" in rule.article for rule in listed if rule.is_required)
    assert not SectionRule.objects.in_force("project", datetime.date(2020, 1, 1)).exists()


def test_a_complete_version_goes_through_the_circuit(version, director, coordinator):
    settle(version, director, coordinator).enforce(by=coordinator)
    assert (version.status, version.judged_on, version.starts_on) == (Status.IN_FORCE, TODAY, TODAY)
    assert version.revise_on == datetime.date(2031, 3, 17)
    verbs = list(JournalEntry.objects.about(version).order_by("number").values_list("verb", flat=True))
    assert verbs == ["projet proposé", "avis donné sur le projet", "projet validé", "projet en vigueur"]


def test_a_missing_section_blocks_the_validation_and_is_named(client, version, director, coordinator):
    version.propose(by=director)
    version.give_opinion(by=coordinator, text="Favorable")
    version.sections.filter(key="education").update(text=" \n ")
    client.force_login(coordinator)
    page = client.post(f"/projets/{version.pk}/etape/validate_project/", follow=True).content.decode()
    assert "Projet éducatif (CSP R. 2324-29, 2°)" in page
    version.refresh_from_db()
    assert version.status == Status.REVIEWED


@pytest.mark.parametrize("status", ["validated", "in_force", "to_revise", "replaced"])
@pytest.mark.parametrize("hole", ["missing", "blank"])
def test_the_database_itself_refuses_an_incomplete_version(version, coordinator, status, hole):
    section = version.sections.filter(key="families")
    section.delete() if hole == "missing" else section.update(text=" \n\t ")
    with pytest.raises(IntegrityError, match="project_complete_when_validated"), transaction.atomic():
        EstablishmentProject.objects.filter(pk=version.pk).update(status=status, **stamps(coordinator))
    ProjectSection.objects.update_or_create(project=version, key="families", defaults={"text": "Écrite"})
    assert EstablishmentProject.objects.filter(pk=version.pk).update(status=status, **stamps(coordinator)) == 1


def test_the_database_refuses_a_version_born_validated(creche, coordinator):
    with pytest.raises(IntegrityError, match="project_complete_when_validated"), transaction.atomic():
        VersionFactory(establishment=creche, status="validated", **stamps(coordinator))


def test_a_version_is_judged_by_the_law_of_its_day(version, director, coordinator):
    SectionRule.objects.create(
        document="project", key="later", position=40, title="À venir", article="Décret à venir", starts_on=TODAY + DAY
    )
    settle(version, director, coordinator)
    assert [part.key for part in document_of(version).parts if part.is_missing] == []
    version.judged_on = TODAY + DAY
    with pytest.raises(IntegrityError, match="project_complete_when_validated"), transaction.atomic():
        version.save()


@pytest.mark.parametrize("blank", ["", " ", "\n\r\t", "\u00a0", "\u202f \u2009"], ids=ascii)
def test_the_database_takes_no_blank_for_a_text(version, director, coordinator, blank):
    version.propose(by=director)
    version.give_opinion(by=coordinator, text="Favorable")
    version.sections.filter(key="education").update(text=blank)
    with pytest.raises(IntegrityError, match="project_complete_when_validated"), transaction.atomic():
        EstablishmentProject.objects.filter(pk=version.pk).update(status="validated", **stamps(coordinator))


def test_the_database_judges_nobody_by_an_older_law(version, director, coordinator):
    version.sections.filter(key="education").delete()
    given = {"status": "validated", **stamps(coordinator), "judged_on": datetime.date(2020, 1, 1)}
    with pytest.raises(IntegrityError, match="project_complete_when_validated"), transaction.atomic():
        EstablishmentProject.objects.filter(pk=version.pk).update(**given)


@pytest.mark.parametrize("name", ["document", "establishment", "number"])
def test_a_validated_version_does_not_become_another(version, director, coordinator, next_creche, name):
    settle(version, director, coordinator)
    moved = {"document": "rules", "establishment": next_creche, "number": 9}[name]
    with pytest.raises(IntegrityError, match="project_settled_stays_what_it_is"), transaction.atomic():
        EstablishmentProject.objects.filter(pk=version.pk).update(**{name: moved})


def test_a_validated_text_is_frozen_in_the_database(version, director, coordinator):
    settle(version, director, coordinator)
    section = version.sections.get(key="education")
    for write in (section.delete, lambda: ProjectSection.objects.filter(pk=section.pk).update(text="Autre")):
        with pytest.raises(IntegrityError, match="project_section_frozen"), transaction.atomic():
            write()
    with pytest.raises(TransitionRefused):
        version.write({"education": "Autre"}, by=director, seen=version.lock)


def test_the_new_version_starts_from_the_old_and_replaces_it(version, director, coordinator):
    settle(version, director, coordinator).enforce(by=coordinator, day="2026-01-05")
    second = EstablishmentProject.begin(version.establishment, "project", by=director)
    assert EstablishmentProject.begin(version.establishment, "project", by=director) == second
    assert second.texts() == version.texts()
    second.write({"education": "Texte sur education. Et le jardin."}, by=director, seen=1)
    settle(second, director, coordinator).enforce(by=coordinator)
    version.refresh_from_db()
    assert (version.status, version.ends_on) == (Status.REPLACED, TODAY - DAY)


def test_two_versions_are_never_in_force_at_once(version, creche, director, coordinator):
    settle(version, director, coordinator).enforce(by=coordinator)
    other = VersionFactory(establishment=creche, number=2, written=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        EstablishmentProject.objects.filter(pk=other.pk).update(
            status="in_force", starts_on=TODAY, **stamps(coordinator)
        )


def test_two_clicks_on_validate_give_one_decision(client, version, director, coordinator):
    version.propose(by=director)
    version.give_opinion(by=coordinator, text="Favorable")
    client.force_login(coordinator)
    for _ in range(2):
        page = client.post(f"/projets/{version.pk}/etape/validate_project/", follow=True)
    assert "Déjà traité" in page.content.decode()
    assert JournalEntry.objects.filter(verb="projet validé").count() == 1


def test_a_director_proposes_and_does_not_validate(client, version, director, coordinator):
    version.propose(by=director)
    version.give_opinion(by=coordinator, text="Favorable")
    client.force_login(director)
    assert client.post(f"/projets/{version.pk}/etape/validate_project/").status_code == 403
    assert Notification.objects.filter(user=coordinator, title__contains="proposé").count() == 1
    assert Notification.objects.filter(user=director, title__contains="avis donné").count() == 1


def test_a_draft_is_known_to_those_who_write_it_only(client, version, director, coordinator, division_head, central):
    for user, status in [(director, 200), (coordinator, 200), (division_head, 404), (central, 404)]:
        client.force_login(user)
        assert client.get(version.get_absolute_url()).status_code == status
        assert len(client.get("/projets/").context["list"]["rows"]) == (status == 200)


def test_two_writers_lose_nothing(client, version, director):
    client.force_login(director)
    page = client.get(f"/projets/{version.pk}/ecrire/")
    version.write({"education": "Écrit par l’autre"}, by=director, seen=1)
    typed = {"lock": page.context["form"]["lock"].value(), "summary": "", "education": "Ma saisie"}
    refused = client.post(f"/projets/{version.pk}/ecrire/", typed)
    text = refused.content.decode()
    assert "Ma saisie" in text
    assert "Projet éducatif" in refused.context["form"].non_field_errors()[0]
    again = typed | {"lock": refused.context["form"]["lock"].value()}
    assert client.post(f"/projets/{version.pk}/ecrire/", again).status_code == 302
    assert version.texts()["education"] == "Ma saisie"


def test_differences_are_read_word_by_word(client, version, director, coordinator):
    settle(version, director, coordinator).enforce(by=coordinator, day="2026-01-05")
    second = EstablishmentProject.begin(version.establishment, "project", by=director)
    second.write({"education": "Texte sur le jardin.", "social": ""}, by=director, seen=1)
    client.force_login(coordinator)
    page = client.get(f"/projets/{second.pk}/differences/{version.pk}/")
    kinds = {section.key: section.kind for section in page.context["found"]}
    assert (kinds["education"], kinds["social"], kinds["families"]) == ("changed", "removed", "same")
    assert "<del>" in page.content.decode()


def test_a_piece_is_joined_while_the_version_is_written(client, version, director, coordinator):
    client.force_login(director)
    file = SimpleUploadedFile("plan.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    sent = {"file": file, "title": "Plan du jardin", "level": "etablissement"}
    assert client.post(f"/projets/{version.pk}/joindre/", sent).status_code == 302
    assert "Plan du jardin" in client.get(version.get_absolute_url()).content.decode()
    settle(version, director, coordinator)
    with pytest.raises(TransitionRefused):
        version.attach(version.attachments.get())


def test_the_paper_says_the_law_of_its_day(client, version, coordinator):
    client.force_login(coordinator)
    text = extract_text(client.get(f"/projets/{version.pk}/projet.pdf").content)
    assert "Texte sur education." in text
    assert "PROJET" in text
    assert "R. 2324-29" in text


def test_attention_tells_what_waits_and_what_is_to_revise(version, creche, director, coordinator):
    version.propose(by=director)
    assert [(item.weight, item.key) for item in attention(coordinator, TODAY)] == [
        (DECISION, f"project-decide-{version.pk}")
    ]
    version.give_opinion(by=coordinator, text="Favorable")
    version.validate_project(by=coordinator)
    version.enforce(by=coordinator, day="2021-03-10")
    assert [(item.weight, item.key) for item in attention(director, TODAY)] == [(LATE, f"project-revise-{version.pk}")]
    creche.closed_on = TODAY
    creche.save()
    assert attention(director, TODAY) == []


def test_lists_ask_the_same_queries_for_1_and_300_versions(
    client, coordinator, creche, director, django_assert_max_num_queries
):
    VersionFactory(establishment=creche, number=1, written=True)
    client.force_login(coordinator)
    urls = [("/projets/", 12), (f"/projets/etablissement/{creche.pk}/", 25)]
    few = {}
    for url, most in urls:
        with django_assert_max_num_queries(most) as seen:
            client.get(url)
        few[url] = len(seen.captured_queries)
    before_the_law = datetime.date(2020, 1, 1)
    then = datetime.datetime(2020, 1, 1, 9, tzinfo=datetime.UTC)
    old = {"status": "replaced", "decided_by": coordinator, "decided_at": then, "created_by": director}
    EstablishmentProject.objects.bulk_create(
        VersionFactory.build(establishment=creche, number=n, judged_on=before_the_law, **old) for n in range(2, 301)
    )
    for url, _ in urls:
        with django_assert_max_num_queries(few[url]):
            client.get(url)
