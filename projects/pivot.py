"""The same actions counted by house, sector, person, origin or theme: each number opens its list."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import BigIntegerField, Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.models import User
from establishments.models import Establishment, SectorAttachment, Territory

from .models import ActionItem

NONE = {"owner": "personne", "sector": "sans rattachement", "theme": "sans thème", "establishment": "un territoire"}


@dataclass(frozen=True)
class Row:
    """Counts of one group; `url` opens the list of its actions ("" when no filter can say it)."""

    label: str
    open: int
    late: int
    to_verify: int
    verified: int
    abandoned: int
    url: str

    @property
    def total(self) -> int:
        return self.open + self.to_verify + self.verified + self.abandoned


# word of the address: (column, filter of the list)
AXES = {
    "etablissement": ("establishment", "establishment"),
    "secteur": ("sector", "territory"),
    "personne": ("owner", "owner"),
    "origine": ("origin_kind", "origin"),
    "theme": ("theme", "theme"),
}


def pivot(actions, axis, today=None):
    """Rows of one axis, the most late first. Two queries, whatever the number of actions."""
    day = today or timezone.localdate()
    column, parameter = AXES[axis]
    if column == "sector":
        attached = SectorAttachment.objects.active_on(day).filter(establishment=OuterRef("establishment"))
        actions = actions.annotate(
            sector=Coalesce("territory", Subquery(attached.values("territory")[:1]), output_field=BigIntegerField())
        )
    is_open = Q(status__in=ActionItem.OPEN)
    counts = (
        actions.order_by()
        .values(column)
        .annotate(
            n_open=Count("pk", filter=is_open),
            n_late=Count("pk", filter=is_open & Q(due_on__lt=day)),
            n_done=Count("pk", filter=Q(status=ActionItem.Status.DONE)),
            n_verified=Count("pk", filter=Q(status=ActionItem.Status.VERIFIED)),
            n_abandoned=Count("pk", filter=Q(status=ActionItem.Status.ABANDONED)),
        )
    )
    found = list(counts)
    names = _names(column, [row[column] for row in found])
    rows = [_row(row, column, parameter, names) for row in found]
    return sorted(rows, key=lambda row: (-row.late, -row.open, row.label))


def _row(row, column, parameter, names):
    key = row[column]
    label = names.get(key) or NONE.get(column, str(key))
    url = f"?{urlencode({parameter: key})}" if key not in (None, "") else ""
    counts = [row[name] for name in ("n_open", "n_late", "n_done", "n_verified", "n_abandoned")]
    return Row(label, *counts, url)


def _names(column, keys):
    """{key: French name}; at most one query."""
    if column == "origin_kind":
        return {value: str(label) for value, label in ActionItem.Origin.choices}
    if column == "theme":
        return {key: key for key in keys}
    model = {"establishment": Establishment, "sector": Territory, "owner": User}[column]
    return {row.pk: str(row) for row in model._base_manager.filter(pk__in=[key for key in keys if key])}
