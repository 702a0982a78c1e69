"""How many places a team can hold open, what an empty post puts at risk, what filling it frees. Pure.

An agent at full time works 1,607 hours a year (decree 2000-815), spread over the weeks when the house is open: so
many hours of presence in the hours of opening, times the children that one professional may have (CSP R. 2324-46-4).
An estimate to compare posts with, never a substitute for the coverage of a day.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

YEAR_HOURS = 1607
OPEN_WEEKS = 46
NON_WALKERS = Fraction(1, 3)  # as expected.py: children of two months and a half to three years
CHILDREN_EACH = {
    "five_eight_summed": 1 / (NON_WALKERS / 5 + (1 - NON_WALKERS) / 8),
    "five_eight_by_group": 1 / (NON_WALKERS / 5 + (1 - NON_WALKERS) / 8),
    "one_six": Fraction(6),
    "kindergarten": Fraction(15),
}


def places_of(fte: Fraction, week_hours: Fraction, rule: str) -> Fraction:
    """Places that so many posts with the children hold open all the opening; 0 when the hours are not known."""
    if not week_hours:
        return Fraction(0)
    present = Fraction(YEAR_HOURS, OPEN_WEEKS) / week_hours
    return fte * present * CHILDREN_EACH.get(rule, Fraction(6))


@dataclass(frozen=True)
class House:
    """What is known of a house: places frozen for lack of staff, hours of opening in a week, rule of its ratio."""

    frozen: int
    week_hours: Fraction
    rule: str


def at_risk(house: House, vacant: Fraction, *, with_children: bool) -> int:
    """Whole places that the empty share of a job would hold; 0 for a job that is not with the children."""
    return floor(places_of(vacant, house.week_hours, house.rule)) if with_children else 0


def freed(house: House, vacant: Fraction, *, with_children: bool) -> int:
    """Places frozen today that filling this job would give back: never more than are frozen for lack of staff."""
    return min(house.frozen, at_risk(house, vacant, with_children=with_children))


def rate_per_hundred(events: int, people: int, *, least: int = 5) -> Fraction | None:
    """Events for a hundred people; None under five people, where a rate would point at somebody (S-059)."""
    return None if people < least else Fraction(100 * events, people)
