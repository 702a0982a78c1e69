"""A finding typed wrong is put right, or withdrawn: the first wording stays, what depends on it follows."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.models import Notification
from dashboard.attention import things_to_do
from dashboard.search import search
from establishments.models import JournalEntry
from establishments.workflow import StaleVersion, TransitionRefused
from projects.models import ActionItem
from tests.pdf_reading import extract_text
from tests.visits.controls import DUE, entered, found, looked_at, measured
from visits.models import Finding, FindingCorrection

pytestmark = pytest.mark.usefixtures("today")
LATER = datetime.date(2026, 4, 20)


@pytest.fixture
def inspection(creche, coordinator):
    return entered(creche, coordinator)


@pytest.fixture
def gap(inspection, coordinator):
    return found(inspection, coordinator, nature="gap", text="Registre absent", article="R. 2324-30")


@pytest.fixture
def injunction(inspection, coordinator):
    return found(inspection, coordinator)


def righted(finding, by, *, seen=None, reason="", key=None, **facts):
    row = Finding.objects.get(pk=finding.pk)
    seen = row.version if seen is None else seen
    for name, value in facts.items():
        setattr(row, name, value)
    return row.correct(by=by, seen=seen, client_uuid=key or uuid.uuid4(), reason=reason)


def given(finding, **facts):
    data = {"nature": finding.nature, "text": finding.text, "article": finding.article, "due_on": finding.due_on}
    return data | {"client_uuid": uuid.uuid4(), "version": finding.version, "ordered": ""} | facts


def lines_about(finding, verb):
    return JournalEntry.objects.about(finding).filter(verb=verb)


def test_a_correction_keeps_the_former_wording_and_writes_one_line_with_both(gap, coordinator):
    righted(gap, coordinator, nature="prescription", text="Registre non signé", article="", due_on=LATER)
    gap.refresh_from_db()
    assert (gap.nature, gap.text, gap.article, gap.due_on, gap.version) == (
        "prescription",
        "Registre non signé",
        "",
        LATER,
        2,
    )
    before = gap.corrections.get()
    assert (before.nature, before.text, before.article, before.due_on) == ("gap", "Registre absent", "R. 2324-30", DUE)
    note = lines_about(gap, "constat corrigé").get().note
    for part in (
        "écart → prescription",
        "Registre absent\u00a0» → «\u00a0Registre non signé",
        "10/03/2026 → 20/04/2026",
    ):
        assert part in note


def test_the_same_form_twice_corrects_once_and_nothing_changed_leaves_nothing(gap, coordinator, pole_head):
    key = uuid.uuid4()
    for _ in range(2):
        righted(gap, coordinator, key=key, seen=1, text="Registre non signé")
    righted(gap, coordinator)
    assert FindingCorrection.objects.count() == lines_about(gap, "constat corrigé").count() == 1
    with pytest.raises(TransitionRefused, match="déjà servi"):
        righted(gap, pole_head, key=key, text="Autre")


def test_two_people_at_once_lose_nothing(client, gap, coordinator, pole_head):
    client.force_login(pole_head)
    typed = given(gap, text="Registre périmé")
    righted(gap, coordinator, text="Registre non signé")
    with pytest.raises(StaleVersion):
        righted(gap, pole_head, seen=1, text="Registre périmé")
    url = reverse("visits:finding_correct", args=[gap.pk])
    page = client.post(url, typed).content.decode()
    assert "Registre non signé" in page
    assert "Registre périmé" in page
    assert Finding.objects.get(pk=gap.pk).text == "Registre non signé"
    assert 'name="version" value="2"' in page
    client.post(url, typed | {"version": 2})
    assert Finding.objects.get(pk=gap.pk).text == "Registre périmé"
    assert [row.text for row in gap.corrections.all()] == ["Registre absent", "Registre non signé"]


def test_a_finding_kept_meanwhile_makes_an_open_correction_stale(injunction, coordinator):
    looked_at(injunction, coordinator, "kept", note="Encore là", due_after=LATER)
    with pytest.raises(StaleVersion):
        righted(injunction, coordinator, seen=1, text="Issue de secours fermée")
    assert Finding.objects.get(pk=injunction.pk).due_on == LATER


def test_what_depends_on_the_word_and_the_delay_follows(injunction, creche, coordinator, pole_head, director, today):
    own = measured(injunction, coordinator, director)
    other = measured(injunction, coordinator, director, title="Former", due_on=datetime.date(2026, 3, 20))
    done = measured(injunction, coordinator, director, title="Nettoyer")
    done.declare_done(by=director, evidence="Photo")
    done.verify(by=coordinator)
    assert righted(injunction, coordinator, due_on=LATER) == 1
    dues = {row.title: row.due_on for row in ActionItem.objects.all()}
    assert dues == {own.title: LATER, other.title: datetime.date(2026, 3, 20), "Nettoyer": DUE}
    assert not any("injonction en retard" in item.title for item in things_to_do(pole_head, today))
    fixed = Finding.objects.get(pk=injunction.pk)
    assert fixed.recheck_on == LATER
    assert Notification.objects.filter(user=pole_head, title__startswith="Injonction corrigée").count() == 1
    righted(injunction, coordinator, nature="gap", must_display=False)
    fixed.refresh_from_db()
    assert (fixed.recheck_on, fixed.must_display) == (None, False)
    assert not Finding.objects.injunctions().exists()
    assert not Finding.objects.to_display().exists()
    assert ActionItem.objects.get(pk=own.pk).origin_label.startswith("écart")
    assert ActionItem.objects.get(pk=done.pk).origin_label.startswith("injonction")


def test_a_word_that_becomes_an_injunction_is_told_above_and_needs_the_authority_and_a_delay(
    client, creche, gap, coordinator, central
):
    righted(gap, coordinator, nature="injunction", must_display=True)
    assert Notification.objects.filter(user=central, title__startswith="Injonction").count() == 1
    audit = found(entered(creche, coordinator, authority="audit"), coordinator, nature="gap")
    with pytest.raises(TransitionRefused, match="L. 2324-3"):
        righted(audit, coordinator, nature="injunction")
    client.force_login(coordinator)
    url = reverse("visits:finding_correct", args=[gap.pk])
    answer = client.post(url, given(Finding.objects.get(pk=gap.pk), nature="prescription", due_on=""))
    assert "portent un délai" in answer.content.decode()
    assert Finding.objects.get(pk=gap.pk).nature == "injunction"


def test_a_display_noted_for_a_word_that_was_wrong_stays_with_that_word(injunction, coordinator, today):
    injunction.display(by=coordinator, on=today)
    righted(injunction, coordinator, nature="remark", must_display=False)
    injunction.refresh_from_db()
    assert (injunction.displayed_on, injunction.corrections.get().displayed_on) == (None, today)


def test_after_the_answer_or_the_lifting_a_correction_says_why(client, inspection, gap, coordinator, director, today):
    measured(gap, coordinator)
    inspection.send_answer(by=coordinator, on=today, text="Voici")
    with pytest.raises(TransitionRefused, match="dites pourquoi"):
        righted(gap, coordinator, text="Registre non signé")
    client.force_login(coordinator)
    url = reverse("visits:finding_correct", args=[gap.pk])
    page = client.post(url, given(gap, text="Registre non signé")).content.decode()
    assert "Registre non signé" in page  # what was typed is still there
    assert FindingCorrection.objects.count() == 0
    client.post(url, given(gap, text="Registre non signé", reason="Mal recopié"))
    client.force_login(director)
    page = client.get(gap.get_absolute_url()).content.decode()
    for part in ("Registre absent", "Registre non signé", "Mal recopié"):
        assert part in page


def test_what_was_lifted_from_afar_was_no_injunction(gap, coordinator):
    gap.prove(by=coordinator, document=None, note="Registre signé")
    looked_at(gap, coordinator, is_on_site=False)
    with pytest.raises(TransitionRefused, match="sans contrôle sur place"):
        righted(gap, coordinator, nature="injunction", reason="Relu")
    righted(gap, coordinator, nature="prescription", reason="Relu")
    assert Finding.objects.get(pk=gap.pk).status == "lifted"


def test_a_finding_noted_by_mistake_is_withdrawn_stays_readable_and_counts_nowhere(
    client, inspection, injunction, coordinator, pole_head, director, today
):
    action = measured(injunction, coordinator, director)
    with pytest.raises(TransitionRefused, match="motif"):
        injunction.withdraw(by=coordinator, reason=" ")
    injunction.withdraw(by=coordinator, reason="Noté sur la mauvaise maison", with_measures=True)
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        Finding.objects.get(pk=injunction.pk).withdraw(by=coordinator, reason="Encore")
    with pytest.raises(TransitionRefused, match="retiré"):
        righted(injunction, coordinator, text="Autre")
    action.refresh_from_db()
    assert action.status == "abandoned"
    assert lines_about(injunction, "constat retiré").count() == 1
    assert not Finding.objects.late(today).exists()
    assert not any("injonction" in item.title for item in things_to_do(pole_head, today))
    assert search(coordinator, "encombrée", today).texts == ()
    client.force_login(coordinator)
    page = client.get(injunction.get_absolute_url()).content.decode()
    assert "Issue de secours encombrée" in page
    assert "Noté sur la mauvaise maison" in page
    register = reverse("visits:findings")
    assert "Issue de secours" not in client.get(register).content.decode()
    assert "Issue de secours" in client.get(register, {"status": "withdrawn"}).content.decode()
    (row,) = client.get(reverse("visits:inspections")).context["list"]["page"].object_list
    assert (row.found, row.standing) == (0, 0)
    with pytest.raises(TransitionRefused, match="constats"):
        inspection.send_answer(by=coordinator, on=today, text="Voici")
    inspection.close(by=coordinator)


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_finding_lifted_meanwhile_is_withdrawn_too_and_its_control_stays_readable(
    client, inspection, injunction, coordinator, director, today, is_closed
):
    injunction.prove(by=director, document=None, note="Issue dégagée")
    looked_at(injunction, coordinator, is_on_site=True)
    if is_closed:
        inspection.close(by=coordinator)
    client.force_login(coordinator)
    page = client.get(reverse("visits:finding_correct", args=[injunction.pk])).content.decode()
    assert "Retirer ce constat" in page
    client.post(reverse("visits:finding_withdraw", args=[injunction.pk]), {"reason": "Mauvaise maison"})
    injunction.refresh_from_db()
    assert (injunction.status, injunction.lifted_on) == ("withdrawn", None)
    assert injunction.corrections.get().reason == "Mauvaise maison"
    assert lines_about(injunction, "constat retiré").count() == 1
    page = client.get(injunction.get_absolute_url()).content.decode()
    assert "Mauvaise maison" in page
    assert f"{injunction.checks.get().get_outcome_display()}" in page
    (row,) = client.get(reverse("visits:inspections")).context["list"]["page"].object_list
    assert (row.found, row.standing) == (0, 0)
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        Finding.objects.get(pk=injunction.pk).withdraw(by=coordinator, reason="Encore")


def test_the_measures_of_a_withdrawn_finding_stay_unless_said_otherwise(injunction, coordinator):
    action = measured(injunction, coordinator)
    injunction.withdraw(by=coordinator, reason="Doublon")
    action.refresh_from_db()
    assert action.status == "to_start"


def test_the_papers_say_what_was_written_before_and_the_answer_leaves_out_what_was_withdrawn(
    client, inspection, gap, injunction, coordinator
):
    righted(gap, coordinator, text="Registre non signé", reason="Mal recopié")
    injunction.withdraw(by=coordinator, reason="Mauvaise maison")
    client.force_login(coordinator)
    words = {
        name: " ".join(extract_text(client.get(reverse(f"visits:{name}", args=[inspection.pk])).content).split())
        for name in ("inspection_pdf", "inspection_answer_pdf")
    }
    for part in ("Registre absent", "Registre non signé", "Mal recopié", "Mauvaise maison", "retiré"):
        assert part in words["inspection_pdf"]
    assert "Registre non signé" in words["inspection_answer_pdf"]
    assert "Issue de secours" not in words["inspection_answer_pdf"]


def test_the_database_lets_no_wording_go_without_the_row_that_keeps_it(gap, coordinator):
    righted(gap, coordinator, text="Registre non signé")
    for change in (
        lambda: Finding.objects.filter(pk=gap.pk).update(nature="remark"),
        lambda: Finding.objects.filter(pk=gap.pk).update(text="Rien"),
        lambda: FindingCorrection.objects.update(text="Rien"),
        lambda: FindingCorrection.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
