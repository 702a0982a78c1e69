"""Events: told once, the right people at once, taken in charge by name, escalated, closed when the law is met."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Notification
from core.sources import fingerprint_of
from dashboard.attention import things_to_do
from dashboard.telling.readings import events_told
from dashboard.weekly.facts import Week, thursday_of
from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from projects.models import ActionItem
from tests.pdf_reading import extract_text
from tests.visits.happenings import told
from visits.events.alerts import escalate_all, waiting_for
from visits.models import Event, EventNotice

HALF_AN_HOUR = datetime.timedelta(minutes=30)


@pytest.fixture
def above(pole_head, division_head, central):
    return pole_head, division_head, central


@pytest.fixture
def alert(creche, coordinator, director, above):
    return told(creche, director, severity=3)


def people_told(event):
    return {notice.user for notice in event.notices.filter(user__isnull=False)}


def test_an_alert_reaches_coordinator_head_and_central_services_at_once(alert, coordinator, pole_head, central):
    assert people_told(alert) == {coordinator, pole_head, central}
    for person in (coordinator, pole_head, central):
        (notification,) = Notification.objects.filter(user=person)
        assert notification.url == alert.get_absolute_url()


def test_a_lesser_event_stays_near_the_house(creche, coordinator, director, above, pole_head):
    event = told(creche, director, severity=2)
    assert people_told(event) == {coordinator, pole_head}


def test_whoever_tells_is_not_told(creche, coordinator, above, director, pole_head):
    assert people_told(told(creche, coordinator, severity=2)) == {director, pole_head}


def test_the_same_form_twice_is_one_event_and_tells_once(creche, director, above, coordinator):
    key = uuid.uuid4()
    first = told(creche, director, severity=3, client_uuid=key)
    again = told(creche, director, severity=3, client_uuid=key)
    assert (again.pk, Event.objects.count()) == (first.pk, 1)
    assert Notification.objects.filter(user=coordinator).count() == 1


def test_the_key_of_a_form_is_of_no_use_to_somebody_else(creche, director, coordinator, above):
    key = uuid.uuid4()
    told(creche, director, client_uuid=key)
    with pytest.raises(TransitionRefused):
        told(creche, coordinator, client_uuid=key)


def test_the_first_takes_it_in_charge_and_the_second_is_told_so(alert, coordinator, pole_head):
    alert.acknowledge(by=coordinator)
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        Event.objects.get(pk=alert.pk).acknowledge(by=pole_head)
    alert.refresh_from_db()
    assert alert.acknowledged_by == coordinator


def test_an_alert_without_answer_goes_up_after_thirty_minutes_once(alert, division_head, central):
    assert escalate_all(alert.reported_at + HALF_AN_HOUR - datetime.timedelta(seconds=1)) == 0
    assert escalate_all(alert.reported_at + HALF_AN_HOUR) == 1
    assert escalate_all(alert.reported_at + 2 * HALF_AN_HOUR) == 0
    assert division_head in people_told(alert)
    events = [f"event-{alert.pk}-escalated"]
    assert Notification.objects.filter(event__in=events, user=division_head).count() == 1


def test_an_alert_taken_in_charge_does_not_go_up(alert, coordinator):
    alert.acknowledge(by=coordinator)
    assert escalate_all(alert.reported_at + 2 * HALF_AN_HOUR) == 0


def test_what_was_told_when_and_by_whom_is_never_changed(alert):
    notice = alert.notices.first()
    for change in (
        lambda: Event.objects.filter(pk=alert.pk).update(reported_at=timezone.now()),
        lambda: Event.objects.filter(pk=alert.pk).delete(),
        lambda: EventNotice.objects.filter(pk=notice.pk).update(whom="x"),
        lambda: EventNotice.objects.filter(pk=notice.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_an_event_closes_once_the_authorities_of_the_law_are_told(creche, director, coordinator, above):
    event = told(creche, director, family="accident", severity=3, outside_help=True)
    with pytest.raises(TransitionRefused, match="Il reste à prévenir"):
        event.close(by=coordinator, lessons="Barrière posée.")
    assert Event.objects.get(pk=event.pk).status == Event.Status.REPORTED
    event.tell_authority("pcd_accident", by=coordinator)
    event.tell_authority("pcd_accident", by=coordinator)
    assert event.notices.filter(duty="pcd_accident").count() == 1
    event.close(by=coordinator, lessons="Barrière posée.")
    assert event.status == Event.Status.CLOSED


def test_an_authority_that_the_event_does_not_call_for_is_refused(alert, coordinator):
    with pytest.raises(TransitionRefused):
        alert.tell_authority("cnil", by=coordinator)


def test_a_corrective_measure_joins_the_one_list_of_actions_once(alert, coordinator):
    key = uuid.uuid4()
    for _ in range(2):
        action = alert.raise_action(
            by=coordinator,
            title="Remplacer le joint",
            due_on=datetime.date(2026, 4, 1),
            owner_id=None,
            client_uuid=key,
        )
    assert ActionItem.objects.count() == 1
    assert (action.origin_kind, action.kind, action.origin.event) == ("event", "corrective", alert)


@pytest.fixture
def restricted(creche, coordinator, director, above):
    return told(creche, coordinator, family="suspicion", severity=3, title="Signalement")


def test_a_restricted_event_is_for_the_head_of_the_pole_and_its_author(
    restricted, coordinator, pole_head, division_head, central, director, assistant
):
    for person in (coordinator, pole_head):
        assert Event.objects.visible_to(person).filter(pk=restricted.pk).exists()
    for person in (division_head, central, director, assistant):
        assert not Event.objects.visible_to(person).filter(pk=restricted.pk).exists()
    assert people_told(restricted) == {pole_head}
    lines = JournalEntry.objects.about(restricted)
    assert list(lines.values_list("establishment", flat=True)) == [None]


def test_a_restricted_event_carries_no_account(client, creche, coordinator):
    client.force_login(coordinator)
    data = {"client_uuid": uuid.uuid4(), "establishment": creche.pk, "family": "suspicion", "severity": 3}
    data |= {"title": "Signalement", "day": "2026-03-16", "hour": "09:00", "summary": "Un récit"}
    page = client.post(reverse("visits:event_create"), data).content.decode()
    assert "ouvrez un dossier sensible" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        told(creche, coordinator, family="suspicion", summary="Un récit")


def test_the_form_tells_in_one_go_and_comes_back_to_the_event(client, creche, coordinator, pole_head):
    client.force_login(coordinator)
    data = {"client_uuid": uuid.uuid4(), "establishment": creche.pk, "family": "building", "severity": 3}
    data |= {"title": "Chauffage en panne", "day": "2026-03-16", "hour": "09:00"}
    for _ in range(2):
        answer = client.post(reverse("visits:event_create"), data, follow=True)
    assert "Chauffage en panne" in answer.content.decode()
    assert Event.objects.count() == 1


def test_an_event_of_tomorrow_is_refused_and_what_was_typed_is_kept(client, creche, coordinator):
    client.force_login(coordinator)
    data = {"client_uuid": uuid.uuid4(), "establishment": creche.pk, "family": "building", "severity": 3}
    data |= {"title": "Chauffage en panne", "day": "2099-03-16", "hour": "09:00"}
    page = client.post(reverse("visits:event_create"), data).content.decode()
    assert "une fois survenu" in page
    assert "Chauffage en panne" in page


def test_an_alert_is_the_first_thing_to_do_and_the_first_thing_an_open_page_learns(
    client, alert, coordinator, director, neighbour, today
):
    assert things_to_do(coordinator, today)[0].url == alert.get_absolute_url()
    client.force_login(coordinator)
    (told_now,) = client.get(reverse("visits:alerts_now")).json()["alerts"]
    assert (told_now["number"], told_now["url"]) == (alert.pk, alert.get_absolute_url())
    assert waiting_for(director) == waiting_for(neighbour) == []
    alert.acknowledge(by=coordinator)
    assert client.get(reverse("visits:alerts_now")).json() == {"alerts": []}


def test_the_sheet_on_paper_says_what_the_page_says(client, alert, coordinator):
    alert.complete(by=coordinator, measures="Section fermée.", places_lost=12)
    client.force_login(coordinator)
    words = " ".join(extract_text(client.get(reverse("visits:event_pdf", args=[alert.pk])).content).split())
    for said in ("Fuite d’eau au sous-sol", "Section fermée.", "PROJET", "grave"):
        assert said in words


def test_the_list_takes_the_queries_of_one_for_30_events(client, creche, coordinator, django_assert_max_num_queries):
    client.force_login(coordinator)
    for number in range(30):
        if number in (1, 29):
            with django_assert_max_num_queries(12):
                client.get(reverse("visits:events"))
        told(creche, coordinator, title=f"Événement {number}")


def test_help_from_outside_known_after_the_alert_begins_the_duty_of_the_law(
    client, creche, director, coordinator, above
):
    """An alert given in one tap says nothing of a hospital: it is said later, by the same form as the measures."""
    event = told(creche, director, family="supervision", severity=3)
    assert event.duties == ()
    client.force_login(coordinator)
    url = reverse("visits:event_measures", args=[event.pk])
    client.post(url, {"measures": "Pompiers appelés.", "outside_help": "on"})
    event.refresh_from_db()
    assert [duty.key for duty in event.duties] == ["pcd_accident"]
    page = client.get(event.get_absolute_url()).content.decode()
    assert "CSP R. 2324-25" in page
    assert 'name="outside_help"' not in page
    client.post(url, {"measures": "Pompiers repartis.", "seen": fingerprint_of("Pompiers appelés.")})
    event.refresh_from_db()
    assert (event.measures, event.outside_help) == ("Pompiers repartis.", True)
    with pytest.raises(TransitionRefused, match="Il reste à prévenir"):
        event.close(by=coordinator, lessons="Portillon.")


def test_two_people_who_write_measures_at_once_lose_neither_text(client, alert, coordinator, pole_head):
    url = reverse("visits:event_measures", args=[alert.pk])
    client.force_login(pole_head)
    seen = client.get(alert.get_absolute_url()).context["measures_form"].initial["seen"]
    alert.complete(by=coordinator, measures="Section fermée.")
    page = client.post(url, {"measures": "Eau coupée.", "seen": seen})
    assert "Section fermée." in page.content.decode()
    assert "Eau coupée." in page.content.decode()
    assert Event.objects.get(pk=alert.pk).measures == "Section fermée."
    again = page.context["measures_form"]["seen"].value()
    client.post(url, {"measures": "Section fermée. Eau coupée.", "seen": again})
    assert Event.objects.get(pk=alert.pk).measures == "Section fermée. Eau coupée."


def test_what_a_notable_fact_led_to_is_told_on_the_page_on_paper_and_to_the_weekly_report(client, alert, coordinator):
    client.force_login(coordinator)
    data = {"measures": "Section fermée.", "places_lost": 12, "staff_impact": "deux agents redéployés"}
    client.post(reverse("visits:event_measures", args=[alert.pk]), {**data, "media_impact": "un article local"})
    alert.refresh_from_db()
    told_of = ["12 places touchées", "équipe\u00a0: deux agents redéployés", "médias\u00a0: un article local"]
    assert alert.impacts == told_of
    page = client.get(alert.get_absolute_url()).content.decode()
    words = " ".join(extract_text(client.get(reverse("visits:event_pdf", args=[alert.pk])).content).split())
    for text in (page, words):
        assert "12 places touchées" in text
        assert "deux agents redéployés" in text
    day = timezone.localdate()
    span = Week(alert.establishment.pk, thursday_of(day))
    ((_, title, house, severity),) = events_told({span: {alert.establishment_id: str(alert.establishment)}})[span]
    assert (title, severity) == (", ".join([alert.title, *told_of]), 3)


def test_a_restricted_event_leads_to_nothing_that_is_written(client, restricted, coordinator):
    client.force_login(coordinator)
    assert 'name="families_impact"' not in client.get(restricted.get_absolute_url()).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        restricted.complete(by=coordinator, measures="", families_impact="Un récit")
