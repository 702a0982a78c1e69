"""The absences of a sector in one's own calendar: who and when, never why; three modes, through the door."""

import datetime

import icalendar
import pytest
from django.core.cache import cache
from django.urls import reverse

from core.feeds import calendar_bytes
from staffing.feed import feed_events
from staffing.models import Absence, LeaveRequest
from tests.factories import TODAY
from tests.staffing.factories import LeaveFactory, PostingFactory
from visits.models import CalendarFeed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.timedelta(days=1)
NOW = datetime.datetime(2026, 3, 17, 8, 0, tzinfo=datetime.UTC)
LAST = TODAY + 60 * DAY


def leave(person, by, *, granted=True, **given):
    row = LeaveFactory(person=person, starts_on=TODAY + 10 * DAY, ends_on=TODAY + 12 * DAY, **given)
    if granted:
        decided = {"status": "granted", "decided_by": by, "decided_at": NOW}
        LeaveRequest.objects.filter(pk=row.pk).update(**decided)
    return row


@pytest.fixture
def head(creche, director):
    return PostingFactory(establishment=creche, job="director", employee__user=director, employee__last_name="Roux")


def told(user):
    return list(feed_events(user, TODAY, LAST))


def test_the_coordinator_hears_of_the_heads_and_not_of_the_whole_team(creche, coordinator, head):
    leave(head, coordinator)
    leave(PostingFactory(establishment=creche), coordinator)
    (event,) = told(coordinator)
    assert "Roux" in event.title
    assert (event.starts, event.ends, event.is_busy) == (TODAY + 10 * DAY, TODAY + 12 * DAY, False)


def test_what_is_only_asked_is_not_told(creche, coordinator, head):
    leave(head, coordinator, granted=False)
    assert told(coordinator) == []


def test_the_type_of_the_leave_and_its_reason_stay_in_ronde(creche, coordinator, head):
    row = leave(head, coordinator, kind="rtt")
    Absence.objects.create(
        employee=head.employee, establishment=creche, kind="unplanned", starts_on=TODAY, ends_on=TODAY,
        told_by=coordinator,
    )  # fmt: skip
    text = calendar_bytes(told(coordinator), "tout", now=NOW).decode().replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == 2
    words = [row.get_kind_display(), "rtt", "imprévue", "motif"]
    assert not [word for word in words if word.lower() in text.lower()]


def test_her_own_leave_takes_her_time_and_that_of_others_does_not(coordinator, director, head):
    leave(head, coordinator)
    for user, busy in ((director, "OPAQUE"), (coordinator, "TRANSPARENT")):
        (event,) = icalendar.Calendar.from_ical(calendar_bytes(told(user), "tout", now=NOW)).walk("VEVENT")
        assert str(event["transp"]) == busy


def test_the_three_modes(coordinator, director, head):
    leave(head, coordinator)
    texts = {mode: calendar_bytes(told(coordinator), mode, now=NOW).decode() for mode in ("rien", "lieu", "tout")}
    assert "VEVENT" not in texts["rien"]  # the absence of another is not hers to be busy with
    assert "Lilas" in texts["lieu"]
    assert "Roux" not in texts["lieu"]
    assert "Roux" in texts["tout"]
    hers = calendar_bytes(told(director), "rien", now=NOW).decode()
    assert "SUMMARY:Occupé" in hers
    assert "Lilas" not in hers


@pytest.mark.parametrize("name", ["colleague", "neighbour", "former", "central", "far_director", "superuser"])
def test_nobody_else_hears_of_it(request, coordinator, head, name):
    leave(head, coordinator)
    assert told(request.getfixturevalue(name)) == []


def test_a_revoked_address_tells_nothing_more(client, coordinator, head):
    leave(head, coordinator)
    feed, token = CalendarFeed.renew(coordinator, "tout")
    url = reverse("visits:feed_ics", args=[token])
    cache.clear()
    assert "Roux" in client.get(url).content.decode()
    client.force_login(coordinator)
    client.post(reverse("visits:feed_revoke"))
    client.logout()
    cache.clear()
    answer = client.get(url)
    assert answer.status_code == 404
    assert b"Roux" not in answer.content


def test_the_queries_do_not_depend_on_the_number_of_absences(creche, coordinator, django_assert_num_queries):
    for number in range(12):
        head = PostingFactory(establishment=creche, job="deputy")
        leave(head, coordinator)
        if number in (0, 11):
            with django_assert_num_queries(2):
                assert len(told(coordinator)) == number + 1
