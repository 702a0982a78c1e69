"""How long a director may answer a shared report (decisions, 5): pure.

Eight working days by default (French public holidays out); silence is « sans observation »; the report may be
validated from the day after, or at once when an answer came.
"""

from datetime import date

from core.calendar import add_working_days

ANSWER_WORKING_DAYS = 8
NO_REMARK = "sans observation"


def answer_due(shared_on: date, *, days: int = ANSWER_WORKING_DAYS, alsace_moselle: bool = False) -> date:
    """The last day to answer a report shared on a day. ValueError when `days` is not positive.

    `alsace_moselle`: Good Friday and 26 December are holidays there as well (code du travail, L. 3134-13).
    """
    if days < 1:
        raise ValueError("the time to answer is at least one working day")
    return add_working_days(shared_on, days, alsace_moselle=alsace_moselle)


def may_answer(today: date, answer_due_on: date) -> bool:
    return today <= answer_due_on


def may_validate(today: date, *, answer_due_on: date, answered: bool) -> bool:
    """From the day after the last day to answer, or as soon as the director answered."""
    return answered or today > answer_due_on


def is_silent(today: date, *, answer_due_on: date, answered: bool) -> bool:
    """Whether the director let the time pass: « sans observation »."""
    return not answered and today > answer_due_on
