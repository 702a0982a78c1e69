"""What the page of a sensitive file shows to one of its readers: a fixed number of queries."""

from core.models import User
from core.sealing import CannotOpen
from establishments.models import Capability, Mandate, roles_with

from .forms import NoteForm, ReaderForm

SHOWN_READINGS = 30


def may_open(user):
    return Mandate.objects.held_by(user, roles_with(Capability.OPEN_SENSITIVE)).exists()


def person(number):
    """The account that a form named, among those it offered."""
    return User.objects.get(pk=number)


def page_of(file, today, note_form=None):
    """The context of the page; `locked` says in French why the texts cannot be read, "" when they can."""
    try:
        subject, notes, locked = file.subject, _notes(file), ""
    except CannotOpen as refusal:
        subject, notes, locked = "", [], str(refusal)
    readings = file.readings.select_related("user")
    return {
        "file": file,
        "subject": subject,
        "notes": notes,
        "locked": locked,
        "readers": list(file.readers.filter(ended_at__isnull=True).select_related("user", "named_by")),
        "readings": list(readings[:SHOWN_READINGS]),
        "note_form": note_form or NoteForm(),
        "reader_form": ReaderForm(file, today) if file.is_open else None,
    }


def _notes(file):
    return [(note, note.text) for note in file.notes.select_related("author")]
