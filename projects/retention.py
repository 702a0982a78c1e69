"""How long what the network writes is kept, object by object. Pure.

Domain 5.11 gives ten years to reports; for the rest it gives no duration, and those below are proposed: the time a
question may be asked again, the time an order is accounted for, the time a reading may be contested. All are to be
confirmed by the DPO and the archives of the collectivité.
"""

from datetime import date

from core.calendar import add_months

TO_CONFIRM = "à confirmer par le DPO"
YEARS = {"meeting": 10, "request": 5, "order": 5, "reading": 3}
RULES = {
    "meeting": f"Relevés de réunion\u00a0: {YEARS['meeting']} ans après la réunion (domain 5.11, {TO_CONFIRM})",
    "request": f"Demandes\u00a0: {YEARS['request']} ans après la réponse ou le retrait (proposé, {TO_CONFIRM})",
    "order": f"Commandes closes ou retirées\u00a0: {YEARS['order']} ans après l’échéance (proposé, {TO_CONFIRM})",
    "reading": f"Lectures de la veille\u00a0: nom effacé {YEARS['reading']} ans après (proposé, {TO_CONFIRM})",
}
PURGED = "Texte effacé au terme de sa conservation"


def kept_until(kind: str, since: date) -> date:
    """The last day on which what was over that day is kept."""
    return add_months(since, 12 * YEARS[kind])


def over_before(kind: str, today: date) -> date:
    """What was over before this day is no longer kept today."""
    return add_months(today, -12 * YEARS[kind])
