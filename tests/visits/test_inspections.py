"""Inspections: findings in the State's words, delays, proof, display, the control at the end, the lifting."""

import datetime
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.models import Notification
from dashboard.attention import things_to_do
from dashboard.search import search
from establishments.models import Document, JournalEntry
from establishments.workflow import TransitionRefused
from projects.models import ActionItem
from tests.pdf_reading import extract_text
from tests.visits.controls import DUE, entered, found, looked_at, measured
from tests.visits.happenings import told
from visits.models import Finding, FindingCheck, Inspection

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def inspection(creche, coordinator):
    return entered(creche, coordinator)


@pytest.fixture
def injunction(inspection, coordinator):
    return found(inspection, coordinator)


@pytest.fixture
def done(injunction, coordinator, director):
    """The injunction, its measure declared by the director and seen by the coordinator."""
    action = measured(injunction, coordinator, director)
    action.declare_done(by=director, evidence="Photo de l’issue dégagée")
    action.verify(by=coordinator)
    return injunction


def test_the_same_form_twice_is_one_inspection_and_one_finding(creche, coordinator, pole_head, director):
    key = uuid.uuid4()
    first, again = (entered(creche, coordinator, client_uuid=key) for _ in range(2))
    assert first.pk == again.pk
    assert Notification.objects.filter(user=pole_head).count() == 1
    one, two = (found(first, coordinator, client_uuid=key) for _ in range(2))
    assert one.pk == two.pk
    with pytest.raises(TransitionRefused):
        entered(creche, pole_head, client_uuid=key)


@pytest.mark.parametrize("authority", ["safety", "ddpp", "caf", "audit"])
def test_only_the_pmi_and_the_prefet_enjoin(creche, coordinator, authority):
    with pytest.raises(TransitionRefused, match="L. 2324-3"):
        found(entered(creche, coordinator, authority=authority), coordinator)


def test_an_injunction_has_a_delay_in_the_database_too(inspection, coordinator):
    with pytest.raises(IntegrityError), transaction.atomic():
        found(inspection, coordinator, due_on=None)


def test_an_injunction_is_told_to_those_above_and_a_remark_is_not(
    inspection, coordinator, pole_head, division_head, central, director
):
    found(inspection, coordinator, nature="remark", due_on=None)
    assert not Notification.objects.filter(user__in=[division_head, central]).exists()
    found(inspection, coordinator)
    for person in (pole_head, division_head, central, director):
        assert Notification.objects.filter(user=person, title__startswith="Injonction").count() == 1


def test_an_injunction_is_lifted_by_a_control_on_the_spot_only(done, coordinator):
    with pytest.raises(TransitionRefused, match="sur place"):
        looked_at(done, coordinator, is_on_site=False)
    looked_at(done, coordinator)
    done.refresh_from_db()
    assert (done.status, done.lifted_on) == ("lifted", datetime.date(2026, 3, 12))
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        looked_at(Finding.objects.get(pk=done.pk), coordinator)


def test_nothing_is_lifted_while_a_measure_is_only_declared_or_without_proof(injunction, coordinator, director):
    with pytest.raises(TransitionRefused, match="preuve"):
        looked_at(injunction, coordinator)
    action = measured(injunction, coordinator, director)
    action.declare_done(by=director, evidence="Photo")
    with pytest.raises(TransitionRefused, match="pas encore vérifiée"):
        looked_at(injunction, coordinator)
    action.verify(by=coordinator)
    assert looked_at(injunction, coordinator).outcome == "lifted"


def test_a_finding_kept_gets_another_delay_and_its_measures_go_back_to_work(done, coordinator):
    later = datetime.date(2026, 4, 10)
    key = uuid.uuid4()
    for _ in range(2):
        looked_at(done, coordinator, "kept", note="Encombrée de nouveau", due_after=later, client_uuid=key)
    done.refresh_from_db()
    (check,) = done.checks.all()
    assert (done.status, done.due_on, check.due_before) == ("standing", later, DUE)
    action = ActionItem.objects.get()
    assert (action.status, action.reopened_count, action.evidence) == ("in_progress", 1, "")
    assert "Encombrée de nouveau" in JournalEntry.objects.about(action).filter(verb="action rouverte").get().note


def test_a_recommendation_of_an_audit_is_lifted_by_somebody_else_than_who_did_it(creche, coordinator, pole_head):
    audit = entered(creche, coordinator, authority="audit", subject="Audit des protocoles")
    advice = found(audit, coordinator, nature="recommendation", due_on=DUE)
    advice.prove(by=coordinator, document=None, note="Protocole réécrit")
    with pytest.raises(TransitionRefused, match="second regard"):
        looked_at(advice, coordinator)
    looked_at(advice, pole_head)
    audit.close(by=pole_head)
    assert audit.status == "closed"


def test_an_answer_leaves_once_every_finding_has_its_measure(inspection, injunction, coordinator, today):
    found(inspection, coordinator, nature="remark", due_on=None, text="Belle salle")
    with pytest.raises(TransitionRefused, match="Il manque une mesure"):
        inspection.send_answer(by=coordinator, on=today, text="Voici")
    measured(injunction, coordinator)
    inspection.send_answer(by=coordinator, on=today, text="Voici nos mesures.")
    assert (inspection.status, inspection.answered_by) == ("answered", coordinator)
    with pytest.raises(TransitionRefused, match="Il reste 2 constats"):
        inspection.close(by=coordinator)


def test_what_was_looked_at_again_is_never_rewritten(done, coordinator):
    check = looked_at(done, coordinator)
    for change in (
        lambda: FindingCheck.objects.filter(pk=check.pk).update(note="x"),
        lambda: FindingCheck.objects.filter(pk=check.pk).delete(),
        lambda: Finding.objects.filter(pk=done.pk).update(nature="remark"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_late_injunction_is_first_on_the_screen_of_the_head_even_before_an_alert(
    injunction, creche, coordinator, pole_head, director, today
):
    told(creche, director, severity=4)
    first, second, *_ = things_to_do(pole_head, today)
    assert first.url == injunction.get_absolute_url()
    assert "injonction en retard" in first.title
    assert "événement" not in first.title
    assert second.weight == first.weight


def test_verified_measures_turn_lateness_into_a_control_to_obtain(done, pole_head, today):
    titles = [item.title for item in things_to_do(pole_head, today)]
    assert not any("en retard" in title and "injonction" in title for title in titles)
    assert any("injonction à lever" in title for title in titles)
    assert list(Finding.objects.to_recheck(today)) == [done]
    assert not Finding.objects.late(today).exists()


def test_the_display_is_asked_until_it_is_noted_and_never_of_what_need_not_be(inspection, coordinator, today):
    order = found(inspection, coordinator, due_on=datetime.date(2026, 6, 1))
    plain = found(inspection, coordinator, nature="gap", due_on=datetime.date(2026, 6, 1))
    assert any("à afficher" in item.title for item in things_to_do(coordinator, today))
    order.display(by=coordinator, on=today)
    assert not any("à afficher" in item.title for item in things_to_do(coordinator, today))
    with pytest.raises(TransitionRefused):
        plain.display(by=coordinator, on=today)


def test_the_forms_record_letter_findings_proof_and_lifting(client, creche, coordinator, director):
    client.force_login(coordinator)
    data = {"client_uuid": uuid.uuid4(), "establishment": creche.pk, "authority": "pmi", "held_on": "2026-02-10"}
    data |= {"subject": "Contrôle annuel", "file": SimpleUploadedFile("courrier.pdf", PDF)}
    answer = client.post(reverse("visits:inspection_create"), data, follow=True)
    inspection = Inspection.objects.get()
    assert "Contrôle annuel" in answer.content.decode()
    assert inspection.letter.level == "etablissement"
    given = {"client_uuid": uuid.uuid4(), "nature": "injunction", "text": "Issue encombrée"}
    page = client.post(reverse("visits:finding_add", args=[inspection.pk]), given).content.decode()
    assert "portent un délai" in page
    assert "Issue encombrée" in page
    client.post(reverse("visits:finding_add", args=[inspection.pk]), given | {"due_on": "2026-03-30"})
    finding = Finding.objects.get()
    assert finding.must_display
    client.force_login(director)
    proof = {"note": "Photo", "file": SimpleUploadedFile("preuve.pdf", PDF + b"2")}
    client.post(reverse("visits:finding_proof", args=[finding.pk]), proof)
    finding.refresh_from_db()
    assert (finding.proved_by, finding.proof.title[:6]) == (director, "Preuve")
    assert Document.objects.visible_to(director).count() == 2
    client.force_login(coordinator)
    seen = {"client_uuid": uuid.uuid4(), "checked_on": "2026-03-16", "outcome": "lifted", "is_on_site": "on"}
    client.post(reverse("visits:finding_check", args=[finding.pk]), seen)
    assert Finding.objects.get().status == "lifted"


def test_the_papers_say_findings_dates_and_answer(client, done, inspection, coordinator, today):
    inspection.send_answer(by=coordinator, on=today, text="Issue dégagée le jour même.")
    looked_at(done, coordinator)
    client.force_login(coordinator)
    for name, said in [
        ("inspection_pdf", ["Injonction", "10 mars 2026", "levé", "12 mars 2026", "Issue dégagée le jour même."]),
        ("inspection_answer_pdf", ["Issue de secours encombrée", "Dégager l’issue", "signature"]),
    ]:
        words = " ".join(extract_text(client.get(reverse(f"visits:{name}", args=[inspection.pk])).content).split())
        assert [one for one in said if one not in words] == []


def test_central_services_read_where_a_finding_stands_without_reading_actions(client, done, central):
    client.force_login(central)
    page = client.get(done.inspection.get_absolute_url()).content.decode()
    assert "recontrôle à obtenir" in page
    assert "Dégager l’issue" not in page


def test_an_inspection_is_found_by_its_findings_in_the_perimeter_only(
    injunction, coordinator, neighbour, colleague, today
):
    readers = (coordinator, neighbour, colleague)
    found_by = {who: [hit.url for hit in search(who, "encombrée", today).texts] for who in readers}
    assert found_by[coordinator] == [injunction.inspection.get_absolute_url()]
    assert found_by[neighbour] == found_by[colleague] == []


@pytest.mark.parametrize("name", ["visits:inspections", "visits:findings"])
def test_the_lists_take_the_queries_of_one_for_thirty(
    client, creche, coordinator, name, django_assert_max_num_queries
):
    client.force_login(coordinator)
    for number in range(30):
        if number in (1, 29):
            with django_assert_max_num_queries(12):
                client.get(reverse(name), {"territory": creche.attachments.get().territory_id})
        found(entered(creche, coordinator, subject=f"Contrôle {number}"), coordinator)


@pytest.mark.parametrize("wait", ["late", "recheck", "display"])
def test_the_register_filters_what_waits(client, inspection, done, coordinator, wait):
    late = found(inspection, coordinator, text="Extincteur absent")
    late.display(by=coordinator, on=datetime.date(2026, 3, 1))
    client.force_login(coordinator)
    page = client.get(reverse("visits:findings"), {"wait": wait}).content.decode()
    shown = {"late": "Extincteur absent", "recheck": "Issue de secours", "display": "Issue de secours"}
    other = {"late": "Issue de secours", "recheck": "Extincteur", "display": "Extincteur"}
    assert shown[wait] in page
    assert other[wait] not in page
