"""Leaves as they are asked, decided, cancelled; two people at once; forged choices."""

import datetime
import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from core.models import Notification
from establishments.models import JournalEntry, Unavailability
from establishments.workflow import TransitionRefused
from staffing.forms import LeaveForm
from staffing.models import LeaveRequest
from tests.factories import TODAY, UserFactory
from tests.staffing.factories import LeaveFactory, PostingFactory

DAY = datetime.timedelta(days=1)
Status = LeaveRequest.Status


@pytest.fixture
def educator(creche):
    return PostingFactory(establishment=creche, employee__first_name="Ana", employee__last_name="Lopes")


def typed(posting, **changes):
    given = {
        "employee": posting.employee_id,
        "kind": "annual",
        "part": "day",
        "starts_on": "2026-04-07",
        "ends_on": "2026-04-10",
        "client_uuid": str(uuid.uuid4()),
    }
    return given | changes


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestAsking:
    def test_a_director_proposes_and_cannot_decide(self, client, director, educator):
        client.force_login(director)
        page = client.post("/conges/nouveau/", typed(educator), follow=True)
        leave = LeaveRequest.objects.get()
        assert (leave.establishment, leave.proposed_by, leave.status) == (
            educator.establishment,
            director,
            Status.PROPOSED,
        )
        assert "Accorder" not in page.content.decode()
        assert client.post(f"/conges/{leave.pk}/accorder/").status_code == 403

    def test_the_same_form_sent_twice_gives_one_request(self, client, director, educator):
        client.force_login(director)
        sent = typed(educator)
        places = [client.post("/conges/nouveau/", sent).headers["Location"] for _ in range(2)]
        assert places[0] == places[1]
        assert LeaveRequest.objects.count() == JournalEntry.objects.count() == 1

    def test_an_agent_of_another_house_is_an_invalid_choice(self, director, far_creche):
        stranger = PostingFactory(establishment=far_creche)
        assert "employee" in LeaveForm(typed(stranger), user=director).errors

    def test_an_agent_who_will_have_left_is_refused(self, director, educator):
        educator.ends_on = TODAY + DAY
        educator.save()
        assert "n’est pas affectée" in str(LeaveForm(typed(educator), user=director).errors)

    def test_a_second_request_over_the_same_days_is_refused_and_kept_on_the_screen(self, client, director, educator):
        LeaveFactory(person=educator)
        client.force_login(director)
        text = client.post("/conges/nouveau/", typed(educator, ends_on="2026-04-24")).content.decode()
        assert "a déjà une demande sur cette période" in text
        assert 'value="2026-04-24"' in text

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"starts_on": "2026-03-16", "ends_on": "2026-03-18"}, "starts_on"),
            ({"ends_on": "2027-04-10"}, "ends_on"),
            ({"ends_on": "2026-04-01"}, "__all__"),
            ({"part": "morning"}, "__all__"),
            ({"kind": "maladie"}, "kind"),
            ({"client_uuid": "x"}, "client_uuid"),
        ],
    )
    def test_what_cannot_be_is_said(self, director, educator, changes, field):
        form = LeaveForm(typed(educator, **changes), user=director)
        assert list(form.errors) == [field]

    def test_the_database_refuses_two_leaves_on_one_day(self, educator):
        LeaveFactory(person=educator)
        with pytest.raises(IntegrityError), transaction.atomic():
            LeaveFactory(person=educator, starts_on=datetime.date(2026, 4, 10))
        LeaveFactory(person=educator, starts_on=datetime.date(2026, 4, 11), ends_on=datetime.date(2026, 4, 12))


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestDeciding:
    def test_granting_tells_who_proposed_and_the_person_herself(self, coordinator, director, educator):
        educator.employee.user = UserFactory()
        educator.employee.save()
        leave = LeaveFactory(person=educator, proposed_by=director)
        leave.grant(by=coordinator)
        assert (leave.status, leave.decided_by) == (Status.GRANTED, coordinator)
        assert set(Notification.objects.values_list("user", flat=True)) == {director.pk, educator.employee.user_id}
        assert Unavailability.objects.get().person_id == educator.employee.user_id

    def test_a_refusal_needs_a_reason_of_service(self, client, coordinator, educator):
        leave = LeaveFactory(person=educator)
        client.force_login(coordinator)
        client.post(f"/conges/{leave.pk}/refuser/", {"reason": "maladie"})
        leave.refresh_from_db()
        assert leave.status == Status.PROPOSED
        page = client.post(f"/conges/{leave.pk}/refuser/", {"reason": "continuity"}, follow=True)
        assert "continuité de direction" in page.content.decode()
        assert JournalEntry.objects.get().note == "continuité de direction"

    def test_nobody_decides_her_own_leave(self, client, coordinator, educator):
        educator.employee.user = coordinator
        educator.employee.save()
        leave = LeaveFactory(person=educator)
        for decide in (lambda: leave.grant(by=coordinator), lambda: leave.refuse(by=coordinator, reason="ratio")):
            with pytest.raises(TransitionRefused, match="son propre congé"):
                decide()
        client.force_login(coordinator)
        assert "Refuser" not in client.get(leave.get_absolute_url()).content.decode()

    def test_a_second_click_is_told_kindly(self, client, coordinator, pole_head, educator):
        leave = LeaveFactory(person=educator)
        leave.grant(by=pole_head)
        client.force_login(coordinator)
        back = {"HTTP_REFERER": f"http://testserver{leave.get_absolute_url()}"}
        page = client.post(f"/conges/{leave.pk}/accorder/", follow=True, **back)
        assert "Déjà traité : accordé." in page.content.decode().replace("\u00a0", " ")

    def test_only_the_proposer_cancels_before_the_first_day(self, coordinator, director, educator):
        educator.employee.user = UserFactory()
        educator.employee.save()
        leave = LeaveFactory(person=educator, proposed_by=director)
        leave.grant(by=coordinator)
        with pytest.raises(PermissionDenied):
            leave.cancel(by=coordinator)
        with pytest.raises(TransitionRefused, match="a commencé"):
            leave.cancel(by=director, today=leave.starts_on)
        assert leave.can_be_cancelled_by(director, TODAY)
        leave.cancel(by=director, today=TODAY)
        assert leave.status == Status.CANCELLED
        assert not Unavailability.objects.exists()

    def test_who_took_the_place_of_the_proposer_may_cancel(self, client, coordinator, director, educator, creche):
        """The director who proposed it left the house: nobody else could free these days."""
        leave = LeaveFactory(person=educator, proposed_by=director)
        url = reverse("staffing:leave_cancel", args=[leave.pk])
        client.force_login(coordinator)
        assert "Annuler la demande" not in client.get(leave.get_absolute_url()).content.decode()
        assert client.post(url).status_code == 403
        director.mandates.update(ends_on=TODAY - datetime.timedelta(days=1))
        assert "Annuler la demande" in client.get(leave.get_absolute_url()).content.decode()
        client.post(url)
        leave.refresh_from_db()
        assert (leave.status, leave.decided_by) == (Status.CANCELLED, coordinator)

    def test_cancelling_what_was_not_granted_leaves_other_absences_alone(self, director, educator):
        educator.employee.user = UserFactory()
        educator.employee.save()
        leave = LeaveFactory(person=educator, proposed_by=director)
        Unavailability.objects.create(person=educator.employee.user, starts_on=leave.starts_on, ends_on=leave.ends_on)
        leave.cancel(by=director)
        assert Unavailability.objects.exists()

    def test_a_selection_is_shown_then_granted_by_the_same_decision(self, client, coordinator, creche, far_creche):
        leaves = [LeaveFactory(person=PostingFactory(establishment=creche)) for _ in range(3)]
        stranger = LeaveFactory(person=PostingFactory(establishment=far_creche))
        asked = {"demandes": [*(leave.pk for leave in leaves), stranger.pk]}
        client.force_login(coordinator)
        text = client.post("/conges/accorder/", asked).content.decode()
        assert "Accorder 3 congés" in text
        assert "plus d’un tiers de l’équipe absente" in text
        assert not LeaveRequest.objects.granted().exists()
        leaves[0].grant(by=coordinator)
        page = client.post("/conges/accorder/", asked | {"confirmer": "1"}, follow=True).content.decode()
        assert "2 congés accordés" in page
        assert "Déjà traité" in page
        assert LeaveRequest.objects.granted().count() == JournalEntry.objects.count() == 3
        stranger.refresh_from_db()
        assert stranger.status == Status.PROPOSED

    def test_a_forged_selection_is_nothing(self, client, coordinator):
        client.force_login(coordinator)
        page = client.post("/conges/accorder/", {"demandes": ["x", "-1", "9" * 40]})
        assert "Rien à accorder" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestLists:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"status": "granted"}, {"Bruno"}),
            ({"since": "2026-05-01"}, {"Bruno"}),
            ({"until": "2026-04-30"}, {"Ana"}),
            ({"q": "lopès"}, {"Ana"}),
            ({"kind": "rtt"}, {"Bruno"}),
        ],
    )
    def test_the_list_is_filtered(self, client, coordinator, educator, creche, query, found):
        LeaveFactory(person=educator)
        other = PostingFactory(establishment=creche, employee__first_name="Bruno")
        LeaveFactory(
            person=other, kind="rtt", starts_on=datetime.date(2026, 5, 4), ends_on=datetime.date(2026, 5, 5)
        ).grant(by=coordinator)
        client.force_login(coordinator)
        text = client.get("/conges/", query).content.decode().partition("<tbody>")[2]
        assert {name for name in ("Ana", "Bruno") if f">{name} " in text} == found

    def test_only_pending_requests_of_my_houses_can_be_ticked(self, client, coordinator, director, educator, creche):
        pending = LeaveFactory(person=educator)
        LeaveFactory(person=PostingFactory(establishment=creche)).grant(by=coordinator)
        client.force_login(coordinator)
        text = client.get("/conges/").content.decode()
        assert text.count('name="demandes"') == 1
        assert f'value="{pending.pk}"' in text
        client.force_login(director)
        assert 'name="demandes"' not in client.get("/conges/").content.decode()

    @pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "pdf"])
    def test_the_list_is_exported_without_its_boxes(self, client, coordinator, educator, kind):
        LeaveFactory(person=educator)
        client.force_login(coordinator)
        response = client.get("/conges/", {"export": kind})
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert len(content) > 100
        if kind == "csv":
            assert "Ana Lopes" in content.decode("utf-8-sig")
            assert "Accorder" not in content.decode("utf-8-sig")

    def test_the_list_asks_the_same_queries_for_1_and_30_requests(
        self, client, coordinator, creche, django_assert_max_num_queries
    ):
        LeaveFactory(person=PostingFactory(establishment=creche))
        client.force_login(coordinator)
        with django_assert_max_num_queries(12) as few:
            client.get("/conges/")
        for _ in range(29):
            LeaveFactory(person=PostingFactory(establishment=creche))
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get("/conges/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("today")
def test_a_grant_and_a_refusal_at_once_give_one_decision(coordinator, pole_head, creche):
    leave = LeaveFactory(person=PostingFactory(establishment=creche))
    outcomes, barrier = [], threading.Barrier(6)

    def decide(number):
        try:
            mine = LeaveRequest.objects.get(pk=leave.pk)
            barrier.wait()
            if number % 2:
                mine.grant(by=coordinator)
            else:
                mine.refuse(by=pole_head, reason="ratio")
            outcomes.append("decided")
        except TransitionRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided"] + ["refused"] * 5
    assert JournalEntry.objects.count() == 1
    leave.refresh_from_db()
    assert leave.status in {Status.GRANTED, Status.REFUSED}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("today")
def test_one_form_sent_by_two_threads_at_once_gives_one_request(director, creche):
    posting, key = PostingFactory(establishment=creche), uuid.uuid4()
    found, barrier = [], threading.Barrier(4)

    def propose():
        try:
            leave = LeaveFactory.build(
                employee=posting.employee, establishment=creche, proposed_by=None, client_uuid=key
            )
            barrier.wait()
            found.append(leave.propose(by=director).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=propose) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
