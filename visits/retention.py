"""How long what the visits hold is kept, object by object, in years after it was closed. Pure.

Domain 5.11: incident files ten years, longer where the archives of the collectivité say so; to be confirmed by the
DPO. Visits and reviews follow the file of their house.
"""

from datetime import date

from core.calendar import add_months

YEARS = 10
RULES = {
    "event": f"Événements\u00a0: {YEARS} ans après la clôture (domain 5.11, à confirmer par le DPO)",
    "inspection": f"Contrôles\u00a0: {YEARS} ans après la clôture (domain 5.11, à confirmer par le DPO)",
}
PURGED = "Texte effacé au terme de sa conservation"


def kept_until(closed_on: date) -> date:
    """The last day on which what was closed that day is kept."""
    return add_months(closed_on, 12 * YEARS)


def closed_before(today: date) -> date:
    """What was closed before this day is no longer kept today."""
    return add_months(today, -12 * YEARS)
