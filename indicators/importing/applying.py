"""Write what a file changes, whole or not at all; give back what was there, on demand."""

from collections import Counter
from itertools import islice

from django.db import transaction
from django.utils import timezone

from core.french import counted, sentence_list
from establishments.models import Capability, Establishment, JournalHead, record
from establishments.workflow import TransitionRefused

from ..models import ImportLine, ImportRun, MonthlyActivity
from .kinds import KINDS, stored_in

BATCH = 1_000
NAMED = 5
FACTS = ["pk", "establishment_id", "day", "before", "after", "seen_version"]
Status = ImportRun.Status


class ChangedMeanwhile(Exception):
    """Something that the file changes was changed by someone since it was read."""


def apply_run(run: ImportRun, advance=None) -> ImportRun:
    """Write the lines of a run that is ready, in one transaction. Raises TransitionRefused, ChangedMeanwhile."""
    with transaction.atomic():
        JournalHead.locked()
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.status not in (Status.READY, Status.WRITING):
            raise TransitionRefused(f"Déjà traité\u00a0: import {locked.get_status_display()}.")
        if locked.is_refused:
            raise TransitionRefused("Des lignes sont rejetées\u00a0: rien n’a été importé.")
        kind = KINDS[run.kind](run, timezone.localdate())
        done, houses = 0, Counter()
        for lines in _batches(locked):
            _write(kind, lines, run.by)
            houses.update(line.establishment_id for line in lines)
            done += len(lines)
            if advance is not None:
                advance(done)
        _journal(locked, houses)
        locked.status, locked.applied_at, locked.message = Status.APPLIED, timezone.now(), ""
        locked.save()
    return _refreshed(run, locked)


def undo_run(run: ImportRun, *, by) -> list[str]:
    """Give back what was there before the run; names of the months and days that were changed since, left as they are.

    Raises TransitionRefused when the run is not written, or was undone before.
    """
    with transaction.atomic():
        JournalHead.locked()
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.status != Status.APPLIED:
            raise TransitionRefused(f"Déjà traité\u00a0: import {locked.get_status_display()}.")
        kind, kept, houses = KINDS[run.kind](run, timezone.localdate()), [], Counter()
        allowed = None
        if by is not None:
            allowed = set(Establishment.objects.visible_to(by, Capability.ENTER_ACTIVITY).values_list("pk", flat=True))
        for lines in _batches(locked):
            given_back, left = _split(kind, lines, allowed)
            _restore(kind, given_back)
            houses.update(line.establishment_id for line in given_back)
            kept += left
        locked.status, locked.undone_at, locked.message = Status.UNDONE, timezone.now(), _left_alone(kind, kept)
        locked.save()
        _journal(locked, houses, verb="import d’activité annulé", by=by)
    _refreshed(run, locked)
    return kept


def _refreshed(run, locked):
    run.__dict__.update({f.attname: getattr(locked, f.attname) for f in locked._meta.concrete_fields})
    return run


def _batches(run):
    """The lines that write, a batch at a time, in the order of the file; plain rows cost half of the instances."""
    last = 0
    lines = ImportLine.objects.filter(run=run).writing().order_by("pk").values_list(*FACTS, named=True)
    while batch := list(islice(lines.filter(pk__gt=last)[:BATCH], BATCH)):
        yield batch
        last = batch[-1].pk


def _stored(kind, lines):
    days = [line.day for line in lines]
    return stored_in(kind, {line.establishment_id for line in lines}, min(days), max(days))


def _write(kind, lines, by):
    stored = _stored(kind, lines)
    for line in lines:
        known = stored.get((line.establishment_id, line.day))
        if (known.version if known else 0) != line.seen_version or (known and known.is_locked):
            raise ChangedMeanwhile
    rows = [
        _row(kind, line, kind.decode(line.after), version=line.seen_version + 1, by=by.pk if by else None)
        for line in lines
    ]
    _upsert(kind, rows)


def _row(kind, line, values, *, version, by):
    row = kind.model(establishment_id=line.establishment_id, version=version, entered_by_id=by, **values)
    setattr(row, kind.date_field, line.day)
    return row if kind.model is MonthlyActivity else row.fill()


def _upsert(kind, rows):
    """One statement a batch for what is new and what changes: the database keeps its own locks and checks."""
    changed = [*kind.names, "entered_by", "version"]
    if kind.model is not MonthlyActivity:
        changed += ["child_half_hours", "peak"]
    kind.model._base_manager.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["establishment", kind.date_field],
        update_fields=changed,
    )


def _split(kind, lines, allowed):
    """(lines to give back, lines changed since or out of reach today)."""
    stored, given_back, left = _stored(kind, lines), [], []
    for line in lines:
        known = stored.get((line.establishment_id, line.day))
        same = known is not None and known.version == line.seen_version + 1 and not known.is_locked
        reachable = allowed is None or line.establishment_id in allowed
        (given_back if same and reachable else left).append(line)
    return given_back, left


def _restore(kind, lines):
    changed = [line for line in lines if line.before is not None]
    _upsert(
        kind,
        [
            _row(kind, line, kind.decode(line.before), version=line.seen_version + 2, by=line.before["by"])
            for line in changed
        ],
    )
    made = [line for line in lines if line.before is None]
    for day in {line.day for line in made}:
        houses = [line.establishment_id for line in made if line.day == day]
        kind.model._base_manager.filter(**{kind.date_field: day, "establishment__in": houses}).delete()


def _left_alone(kind, lines):
    if not lines:
        return ""
    names = dict(
        Establishment.objects.filter(pk__in={line.establishment_id for line in lines}).values_list("pk", "name")
    )
    shape = "%m/%Y" if kind.model is MonthlyActivity else "%d/%m/%Y"
    told = [f"{names[line.establishment_id]} ({line.day:{shape}})" for line in lines[:NAMED]]
    more = [f"{len(lines) - NAMED} autres"] if len(lines) > NAMED else []
    what = counted(len(lines), "ligne changée depuis, laissée", "lignes changées depuis, laissées")
    return f"{what} en l’état\u00a0: {sentence_list([*told, *more])}."


def _journal(run, houses, *, verb="activité importée", by=None):
    """One line a house: each reader finds what came to hers, and from which file."""
    known = Establishment.objects.in_bulk(list(houses))
    for pk, count in sorted(houses.items()):
        note = f"Fichier «\u00a0{run.filename[:120]}\u00a0», {counted(count, 'ligne')}."
        record(verb, run, by=by or run.by, note=note, establishment=known[pk])
