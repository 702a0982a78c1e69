"""The leave plan of a house: proposed together, sent, decided line by line or together, printed."""

import datetime

import pytest
from django.urls import reverse

from core.models import Notification
from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from staffing.models import LeavePlan, LeaveRequest, Posting
from staffing.plan_page import facts_of
from tests.factories import TODAY
from tests.staffing.factories import LeaveFactory, PostingFactory, expect, worker
from tests.staffing.test_leaves import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date
Job, Status = Posting.Job, LeavePlan.Status


@pytest.fixture
def plan(creche, director):
    return LeavePlan.objects.create(
        establishment=creche, starts_on=D(2026, 4, 1), ends_on=D(2026, 6, 30), season="spring", created_by=director
    )


@pytest.fixture
def team(creche):
    expect(creche, 0, 12)
    return [worker(creche, job=job) for job in (Job.DEPUTY, Job.EJE, Job.AUXILIARY)]


def line(plan, posting, **given):
    return LeaveFactory(person=posting, plan=plan, proposed_by=plan.created_by, **given)


def test_a_director_opens_fills_and_sends_her_plan(client, director, coordinator, creche, team):
    client.force_login(director)
    opened = {"establishment": creche.pk, "season": "spring", "starts_on": "2026-04-01", "ends_on": "2026-06-30"}
    opened |= {"client_uuid": "2a6a1c1e-93a0-4d44-9fd5-0ad4c1a4cb65"}
    for _ in range(2):
        client.post("/conges/plannings/ouvrir/", opened)
    plan = LeavePlan.objects.get()
    add = reverse("staffing:plan_line_add", args=[plan.pk])
    client.post(add, typed(team[1]))
    assert plan.lines.get().status == "proposed"
    assert not LeaveRequest.objects.pending().exists()
    page = client.post(reverse("staffing:plan_submit", args=[plan.pk]), follow=True).content.decode()
    assert "Planning transmis" in page
    assert LeaveRequest.objects.pending().count() == 1
    assert Notification.objects.get(user=coordinator).url == plan.get_absolute_url()
    assert JournalEntry.objects.filter(verb="planning transmis").count() == 1


def test_an_empty_plan_is_not_sent_and_a_plan_sent_takes_no_more_lines(client, director, plan, team):
    with pytest.raises(TransitionRefused, match="aucune demande"):
        plan.submit(by=director)
    line(plan, team[1])
    plan.submit(by=director)
    with pytest.raises(TransitionRefused, match="déjà transmis"):
        LeaveFactory.build(
            employee=team[2].employee, establishment=plan.establishment, plan=plan, proposed_by=None
        ).propose(by=director)


def test_nothing_is_decided_before_the_plan_is_sent(coordinator, director, plan, team):
    asked = line(plan, team[1])
    for decide in (lambda: asked.grant(by=coordinator), lambda: asked.refuse(by=coordinator, reason="ratio")):
        with pytest.raises(TransitionRefused, match="pas encore transmis"):
            decide()
    plan.submit(by=director)
    asked.refresh_from_db()
    asked.grant(by=coordinator)
    assert asked.status == "granted"


def test_the_directors_own_leave_goes_straight_to_the_coordinator(client, director, coordinator, creche, plan):
    head = PostingFactory(establishment=creche, job=Job.DIRECTOR, employee__user=director)
    client.force_login(director)
    page = client.post(reverse("staffing:plan_line_add", args=[plan.pk]), typed(head), follow=True)
    assert "va droit à qui le décide" in page.content.decode()
    leave = LeaveRequest.objects.get()
    assert leave.plan is None
    assert list(LeaveRequest.objects.pending()) == [leave]
    told = Notification.objects.get(user=coordinator)
    assert "Congé de direction à décider" in told.title


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts_on": "2026-07-06", "ends_on": "2026-07-10"}, "hors de la période"),
        ({"starts_on": "2026-04-10", "ends_on": "2026-04-07"}, "précède"),
    ],
)
def test_a_line_stays_in_the_period_and_what_was_typed_is_kept(client, director, plan, team, changes, words):
    client.force_login(director)
    text = client.post(reverse("staffing:plan_line_add", args=[plan.pk]), typed(team[1], **changes)).content.decode()
    assert words in text
    assert f'value="{changes["ends_on"]}"' in text


def test_an_agent_of_another_house_is_an_invalid_choice(client, director, plan, far_creche):
    client.force_login(director)
    stranger = PostingFactory(establishment=far_creche)
    page = client.post(reverse("staffing:plan_line_add", args=[plan.pk]), typed(stranger))
    assert "employee" in page.context_data["form"].errors


def test_the_page_judges_the_period_as_if_every_line_were_granted(client, director, coordinator, plan, team):
    for posting in team[1:]:
        line(plan, posting)
    plan.submit(by=director)
    facts = facts_of(plan, TODAY)
    assert facts.red_days == 4
    client.force_login(coordinator)
    text = client.get(plan.get_absolute_url()).content.decode()
    assert "4 jours en défaut" in text
    assert text.count('name="demandes"') == 2
    assert "Tout accorder ajouterait 88 demi-heures en défaut." in text
    assert "Droit 2026" in text


def test_lines_are_decided_from_the_plan_and_the_plan_is_closed(client, director, coordinator, plan, team):
    first, second = line(plan, team[1]), line(plan, team[2], starts_on=D(2026, 5, 4), ends_on=D(2026, 5, 7))
    plan.submit(by=director)
    client.force_login(coordinator)
    close = reverse("staffing:plan_close", args=[plan.pk])
    back = {"HTTP_REFERER": f"http://testserver{plan.get_absolute_url()}"}
    assert "Il reste 2 demandes à décider" in client.post(close, follow=True, **back).content.decode()
    asked = {"demandes": [first.pk], "confirmer": "1", "retour": plan.get_absolute_url()}
    assert client.post("/conges/accorder/", asked).headers["Location"] == plan.get_absolute_url()
    client.post(f"/conges/{second.pk}/refuser/", {"reason": "fairness"})
    client.post(close)
    plan.refresh_from_db()
    assert (plan.status, plan.decided_by) == (Status.DECIDED, coordinator)
    assert Notification.objects.filter(user=director, url=plan.get_absolute_url()).exists()


def test_a_plan_sent_back_keeps_what_is_decided_and_says_why(client, director, coordinator, plan, team):
    first, _ = line(plan, team[1]), line(plan, team[2], starts_on=D(2026, 5, 4), ends_on=D(2026, 5, 7))
    plan.submit(by=director)
    first.refresh_from_db()
    first.grant(by=coordinator)
    client.force_login(coordinator)
    url = reverse("staffing:plan_send_back", args=[plan.pk])
    client.post(url, {"reason": "Elle est en arrêt maladie"})
    plan.refresh_from_db()
    assert plan.status == Status.SUBMITTED
    client.post(url, {"reason": "Étaler la première semaine de mai"})
    plan.refresh_from_db()
    assert (plan.status, plan.submitted_by) == (Status.PREPARING, None)
    assert JournalEntry.objects.filter(verb="planning renvoyé").get().note == "Étaler la première semaine de mai"
    assert plan.lines.filter(status="granted").count() == 1
    plan.submit(by=director)


def test_the_plan_is_a_pdf_marked_as_a_project_until_it_is_decided(client, director, plan, team):
    line(plan, team[1])
    client.force_login(director)
    content = client.get(reverse("staffing:plan_pdf", args=[plan.pk])).content
    assert content.startswith(b"%PDF")
    assert len(content) > 5000


def test_the_queries_of_a_plan_do_not_grow_with_its_lines(
    client, coordinator, director, creche, plan, django_assert_max_num_queries
):
    expect(creche, 2, 6)
    line(plan, worker(creche))
    plan.submit(by=director)
    client.force_login(coordinator)
    with django_assert_max_num_queries(25) as few:
        client.get(plan.get_absolute_url())
    for _ in range(29):
        line(plan, worker(creche))
    with django_assert_max_num_queries(len(few.captured_queries)):
        text = client.get(plan.get_absolute_url()).content.decode()
    assert text.count('name="demandes"') == 30


def test_the_list_of_plans_counts_their_lines(client, coordinator, director, plan, team):
    line(plan, team[1])
    line(plan, team[2], starts_on=D(2026, 5, 4), ends_on=D(2026, 5, 7))
    client.force_login(coordinator)
    text = client.get("/conges/plannings/", {"export": "csv"})
    content = b"".join(text.streaming_content).decode("utf-8-sig")
    assert "Printemps 2026" in content
    assert ";2;2;0;0" in content
