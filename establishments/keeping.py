"""How the calendar, the obligations and the documents of a house are written: each with its line in the journal.

Nothing here is written twice: the same closure, freeze or file sent again gives the one already there.
"""

from django.core.files.base import ContentFile
from django.db import transaction

from core.french import short_date

from .models import Document, JournalHead, TakingOfficeStep, record
from .workflow import TransitionRefused

SAME_CLOSURE = ["establishment", "cause", "part", "starts_on", "ends_on"]
SAME_FREEZE = ["establishment", "places", "reason", "starts_on", "ends_on"]


ELSEWHERE = "Cette ligne est tenue par une journée pédagogique ou des travaux\u00a0: changez-la depuis leur page."


def _refuse_managed(row):
    """What a pedagogical day or works wrote follows their own steps."""
    if row.pk and (getattr(row, "is_managed", False) or getattr(row, "works_id", None)):
        raise TransitionRefused(ELSEWHERE)


def keep_closure(closure, *, by):
    """Save a closure, or give the same one already there. Returns it."""
    _refuse_managed(closure)
    return _keep(closure, SAME_CLOSURE, "fermeture", "e", by)


def keep_freeze(freeze, *, by):
    """Save places withdrawn from welcome, or give the same freeze already there. Returns it."""
    _refuse_managed(freeze)
    return _keep(freeze, SAME_FREEZE, "gel de places", "", by)


def _keep(row, same, noun, feminine, by):
    with transaction.atomic():
        JournalHead.locked()  # one writer at a time: the second click finds what the first one wrote
        if row.pk is None:
            twin = type(row).objects.filter(**{name: getattr(row, name) for name in same}).first()
            if twin is not None:
                return twin
        verb = f"{noun} {'modifié' if row.pk else 'enregistré'}{feminine}"
        row.save()
        record(verb, row, by=by, establishment=row.establishment)
    return row


def remove(row, noun, *, by):
    """Delete a closure or a freeze entered by mistake; the journal and the history keep it."""
    _refuse_managed(row)
    with transaction.atomic():
        JournalHead.locked()
        if type(row).objects.filter(pk=row.pk).exists():
            record(noun, row, by=by, establishment=row.establishment)
            row.delete()


def keep_obligation(obligation, *, by):
    with transaction.atomic():
        JournalHead.locked()
        known = type(obligation).objects.filter(establishment=obligation.establishment, kind=obligation.kind).first()
        if obligation.pk is None and known is not None:  # two first entries at once: one row
            obligation.pk, obligation._state.adding = known.pk, False
        obligation.save()
        record("obligation mise à jour", obligation, by=by, establishment=obligation.establishment)
    return obligation


def deposit(document, upload, *, by):
    """Keep a file with its house. Returns (document, created): the same content is the same document."""
    with transaction.atomic():
        JournalHead.locked()
        same = Document.objects.filter(establishment=document.establishment, digest=upload.digest).first()
        if same is not None:
            return same, False
        document.filename, document.content_type = upload.filename, upload.content_type
        document.size, document.digest, document.uploaded_by = upload.size, upload.digest, by
        document.file = ContentFile(upload.content, name=f"document.{upload.extension}")
        document.save()
        record("document déposé", document, by=by, establishment=document.establishment)
    return document, True


def keep_step_done(step, *, by):
    """Write that a step of a taking of office was done (`done_on`, `note`). Raises TransitionRefused when it was."""
    with transaction.atomic():
        JournalHead.locked()
        known = TakingOfficeStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
        if known.is_done:
            raise TransitionRefused(f"Déjà noté\u00a0: cette étape a été faite le {short_date(known.done_on)}.")
        step.done_by = by
        step.save()
        record("étape de prise de fonction faite", step, by=by, establishment=step.directorship.establishment)


def undo_step(step, *, by):
    """Put a step back to be done; the journal keeps who said it was. A second click changes nothing."""
    with transaction.atomic():
        JournalHead.locked()
        known = TakingOfficeStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
        if known.is_done:
            known.done_on = known.done_by = None
            known.save()
            record("étape de prise de fonction rouverte", known, by=by, establishment=step.directorship.establishment)
