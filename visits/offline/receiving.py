"""Writes the changes a device sends into the visit, once each; what cannot simply be written is kept beside it.

Four ends: written; held, when the shape is refused (an hour after another); two texts, when somebody else wrote the
field since; too late, when the report has left. Only the first empties the text that is kept.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from core.french import typo
from establishments.models import JournalHead
from visits.models import FieldChange, ObservationGrid, Visit
from visits.planning import ALREADY_USED

from .names import Change, plain, prefix_of
from .patch import Patch

Outcome = FieldChange.Outcome
GONE = typo("Ce champ n’est plus dans la visite : le texte reste gardé ici.")
UNTITLED = "Donnez un titre à cette action."
REFUSED = "Cette valeur ne convient pas ici."


class KeyTaken(Exception):
    """The key of the draft is the one of somebody else's visit; the message says nothing of it."""


@dataclass
class Desk:
    """One delivery being sorted: `overlay` is what will be tried, `conflicts` what must wait for a person."""

    visit: Visit
    by: object
    open_rows: list
    current: dict
    overlay: dict = field(default_factory=dict)
    laid: list = field(default_factory=list)
    conflicts: list = field(default_factory=list)
    strays: list = field(default_factory=list)

    def __post_init__(self):
        self.held = {row.name: row.value for row in self.open_rows if row.outcome == Outcome.HELD}
        self.overlay = {name: value for name, value in self.held.items() if name in self.current}

    def sort(self, change: Change):
        if change.name not in self.current:
            self.strays.append(change)
            return
        stored = self.overlay.get(change.name, self.current[change.name])
        disputed = self._disputed(change)
        if disputed and change.value != stored:
            self.conflicts.append((change, stored))
        elif stored is None or stored in {change.base, change.value} or disputed:
            self.overlay[change.name] = change.value
            self.laid.append(change)
        else:
            self.conflicts.append((change, stored))

    def _disputed(self, change):
        """Whether the change goes on typing the text of an open conflict: both texts stay until a person chooses."""
        return not change.settles and any(
            row.outcome == Outcome.CONFLICT and row.name == change.name and row.value == change.base
            for row in self.open_rows
        )


def grid_for(number):
    """The grid that the page was drawn with, whatever came in service since."""
    return ObservationGrid.objects.exclude(status=ObservationGrid.Status.DRAFT).filter(pk=number).first()


@transaction.atomic
def receive(visit, changes, *, by, grid=None):
    """(visit, {key: FieldChange}) once each change is written or kept. Raises KeyTaken."""
    visit = _locked(visit, by)
    known = {row.key: row for row in FieldChange.objects.filter(key__in=[change.key for change in changes])}
    if any(row.visit_id != visit.pk for row in known.values()):
        raise KeyTaken(ALREADY_USED)
    fresh = list({change.key: change for change in changes if change.key not in known}.values())
    if not visit.is_editable:
        late = [_row(visit, change, by, Outcome.LATE) for change in fresh]
        FieldChange.objects.bulk_create(late)
        return visit, known | {row.key: row for row in late}
    if visit.grid_id is None and grid is not None:
        visit.grid = grid
    if fresh or visit.pk is None:
        visit, rows = _write(visit, fresh, by)
        known |= {row.key: row for row in rows}
    return visit, known


def _locked(visit, by):
    """The visit as it is now, locked; the one already made by the same draft when it was sent twice at once."""
    if visit.pk is None or visit.status == Visit.Status.PLANNED:
        JournalHead.locked()  # first lock of the transaction, as for every decision
    if visit.pk is not None:
        return Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    twin = Visit.objects.filter(client_uuid=visit.client_uuid).first()
    if twin is None:
        return visit
    if twin.created_by_id != by.pk or twin.establishment_id != visit.establishment_id:
        raise KeyTaken(ALREADY_USED)
    return twin


def _write(visit, fresh, by):
    open_rows = list(visit.changes.unsettled()) if visit.pk else []
    names = {change.name for change in fresh} | {row.name for row in open_rows if row.outcome == Outcome.HELD}
    prefixes = {prefix for prefix in map(prefix_of, names) if prefix}
    items = {change.prefix: change.item for change in fresh if change.item}
    patch = Patch(visit, user=by, prefixes=prefixes, items=items)
    desk = Desk(visit, by, open_rows, patch.current())
    for change in fresh:
        desk.sort(change)
    entry, refused = fit(lambda data: Patch(visit, user=by, prefixes=prefixes, items=items, data=data), patch, desk)
    untitled = entry.proposed()
    refused |= {name: UNTITLED for name, value in desk.overlay.items() if value and prefix_of(name) in untitled}
    if visit.pk is None or set(desk.overlay) - set(refused):
        visit = entry.save()
    return visit, _record(visit, desk, refused)


def fit(build, patch, desk):
    """(the bound page, {name: why} of what its rules refuse): everything that can be written is."""
    stored, refused = patch.stored(), {}
    names = list(desk.overlay)
    while True:
        entry = build(laid_over(stored, {name: desk.overlay[name] for name in names if name not in refused}))
        if entry.is_valid():
            return entry, refused
        found = {name: message for name, message in _reasons(entry).items() if name in names and name not in refused}
        if not found:
            break
        refused |= found
    # A rule about several fields, or one that names none: field by field, those that fit are written.
    kept = {}
    for name in [name for name in names if name not in refused]:
        entry = build(laid_over(stored, kept | {name: desk.overlay[name]}))
        if entry.is_valid():
            kept[name] = desk.overlay[name]
        else:
            refused[name] = next(iter(_reasons(entry).values()), REFUSED)
    entry = build(laid_over(stored, kept))
    entry.is_valid()
    return entry, refused


def _reasons(entry):
    """{name of the field as posted: message}, rules that name no field under ""."""
    reasons = {}
    for form in entry.forms:
        for name, messages in form.errors.items():
            reasons[form[name].html_name if name in form.fields else ""] = str(messages[0])
    return reasons


def laid_over(stored, overlay):
    data = stored | overlay
    return {name: value for name, value in data.items() if value}


def _record(visit, desk, refused):
    """A row for each change, and the end of those that this delivery replaces."""
    rows = [_end_of(visit, change, desk, refused) for change in desk.laid]
    rows += [_row(visit, change, desk.by, Outcome.CONFLICT, theirs=stored) for change, stored in desk.conflicts]
    rows += [_row(visit, change, desk.by, Outcome.HELD, message=GONE) for change in desk.strays]
    now = timezone.now()
    chained = {(change.name, change.base) for change, _ in desk.conflicts}
    settled = {change.name for change in desk.laid if change.settles and change.name not in refused}
    agreed = {(change.name, change.base) for change in desk.laid}
    for old in desk.open_rows:
        if old.outcome == Outcome.HELD:
            ends = old.name in desk.overlay and (old.name not in refused or _replaced(old, desk.laid))
        else:
            ends = old.name in settled or (old.name, old.value) in chained | agreed
        if ends:
            old.settled_at = now
            if old.name not in settled:  # what a person set aside stays readable; what was typed over does not
                old.value = old.theirs = ""
            old.save(update_fields=["settled_at", "value", "theirs"])
    FieldChange.objects.bulk_create(rows)
    return rows


def _replaced(old, laid):
    return any(change.name == old.name for change in laid)


def _end_of(visit, change, desk, refused):
    if change.name in refused:
        return _row(visit, change, desk.by, Outcome.HELD, message=refused[change.name][:300])
    return _row(visit, change, desk.by, Outcome.APPLIED, value="", settled_at=timezone.now())


def _row(visit, change, by, outcome, **values):
    values = {"value": plain(change.value), **values}
    return FieldChange(visit=visit, key=change.key, name=change.name, made_by=by, outcome=outcome, **values)
