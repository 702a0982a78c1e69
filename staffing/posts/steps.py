"""How these rows are written and erased: each with its line in the journal, never twice."""

from django.core.exceptions import ValidationError
from django.db import transaction

from establishments.models import JournalHead, record
from establishments.workflow import TransitionRefused

from ..models import DisciplinaryMeeting


def change(row, verb, *, by):
    """Save what a form changed; what the database refuses is said in French."""
    with transaction.atomic():
        JournalHead.locked()
        try:
            row.validate_constraints()
        except ValidationError as error:
            raise TransitionRefused(error.messages[0]) from error
        row.save()
        record(verb, row, by=by, establishment=_house_of(row))
    return row


def remove(row, verb, *, by):
    """Take away a row entered by mistake; the journal keeps that it was."""
    with transaction.atomic():
        JournalHead.locked()
        if type(row).objects.filter(pk=row.pk).exists():
            record(verb, row, by=by, establishment=_house_of(row))
            row.delete()


def purge_meetings(today):
    """Erase the disciplinary meetings whose time is over; a line without house says that one was."""
    for row in DisciplinaryMeeting.objects.to_purge(today).order_by("pk"):
        with transaction.atomic():
            JournalHead.locked()
            record("entretien disciplinaire purgé", row, by=None)
            row.delete()


def _house_of(row):
    """A disciplinary meeting leaves no line that the page of the house would show."""
    return None if isinstance(row, DisciplinaryMeeting) else row.establishment
