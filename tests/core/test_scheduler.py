import datetime

import pytest
from django.core.management import call_command

from core.models import RecurringRun
from core.scheduler import Recurring, declared, slot, tick

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 17, 8, 40, tzinfo=datetime.UTC)


class Counter:
    """Stands for a queue: counts what is enqueued."""

    def __init__(self):
        self.calls = 0

    def enqueue(self):
        self.calls += 1


def test_a_due_task_is_enqueued_once_per_slot_whatever_the_number_of_schedulers():
    counter = Counter()
    hourly = [Recurring("essai", counter, datetime.timedelta(hours=1))]
    assert tick(NOW, hourly) == ["essai"]
    assert tick(NOW, hourly) == tick(NOW + datetime.timedelta(minutes=10), hourly) == []
    assert tick(NOW + datetime.timedelta(hours=1), hourly) == ["essai"]
    assert counter.calls == 2


def test_slots_are_counted_from_local_midnight():
    daily = Recurring("essai", Counter(), datetime.timedelta(days=1))
    assert slot(daily, NOW).isoformat() == "2026-03-17T00:00:00+01:00"


def test_a_failing_queue_leaves_the_slot_free_for_the_next_pass():
    class Broken:
        def enqueue(self):
            raise ConnectionError

    with pytest.raises(ConnectionError):
        tick(NOW, [Recurring("essai", Broken(), datetime.timedelta(hours=1))])
    assert not RecurringRun.objects.exists()


def test_the_command_runs_what_the_applications_declare(capsys):
    call_command("scheduler", "--once")
    assert {run.task for run in RecurringRun.objects.all()} == {recurring.name for recurring in declared()}
