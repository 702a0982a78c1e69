"""An alert raised on a device: created once, people told at once, both hours kept, through the door."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Notification
from visits.models import Event

pytestmark = pytest.mark.usefixtures("today")
RAISED = "2026-03-17T06:42:10.000Z"


def sent(client, house, key=None, **changes):
    data = {"etablissement": house.pk, "family": "building", "severity": 3, "title": "Odeur de gaz", "releve": RAISED}
    url = reverse("visits:alert_raise", args=[key or uuid.uuid4()])
    return client.post(url, data | changes, headers={"Accept": "application/json"})


def test_the_same_alert_sent_again_is_one_event_and_tells_people_once(client, creche, coordinator, pole_head):
    client.force_login(coordinator)
    key = uuid.uuid4()
    answers = [sent(client, creche, key).json() for _ in range(3)]
    event = Event.objects.get()
    assert {answer["url"] for answer in answers} == {event.get_absolute_url()}
    assert Notification.objects.filter(user=pole_head).count() == 1
    assert event.client_uuid == key


def test_the_hour_of_the_device_is_kept_beside_the_arrival_and_never_changes(client, creche, coordinator):
    client.force_login(coordinator)
    sent(client, creche)
    event = Event.objects.get()
    raised = datetime.datetime(2026, 3, 17, 6, 42, 10, tzinfo=datetime.UTC)
    assert (event.raised_at, event.happened_at, event.reported_at) == (raised, raised, timezone.now())
    assert "relevé sur l’appareil" in client.get(event.get_absolute_url()).content.decode()
    for moment in (timezone.now(), None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(raised_at=moment)


@pytest.mark.parametrize(("said", "kept"), [("2031-01-01T00:00:00Z", 2031), ("hier", None), ("", None)])
def test_a_clock_ahead_or_unreadable_does_not_stop_an_alert(client, creche, coordinator, said, kept):
    client.force_login(coordinator)
    assert sent(client, creche, releve=said).status_code == 200
    event = Event.objects.get()
    assert (event.raised_at and event.raised_at.year) == kept
    assert event.happened_at == timezone.now()


def test_an_alert_that_says_nothing_is_refused_with_its_reason(client, creche, coordinator):
    client.force_login(coordinator)
    answer = sent(client, creche, title="")
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not Event.objects.exists()


def test_the_key_of_an_alert_is_of_no_use_to_somebody_else(client, creche, coordinator, pole_head):
    key = uuid.uuid4()
    client.force_login(coordinator)
    sent(client, creche, key)
    client.force_login(pole_head)
    assert sent(client, creche, key).status_code == 409


def test_a_closed_session_is_said_and_another_perimeter_is_not_reached(client, creche, far_creche, coordinator):
    assert sent(client, creche).status_code == 401
    client.force_login(coordinator)
    assert sent(client, far_creche).status_code == 404
    assert not Event.objects.exists()
