"""Houses whose months are drawn: level, season and drift of each, noise of each month; an effect added to one.

Written apart from projects/effect.py. The kinds and sizes were fixed before the measure was tried: attendance around
68 points, houses 6 points apart, a season of 5 points shared by all, a drift of 1 point in a year for each, 2.5 points
of noise a month; an effect of 5 points over the six months after.
"""

from math import pi, sin
from random import Random

LEVEL, BETWEEN, SEASON, DRIFT, NOISE = 68, 6, 5, 1, 2.5
MONTHS = 6


def city(seed, *, plans, controls, effect):
    """`plans` times (months before, months after, [(before, after) of each control]); points, floats."""
    chance = Random(f"effet/{seed}/{plans}/{controls}/{effect}")
    for _ in range(plans):
        phase = chance.uniform(0, 2 * pi)
        treated = _house(chance, phase, effect)
        yield (*treated, [_house(chance, phase, 0) for _ in range(controls)])


def _house(chance, phase, effect):
    level, slope = chance.gauss(LEVEL, BETWEEN), chance.gauss(0, DRIFT) / 12
    months = []
    for month in range(2 * MONTHS):
        season = SEASON * sin(2 * pi * month / 12 + phase)
        gain = effect if month >= MONTHS else 0
        months.append(level + slope * month + season + gain + chance.gauss(0, NOISE))
    return months[:MONTHS], months[MONTHS:]
