"""What the follow-up suggests for an agenda: each source comes and goes, two clicks are one subject, nobody else's."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dashboard.agenda.suggesting import suggestions_for
from establishments.models import Closure, Directorship, JournalEntry, Level, Obligation, WorksPeriod
from projects.meeting_steps import send
from projects.models import ActionItem, Meeting, ServiceRequest, SetAside, Subject
from projects.suggestion_steps import put_on_agenda
from projects.suggestions import OF_A_KIND, SHOWN, Suggestion, choose
from staffing.models import LeavePlan
from tests.factories import TODAY, DirectorshipFactory, EstablishmentFactory
from tests.indicators.factories import ActivityFactory
from tests.projects.factories import ActionFactory, RequestFactory, WorksFactory
from tests.projects.meeting_factories import MeetingFactory, SeriesFactory
from tests.visits.controls import entered, found
from tests.visits.factories import VisitFactory
from tests.visits.happenings import told
from tests.visits.reviews import scheduled
from tests.visits.sensitive import opened

pytestmark = pytest.mark.usefixtures("today")
DAY = datetime.timedelta(days=1)
HELD = TODAY + 9 * DAY


@pytest.fixture
def meeting(creche, sector, director, coordinator):
    series = SeriesFactory(territory=sector, people=[director, coordinator], title="Responsables de Belleville")
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=TODAY)  # nothing else to say of the house
    ActivityFactory(establishment=creche, submitted=True)
    return MeetingFactory(series=series, held_on=HELD, status="preparing", length=60, created_by=coordinator)


def suggested(user, meeting):
    fresh = Meeting.objects.select_related("series__territory").get(pk=meeting.pk)
    return {one.key: one for one in suggestions_for(user, fresh, TODAY).shown}


def late_action(creche, by):
    return ActionFactory(establishment=creche, title="Réparer le portail", due_on=TODAY, created_by=by)


def action(creche, by):
    row = late_action(creche, by)
    return f"action-{row.pk}", lambda: row.declare_done(by=by, evidence="Photo")


def question(creche, by):
    row = RequestFactory(establishment=creche, asked_by=by)
    return f"request-{row.pk}", lambda: row.reply(by=by, answer="Oui.")


def works(creche, by):
    stamps = {"decided_by": by, "decided_at": timezone.now()}
    row = WorksFactory(establishment=creche, status="decided", starts_on=HELD + 20 * DAY, created_by=by, **stamps)
    WorksPeriod.objects.filter(pk=row.pk).update(ends_on=HELD + 40 * DAY)
    return f"works-{row.pk}", lambda: WorksPeriod.objects.filter(pk=row.pk).update(status="cancelled")


def plan(creche, by):
    dates = {"starts_on": datetime.date(2026, 7, 6), "ends_on": datetime.date(2026, 8, 31)}
    sent = {"status": "submitted", "submitted_by": by, "submitted_at": timezone.now()}
    row = LeavePlan.objects.create(establishment=creche, created_by=by, **dates, **sent)
    decided = {"status": "decided", "decided_by": by, "decided_at": timezone.now()}
    return f"plan-{row.pk}", lambda: LeavePlan.objects.filter(pk=row.pk).update(**decided)


def injunction(creche, by):
    row = found(entered(creche, by), by)
    lifted = {"status": "lifted", "lifted_on": TODAY}
    return f"injunction-{row.pk}", lambda: type(row).objects.filter(pk=row.pk).update(**lifted)


def alert(creche, by):
    row = told(creche, by, severity=4)

    def settle():
        row.acknowledge(by=by)
        row.close(by=by, lessons="Réparé.")

    return f"alert-{row.pk}", settle


def review(creche, by):
    row = scheduled(creche, due_on=TODAY)
    return f"review-{row.pk}", lambda: type(row).objects.filter(pk=row.pk).delete()


def direction(creche, by):
    row = Directorship.objects.filter(establishment=creche).first() or DirectorshipFactory(establishment=creche)
    Directorship.objects.filter(pk=row.pk).update(ends_on=HELD - DAY)
    return f"direction-{creche.pk}", lambda: DirectorshipFactory(establishment=creche, starts_on=HELD)


def duty(creche, by):
    row = Obligation.objects.create(establishment=creche, kind="evacuation", expires_on=HELD + 90 * DAY)
    return "duty-expiring", lambda: Obligation.objects.filter(pk=row.pk).update(expires_on=HELD + 91 * DAY)


def closure(creche, by):
    dates = {"starts_on": HELD + 30 * DAY, "ends_on": HELD + 32 * DAY}
    row = Closure.objects.create(establishment=creche, cause="yearly", **dates)
    return "closure-coming", row.delete


def activity(creche, by):
    sector = creche.attachments.get().territory
    house = EstablishmentFactory(sector=sector)
    return "activity-2026-02", lambda: ActivityFactory(establishment=house, submitted=True)


def visit(creche, by):
    type(creche).objects.filter(pk=creche.pk).first().visits.all().delete()
    return "visit-late", lambda: VisitFactory(establishment=creche, coordinator=by, visited_on=TODAY)


SOURCES = [action, question, works, plan, injunction, alert, review, direction, duty, closure, activity, visit]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_what_is_open_is_suggested_until_it_is_settled(source, meeting, creche, pole_head):
    before = set(suggested(pole_head, meeting))
    key, settle = source(creche, pole_head)
    assert key not in before
    shown = suggested(pole_head, meeting)
    assert key in shown
    assert shown[key].reason
    assert shown[key].url.startswith("/")
    settle()
    assert key not in suggested(pole_head, meeting)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_what_is_open_in_another_sector_is_never_suggested(source, meeting, next_creche, pole_head):
    before = set(suggested(pole_head, meeting))
    source(next_creche, pole_head)
    assert set(suggested(pole_head, meeting)) == before


def test_each_suggestion_leads_to_a_page_that_the_person_opens(client, meeting, creche, pole_head):
    for source in SOURCES:
        source(creche, pole_head)
    client.force_login(pole_head)
    urls = [one.url for one in suggested(pole_head, meeting).values()]
    assert len(urls) == len(SOURCES)
    assert {client.get(url).status_code for url in urls} == {200}


def test_the_services_that_read_no_file_are_suggested_nothing_of_it(meeting, creche, central, pole_head):
    keys = {source(creche, pole_head)[0] for source in (action, plan, works, review, duty, closure, activity, visit)}
    assert not keys & set(suggested(central, meeting))


def test_nothing_that_few_may_read_is_suggested(client, meeting, creche, pole_head, coordinator):
    opened(creche, pole_head, subject="zz-su-dossier")
    hidden = told(creche, pole_head, family="child_at_risk", severity=4, title="zz-su-enfance")
    raised = hidden.raise_action(
        by=pole_head, title="zz-su-mesure", due_on=TODAY, owner_id=None, client_uuid=uuid.uuid4()
    )
    ActionItem.objects.filter(pk=raised.pk).update(level=Level.ETABLISSEMENT)
    ActionFactory(establishment=creche, title="zz-su-interne", due_on=TODAY, level=Level.POLE)
    client.force_login(pole_head)
    text = client.get(meeting.get_absolute_url()).content.decode()
    assert "zz-su" not in text
    assert not {key for key in suggested(pole_head, meeting) if key.startswith(("alert", "action"))}


def test_two_clicks_make_one_subject_which_keeps_its_source(client, meeting, creche, coordinator):
    key, _ = action(creche, coordinator)
    client.force_login(coordinator)
    url = f"{meeting.get_absolute_url()}suggestion/add/"
    first, second = (client.post(url, {"cle": key}, follow=True) for _ in range(2))
    subject = Subject.objects.get()
    assert (subject.series, subject.origin_key, subject.minutes) == (meeting.series, key, 5)
    assert subject.origin_url in first.content.decode()
    assert "est déjà inscrit" in second.content.decode()
    assert JournalEntry.objects.filter(verb="sujet suggéré inscrit").count() == 1
    assert key not in suggested(coordinator, meeting)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subject.objects.create(series=meeting.series, title="Le même", origin_key=key, proposed_by=coordinator)


def test_the_time_left_follows_what_is_added(client, meeting, creche, coordinator):
    key, _ = question(creche, coordinator)
    action(creche, coordinator)
    client.force_login(coordinator)
    before = client.get(meeting.get_absolute_url()).context_data["agenda"].budget.left
    response = client.post(f"{meeting.get_absolute_url()}suggestion/add/", {"cle": key}, follow=True)
    assert response.context_data["agenda"].budget.left == before - 10
    assert f"Il reste {before - 10}" in response.content.decode()


def test_what_is_set_aside_comes_back_when_asked_and_at_the_next_meeting(client, meeting, creche, coordinator):
    key, _ = action(creche, coordinator)
    client.force_login(coordinator)
    url = f"{meeting.get_absolute_url()}suggestion/"
    for _ in range(2):
        assert (
            "écarté pour cette réunion" in client.post(f"{url}set-aside/", {"cle": key}, follow=True).content.decode()
        )
    assert SetAside.objects.count() == JournalEntry.objects.filter(verb="sujet suggéré écarté").count() == 1
    assert key not in suggested(coordinator, meeting)
    later = MeetingFactory(series=meeting.series, held_on=HELD + 30 * DAY, status="preparing", created_by=coordinator)
    assert key in suggested(coordinator, later)
    client.post(f"{url}again/", {"cle": key})
    assert key in suggested(coordinator, meeting)


def test_a_key_that_is_not_suggested_changes_nothing(client, meeting, next_creche, coordinator):
    row = late_action(next_creche, coordinator)
    client.force_login(coordinator)
    for key in (f"action-{row.pk}", "sensitive-1", "", "x" * 400, "action-\x00"):
        for step in ("add", "set-aside", "again"):
            response = client.post(f"{meeting.get_absolute_url()}suggestion/{step}/", {"cle": key}, follow=True)
            assert "n’est plus à suggérer" in response.content.decode()
    assert not Subject.objects.exists()
    assert not SetAside.objects.exists()


def test_an_agenda_that_is_sent_takes_no_suggestion_any_more(client, meeting, creche, coordinator):
    key, _ = action(creche, coordinator)
    put_on_agenda(meeting, suggested(coordinator, meeting)[key], by=coordinator)
    other, _ = question(creche, coordinator)
    send(meeting, by=coordinator)
    client.force_login(coordinator)
    page = client.get(meeting.get_absolute_url())
    assert "suggestions" not in page.context_data
    refused = client.post(f"{meeting.get_absolute_url()}suggestion/add/", {"cle": other}, follow=True)
    assert "ne change plus" in refused.content.decode()
    assert Subject.objects.get().origin_key == key


def test_what_was_treated_and_is_still_open_is_suggested_again(meeting, creche, coordinator):
    key, _ = action(creche, coordinator)
    subject = put_on_agenda(meeting, suggested(coordinator, meeting)[key], by=coordinator)
    Subject.objects.filter(pk=subject.pk).update(status="treated", meeting=meeting)
    later = MeetingFactory(series=meeting.series, held_on=HELD + 30 * DAY, status="preparing", created_by=coordinator)
    again = suggested(coordinator, later)[key]
    assert put_on_agenda(later, again, by=coordinator).pk != subject.pk
    with pytest.raises(Exception, match="déjà parmi les sujets"):
        subject.take_up_again(by=coordinator)


def test_a_member_who_does_not_prepare_reads_no_suggestion(client, meeting, creche, coordinator, director):
    action(creche, coordinator)
    client.force_login(director)
    assert "Suggéré par le suivi" not in client.get(meeting.get_absolute_url()).content.decode()


def test_the_page_costs_the_same_with_one_open_point_and_with_thirty(
    client, meeting, sector, pole_head, django_assert_max_num_queries
):
    client.force_login(pole_head)
    counts = []
    for made in (1, 29):
        for n in range(made):
            house = EstablishmentFactory(name=f"Crèche {made}-{n}", code=f"c-{made}-{n}", sector=sector)
            for source in SOURCES[:-1]:
                source(house, pole_head)
        with django_assert_max_num_queries(25) as captured:
            client.get(meeting.get_absolute_url())
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_pile_of_one_kind_hides_nothing_else():
    pile = [Suggestion(f"action-{n}", 80, f"Action {n}", "Tard.", "/", 5) for n in range(30)]
    soon = [Suggestion(f"works-{n}", 40, "Travaux", "Tôt.", "/", 5) for n in range(2)]
    chosen = choose([*pile, *soon], taken={"action-0"}, aside={"action-1", "works-1"})
    assert [one.key for one in chosen.shown] == ["action-10", "action-11", "action-12", "works-0"]
    assert [one.key for one in chosen.aside] == ["action-1", "works-1"]
    assert chosen.more == 30 - 2 - OF_A_KIND
    kinds = [Suggestion(f"k{n}-1", 40, "Point", "Ouvert.", "/", 5) for n in range(20)]
    assert len(choose(kinds).shown) == SHOWN


def test_requests_grouped_with_another_are_one_point(meeting, creche, coordinator):
    main, twin = RequestFactory(establishment=creche), RequestFactory(establishment=creche)
    ServiceRequest.objects.filter(pk=twin.pk).update(same_as=main)
    assert [key for key in suggested(coordinator, meeting) if key.startswith("request")] == [f"request-{main.pk}"]


def test_a_month_is_missing_once_it_was_due(meeting, creche, pole_head):
    activity(creche, pole_head)
    early = suggestions_for(pole_head, meeting, datetime.date(2026, 3, 10))
    assert not [one for one in early.shown if one.kind == "activity"]
