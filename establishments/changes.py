"""What changed in the record of a house, field by field, in French sentences (simple_history read back).

One query for each kind of record and two for the names, whatever the number of changes.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from django.db import models
from django.utils import timezone

from core.french import NBSP, capitalise, clock, full_date
from core.models import User

from .models import (
    Authorisation,
    CapacityChange,
    Closure,
    Directorship,
    Establishment,
    Obligation,
    OpeningHours,
    SectorAttachment,
    Territory,
)

READ_BACK = 300  # changes of one kind, the latest; a house makes some twenty a year
SHOWN = 200
VERBS = {"+": ("créé", "créée"), "~": ("modifié", "modifiée"), "-": ("supprimé", "supprimée")}
FEMININE = {Authorisation, Closure, Obligation, Directorship}
TRACKED = [
    Establishment,
    Authorisation,
    CapacityChange,
    OpeningHours,
    Closure,
    Obligation,
    Directorship,
    SectorAttachment,
]
HIDDEN = {"id", "establishment", "mandate", "search_name", "code"}


@dataclass(frozen=True)
class Change:
    """One line of the timeline: what the component `timeline` shows."""

    at: datetime
    title: str
    author: str
    text: str
    url: str = ""
    tone: str = "neutral"

    @property
    def when(self) -> str:

        local = timezone.localtime(self.at)
        moment = f"{full_date(local.date())} à {clock(local.time())}"
        return f"{moment}, par {self.author}" if self.author else moment


def changes_of(establishment) -> list[Change]:
    """The changes of the house and of everything dated that belongs to it, the latest first."""
    rows = {model: _versions(model, establishment) for model in TRACKED}
    names = _names(rows)
    found = [change for model, versions in rows.items() for change in _changes(model, versions, names)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:SHOWN]


def _versions(model, establishment):
    own = {"id": establishment.pk} if model is Establishment else {"establishment": establishment.pk}
    latest = model.history.filter(**own).select_related("history_user").order_by("-history_date", "-history_id")
    return list(reversed(latest[:READ_BACK]))


def _fields(model):
    return [field for field in model._meta.concrete_fields if field.name not in HIDDEN]


def _names(rows):
    """{(model, id): name} of the persons, territories and houses that the versions point to."""
    wanted = {}
    for model, versions in rows.items():
        for field in _fields(model):
            if field.is_relation and field.related_model in {User, Territory, Establishment}:
                ids = {getattr(version, field.attname) for version in versions} - {None}
                wanted.setdefault(field.related_model, set()).update(ids)
    return {
        (model, row.pk): str(row) for model, ids in wanted.items() if ids for row in model.objects.filter(pk__in=ids)
    }


def _changes(model, versions, names):
    """One Change a version; each is compared with the one before it of the same record."""
    by_record = {}
    for version in versions:
        by_record.setdefault(version.id, []).append(version)
    for record in by_record.values():
        for before, after in pairwise([None, *record]):
            change = _change(model, before, after, names)
            if change:
                yield change


def _change(model, before, after, names):
    lines = [] if after.history_type == "-" else list(_lines(model, before, after, names))
    if after.history_type == "~" and before is not None and not lines:
        return None  # saved again as it was
    verb = VERBS[after.history_type][model in FEMININE]
    title = f"{capitalise(str(model._meta.verbose_name))}{_which(model, after)} {verb}"
    return Change(
        at=after.history_date,
        title=title,
        author=str(after.history_user) if after.history_user else "",
        text="\u202f; ".join(lines),
        tone={"+": "good", "-": "watch"}.get(after.history_type, "info"),
    )


def _which(model, version):
    """What tells this record from its neighbours: the kind of an obligation, the weekday of hours."""
    for name in ("kind", "weekday", "cause"):
        if model is not Establishment and hasattr(version, f"get_{name}_display"):
            return f" «{NBSP}{getattr(version, f'get_{name}_display')()}{NBSP}»"
    return ""


def _lines(model, before, after, names):
    for field in _fields(model):
        old = None if before is None else getattr(before, field.attname)
        new = getattr(after, field.attname)
        if old == new or (before is None and new in (None, "")):
            continue
        label = str(field.verbose_name)
        shown = _shown(model, field, new, names)
        yield (
            f"{label}{NBSP}: {shown}"
            if before is None
            else (f"{label}{NBSP}: {_shown(model, field, old, names)} → {shown}")
        )


def _shown(model, field, value, names):
    if value is None or value == "":
        return "—"
    if field.is_relation:
        return names.get((field.related_model, value), f"document n°{NBSP}{value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return "oui" if value else "non"
    if isinstance(value, date):
        return full_date(value)
    return clock(value) if isinstance(value, time) else str(value)
