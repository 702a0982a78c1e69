"""What the hours and trainings of a team say: the sentences of `given.py`. No query."""

from collections import Counter
from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any

from core.french import NNBSP, counted, hours, sentence_list
from staffing.development.due import PRACTICE_ARTICLE, PRACTICE_YEAR

from . import words

Facts = Mapping[str, Any]
YEARS = 2


def team_courses(facts: Facts) -> str:
    rows = facts["courses"]
    people, total = sum(row[3] for row in rows), sum(Decimal(row[2]) * row[3] for row in rows)
    themes = Counter(words.THEMES.get(row[1], row[1]) for row in rows)
    told = sentence_list(f"{label} ({n})" for label, n in themes.most_common())
    count = counted(len(rows), "formation faite", "formations faites")
    return f"{count}, {counted(people, 'participation')}, {hours(total)} en tout\u00a0: {told}."


def team_practice(facts: Facts) -> str:
    """Hours of one professional: those of the groups shared over the team, rounded down (staffing.development.due)."""
    held = facts["practice"]
    told = f"{counted(held['sessions'], 'séance')} en vingt-quatre mois, {hours(Decimal(held['hours']))}"
    if not held["team"]:
        return f"{told}."
    mean = (Decimal(held["received"]) / held["team"]).quantize(Decimal("0.01"), ROUND_DOWN)
    due = hours(YEARS * PRACTICE_YEAR)
    return f"{told}{NNBSP}; {hours(mean)} par professionnel en moyenne, pour {due} attendues ({PRACTICE_ARTICLE})."


def health_hours(facts: Facts) -> str:
    held = facts["rsai"]
    told = f"{hours(Decimal(held['hours']))} faites en vingt-quatre mois"
    if not held["required"]:
        return f"{told}."
    year = Decimal(held["required"])
    return f"{told}, pour {hours(YEARS * year)} requises, soit {hours(year)} par an ({held['article']})."
