"""Erases what the network wrote once its time is over (projects/retention.py), one transaction and one line an object.

Places, dates and states stay where years are counted with them; texts, names and files go. What is still open is never
erased, however old: a question without answer, an order going on, minutes with a decision to apply.
"""

from django.db import transaction
from django.utils import timezone

from core.search.index import replace_entries
from establishments.models import JournalHead, record

from .models import Decision, Meeting, ServiceOrder, ServiceRequest, Subject, WatchNotice, WatchReading
from .retention import PURGED, RULES
from .searching import decisions, meetings, requests


def due(today) -> dict:
    """{kind: rows to erase today}, in the order they are erased."""
    return {
        "request": ServiceRequest.objects.to_purge(today),
        "order": ServiceOrder.objects.to_purge(today),
        "meeting": Meeting.objects.to_purge(today),
        "reading": WatchNotice.objects.with_readings_to_forget(today),
    }


def purge_all(today, *, dry_run=False) -> dict[str, int]:
    """{kind: how many objects}; with `dry_run`, how many would be, and nothing is written."""
    done = {}
    for kind, rows in due(today).items():
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        done[kind] = len(keys) if dry_run else sum(_erase(kind, pk, today) for pk in keys)
    return done


def _erase(kind, pk, today):
    """Whether the row was still to erase once locked: two runs at once erase it once."""
    with transaction.atomic():
        JournalHead.locked()
        row = due(today)[kind].select_for_update(of=("self",)).filter(pk=pk).first()
        if row is not None:
            ERASERS[kind](row, today)
        return row is not None


def _request(row, today):
    row.title, row.text, row.answer, row.service = PURGED, "", "", ""
    row.owner = row.escalated_to = None
    if row.status == ServiceRequest.Status.ANSWERED:
        row.status = ServiceRequest.Status.CLOSED  # nothing is left to contest
    row.purged_at = timezone.now()
    row.save()
    replace_entries(requests.SUBJECT, row.pk, [])
    record(
        "demande purgée", row, by=None, note=RULES["request"], establishment=row.establishment, territory=row.territory
    )


def _order(row, today):
    """Nothing counts with an order of five years ago: it goes whole, its files with it."""
    for document in row.documents.all():
        storage, name = document.file.storage, document.file.name
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))
    row.title = PURGED
    record("commande purgée", row, by=None, note=RULES["order"], territory=row.territory)
    row.delete()


def _meeting(row, today):
    found = Decision.objects.filter(meeting=row)
    for pk in found.order_by().values_list("pk", flat=True):
        replace_entries(decisions.SUBJECT, pk, [])
    found.update(text=PURGED, note="", search_text="")
    row.lines.update(text=PURGED)
    emptied = {"title": PURGED, "detail": "", "sponsor": None, "origin_key": "", "origin_url": ""}
    Subject.objects.filter(meeting=row).update(**emptied)
    row.attendance.all().delete()
    row.set_aside.all().delete()
    row.minutes = row.guests = row.place = row.link = ""
    row.cancel_reason, row.purged_at = PURGED if row.cancel_reason else "", timezone.now()
    row.save()
    replace_entries(meetings.SUBJECT, row.pk, [])
    record("réunion purgée", row, by=None, note=RULES["meeting"], territory=row.owning_territory)


def _reading(notice, today):
    """The house read it all the same; who said so is forgotten."""
    WatchReading.objects.to_forget(today).filter(notice=notice).update(read_by=None)
    record("lectures rendues anonymes", notice, by=None, note=RULES["reading"], territory=notice.territory)


ERASERS = {"request": _request, "order": _order, "meeting": _meeting, "reading": _reading}
