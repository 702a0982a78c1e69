"""How long a closed sensitive file is kept. Pure. The DPO and the archives of the collectivité confirm it."""

from datetime import date

from ..retention import YEARS, kept_until

RULE = f"Dossiers d’incident{chr(0xA0)}: {YEARS} ans après la clôture (domain 5.11, à confirmer par le DPO)"


def keep_until(closed_on: date) -> date:
    """The last day on which a file closed that day is kept."""
    return kept_until(closed_on)
