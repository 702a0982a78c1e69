"""The calendar behind a secret address: three modes, one token, nothing said to who should not hear."""

import datetime
import hashlib

import icalendar
import pytest
from django.core.cache import cache
from django.urls import reverse

from core.feeds import MODES, FeedEvent, calendar_bytes, events_of
from establishments.models import Mandate
from tests.visits.factories import VisitFactory
from visits.models import CalendarFeed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
NOW = datetime.datetime(2026, 3, 17, 8, 0, tzinfo=datetime.UTC)
CANARIES = ["Zébulon", "rue du Canari", "mésange", "Suivi PMI", "Inopinée"]


@pytest.fixture
def house(creche):
    creche.name, creche.street = "Crèche Zébulon", "3 rue du Canari"
    creche.save()
    return creche


def a_day(number):
    return datetime.date(2026, 3, number)


@pytest.fixture
def visits(house, coordinator, pole_head):
    at = datetime.time(9, 30)
    VisitFactory(establishment=house, coordinator=coordinator, planned=True, planned_on=a_day(24), planned_at=at)
    VisitFactory(establishment=house, coordinator=coordinator, planned=True, planned_on=a_day(25), kind="appointment")
    VisitFactory(
        establishment=house,
        coordinator=coordinator,
        planned=True,
        planned_on=a_day(26),
        kind="unannounced",
        planned_at=at,
    )
    VisitFactory(
        establishment=house, coordinator=coordinator, visited_on=a_day(10), summary="mésange", kind="follow_up"
    )
    VisitFactory(establishment=house, coordinator=pole_head, planned=True, planned_on=a_day(27))
    VisitFactory(
        establishment=house, coordinator=coordinator, status="cancelled", visited_on=None, planned_on=a_day(28),
        status_reason="mésange",
    )  # fmt: skip


def read(client, token):
    return client.get(reverse("visits:feed_ics", args=[token]))


def events(response):
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


def test_everything_says_what_where_and_links_to_it(client, coordinator, visits):
    _, token = CalendarFeed.renew(coordinator, "tout")
    response = read(client, token)
    assert response["Content-Type"].startswith("text/calendar")
    assert "no-store" in response["Cache-Control"]
    found = events(response)
    assert [str(one["summary"]) for one in found] == [
        "Suivi PMI ou travaux — Crèche Zébulon",
        "Visite régulière — Crèche Zébulon",
        "Rendez-vous — Crèche Zébulon",
        "Visite inopinée — Crèche Zébulon",
    ]
    regular = found[1]
    assert regular["dtstart"].dt.astimezone(datetime.UTC) == datetime.datetime(2026, 3, 24, 8, 30, tzinfo=datetime.UTC)
    assert regular["dtend"].dt - regular["dtstart"].dt == datetime.timedelta(minutes=150)
    assert "rue du Canari" in str(regular["location"])
    assert "/visites/" in str(regular["url"])
    whole = found[2]
    assert (whole["dtstart"].dt, whole["dtend"].dt) == (a_day(25), a_day(26))


def test_the_place_says_where_and_not_what(client, coordinator, visits):
    _, token = CalendarFeed.renew(coordinator, "lieu")
    response = read(client, token)
    assert {str(one["summary"]) for one in events(response)} == {"Occupé"}
    assert all("Zébulon" in str(one["location"]) for one in events(response))
    text = response.content.decode().replace("\r\n ", "")
    assert not [word for word in ("visite", "PMI", "rendez-vous", "mésange", "http") if word.lower() in text.lower()]


def test_nothing_says_nothing_but_that_she_is_busy(client, coordinator, visits):
    _, token = CalendarFeed.renew(coordinator, "rien")
    text = read(client, token).content.decode().replace("\r\n ", "")
    names = [*CANARIES, "visite", "rendez-vous", "Crèche", "Benali", "Lilas", "http", "LOCATION", "DESCRIPTION"]
    assert not [word for word in names if word.lower() in text.lower()]
    assert text.count("SUMMARY:Occupé") == 4
    assert text.count("CLASS:PRIVATE") == 4


def test_whatever_a_room_will_tell_the_mode_nothing_keeps_it_back():
    event = FeedEvent("leave-7", a_day(20), a_day(21), "secret1", "secret2", "secret3", "/secret4/")
    for mode, heard in {"rien": [], "lieu": ["secret2"], "tout": ["secret1", "secret2", "secret3", "secret4"]}.items():
        text = calendar_bytes([event], mode, now=NOW).decode().replace("\r\n ", "")
        assert [word for word in ("secret1", "secret2", "secret3", "secret4") if word in text] == heard
        assert "leave-7" not in text


@pytest.mark.parametrize("mode", list(MODES))
def test_hours_are_instants_that_any_calendar_reads_alike_in_winter_and_in_summer(mode, coordinator, house):
    at = datetime.time(9, 30)
    for day in (datetime.date(2026, 3, 28), datetime.date(2026, 3, 30)):  # clocks change in between
        VisitFactory(establishment=house, coordinator=coordinator, planned=True, planned_on=day, planned_at=at)
    told = events_of(coordinator, a_day(28), a_day(30))
    written = calendar_bytes(told, mode, now=NOW).decode()
    assert "TZID" not in written  # a zone named and not described: each reader guesses
    assert [line for line in written.splitlines() if line.startswith("DTSTART")] == [
        "DTSTART:20260328T083000Z",
        "DTSTART:20260330T073000Z",
    ]


def test_an_event_keeps_its_name_from_one_reading_to_the_next(client, coordinator, visits):
    _, token = CalendarFeed.renew(coordinator, "tout")
    first, second = ([str(one["uid"]) for one in events(read(client, token))] for _ in range(2))
    assert first == second
    assert len(set(first)) == 4


def test_the_same_rooms_tell_the_same_in_any_mode(coordinator, visits):
    told = list(events_of(coordinator, a_day(1), a_day(31)))
    files = [icalendar.Calendar.from_ical(calendar_bytes(told, mode, now=NOW)) for mode in MODES]
    assert [len(one.walk("VEVENT")) for one in files] == [4, 4, 4]


def test_the_address_is_shown_once_and_kept_as_a_digest(client, coordinator):
    client.force_login(coordinator)
    page = client.post(reverse("visits:feed"), {"mode": "lieu"})
    address = page.context["address"]
    assert address in page.content.decode()
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 43
    feed = CalendarFeed.objects.get()
    assert feed.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in client.get(reverse("visits:feed")).content.decode()
    assert feed.read_on is None
    client.logout()
    assert read(client, token).status_code == 200
    assert CalendarFeed.objects.get().read_on == a_day(17)


def test_a_new_address_ends_the_one_before_and_revoking_ends_all(client, coordinator):
    _, old = CalendarFeed.renew(coordinator, "tout")
    _, new = CalendarFeed.renew(coordinator, "tout")
    assert [read(client, token).status_code for token in (old, new)] == [404, 200]
    client.force_login(coordinator)
    client.post(reverse("visits:feed_revoke"))
    assert read(client, new).status_code == 404


def test_the_mode_changes_without_the_address(client, coordinator, visits):
    _, token = CalendarFeed.renew(coordinator, "tout")
    client.force_login(coordinator)
    client.post(reverse("visits:feed_mode"), {"mode": "rien"})
    assert "Zébulon" not in read(client, token).content.decode()
    client.post(reverse("visits:feed_mode"), {"mode": "n’importe quoi"})
    assert CalendarFeed.objects.get().mode == "rien"


def test_an_address_that_was_never_given_is_a_404_then_a_429(client):
    cache.clear()
    url = reverse("visits:feed_ics", args=["x" * 43])
    answers = [client.get(url).status_code for _ in range(25)]
    assert answers[:20] == [404] * 20
    assert answers[-1] == 429
    cache.clear()


def test_too_many_failures_do_not_close_a_good_address(client, coordinator):
    cache.clear()
    for _ in range(25):
        read(client, "faux")
    assert read(client, CalendarFeed.renew(coordinator, "rien")[1]).status_code == 200
    cache.clear()


def test_a_closed_account_reads_nothing_more(client, coordinator):
    _, token = CalendarFeed.renew(coordinator, "tout")
    coordinator.is_active = False
    coordinator.save()
    assert read(client, token).status_code == 404


def test_after_her_mandate_the_calendar_is_empty(client, coordinator, visits):
    _, token = CalendarFeed.renew(coordinator, "tout")
    Mandate.objects.filter(user=coordinator).update(ends_on=a_day(16))
    response = read(client, token)
    assert (response.status_code, len(events(response))) == (200, 0)


def test_a_director_subscribes_and_hears_of_no_visit(client, director, visits):
    _, token = CalendarFeed.renew(director, "tout")
    assert events(read(client, token)) == []


def test_a_feed_is_read_not_written(client, coordinator):
    _, token = CalendarFeed.renew(coordinator, "tout")
    assert client.post(reverse("visits:feed_ics", args=[token])).status_code == 405
