"""A file of a whole city: its advance is seen, it is stopped by someone else, its memory is that of a batch."""

import gc
import threading
import tracemalloc

import pytest
from django.db import connection

from core.calendar import add_months
from core.jobs import JobStopped, Progress
from core.models import Job
from establishments.models import Establishment
from indicators.importing import running
from indicators.importing.applying import apply_run
from indicators.importing.receiving import receive
from indicators.importing.staging import stage
from indicators.models import ImportLine, ImportRun, MonthlyActivity
from tests.factories import EstablishmentFactory, UserFactory
from tests.indicators.factories import FEBRUARY
from tests.indicators.files import csv_of

MONTHS = 24
HEADERS = [
    "Code", "Mois", "Heures autorisées", "Heures ouvertes", "Heures contractualisées", "Heures réalisées",
    "Heures facturées", "Inscrits", "Jours d’ouverture",
]  # fmt: skip


def rows_of(houses, months=MONTHS):
    return [
        [house.code, f"{add_months(FEBRUARY, -back):%m/%Y}", "13200", "11880", "10700", "9630,5", "10486", "64", "20"]
        for house in houses
        for back in range(months)
    ]


def city(count):
    houses = [EstablishmentFactory.build(places=False, hours=False) for _ in range(count)]
    return Establishment.objects.bulk_create(houses)


def peak_of(content):
    """Bytes that reading and writing a file took at most, beyond the file itself."""
    run = receive(content, "ville.csv", by=None)
    gc.collect()
    tracemalloc.start()
    stage(run)
    run.status = ImportRun.Status.READY
    run.save()
    apply_run(run)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert run.created_count == MonthlyActivity.objects.count()
    return peak - len(content), run.created_count


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_memory_is_that_of_a_batch_and_does_not_follow_the_file(settings):
    settings.DEBUG = False
    houses = city(200)
    few, few_rows = peak_of(csv_of(rows_of(houses[:50]), HEADERS))
    MonthlyActivity.objects.all().delete()
    ImportLine.objects.all().delete()
    many, many_rows = peak_of(csv_of(rows_of(houses), HEADERS))
    assert (few_rows, many_rows) == (1_200, 4_800)
    # Twice the copy of the file (its bytes, its coding being recognised) is all that may follow it.
    extra = len(csv_of(rows_of(houses[50:]), HEADERS))
    print(f"\n{few_rows} lignes\u00a0: {few:,} octets\u202f; {many_rows} lignes\u00a0: {many:,} octets")  # noqa: T201
    assert many - few < 2 * extra + 300_000


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("today")
class TestStopped:
    """The stop comes from another connection, as the button of the page does, while the import is at work."""

    def started(self, status):
        person = UserFactory()
        run = receive(csv_of(rows_of(city(3), 4), HEADERS), "ville.csv", by=None)
        run.by = person
        run.job = Job.objects.create(owner=person, label="Lecture")
        run.status = status
        run.save()
        return run

    def elsewhere(self, work):
        """Run `work` with a connection of its own and give its result."""
        found = []

        def go():
            try:
                found.append(work())
            finally:
                connection.close()

        thread = threading.Thread(target=go)
        thread.start()
        thread.join(20)
        assert not thread.is_alive()
        return found[0]

    def test_another_connection_sees_the_advance_and_stops_the_reading(self, monkeypatch):
        run = self.started(ImportRun.Status.READING)
        monkeypatch.setattr(running, "rows_below", lambda run: range(12))
        monkeypatch.setattr("indicators.importing.staging.BATCH", 3)
        monkeypatch.setattr("indicators.importing.staging.HouseIndex", every_house)
        advance, seen = Progress.advance, []

        def watched(progress, done):
            def look():
                job = Job.objects.get(pk=run.job_id)
                if len(seen) == 1:
                    Job.objects.filter(pk=job.pk).update(stop_requested=True)
                return job.done, job.total, ImportLine.objects.count()

            seen.append(self.elsewhere(look))
            advance(progress, done)

        monkeypatch.setattr(Progress, "advance", watched)
        running.read_import.func(run.pk)
        run.refresh_from_db()
        assert seen == [(0, 12, 3), (3, 12, 6)]
        assert (run.status, ImportLine.objects.count()) == (ImportRun.Status.STOPPED, 0)
        assert Job.objects.get().status == Job.Status.STOPPED

    def test_a_writing_that_is_stopped_leaves_nothing(self, monkeypatch):
        run = self.started(ImportRun.Status.RECEIVED)
        monkeypatch.setattr("indicators.importing.staging.HouseIndex", every_house)
        stage(run)
        run.status = ImportRun.Status.WRITING
        run.save()
        monkeypatch.setattr("indicators.importing.applying.BATCH", 3)
        written = []

        def stop_at_the_third(done):
            written.append(MonthlyActivity.objects.count())
            assert self.elsewhere(MonthlyActivity.objects.count) == 0
            if done == 9:
                raise JobStopped

        with pytest.raises(JobStopped):
            apply_run(run, stop_at_the_third)
        assert written == [3, 6, 9]
        assert not MonthlyActivity.objects.exists()


def every_house(user, source):
    from indicators.importing.houses import HouseIndex

    return HouseIndex(None, source)
