"""How a record changes status: one place in the journal, one lock, one line."""

from contextlib import contextmanager

from django.db import transaction

from .models.journal import JournalHead, record


class TransitionRefused(Exception):
    """The record is not in a status that allows this step; the message is shown to the user as it is."""


class StaleVersion(Exception):
    """Someone changed the record since it was shown; `current` is what is stored now."""

    def __init__(self, current):
        super().__init__(str(current))
        self.current = current


@contextmanager
def transition(subject, *, by, verb, from_status, note="", field="status"):
    """Lock the row, check the status it starts from, let the caller change it, save it and journal it.

    The journal is locked first: all decisions take their locks in the same order, so none waits for another forever.
    On leaving, `subject` shows what was saved. Raises TransitionRefused when someone decided before.

    >>> with transition(leave, by=user, verb="congé accordé", from_status=[Status.SUBMITTED]) as leave:
    ...     leave.status = Status.GRANTED
    """
    with transaction.atomic():
        JournalHead.locked()
        locked = type(subject)._base_manager.select_for_update(of=("self",)).get(pk=subject.pk)
        if getattr(locked, field) not in from_status:
            label = getattr(locked, f"get_{field}_display")()
            raise TransitionRefused(f"Déjà traité : {label}.")
        yield locked
        locked.save()
        record(
            verb,
            locked,
            by=by,
            note=note,
            establishment=getattr(locked, "owning_establishment", None),
            territory=getattr(locked, "owning_territory", None),
        )
    subject._state.fields_cache.clear()  # the persons and places read before may be others now
    subject.__dict__.update({f.attname: getattr(locked, f.attname) for f in locked._meta.concrete_fields})
