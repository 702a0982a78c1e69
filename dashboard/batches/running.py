"""Making the papers of a batch on all cores, each one once, whatever happens to the worker.

A paper that is made has its file and its hour: a worker that takes the batch up again starts from there. The rows are
read and the pages composed here, with the rights of the owner; only the writing of the PDF, which is nine tenths of
the time and asks the database nothing, goes to the other processes.
"""

import io
import zipfile
from collections import deque
from concurrent.futures import Executor, Future
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django_tasks import task
from pypdf import PdfWriter

from core.french import counted
from core.jobs import JobStopped, Progress, notify
from core.models import Job
from core.pdf.elsewhere import CORES, processes, write_sheet

from ..models import Batch, BatchItem
from .kinds import PRINTINGS

ASLEEP = timedelta(minutes=5)  # without a sign of life: the worker is gone
KEPT = timedelta(days=7)
MOST = 1_000
AHEAD = 2  # papers composed in advance, for each process
GONE = "N’est plus lisible avec vos droits."
UNFINISHED = [Job.Status.WAITING, Job.Status.RUNNING]


def ask_for(batch) -> Batch:
    """Save a batch with the list of its papers, and queue it; the same key again gives the first one."""
    with transaction.atomic():
        known = Batch.objects.visible_to(batch.owner).filter(client_uuid=batch.client_uuid).first()
        if known is not None:
            return known
        listed = list(PRINTINGS[batch.kind].listed(batch))[:MOST]
        papers = counted(len(listed), "papier")
        batch.job = Job.objects.create(owner=batch.owner, label=f"Lot {batch}, {papers}"[:200], total=len(listed))
        batch.save()
        BatchItem.objects.bulk_create(
            BatchItem(batch=batch, position=place, subject_id=number, label=label[:200])
            for place, (number, label) in enumerate(listed, start=1)
        )
        transaction.on_commit(lambda: run_batch.enqueue(batch.pk))
    return batch


def resume(batch) -> bool:
    """Queue again a batch that is stopped, failed or asleep; False when it is over or in somebody's hands."""
    now = timezone.now()
    if batch.job.status == Job.Status.DONE or (batch.alive_at and batch.alive_at > now - ASLEEP):
        return False
    Job.objects.filter(pk=batch.job_id).update(
        status=Job.Status.WAITING, stop_requested=False, finished_at=None, message=""
    )
    transaction.on_commit(lambda: run_batch.enqueue(batch.pk))
    return True


def resume_asleep(now) -> int:
    """What the scheduler asks for: batches whose worker is gone are queued again."""
    asleep = list(Batch.objects.asleep(now - ASLEEP).select_related("job"))
    return sum(resume(batch) for batch in asleep)


@task()
def run_batch(batch_id: int) -> None:
    """Make what is left of a batch; a second worker finds it taken."""
    now = timezone.now()
    free = Batch.objects.filter(Q(alive_at=None) | Q(alive_at__lt=now - ASLEEP), pk=batch_id)
    if not free.filter(job__status__in=UNFINISHED).update(alive_at=now):
        return
    batch = Batch.objects.select_related("owner", "territory", "job").get(pk=batch_id)
    try:
        _make(batch)
    except JobStopped:
        _rest(batch, Job.Status.STOPPED, "Arrêté à votre demande\u00a0: les papiers déjà faits sont gardés.")
        return
    except Exception:
        _rest(batch, Job.Status.FAILED, "Le lot s’est arrêté\u00a0: les papiers déjà faits sont gardés, reprenez-le.")
        raise
    notify(
        [batch.owner],
        event=f"job-{batch.job_id}",
        title="Lot prêt",
        body=batch.job.label,
        url=batch.get_absolute_url(),
    )


def _rest(batch, status, message):
    Job.objects.filter(pk=batch.job_id).update(status=status, message=message, finished_at=timezone.now())
    Batch.objects.filter(pk=batch.pk).update(alive_at=None)


def _make(batch):
    items = list(batch.items.all())
    progress = Progress(batch.job, len(items), step=1)
    done = sum(item.done_at is not None for item in items)
    progress.advance(done)
    with processes() as pool:
        for item in _written(batch, [item for item in items if item.done_at is None], pool):
            item.save(update_fields=["name", "file", "note", "done_at"])
            done += 1
            Batch.objects.filter(pk=batch.pk).update(alive_at=timezone.now())
            progress.advance(done)
    _bind(batch, [item for item in items if item.file])
    missing = sum(bool(item.note) for item in items)
    progress.finish(f"{counted(missing, 'papier manque', 'papiers manquent')}." if missing else "Tout est fait.")


def _written(batch, items, pool: Executor):
    """The items, in order, each with its file or the reason why it has none; a few are composed in advance."""
    prepare = PRINTINGS[batch.kind].prepare
    waiting: deque[tuple[BatchItem, object, Future | None]] = deque()
    for item in items:
        prepared = prepare(batch, item.subject_id)
        waiting.append((item, prepared, pool.submit(write_sheet, prepared.sheet) if prepared else None))
        if len(waiting) > AHEAD * CORES:
            yield _kept(*waiting.popleft())
    while waiting:
        yield _kept(*waiting.popleft())


def _kept(item, prepared, written):
    item.done_at = timezone.now()
    if prepared is None:
        item.note = GONE
        return item
    content = written.result()
    prepared.kept(content)
    item.name = f"{item.position:04d}-{prepared.name}"[:200]
    item.file.save(item.name, ContentFile(content), save=False)
    return item


def _bind(batch, items):
    """The zip goes with the job; the booklet, one PDF of all of them, with the batch when it can be made."""
    stem = slugify(f"lot {batch.territory.name} {batch.ends_on.isoformat()}")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for item in items:
            with item.file.open("rb") as file:
                packed.writestr(zipfile.ZipInfo(item.name, (1980, 1, 1, 0, 0, 0)), file.read())
    job = batch.job
    job.result.save(f"{stem}.zip", ContentFile(archive.getvalue()), save=False)
    Job.objects.filter(pk=job.pk).update(result=job.result.name)
    booklet = merged(items)
    if booklet:
        batch.booklet.save(f"{stem}.pdf", ContentFile(booklet), save=False)
        Batch.objects.filter(pk=batch.pk).update(booklet=batch.booklet.name)


def merged(items) -> bytes | None:
    """One PDF of all the papers, each with its bookmark; None without papers."""
    if not items:
        return None
    writer = PdfWriter()
    for item in items:
        with item.file.open("rb") as file:
            writer.append(io.BytesIO(file.read()), outline_item=item.label)
    booklet = io.BytesIO()
    writer.write(booklet)
    return booklet.getvalue()


def forget(now) -> int:
    """Retention: seven days after it was asked for, a batch and its files go."""
    old = list(Batch.objects.filter(asked_at__lt=now - KEPT).prefetch_related("items"))
    for batch in old:
        for file in [batch.booklet, *(item.file for item in batch.items.all())]:
            if file:
                file.delete(save=False)
        batch.delete()
    return len(old)
