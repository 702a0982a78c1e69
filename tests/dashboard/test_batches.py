"""Batches: each paper once, on all cores, found again after a kill, for whoever asked, within her rights."""

import datetime
import io
import uuid
import zipfile
from concurrent.futures import Future
from contextlib import contextmanager

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from core.models import Job, Notification
from dashboard.batches import running
from dashboard.models import Batch, BatchItem
from establishments.models import Mandate
from tests.factories import EstablishmentFactory
from tests.pdf_reading import extract_text
from tests.visits.factories import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
FIRST, LAST = datetime.date(2026, 2, 1), datetime.date(2026, 2, 28)


class Here:
    """Writes at once, in this process, and counts; `dies_at` kills the worker before that paper."""

    def __init__(self, dies_at=None):
        self.written, self.dies_at = 0, dies_at

    def submit(self, function, sheet):
        if self.written == self.dies_at:
            raise SystemExit("killed")
        self.written += 1
        done = Future()
        done.set_result(b"%PDF-" + str(self.written).encode())
        return done


@pytest.fixture
def worker(monkeypatch):
    """The pool of each run, in order; a test may put one that dies first."""
    pools = []

    @contextmanager
    def processes():
        pools.append(worker_of.pop(0) if worker_of else Here())
        yield pools[-1]

    worker_of = []
    monkeypatch.setattr(running, "processes", processes)
    monkeypatch.setattr(running, "merged", lambda items: None)
    monkeypatch.setattr(running, "AHEAD", 0)
    return pools, worker_of


@pytest.fixture
def houses(sector, coordinator):
    return [EstablishmentFactory(name=f"Maison {n}", sector=sector) for n in range(5)]


def asked(by, territory, kind="houses", **more):
    return Batch(owner=by, kind=kind, territory=territory, starts_on=FIRST, ends_on=LAST, **more)


def ask(batch, capture):
    with capture(execute=True):
        return running.ask_for(batch)


def papers(batch):
    job = Job.objects.get(pk=batch.job_id)
    with job.result.open("rb") as file:
        content = file.read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_batch_makes_each_paper_and_one_zip(houses, sector, coordinator, worker, django_capture_on_commit_callbacks):
    batch = ask(asked(coordinator, sector), django_capture_on_commit_callbacks)
    batch.job.refresh_from_db()
    assert (batch.job.status, batch.job.done, batch.job.total) == ("done", 5, 5)
    assert len(papers(batch)) == 5
    assert Notification.objects.get(user=coordinator).url == batch.get_absolute_url()


def test_a_worker_killed_leaves_what_is_made_and_the_next_one_repeats_nothing(
    houses, sector, coordinator, worker, django_capture_on_commit_callbacks
):
    pools, to_come = worker
    to_come.append(Here(dies_at=3))
    ask(asked(coordinator, sector), django_capture_on_commit_callbacks)
    batch = Batch.objects.get()
    kept = dict(BatchItem.objects.exclude(done_at=None).values_list("position", "file"))
    assert len(kept) in (2, 3)
    assert batch.job.status == "running"
    running.run_batch.enqueue(batch.pk)  # its worker may still live: nothing is taken from it
    assert len(pools) == 1
    Batch.objects.update(alive_at=timezone.now() - 2 * running.ASLEEP)
    with django_capture_on_commit_callbacks(execute=True):
        assert running.resume_asleep(timezone.now()) == 1
    batch.job.refresh_from_db()
    assert (batch.job.status, batch.job.done) == ("done", 5)
    assert pools[1].written == 5 - len(kept)
    after = dict(BatchItem.objects.values_list("position", "file"))
    assert {place: after[place] for place in kept} == kept


def test_stopping_keeps_what_is_made_and_resuming_goes_on(
    houses, sector, coordinator, worker, client, django_capture_on_commit_callbacks, monkeypatch
):
    batch = asked(coordinator, sector)
    with django_capture_on_commit_callbacks():
        running.ask_for(batch)
    Job.objects.update(stop_requested=True)
    running.run_batch.enqueue(batch.pk)
    batch.job.refresh_from_db()
    assert batch.job.status == "stopped"
    client.force_login(coordinator)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "Reprendre" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("dashboard:batch_resume", args=[batch.pk]))
    assert Job.objects.get().status == "done"
    assert len(papers(batch)) == 5


def test_what_she_may_no_longer_read_is_left_out_and_said(
    houses, sector, coordinator, worker, client, django_capture_on_commit_callbacks
):
    batch = asked(coordinator, sector)
    with django_capture_on_commit_callbacks():
        running.ask_for(batch)
    Mandate.objects.filter(user=coordinator).update(ends_on=datetime.date(2026, 3, 1))
    running.run_batch.enqueue(batch.pk)
    assert papers(batch) == {}
    assert set(BatchItem.objects.values_list("note", flat=True)) == {running.GONE}


def test_reports_are_the_transmitted_ones_of_the_perimeter(
    creche, far_creche, coordinator, neighbour, sector, caspe, central, worker, django_capture_on_commit_callbacks
):
    day = datetime.date(2026, 2, 10)
    mine = VisitFactory(establishment=creche, coordinator=coordinator, visited_on=day, shared=True)
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=day)
    VisitFactory(establishment=far_creche, coordinator=neighbour, visited_on=day, shared=True)
    batch = ask(asked(coordinator, sector, "reports"), django_capture_on_commit_callbacks)
    assert list(batch.items.values_list("subject_id", flat=True)) == [mine.pk]
    wide = ask(asked(central, caspe, "reports"), django_capture_on_commit_callbacks)
    assert wide.items.count() == 2


def test_the_same_request_twice_is_one_batch_and_nothing_to_print_is_said(
    client, houses, sector, coordinator, worker, django_capture_on_commit_callbacks
):
    client.force_login(coordinator)
    typed = {
        "kind": "houses",
        "territory": sector.pk,
        "starts_on": FIRST,
        "ends_on": LAST,
        "client_uuid": uuid.uuid4(),
    }
    with django_capture_on_commit_callbacks(execute=True):
        pages = [client.post(reverse("dashboard:batch_create"), typed) for _ in range(2)]
    assert {page.url for page in pages} == {Batch.objects.get().get_absolute_url()}
    typed |= {"kind": "reports", "client_uuid": uuid.uuid4()}
    assert "Rien à imprimer" in client.post(reverse("dashboard:batch_create"), typed).content.decode()


def test_a_batch_is_its_owners_alone(houses, sector, coordinator, pole_head, worker, client, settings):
    batch = running.ask_for(asked(coordinator, sector))
    client.force_login(pole_head)
    for name in ("batch", "batch_booklet"):
        assert client.get(reverse(f"dashboard:{name}", args=[batch.pk])).status_code == 404
    assert client.post(reverse("dashboard:batch_resume", args=[batch.pk])).status_code == 404


def test_after_seven_days_the_files_are_gone(houses, sector, coordinator, worker, django_capture_on_commit_callbacks):
    ask(asked(coordinator, sector), django_capture_on_commit_callbacks)
    files = list(BatchItem.objects.values_list("file", flat=True))
    assert all(map(default_storage.exists, files))
    assert running.forget(timezone.now()) == 0
    assert running.forget(timezone.now() + running.KEPT + datetime.timedelta(days=1)) == 1
    assert not any(map(default_storage.exists, files))


@pytest.mark.slow
def test_real_processes_write_real_papers_and_one_booklet(
    creche, next_creche, pole, pole_head, client, django_capture_on_commit_callbacks
):
    batch = ask(asked(pole_head, pole), django_capture_on_commit_callbacks)
    made = papers(batch)
    assert len(made) == 2
    assert all("PROJET" in extract_text(content) for content in made.values())
    batch.refresh_from_db()
    assert batch.items.count() == 2
    client.force_login(pole_head)
    response = client.get(reverse("dashboard:batch_booklet", args=[batch.pk]))
    booklet = extract_text(b"".join(response.streaming_content))
    response.close()
    assert creche.name in booklet
    assert next_creche.name in booklet
