"""How long a closed file is kept. Pure. The DPO and the archives of the collectivité confirm or change it."""

from datetime import date

from core.calendar import add_months

YEARS = 10
RULE = f"Dossiers d’incident{chr(0xA0)}: {YEARS} ans après la clôture (domain 5.11, à confirmer par le DPO)"


def keep_until(closed_on: date) -> date:
    """The last day on which a file closed that day is kept."""
    return add_months(closed_on, 12 * YEARS)
