"""A worker killed for good (SIGKILL) in the middle of a batch: what was made stays, the next one makes the rest."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
from datetime import date
from dashboard.batches.running import ask_for
from dashboard.models import Batch
from tests.factories import EstablishmentFactory, MandateFactory, TerritoryFactory
direction = TerritoryFactory(kind="direction", code="direction", name="Direction")
sector = TerritoryFactory(code="belleville", name="Secteur Belleville", parent=direction)
owner = MandateFactory(role="coordinator", territory=sector).user
for number in range(14):
    EstablishmentFactory(name=f"Maison {number}", sector=sector)
ask_for(Batch(kind="houses", owner=owner, territory=sector, starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 28)))
"""
WORK = "from dashboard.batches.running import run_batch; run_batch.call(1)"
ASLEEP = "UPDATE dashboard_batch SET alive_at = '2020-01-01 00:00:00'"
PATIENCE = 120  # seconds


@pytest.fixture
def site(tmp_path):
    """`start` and `run` of manage.py, `ask` of its database, on a sector in a folder of its own."""
    database = tmp_path / "lot.sqlite3"
    given = {"DATABASE_URL": f"sqlite:///{database}", "MEDIA_ROOT": str(tmp_path), "RONDE_SQLITE_SYNCHRONOUS": "OFF"}

    def start(*arguments):
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.Popen(command, env={**os.environ, **given}, stdout=subprocess.PIPE, text=True)

    def run(*arguments):
        worker = start(*arguments)
        said, _ = worker.communicate(timeout=PATIENCE)
        assert worker.returncode == 0, said
        return said

    def ask(query):
        with closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as connection:
            return connection.execute(query).fetchall()

    run("migrate", "-v0")
    run("shell", "-v0", "-c", PREPARE)
    return start, run, ask, tmp_path


def workers_of(parent):
    """Processes started by that one: its writers of papers and what watches over them."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [int(number) for number in found.stdout.split()]


def is_alive(pid):
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="les processus se lisent dans /proc")
def test_a_worker_killed_is_taken_over_without_repeating(site):
    start, run, ask, folder = site
    total = 14
    worker = start("shell", "-v0", "-c", WORK)
    until = time.monotonic() + PATIENCE
    while len(made := ask("SELECT position, file FROM dashboard_batchitem WHERE done_at IS NOT NULL")) < 2:
        assert worker.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    writers = workers_of(worker.pid)
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate(timeout=PATIENCE)  # its writers hold its output: they left with it
    assert writers
    made = ask("SELECT position, file FROM dashboard_batchitem WHERE done_at IS NOT NULL")
    assert 2 <= len(made) < total
    stamps = {file: (folder / file).stat().st_mtime_ns for _, file in made}

    run("shell", "-v0", "-c", WORK)  # it may still live: nothing is taken from it
    assert ask("SELECT COUNT(*) FROM dashboard_batchitem WHERE done_at IS NOT NULL") == [(len(made),)]
    ask(ASLEEP)
    run("shell", "-v0", "-c", WORK)

    after = dict(ask("SELECT position, file FROM dashboard_batchitem WHERE done_at IS NOT NULL AND file <> ''"))
    assert len(after) == len(set(after.values())) == total
    assert {place: after[place] for place, _ in made} == dict(made)
    assert {file: (folder / file).stat().st_mtime_ns for file in stamps} == stamps
    assert ask("SELECT status, done, total FROM core_job") == [("done", total, total)]
    assert not any(is_alive(pid) for pid in writers)
