"""Erases what events and inspections tell once their time is over; a certificate remains, and what is counted.

Their dates, families, natures and states stay: they tell nobody anything and the figures of the years keep them. The
people told, the texts and the links to files go. Each object is purged in its own transaction.
"""

from django.db import transaction
from django.utils import timezone

from core.search.index import replace_entries
from establishments.models import JournalHead, record

from . import retention
from .models import Event, FindingCheck, FindingCorrection, Inspection, PurgeCertificate
from .models.events import IMPACTS


def purge_all(today) -> int:
    """Purge everything whose time is over; returns how many objects."""
    done = [purge_event(event) for event in Event.objects.to_purge(today).order_by("pk")]
    done += [purge_inspection(row) for row in Inspection.objects.to_purge(today).order_by("pk")]
    return len(done)


def purge_event(event) -> PurgeCertificate:
    with transaction.atomic():
        JournalHead.locked()
        row = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
        texts = _empty(row, ["place", "summary", "measures", "lessons", *IMPACTS]) + 1
        row.title, row.purged_at = retention.PURGED, timezone.now()
        row.save()
        texts += row.notices.all().delete()[0]
        replace_entries("visits.event", row.pk, [])
        record("événement purgé", row, by=None, establishment=row.owning_establishment)
        return _certificate("event", f"EV-{row.pk}", row.reported_at, row.closed_at, texts)


def purge_inspection(inspection) -> PurgeCertificate:
    with transaction.atomic():
        JournalHead.locked()
        row = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
        texts = _empty(row, ["reference", "answer"]) + 1
        row.subject, row.letter, row.purged_at = retention.PURGED, None, timezone.now()
        row.save()
        for finding in row.findings.all():
            texts += _empty(finding, ["article", "proof_note"]) + 1
            finding.text, finding.proof = retention.PURGED, None
            finding.save()
        texts += FindingCheck.objects.filter(finding__inspection=row).delete()[0]
        texts += FindingCorrection.objects.filter(finding__inspection=row).delete()[0]
        replace_entries("visits.inspection", row.pk, [])
        record("contrôle purgé", row, by=None, establishment=row.establishment)
        return _certificate("inspection", f"CT-{row.pk}", row.recorded_at, row.closed_at, texts)


def _empty(row, names) -> int:
    """Empty these texts; how many said something."""
    said = sum(bool(getattr(row, name)) for name in names)
    for name in names:
        setattr(row, name, "")
    return said


def _certificate(kind, reference, opened_at, closed_at, texts):
    return certificate(kind, reference, opened_at, timezone.localdate(closed_at), texts)


def certificate(kind, reference, opened_at, closed_on, texts):
    """What remains: that it was, and that it is no more. `closed_on` begins the time that the rule counts."""
    return PurgeCertificate.objects.create(
        reference=reference,
        kind=kind,
        opened_on=timezone.localdate(opened_at),
        closed_on=closed_on,
        kept_until=retention.kept_until(closed_on),
        rule=retention.RULES[kind],
        notes=texts,
    )
