"""The days that an annual appraisal keeps, and how long its texts are. Pure; the collectivité confirms or changes."""

from datetime import date, timedelta

NOTICE_DAYS = 8  # décret 2014-1526, art. 6, 1°: the person is convened at least eight days before
NOTIFY_DAYS = 15  # art. 6, 3°: the report is notified within fifteen days
SOURCE = "décret 2014-1526, art. 6"
YEARS = 5
RETENTION = f"Entretiens annuels{chr(0xA0)}: textes effacés {YEARS} ans après leur année (à confirmer par le DPO)"
CAMPAIGN_MONTH = 9  # from September on, what is not yet convened is told


def earliest_meeting(convened_on: date) -> date:
    """The first day on which somebody convened that day may be met."""
    return convened_on + timedelta(days=NOTICE_DAYS)


def notify_before(held_on: date) -> date:
    """The last day to notify the report of an appraisal held that day."""
    return held_on + timedelta(days=NOTIFY_DAYS)


def keep_until(year: int) -> date:
    """The last day on which the texts of an appraisal of that year are kept."""
    return date(year + YEARS, 12, 31)
