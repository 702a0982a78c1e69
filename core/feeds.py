"""Events for a person's own calendar (iCalendar, RFC 5545), told in one of three ways: nothing, the place, everything.

A room offers its events in a module `feed.py`: `feed_events(user, first, last) -> Iterable[FeedEvent]`. An outside
calendar is read by others (C35): in the mode « rien » a file holds no word of Ronde but « Occupé ».
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import icalendar
from django.apps import apps
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.module_loading import module_has_submodule

NOTHING, PLACE, EVERYTHING = "rien", "lieu", "tout"
MODES = {
    NOTHING: "Rien : « Occupé », sans lieu ni objet",
    PLACE: "Le lieu : « Occupé » et où, sans objet",
    EVERYTHING: "Tout : l’objet, le lieu et le lien vers Ronde",
}
BUSY = "Occupé"
TO_KNOW = "À savoir"  # what concerns others: it does not take her time


@dataclass(frozen=True)
class FeedEvent:
    """One event. `key` is stable and unique ("visit-12"). Aware instants, or two inclusive dates.

    `is_busy` is False for what concerns somebody else: it takes no time in the calendar, and nothing of it is told in
    the mode « rien », where it would read as hers.
    """

    key: str
    starts: datetime | date
    ends: datetime | date
    title: str
    place: str = ""
    detail: str = ""
    url: str = ""  # a path of the site
    is_cancelled: bool = False
    is_busy: bool = True


def events_of(user, first: date, last: date) -> Iterator[FeedEvent]:
    """What every room that has a `feed` module tells of a person's days, each through the door."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "feed"):
            yield from import_module(f"{config.name}.feed").feed_events(user, first, last)


def calendar_bytes(events: Iterable[FeedEvent], mode: str, *, now: datetime) -> bytes:
    """The .ics file of events in a mode. ValueError for an unknown mode."""
    if mode not in MODES:
        raise ValueError(f"unknown mode of a calendar: {mode!r}")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Ronde//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Ronde" if mode == EVERYTHING else BUSY)
    told = [event for event in events if event.is_busy or mode != NOTHING]
    for event in sorted(told, key=lambda one: (_day(one.starts), one.key)):
        calendar.add_component(_component(event, mode, now))
    return calendar.to_ical()


def _component(event: FeedEvent, mode: str, now: datetime) -> icalendar.Event:
    component = icalendar.Event()
    # The same event keeps its name from one reading to the next, and the name says nothing.
    component.add("uid", f"{salted_hmac('core.feeds', event.key, algorithm='sha256').hexdigest()[:40]}@ronde")
    component.add("dtstamp", now)
    component.add("dtstart", _instant(event.starts))
    whole_days = not isinstance(event.starts, datetime)
    component.add("dtend", event.ends + timedelta(days=1) if whole_days else _instant(event.ends))
    component.add("summary", event.title if mode == EVERYTHING else BUSY if event.is_busy else TO_KNOW)
    component.add("transp", "OPAQUE" if event.is_busy else "TRANSPARENT")
    component.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    component.add("class", "PUBLIC" if mode == EVERYTHING else "PRIVATE")
    if mode != NOTHING and event.place:
        component.add("location", event.place)
    if mode == EVERYTHING:
        if event.detail:
            component.add("description", event.detail)
        if event.url:
            component.add("url", f"{settings.RONDE_BASE_URL.rstrip('/')}{event.url}")
    return component


def _instant(moment: datetime | date) -> datetime | date:
    """In UTC: a zone that the file names without describing it is read as the reader's own (RFC 5545, 3.2.19)."""
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _day(moment: datetime | date) -> str:
    return moment.isoformat()
