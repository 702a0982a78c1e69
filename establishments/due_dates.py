"""What falls due in the register, in words and with its tone: renewal of the authorisation, obligations.

Pure: dates in, a `Due` out; the pages, the fiche and the list « À traiter » say the same thing.
"""

from dataclasses import dataclass
from datetime import date

from core.calendar import add_months
from core.french import NNBSP, counted, full_date
from establishments.regulation import renewal_window

SOON_DAYS = 30
AHEAD_DAYS = 90
EVALUATION, EVALUATION_MONTHS = "evaluation", 60


@dataclass(frozen=True)
class Due:
    """A state and when it matters: `code` for lists, `text` for people, `tone` of the components."""

    code: str
    text: str
    tone: str
    due_on: date | None = None

    @property
    def is_pressing(self) -> bool:
        return self.tone in {"watch", "alert"}


def renewal_due(expires_on: date | None, day: date) -> Due:
    """Where an authorisation stands on a day: window of CSP L. 2324-1-1, 24 to 12 months before its expiry."""
    if expires_on is None:
        return Due("unknown", "échéance non renseignée", "neutral")
    first, last = renewal_window(expires_on)
    if day > expires_on:
        return Due("expired", f"expirée depuis le {full_date(expires_on)}", "alert", expires_on)
    if day > last:
        asked = f"le renouvellement était à demander avant le {full_date(last)}"
        return Due("late", f"expire le {full_date(expires_on)}{NNBSP}; {asked}", "alert", expires_on)
    if day >= first:
        return Due("open", f"renouvellement à demander avant le {full_date(last)}", "watch", last)
    return Due("later", f"renouvellement à demander à partir du {full_date(first)}", "info", first)


def expiry_of(kind: str, done_on: date | None, expires_on: date | None) -> date | None:
    """Until when a duty is good: as written, or five years after the last evaluation (CSP L. 2324-2-4)."""
    if expires_on is None and done_on is not None and kind == EVALUATION:
        return add_months(done_on, EVALUATION_MONTHS)
    return expires_on


def obligation_due(done_on: date | None, expires_on: date | None, day: date) -> Due:
    """Where a dated duty stands on a day: an evidence is good through its last day."""
    if done_on is None and expires_on is None:
        return Due("never", "jamais faite", "alert")
    if expires_on is None:
        return Due("done", "faite, sans échéance", "good")
    left = (expires_on - day).days
    if left < 0:
        return Due("expired", f"expirée depuis {counted(-left, 'jour')}", "alert", expires_on)
    if done_on is None:
        tone = "watch" if left <= SOON_DAYS else "info"
        return Due("to_do", f"à faire avant le {full_date(expires_on)}", tone, expires_on)
    if left == 0:
        return Due("soon", "expire aujourd’hui", "watch", expires_on)
    if left <= AHEAD_DAYS:
        return Due(
            "soon", f"expire dans {counted(left, 'jour')}", "watch" if left <= SOON_DAYS else "info", expires_on
        )
    return Due("done", f"à jour jusqu’au {full_date(expires_on)}", "good", expires_on)
