"""The PDF of a list: at once when it is short, by the queue when it is long, kept seven days for who asked for it."""

import datetime
import hashlib
import json
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django_tasks import task

from .jobs import JobStopped, Progress, notify
from .models import Job, User
from .pdf.columns import is_whole, shares
from .sealing import seal, unseal

PDF_ROWS_NOW = 150
PDF_WIDE_FROM = 7
RESULT_KEPT = datetime.timedelta(days=7)
PARTS = 2  # the rows are read; the sheets are made
FACE = ("collectivite", "service", "label", "addressee", "logo", "colour")  # what a paper takes from the pack
READY = "Le PDF est prêt. Il reste ici sept jours, pour vous."
STOPPED = "Arrêtée à votre demande\u00a0: aucun fichier n’a été gardé."
BROKEN = "Le PDF n’a pas pu être fait\u00a0: aucun fichier n’a été gardé. Relancez-le, ou prenez un tableur."
GONE = "Le fichier a été effacé après sept jours. Relancez l’export pour en avoir un neuf."
UNFINISHED = [Job.Status.WAITING, Job.Status.RUNNING]


def sheet_of(table: Any, records: list[Any], described: list[tuple[str, str]]) -> dict[str, Any]:
    """What core/pdf/list.html prints: plain values only, but for the cells that are already safe HTML."""
    rows = list(table.paper_rows(records))
    return {
        "columns": [{"label": str(column["label"]), "css": column["css"]} for column in table.paper_columns()],
        "rows": rows,
        "count_sentence": table.count_sentence(len(rows)),
        "described": [(str(label), str(value)) for label, value in described],
        "wide": len(table.exported) >= PDF_WIDE_FROM,
    }


def print_now(sheet: dict[str, Any], pack: Any, *, title: str, at: datetime.datetime) -> bytes:
    """Bytes of the PDF of a sheet, dated by an aware instant."""
    from .pdf import render_pdf

    return render_pdf(
        "core/pdf/list.html", {"list": laid_out(sheet) | {"printed_at": at}, "pack": pack}, title=title, created_at=at
    )


def laid_out(sheet: dict[str, Any]) -> dict[str, Any]:
    """The same sheet, each column with its width, each cell that must stay on one line with the class that says so."""
    rows = [[cell | {"css": _on_one_line(cell)} for cell in row] for row in sheet["rows"]]
    texts = [[str(cell["text"]) for cell in row] for row in rows]
    widths = shares([column["label"] for column in sheet["columns"]], texts, wide=sheet["wide"])
    columns = [column | {"width": f"w{share}"} for column, share in zip(sheet["columns"], widths, strict=True)]
    return sheet | {"columns": columns, "rows": rows}


def _on_one_line(cell: dict[str, Any]) -> str:
    return f"{cell['css']} whole".strip() if is_whole(str(cell["text"])) else cell["css"]


def print_later(sheet: dict[str, Any], pack: Any, *, title: str, at: datetime.datetime, owner: Any) -> Job:
    """Queue the PDF and return its job; asking again for the same rows before the end gives the same job.

    The rows are those that the person could see when she asked: they wait sealed, in the file that the PDF replaces.
    """
    key = _key(owner, title, sheet)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # two clicks: one job
        known = Job.objects.visible_to(owner).filter(status__in=UNFINISHED, result__contains=key).first()
        if known is not None:
            return known
        asked = {"sheet": _plain(sheet), "pack": _face(pack), "title": title, "at": at.isoformat()}
        job = Job(owner=owner, label=f"PDF «\u00a0{title[:120]}\u00a0», {sheet['count_sentence']}", total=PARTS)
        job.result.save(f"{key}.attente", ContentFile(seal(asked)), save=False)
        job.save()
        transaction.on_commit(lambda: print_list.enqueue(job.pk))
    return job


@task()
def print_list(job_id: int) -> None:
    """Make the PDF of one job, once: a second worker finds it taken."""
    taken = Job.objects.filter(pk=job_id, status=Job.Status.WAITING).update(status=Job.Status.RUNNING)
    if not taken:
        return
    job = Job.objects.select_related("owner").get(pk=job_id)
    progress = Progress(job, PARTS, step=1)
    try:
        asked = _asked(job)
        progress.advance(1)
        at = datetime.datetime.fromisoformat(asked["at"])
        content = print_now(_marked(asked["sheet"]), asked["pack"], title=asked["title"], at=at)
        progress.advance(PARTS)
    except JobStopped:
        _give_up(job, Job.Status.STOPPED, STOPPED)
        return
    except Exception:
        _give_up(job, Job.Status.FAILED, BROKEN)
        raise
    _keep(job, f"{slugify(asked['title'])[:80]}-{timezone.localdate(at).isoformat()}.pdf", content)
    progress.finish(READY)
    notify([job.owner], event=f"job-{job.pk}", title="PDF prêt", body=job.label, url=job.get_absolute_url())


def forget_results(now: datetime.datetime) -> int:
    """Delete the files of the jobs asked for more than seven days ago; returns how many. The line of the job stays."""
    old = Job.objects.filter(created_at__lt=now - RESULT_KEPT).exclude(result="")
    count = 0
    for job in old.iterator():
        job.result.delete(save=False)
        over = {} if job.is_over else {"status": Job.Status.FAILED, "finished_at": now}
        Job.objects.filter(pk=job.pk).update(result="", message=GONE, **over)
        count += 1
    return count


def _key(owner, title, sheet):
    said = json.dumps([owner.pk, title, _plain(sheet)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _plain(sheet):
    """The sheet as JSON writes it; a cell that is safe HTML says so."""
    rows = [
        [{"text": str(cell["text"]), "css": cell["css"], "safe": hasattr(cell["text"], "__html__")} for cell in row]
        for row in sheet["rows"]
    ]
    return sheet | {"rows": rows}


def _marked(sheet):
    for row in sheet["rows"]:
        for cell in row:
            if cell["safe"]:
                cell["text"] = mark_safe(cell["text"])  # it was safe before it was sealed, and the seal is checked
    return sheet


def _face(pack):
    read = pack.get if isinstance(pack, dict) else lambda name: getattr(pack, name, "")
    return {name: str(read(name) or "") for name in FACE}


def _asked(job):
    with job.result.open("rb") as file:
        return unseal(file.read())


def _keep(job, name, content):
    """The PDF takes the place of what was asked."""
    storage, waiting = job.result.storage, job.result.name
    job.result.save(name, ContentFile(content), save=False)
    Job.objects.filter(pk=job.pk).update(result=job.result.name)
    storage.delete(waiting)


def _give_up(job, status, message):
    job.result.delete(save=False)
    Job.objects.filter(pk=job.pk).update(result="", status=status, message=message, finished_at=timezone.now())


def filename_of(job: Job) -> str:
    return PurePosixPath(job.result.name).name
