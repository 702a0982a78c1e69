"""Reminders: old enough, still true when the mail leaves, to the owner and to nobody else."""

import datetime

import pytest
import time_machine
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from core.jobs import send_notification
from core.models import Notification
from establishments.models import Level, Mandate
from projects.models import ActionItem
from projects.recurring import remind_owners
from projects.reminders import AHEAD, MINIMAL_AGE, is_due
from tests.factories import TODAY
from tests.projects.factories import ActionFactory

DAY = datetime.timedelta(days=1)
LONG_AGO = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)


@given(
    is_open=st.booleans(),
    kind=st.sampled_from(sorted(MINIMAL_AGE)),
    age=st.integers(-3, 60),
    left=st.integers(-60, 60),
)
def test_a_reminder_is_right_only_when_open_old_enough_and_near(is_open, kind, age, left):
    due = is_due(is_open=is_open, kind=kind, created_on=TODAY - age * DAY, due_on=TODAY + left * DAY, today=TODAY)
    assert due == (is_open and age >= MINIMAL_AGE[kind] and left <= AHEAD.days)


def test_every_kind_of_action_has_its_minimal_age():
    assert set(MINIMAL_AGE) == set(ActionItem.Kind.values)


@pytest.fixture
def late(creche, director):
    return ActionFactory(
        establishment=creche, owner=director, title="Poser le store", due_on=TODAY - 2 * DAY, created_at=LONG_AGO
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("today")
def test_only_the_owner_is_told_once_a_week(late, director, coordinator):
    remind_owners.enqueue()
    remind_owners.enqueue()
    assert [row.user for row in Notification.objects.all()] == [director]
    (sent,) = mail.outbox
    assert sent.to == [director.email]
    assert "en retard de 2 jours" in sent.body


@pytest.mark.django_db(transaction=True)
def test_the_next_week_tells_again(late):
    for day in (TODAY, TODAY + 7 * DAY):
        with time_machine.travel(datetime.datetime(day.year, day.month, day.day, 8, tzinfo=datetime.UTC)):
            remind_owners.enqueue()
    assert Notification.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    "changes",
    [
        {"owner": None},
        {"created_at": datetime.datetime(2026, 3, 10, 9, tzinfo=datetime.UTC)},
        {"due_on": TODAY + 8 * DAY},
        {"level": Level.POLE},
    ],
    ids=["nobody", "too young", "too early", "unreadable"],
)
def test_nobody_is_told_when_there_is_no_reason(late, changes):
    ActionItem.objects.filter(pk=late.pk).update(**changes)
    remind_owners.enqueue()
    assert not Notification.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_who_left_the_house_is_told_nothing(late, director):
    Mandate.objects.filter(user=director).update(ends_on=TODAY - DAY)
    remind_owners.enqueue()
    assert not Notification.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("meanwhile", ["done", "given"])
def test_a_mail_that_waits_is_dropped_when_it_is_no_longer_true(late, director, coordinator, meanwhile):
    remind_owners.enqueue()  # the mail waits for a commit that this test never makes
    if meanwhile == "done":
        late.declare_done(by=director)
    else:
        late.owner = coordinator
        late.amend(by=coordinator, seen=1)
    reminder = Notification.objects.get(event__startswith="action-rappel", user=director)
    send_notification.enqueue(reminder.pk)
    reminder.refresh_from_db()
    assert (mail.outbox, reminder.mailed_at) == ([], None)
    assert reminder.read_at is not None
