"""Three synthetic years of a hundred houses, crises planted among ordinary troubles; written apart from the rules.

Kinds and sizes were fixed first. A crisis with a precursor worsens over its last ten weeks through the channels of its
kind; one without comes from a clear sky. Ordinary life lights each channel now and then, one at a time.

An injunction past its delay is rare in ordinary life: a control a year, an injunction in one control of twenty, one in
four of them late, and then for four weeks. It announces the crises that a control saw coming: there the delay passes
while the visit, the duties and the complaints have not yet gone far enough to be seen.
"""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from dashboard.warnings.rules import HouseFacts

HOUSES, WEEKS, FIRST = 100, 156, date(2023, 1, 2)
PRECURSOR_WEEKS = 10
# Kind of crisis: what worsens before it breaks, with the week (before the break) when it begins.
KINDS = {
    "direction": {"vacant_days": 10, "no_visit": 8, "turnover": 7, "missing": 6},
    "team": {"turnover": 10, "red": 8, "complaints": 7, "falling": 6},
    "families": {"complaints": 10, "falling": 9, "serious": 7, "no_visit": 6},
    "building": {"works": 10, "falling": 9, "expired": 8, "missing": 6},
    "control": {"injunction": 8, "no_visit": 7, "expired": 6, "complaints": 5},
}
INJUNCTION_WEEKS = 4  # how long an ordinary one stays late
INJUNCTION_RATE = 1 / (52 * 20 * 4)  # of passing its delay, for one house in one week


@dataclass(frozen=True)
class Crisis:
    house: int
    week: int
    kind: str  # "" when nothing announced it


def ordinary(dice, week_of):
    """One house in an ordinary week; `week_of` keeps a trouble for some weeks once it began."""
    facts = HouseFacts(
        vacant_days=0,
        direction_months=48,
        visit_late_days=0,
        complaints=0,
        serious_events=0,
        attendance=Fraction(70, 100),
        attendance_before=Fraction(70 + dice.randint(-3, 3), 100),
        departures=1,
        posts=14,
        works=0,
        missing_months=0,
        expired_days=0,
        red_days=dice.choice([0, 0, 0, 1]),
        injunction_days=0,
    )
    for channel in week_of:
        facts = worsened(facts, channel, 6)
    return facts


def worsened(facts, channel, weeks):
    """`facts` after a channel has been worsening for some weeks."""
    changes = {
        "vacant_days": {"vacant_days": 7 * weeks},
        "new": {"direction_months": 3},
        "no_visit": {"visit_late_days": 7 * weeks},
        "turnover": {"departures": 2 + weeks // 2},
        "missing": {"missing_months": max(1, weeks // 3)},
        "red": {"red_days": min(10, weeks)},
        "complaints": {"complaints": 1 + weeks // 3},
        "falling": {"attendance": Fraction(68 - weeks, 100)},
        "serious": {"serious_events": 1 + weeks // 4},
        "works": {"works": 20},
        "expired": {"expired_days": 7 * weeks + 28},
        "injunction": {"injunction_days": 7 * weeks},
    }
    return replace(facts, **changes[channel])


TROUBLES = ["new", "no_visit", "missing", "complaints", "falling", "works", "expired", "red"]


def city(seed):
    """(weekly facts: week -> house -> HouseFacts, the crises)."""
    dice = random.Random(f"crises {seed}")
    crises = [
        Crisis(house, dice.randrange(30, WEEKS), kind)
        for kind in [*KINDS, ""] * 4
        for house in [dice.randrange(HOUSES)]
    ]
    troubles = {house: {} for house in range(HOUSES)}  # channel -> last week
    years = []
    for week in range(WEEKS):
        facts = {}
        for house in range(HOUSES):
            going = {channel: last for channel, last in troubles[house].items() if last >= week}
            if dice.random() < 0.03:  # one trouble more, for two months
                going[dice.choice(TROUBLES)] = week + 8
            if dice.random() < INJUNCTION_RATE:
                going["injunction"] = week + INJUNCTION_WEEKS - 1
            troubles[house] = going
            facts[house] = ordinary(dice, going)
        for crisis in crises:
            before = crisis.week - week
            if crisis.kind and 0 <= before < PRECURSOR_WEEKS:
                for channel, begins in KINDS[crisis.kind].items():
                    if before < begins:
                        facts[crisis.house] = worsened(facts[crisis.house], channel, begins - before)
        years.append(facts)
    return years, crises


def day_of(week):
    return FIRST + timedelta(weeks=week)
