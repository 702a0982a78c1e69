"""The same page sent by four hands at once: one object, one line in the journal, no error 500. Both engines."""

import datetime
import threading
import uuid
from collections import Counter

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from establishments.models import Document, JournalEntry
from projects.models import ActionItem
from staffing.models import Employee, LeaveRequest
from tests.staffing.factories import LeaveFactory, PostingFactory, imported
from tests.visits.factories import GridFactory, ObservationFactory, VisitFactory
from tests.visits.pages import page_data
from visits.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("stopped_clock")]

HANDS = 4
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def stopped_clock(db):
    with time_machine.travel(datetime.datetime(2026, 3, 17, 8, 0, tzinfo=datetime.UTC), tick=False):
        yield


def at_once(user, url, make_data):
    """The statuses of the answers to the same post, sent by every hand at the same moment."""
    barrier, statuses = threading.Barrier(HANDS), []

    def send(client):
        try:
            barrier.wait(timeout=20)
            statuses.append(client.post(url, make_data()).status_code)
        finally:
            connection.close()

    clients = [Client(raise_request_exception=False) for _ in range(HANDS)]
    for client in clients:
        client.force_login(user)
    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(statuses) == HANDS
    assert max(statuses) < 500, statuses
    return Counter(statuses)


def lines(verb):
    return JournalEntry.objects.filter(verb=verb).count()


def test_a_visit_is_created_once(creche, coordinator):
    grid = GridFactory(items=1)
    client = Client()
    client.force_login(coordinator)
    page = page_data(client.get(reverse("visits:create"), {"etablissement": creche.pk}))
    page |= {"n-libre-1-title": "Refaire l’affichage", f"o-{grid.items.get().pk}-fact": "Vu à 9 h."}
    at_once(coordinator, reverse("visits:create"), lambda: page)
    assert (Visit.objects.count(), ActionItem.objects.count()) == (1, 1)
    assert Visit.objects.get().observations.count() == 1
    assert lines("visite saisie") == 1


def test_a_visit_is_planned_once(creche, coordinator):
    data = {"establishment": creche.pk, "kind": "regular", "planned_on": "2026-03-30", "client_uuid": uuid.uuid4()}
    at_once(coordinator, reverse("visits:plan"), lambda: data)
    assert (Visit.objects.count(), lines("visite planifiée")) == (1, 1)


def test_a_visit_is_postponed_once(creche, coordinator):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, planned=True)
    data = {"reason": "grève", "to": "2026-04-02", "client_uuid": uuid.uuid4()}
    at_once(coordinator, reverse("visits:postpone", args=[visit.pk]), lambda: data)
    assert (Visit.objects.count(), lines("visite reportée")) == (2, 1)


def test_an_action_is_created_once(creche, coordinator):
    data = {
        "establishment": creche.pk, "title": "Peindre", "due_on": "2026-03-30", "kind": "improvement",
        "priority": "2", "origin_kind": "manual", "level": "etablissement", "client_uuid": uuid.uuid4(),
    }  # fmt: skip
    assert at_once(coordinator, reverse("projects:action_create"), lambda: data) == {302: HANDS}
    assert (ActionItem.objects.count(), lines("action créée")) == (1, 1)


def test_a_leave_is_proposed_once(creche, coordinator):
    employee = PostingFactory(establishment=creche).employee
    data = {
        "employee": employee.pk, "kind": "annual", "part": "day", "starts_on": "2026-04-07", "ends_on": "2026-04-10",
        "client_uuid": uuid.uuid4(),
    }  # fmt: skip
    at_once(coordinator, reverse("staffing:leave_create"), lambda: data)
    assert (LeaveRequest.objects.count(), lines("congé proposé")) == (1, 1)


def test_two_different_forms_for_the_same_days_give_one_leave(creche, coordinator):
    employee = PostingFactory(establishment=creche).employee

    def data():
        return {
            "employee": employee.pk, "kind": "annual", "part": "day", "starts_on": "2026-04-07",
            "ends_on": "2026-04-10", "client_uuid": uuid.uuid4(),
        }  # fmt: skip

    at_once(coordinator, reverse("staffing:leave_create"), data)
    assert (LeaveRequest.objects.count(), lines("congé proposé")) == (1, 1)


def test_a_leave_is_granted_once(creche, coordinator):
    leave = LeaveFactory(person=PostingFactory(establishment=creche))
    assert at_once(coordinator, reverse("staffing:leave_grant", args=[leave.pk]), dict) == {302: HANDS}
    assert lines("congé accordé") == 1


def test_a_file_of_agents_is_taken_back_once(creche, coordinator):
    run = imported(coordinator, "A1;Lopes;Ana;les-lilas;EJE;01/03/2026;8h-16h;")
    assert at_once(coordinator, reverse("staffing:import_undo", args=[run.pk]), dict) == {302: HANDS}
    assert (Employee.objects.count(), lines("import d’équipes annulé")) == (0, 1)


def test_a_document_is_deposited_once(creche, coordinator):
    def data():
        return {"file": SimpleUploadedFile("plan.pdf", PDF), "title": "Plan", "kind": "plan", "level": "pole"}

    assert at_once(coordinator, reverse("establishments:document_add", args=[creche.pk]), data) == {302: HANDS}
    assert (Document.objects.count(), lines("document déposé")) == (1, 1)


def test_a_report_is_shared_then_validated_once(creche, coordinator, director):
    grid = GridFactory(items=1)
    visit = VisitFactory(
        establishment=creche, coordinator=coordinator, grid=grid, starts_at=datetime.time(9), summary="Une équipe.",
        ends_at=datetime.time(11), directing="A. Roux", sections_seen="bébés", context_note="Calme.",
        next_visit_on=datetime.date(2026, 5, 5), present_non_walkers=5, present_walkers=10, staff_category_1=3,
        staff_category_2=2, expected_non_walkers=5, expected_walkers=10, staff_other=0,
    )  # fmt: skip
    ObservationFactory(visit=visit, item=grid.items.get())
    at_once(coordinator, reverse("visits:share", args=[visit.pk]), dict)
    visit.refresh_from_db()
    assert (visit.report_status, lines("compte rendu transmis")) == ("shared", 1)
    at_once(director, reverse("visits:answer", args=[visit.pk]), lambda: {"remark": "D’accord."})
    assert lines("observations reçues") == 1
    remark = visit.remarks.get()
    at_once(coordinator, reverse("visits:remark_decide", args=[remark.pk]), lambda: {"decision": "accepted"})
    assert lines("observation acceptée") == 1
    at_once(coordinator, reverse("visits:validate", args=[visit.pk]), dict)
    visit.refresh_from_db()
    assert (visit.report_status, lines("compte rendu validé")) == ("validated", 1)


def test_a_month_is_entered_once(creche, coordinator):
    data = {
        "version": "0", "authorised_hours": "100", "open_hours": "90", "contracted_hours": "80", "actual_hours": "70",
        "billed_hours": "75", "children_enrolled": "20", "opening_days": "20",
    }  # fmt: skip
    at_once(coordinator, f"{reverse('indicators:activity_edit', args=[creche.pk])}?mois=2026-02", lambda: data)
    assert creche.monthly_activity.count() == 1
    assert lines("activité saisie") == 1
