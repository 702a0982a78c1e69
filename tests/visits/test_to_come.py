"""What is planned: what puts a visit off, what leaves the calendars with a house that closes, what the week says."""

import datetime

import pytest

from dashboard.week import week
from tests.factories import TODAY
from tests.visits.factories import VisitFactory
from visits.agenda import agenda_of
from visits.attention import attention
from visits.due import due_rows
from visits.feed import feed_events
from visits.mallette.facts import visits_to_come
from visits.models import CountingRule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
SOON = TODAY + datetime.timedelta(days=1)
NEXT_WEEK = TODAY + datetime.timedelta(days=7)


def is_asked(user, house):
    return f"visit-due-{house.pk}" in {item.key for item in attention(user, TODAY)}


def planned(house, coordinator, **given):
    return VisitFactory(establishment=house, coordinator=coordinator, planned=True, **given)


@pytest.fixture
def late(creche):
    VisitFactory(establishment=creche, visited_on=TODAY - datetime.timedelta(days=90))
    return creche


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"kind": "regular"}, False),
        ({"kind": "appointment"}, True),
        ({"kind": "team_meeting"}, True),
        ({"kind": "regular", "is_on_site": False}, True),
    ],
)
def test_only_a_planned_visit_that_will_count_answers_for_a_late_house(coordinator, late, given, asked):
    planned(late, coordinator, planned_on=NEXT_WEEK, **given)
    assert is_asked(coordinator, late) is asked
    (row,) = [row for row in due_rows(coordinator, TODAY) if row.pk == late.pk]
    assert row.next_planned_on == (None if asked else NEXT_WEEK)


@pytest.mark.parametrize(("starts_on", "asked"), [(NEXT_WEEK, False), (NEXT_WEEK + datetime.timedelta(days=1), True)])
def test_whether_it_will_count_is_the_setting_of_the_day_it_is_planned_for(coordinator, late, starts_on, asked):
    CountingRule.objects.create(kind="team_meeting", starts_on=starts_on)
    planned(late, coordinator, planned_on=NEXT_WEEK, kind="team_meeting")
    assert is_asked(coordinator, late) is asked


def told(user):
    """{calendar: whether it tells of a visit tomorrow}."""
    return {
        "agenda": any(one.visits for one in agenda_of(user, None, TODAY)),
        "feed": bool(list(feed_events(user, TODAY, NEXT_WEEK))),
        "mallette": visits_to_come(user, TODAY).exists(),
        "week": bool(week(user, TODAY)),
    }


@pytest.mark.parametrize(("closed_on", "shown"), [(SOON, False), (SOON + datetime.timedelta(days=1), True)])
def test_what_is_planned_in_a_house_leaves_every_calendar_the_day_it_closes(coordinator, creche, closed_on, shown):
    visit = planned(creche, coordinator, planned_on=SOON)
    creche.closed_on = closed_on
    creche.save()
    assert set(told(coordinator).values()) == {shown}
    # The list keeps it, to be cancelled.
    assert type(visit).objects.visible_to(coordinator).filter(pk=visit.pk).exists()


def test_a_visit_made_stays_in_the_calendar_after_the_house_closed(coordinator, creche):
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=TODAY)
    creche.closed_on = TODAY
    creche.save()
    assert [event.starts for event in feed_events(coordinator, TODAY, NEXT_WEEK)] == [TODAY]


def test_the_week_says_at_what_time_a_visit_is_planned(coordinator, creche):
    planned(creche, coordinator, planned_on=SOON, planned_at=datetime.time(14, 30))
    (day,) = week(coordinator, TODAY)
    assert [note for _, note, _ in day.entries] == ["visite régulière · 14\u00a0h\u00a030"]
