"""How long an authorisation lasts and when to ask for the next one (CSP L. 2324-1-1, R. 2324-20-3)."""

from datetime import date

from core.calendar import add_months
from establishments.regulation.catalogue import value_on


def authorisation_expiry(issued_on: date) -> date:
    """The day an authorisation expires: fifteen years later, 29 February clipped to the 28th."""
    return add_months(issued_on, 12 * value_on("AUTORISATION-15", issued_on)["years"])


def renewal_window(expires_on: date) -> tuple[date, date]:
    """First and last day to ask for the renewal: 24 and 12 months before the expiry."""
    first, last = value_on("AUTORISATION-15", expires_on)["renewal_months_before"]
    return add_months(expires_on, -first), add_months(expires_on, -last)
