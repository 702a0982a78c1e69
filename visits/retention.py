"""How long what the visits hold is kept, object by object, in years after it was closed. Pure.

Domain 5.11: incident files ten years, longer where the archives of the collectivité say so; to be confirmed by the
DPO. Visits, reviews and double ratings follow the file of their house: ten years after it closed. What only served to
plan (tours, days not free) is kept a year; the secret address of a calendar that nobody reads for a year is revoked.
"""

from datetime import date

from core.calendar import add_months

YEARS = 10
PLANNING_MONTHS = 12
UNREAD_MONTHS = 12
RULES = {
    "event": f"Événements\u00a0: {YEARS} ans après la clôture (domain 5.11, à confirmer par le DPO)",
    "visit": f"Visites\u00a0: {YEARS} ans après la fermeture de l’établissement (domain 5.11, à confirmer par le DPO)",
    "review": f"Analyses\u00a0: {YEARS} ans après la fermeture de l’établissement (domain 5.11, à confirmer par le "
    "DPO)",
    "double": f"Doubles cotations\u00a0: {YEARS} ans après la fermeture de l’établissement (domain 5.11, à confirmer "
    "par le DPO)",
    "inspection": f"Contrôles\u00a0: {YEARS} ans après la clôture (domain 5.11, à confirmer par le DPO)",
}
# Every object of the room: the rule that ends it, "" where it says nothing of anybody (law, settings, digests).
OBJECTS = {
    **dict.fromkeys(["event", "eventnotice"], "event"),
    **dict.fromkeys(["inspection", "finding", "findingcheck", "findingcorrection"], "inspection"),
    **dict.fromkeys(["visit", "observation", "actioncheck", "visitresponse", "remark", "visitattachment"], "visit"),
    **dict.fromkeys(["functioningreview", "reviewitem"], "review"),
    **dict.fromkeys(["doublerating", "doublepoint", "doubleanswer"], "double"),
    **dict.fromkeys(["sensitivefile", "sensitivereader", "sensitivenote", "sensitivereading"], "sensitive"),
    **dict.fromkeys(["tourplan", "tourstop", "tourlate", "busyperiod"], "planning"),
    "calendarfeed": "feed",
    "fieldchange": "device",
    **dict.fromkeys(
        ["framework", "frameworkitem", "frameworkmapping", "observationgrid", "gridtheme", "griditem"], ""
    ),
    **dict.fromkeys(["countingrule", "actionorigin", "practiceorigin", "issuedreport", "purgecertificate"], ""),
}
NOT_CERTIFIED = "NOT EXISTS (SELECT 1 FROM visits_purgecertificate c WHERE c.reference = '%s-' || %s)"
PURGED = "Texte effacé au terme de sa conservation"


def not_certified(prefix: str, number: str) -> str:
    """SQL that is true until a certificate says that this object was erased: what it says is frozen until then."""
    return NOT_CERTIFIED % (prefix, number)


def kept_until(closed_on: date) -> date:
    """The last day on which what was closed that day is kept."""
    return add_months(closed_on, 12 * YEARS)


def closed_before(today: date) -> date:
    """What was closed before this day is no longer kept today."""
    return add_months(today, -12 * YEARS)


def planned_before(today: date) -> date:
    """Plans that ended before this day are no longer kept."""
    return add_months(today, -PLANNING_MONTHS)


def unread_before(today: date) -> date:
    """A calendar last read before this day loses its address."""
    return add_months(today, -UNREAD_MONTHS)
