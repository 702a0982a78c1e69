"""Opening a page changes nothing.

Exceptions, known and wanted: opening what a notification is about marks that notification read (`mark_read`, an
UPDATE of core_notification and of nothing else); opening a sensitive file is inscribed in its log; a report that
leaves as a PDF enters the register of those issued; a feed notes the day it was last read. Sessions are the
framework's.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Notification
from tests.security.world import body_of
from tests.test_access import ROWS, built
from tests.visits.factories import VisitFactory

pytestmark = pytest.mark.usefixtures("today")

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|TRUNCATE)\b", re.IGNORECASE)
ALLOWED = re.compile(
    r'^\s*UPDATE "core_notification" SET "read_at" = |^\s*UPDATE "visits_calendarfeed" SET "read_on" = |'
    r'^\s*INSERT INTO "visits_(sensitivereading|issuedreport)"|"django_session"',
    re.IGNORECASE,
)
GETS = [pytest.param(*row.values[:1], row.values[2], id=row.id) for row in ROWS if row.values[1] == "get"]


def writes_of(client, url, data):
    with CaptureQueriesContext(connection) as captured:
        body_of(client.get(url, data))
    statements = [query["sql"] for query in captured.captured_queries if WRITES.match(query["sql"])]
    return [statement[:120] for statement in statements if not ALLOWED.search(statement)]


@pytest.mark.parametrize(("page", "make_args"), GETS)
def test_no_page_writes_when_it_is_opened(client, request, page, make_args, coordinator, director, pole_head):
    args, data = built(make_args(request))
    url = reverse(page, args=args)
    for user in (coordinator, director, pole_head):
        client.force_login(user)
        assert writes_of(client, url, data) == []


def test_opening_what_a_notification_is_about_marks_it_read_and_no_other(client, creche, coordinator):
    visit = VisitFactory(establishment=creche, coordinator=coordinator)
    about, other = (
        Notification.objects.create(user=coordinator, event=event, title="Essai", url=url)
        for event, url in [("un", visit.get_absolute_url()), ("deux", "/visites/")]
    )
    client.force_login(coordinator)
    assert writes_of(client, visit.get_absolute_url(), {}) == []
    about.refresh_from_db()
    other.refresh_from_db()
    assert about.read_at is not None
    assert other.read_at is None
