"""A long synthesis against WeasyPrint alone, and a batch of reports: cores used, killed in the middle, taken up again.

`make bench ARGS="--only Synthèse"` and `make bench ARGS="--only lot"` print them alone. RONDE_BENCH_BATCH is the
number of reports, 450 unless told. Everything is written in a copy of the measured city, thrown away at the end.
"""

import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pypdf

from . import city

PAPERS = int(os.environ.get("RONDE_BENCH_BATCH", "450"))
PAGES, ROUNDS = 30, 3
SHARE_OF_CORES = 0.85
PARAGRAPH = "Le pôle a suivi les actions décidées, revu les plannings et préparé les semaines à venir. " * 20


def measures(measure):
    """The yearly report of the direction, its author's own words added until it takes thirty pages."""
    from django.db import transaction

    from core.pdf import engine
    from dashboard.syntheses.printing import pdf_of

    from . import paper

    with transaction.atomic():
        document, pages = _long_synthesis(pdf_of)
        with mock.patch.object(engine, "write", wraps=engine.write) as write:
            pdf_of(document)
        html = write.call_args.args[0]
        label = f"Synthèse de {pages} pages, et WeasyPrint nu"
        yield measure(label, lambda: pdf_of(document)[0], lambda: paper.alone(html), 1.30, rounds=ROUNDS)
        transaction.set_rollback(True)


def _long_synthesis(pdf_of):
    from dashboard.models import Synthesis

    from .measures import member

    central = member("services.centraux")
    direction = central.mandates.get(territory__isnull=False).territory
    year = city.TODAY.year - 1
    days = {"starts_on": city.TODAY.replace(year, 1, 1), "ends_on": city.TODAY.replace(year, 12, 31)}
    document = Synthesis(variant="rapport-annuel", territory=direction, **days).open(by=central)
    pages = _pages(pdf_of(document)[0])
    while pages < PAGES:
        for number in range(max(1, 2 * (PAGES - pages))):
            place = 900 + document.lines.count()
            section = document.model.order[number % len(document.model.order)]
            document.lines.create(
                key=f"libre-{place}", section=section, position=place, text=PARAGRAPH[:1900], author=central
            )
        pages = _pages(pdf_of(document)[0])
    return document, pages


def _pages(content):
    return len(pypdf.PdfReader(io.BytesIO(content)).pages)


def batch():
    """The names of what is over its budget; prints a line for the cores, one for the kill."""
    with _copy() as folder:
        sys.stdout.write(f"\nlot de {PAPERS} comptes rendus, {os.cpu_count()} cœurs\n")
        return [*_cores(folder), *_killed(folder)]


@contextmanager
def _copy():
    """Goes over to a copy of the city with a folder of files of its own."""
    from django.conf import settings
    from django.db import connection
    from django.test import override_settings

    folder = Path(tempfile.mkdtemp(prefix="ronde-lot-"))
    name, database = connection.settings_dict["NAME"], folder / "ville.sqlite3"
    connection.close()
    shutil.copy(name, database)
    connection.settings_dict["NAME"] = str(database)
    given = {"DATABASE_URL": f"sqlite:///{database}", "MEDIA_ROOT": str(folder)}
    kept = {key: os.environ.get(key) for key in given}
    os.environ.update(given)  # for the processes of the pool, and for the worker that is killed
    try:
        with override_settings(MEDIA_ROOT=folder):
            settings.ROOT_URLCONF = "config.urls"
            yield folder
    finally:
        settings.ROOT_URLCONF = "tests.bench.urls"
        connection.close()
        connection.settings_dict["NAME"] = name
        for key, value in kept.items():
            os.environ.pop(key) if value is None else os.environ.update({key: value})
        shutil.rmtree(folder, ignore_errors=True)


def _asked():
    """A batch of the last transmitted reports of the direction, cut to the number wanted."""
    from core.models import Job
    from dashboard.batches.running import ask_for
    from dashboard.models import Batch

    from .measures import member

    central = member("services.centraux")
    direction = central.mandates.get(territory__isnull=False).territory
    days = {"starts_on": city.TODAY - timedelta(days=200), "ends_on": city.TODAY}
    batch = ask_for(Batch(kind="reports", owner=central, territory=direction, **days))
    batch.items.filter(position__gt=PAPERS).delete()
    Job.objects.filter(pk=batch.job_id).update(total=batch.items.count())
    return batch


def _cores(folder):
    """All the processor time over that of the busiest process: what other programs take away changes nothing."""
    from dashboard.batches import running

    batch, spent = _asked(), folder / "processeur"
    os.environ["RONDE_BENCH_SPENT"] = str(spent)
    before, started = time.process_time(), time.perf_counter()
    with mock.patch.object(running, "write_sheet", write_counted):
        running.run_batch.call(batch.pk)
    elapsed = time.perf_counter() - started
    by_process = {"here": time.process_time() - before}
    for line in spent.read_text().splitlines():
        process, seconds = line.split()
        by_process[process] = float(seconds)  # the last one holds the others
    batch.job.refresh_from_db()
    cores, wanted = sum(by_process.values()) / max(by_process.values()), SHARE_OF_CORES * (os.cpu_count() or 1)
    over = cores < wanted or batch.job.status != "done" or batch.job.done != batch.items.count()
    _say(f"  {batch.items.count()} papiers en {elapsed:.0f} s, cœurs employés", cores, wanted, over)
    return ["cœurs d’un lot"] * over


def write_counted(sheet):
    """Run in the other processes: the paper, and a line that says what this process has spent so far."""
    content = sheet.written()
    with open(os.environ["RONDE_BENCH_SPENT"], "a") as file:
        file.write(f"{os.getpid()} {time.process_time():.3f}\n")
    return content


def _killed(folder):
    """A worker of its own, SIGKILL at a third; what it made is not made again."""
    from dashboard.batches.running import run_batch
    from dashboard.models import Batch

    batch = _asked()
    made = batch.items.exclude(done_at=None)
    worker = subprocess.Popen([sys.executable, "-m", "tests.bench.batches", str(batch.pk)], cwd=city.ROOT)
    seen = set()
    while made.count() < PAPERS // 3 and worker.poll() is None:
        batch.job.refresh_from_db()
        seen.add(batch.job.done)
        time.sleep(0.1)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    kept = {file: (folder / file).stat().st_mtime_ns for file in made.values_list("file", flat=True)}
    Batch.objects.filter(pk=batch.pk).update(alive_at=city.NOW - timedelta(days=1))
    run_batch.call(batch.pk)
    batch.job.refresh_from_db()
    files = set(batch.items.values_list("file", flat=True))
    again = sum((folder / file).stat().st_mtime_ns != stamp for file, stamp in kept.items()) + len(set(kept) - files)
    over = bool(again) or batch.job.status != "done" or "" in files or len(files) != batch.items.count()
    _say(f"  tué à {len(kept)}, repris ; refaits (avancement vu {len(seen)} fois)", again, 0, over)
    return ["reprise d’un lot"] * over


def _say(label, value, budget, over):
    line = f"{label:<60}{value:>10.2f}{budget:>10.2f}".replace(".", ",")
    sys.stdout.write(f"{line}{'   DÉPASSÉ' if over else ''}\n")
    sys.stdout.flush()


def work(number: int) -> None:
    """The worker that is killed, in a process of its own, on the copy that its environment names."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    import time_machine

    with time_machine.travel(city.NOW, tick=True):
        from dashboard.batches.running import run_batch

        run_batch.call(number)


if __name__ == "__main__":
    work(int(sys.argv[1]))
