"""The texts of a visit that are in no field of it yet, said for a person: both texts, and what she may do of them."""

import uuid
from dataclasses import dataclass

from django.utils import timezone

from core.french import typo
from visits.conflicts import shown
from visits.models import FieldChange

from .names import Change, prefix_of
from .patch import Patch
from .receiving import receive

Outcome = FieldChange.Outcome
MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True)
class Kept:
    """One text kept beside the visit; `theirs` is what its field says now."""

    row: FieldChange
    label: str
    mine: str
    theirs: str

    @property
    def is_conflict(self):
        return self.row.outcome == Outcome.CONFLICT

    @property
    def is_late(self):
        return self.row.outcome == Outcome.LATE

    @property
    def why(self):
        return self.row.message or typo(
            "Ce champ a été écrit ailleurs pendant la saisie : les deux textes sont gardés."
            if self.is_conflict
            else "Ce texte est arrivé après la transmission du compte rendu, ou après l’annulation de la visite."
        )


def kept_of(visit, user):
    """[Kept] of a visit, in the order they arrived; no query when nothing is."""
    rows = list(visit.changes.kept()) if visit.pk else []
    if not rows:
        return []
    prefixes = {prefix for row in rows if (prefix := prefix_of(row.name))}
    fields = Patch(visit, user=user, prefixes=prefixes).fields()
    return [_kept(row, fields.get(row.name)) for row in rows]


def _kept(row, field):
    if field is None:
        return Kept(row, "Champ retiré", row.value, row.theirs)
    about = getattr(field.form, "action", None) or getattr(field.form, "item", None)
    label = f"{about} — {field.label}" if about else field.label
    return Kept(row, label, shown(field, row.value), shown(field, row.theirs))


def settle(row, choice, *, by):
    """End a kept text: write it, write both, or leave what is there. The text chosen away stays in the row."""
    visit = row.visit
    if row.outcome == Outcome.CONFLICT and choice in {MINE, BOTH} and visit.is_editable:
        fields = Patch(visit, user=by, prefixes={prefix_of(row.name)}).stored()
        now = fields.get(row.name, "")
        value = row.value if choice == MINE else f"{row.value}\n\n{now}".strip()
        receive(visit, [Change(uuid.uuid4(), row.name, now, value, settles=True)], by=by)
        row.refresh_from_db()
    if row.settled_at is None:
        row.settled_at = timezone.now()
        row.save(update_fields=["settled_at"])
    return row


def value_of(visit, name, user):
    """What a field of the visit says now, as the page would show it."""
    return Patch(visit, user=user, prefixes={prefix_of(name)}).stored().get(name, "")
