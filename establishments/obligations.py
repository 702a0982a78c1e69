"""The register of dated duties of a house: every kind, done or not, the most pressing first (S-039)."""

from dataclasses import dataclass
from datetime import date

from core.french import capitalise, short_date

from .due_dates import Due, expiry_of, obligation_due
from .models import Obligation

PRESSING = ["alert", "watch", "info", "good"]


@dataclass(frozen=True)
class Duty:
    """One line of the register: the duty, its state on a day, its row when it has one."""

    kind: str
    label: str
    due: Due
    obligation: Obligation | None

    @property
    def dates(self) -> str:
        """ "faite le 07/05/2026, à refaire avant le 19/11/2026"."""
        row = self.obligation
        if row is None:
            return ""
        done = f"faite le {short_date(row.done_on)}" if row.done_on else ""
        again = f"à refaire avant le {short_date(row.expires_on)}" if row.expires_on else ""
        return ", ".join(filter(None, [done, again]))


def duties(establishment, today) -> list[Duty]:
    rows = {row.kind: row for row in establishment.obligations.select_related("evidence")}
    found = []
    for kind, label in Obligation.Kind.choices:
        row = rows.get(kind)
        due = obligation_due(None, None, today)
        if row:
            due = obligation_due(row.done_on, expiry_of(kind, row.done_on, row.expires_on), today)
        found.append(Duty(kind, capitalise(label), due, row))
    return sorted(found, key=lambda duty: (PRESSING.index(duty.due.tone), duty.due.due_on or date.max))
