"""Reading and writing a file as long tasks: their advance is shown, they can be stopped, nothing is half done."""

import logging

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from core.french import counted
from core.jobs import JobStopped, Progress
from core.models import Job
from core.spreadsheets import UnreadableFile
from establishments.workflow import TransitionRefused

from ..models import ImportRun
from .applying import ChangedMeanwhile, apply_run
from .receiving import forget_file, give_up
from .staging import rows_below, stage

logger = logging.getLogger(__name__)
Status = ImportRun.Status
MOVED = "Des chiffres ont changé depuis l’aperçu\u00a0: voici ce que l’import ferait maintenant."
BROKEN = "L’import s’est arrêté sur une erreur inattendue\u00a0: rien n’a été écrit."
STOPPED = "Arrêté à votre demande\u00a0: rien n’a été écrit."


def start(run: ImportRun, status: str) -> None:
    """Queue the reading (READING) or the writing (WRITING) of a run; a second click finds it already started."""
    expected = {Status.READING: [Status.RECEIVED, Status.READY], Status.WRITING: [Status.READY]}[status]
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.status not in expected:
            raise TransitionRefused(f"Déjà traité\u00a0: import {locked.get_status_display()}.")
        verb = "Lecture" if status == Status.READING else "Import"
        locked.job = Job.objects.create(owner=run.by, label=f"{verb} de «\u00a0{run.filename[:150]}\u00a0»")
        locked.status, locked.columns, locked.partial = status, run.columns, run.partial
        locked.month, locked.message = run.month, ""
        locked.save()
        work = read_import if status == Status.READING else write_import
        transaction.on_commit(lambda: work.enqueue(run.pk))


def read_now(run: ImportRun, advance=None) -> ImportRun:
    """Read a run in this process, ready or FAILED with its reason."""
    try:
        stage(run, advance)
        run.status = Status.READY
        run.save()
    except UnreadableFile as error:
        run.message = str(error)
        give_up(run, Status.FAILED)
    return run


@task()
def read_import(run_id):
    run = ImportRun.objects.select_related("job", "by").get(pk=run_id)
    with Followed(run):
        progress = Progress(run.job, sum(1 for _ in rows_below(run)), step=1)
        read_now(run, progress.advance)


@task()
def write_import(run_id):
    run = ImportRun.objects.select_related("job", "by").get(pk=run_id)
    with Followed(run):
        progress = Progress(run.job, run.created_count + run.updated_count, step=1)
        try:
            apply_run(run, progress.advance)
        except ChangedMeanwhile:
            read_now(run)
            run.message = MOVED
            run.save()
        else:
            forget_file(run)
            run.save()


class Followed:
    """The end of a job is told whatever happens: done, stopped, or failed with nothing written."""

    def __init__(self, run):
        self.run = run

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, JobStopped):
            self.run.message = STOPPED
            give_up(self.run, Status.STOPPED)
        elif isinstance(error, UnreadableFile):
            self.run.message = str(error)
            give_up(self.run, Status.FAILED)
        elif error is not None:
            logger.error("import %s failed", self.run.pk, exc_info=error)
            self.run.message = str(error) if isinstance(error, TransitionRefused) else BROKEN
            give_up(self.run, Status.FAILED)
        _finish(self.run)
        return error is None or isinstance(error, (JobStopped, UnreadableFile, TransitionRefused))


def _finish(run):
    ends = {Status.STOPPED: Job.Status.STOPPED, Status.FAILED: Job.Status.FAILED}
    job = Job.objects.get(pk=run.job_id)
    job.status, job.finished_at = ends.get(run.status, Job.Status.DONE), timezone.now()
    if job.status == Job.Status.DONE:
        job.done = job.total
    changed = run.created_count + run.updated_count
    job.message = run.message or f"{run.get_status_display()}\u00a0: {counted(changed, 'ligne')}."
    job.save()
