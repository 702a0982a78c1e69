"""When the owner of an action is reminded of it. Pure.

Never the day after the action was given (each kind has its minimal age), never for what is done, once a week at most.
"""

from datetime import date, timedelta

# Days left in peace after the action was created, by kind of action.
MINIMAL_AGE = {"immediate": 2, "corrective": 7, "improvement": 14}
AHEAD = timedelta(days=7)


def is_due(*, is_open: bool, kind: str, created_on: date, due_on: date, today: date) -> bool:
    """Whether a reminder is right on `today`: still open, old enough for its kind, late or due within a week.

    Raises KeyError for an unknown kind.
    """
    old_enough = today >= created_on + timedelta(days=MINIMAL_AGE[kind])
    return is_open and old_enough and due_on <= today + AHEAD


def week_key(today: date) -> str:
    """ "2026-S12": one reminder a week for one action."""
    year, week, _ = today.isocalendar()
    return f"{year}-S{week:02}"
