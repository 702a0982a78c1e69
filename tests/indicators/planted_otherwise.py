"""A second city and other slips of the hand, written by someone who had not seen the first: it shares no code with it.

Hours here follow a level, a slow drift and a season, with noise on a logarithmic scale; the slips are those of a
person in front of a spreadsheet, fixed with their sizes before the detector was run on them.
"""

import datetime
import math
import random
from decimal import Decimal

MONTHS = [datetime.date(2022 + n // 12, n % 12 + 1, 1) for n in range(36)]
SEEDS = range(400, 420)
NOISE = 0.02
GIVEN = (0.90, 0.90, 0.92, 0.92, 0.91, 0.90, 0.86, 0.72, 0.78, 0.84, 0.88, 0.88)
COMING = (0.86, 0.84, 0.88, 0.87, 0.86, 0.88, 0.83, 0.78, 0.88, 0.88, 0.86, 0.84)
HOURS = ("contracted_hours", "actual_hours", "billed_hours")


def city(seed):
    chance = random.Random(seed)
    return [_house(chance) for _ in range(20)]


def _house(chance):
    places, long = chance.randint(18, 95), chance.choice((10, 10.5, 11, 11.5))
    given, coming = chance.uniform(0.88, 1.05), chance.uniform(0.92, 1.06)
    billing, children = chance.uniform(1.02, 1.13), chance.uniform(1.05, 1.4)
    drift = chance.uniform(-0.0015, 0.0015)

    def noise(size=NOISE):
        return math.exp(chance.gauss(0, size))

    rows = []
    for rank, month in enumerate(MONTHS):
        days = chance.randint(8, 14) if month.month == 8 else chance.randint(18, 23)
        authorised = places * long * days
        opened = authorised * (1 - chance.uniform(0.02, 0.25) * (chance.random() < 0.2))
        contracted = opened * min(1.03, GIVEN[month.month - 1] * given * (1 + drift * rank) * noise())
        actual = contracted * min(0.995, COMING[month.month - 1] * coming * noise())
        billed = actual * max(1.0, billing * noise(NOISE * 0.6))
        hours = (authorised, opened, contracted, actual, billed)
        names = ("authorised_hours", "open_hours", *HOURS)
        row = {name: Decimal(round(value * 100)) / 100 for name, value in zip(names, hours, strict=True)}
        enrolled = round(places * children * float(opened) / authorised * noise())
        rows.append({**row, "month": month, "children_enrolled": enrolled, "opening_days": days})
    return rows


def _times(low, high, columns=HOURS):
    def slip(chance, row, _other):
        column = chance.choice(columns)
        row[column] = (row[column] * Decimal(str(round(chance.uniform(low, high), 4)))).quantize(Decimal("0.01"))

    return slip


def _exchange(first, second):
    def slip(_chance, row, _other):
        row[first], row[second] = row[second], row[first]

    return slip


def _first_digit(chance, row, _other):
    column = chance.choice(HOURS)
    text = str(row[column])
    digit = int(text[0])
    row[column] = Decimal(
        str(digit + 1 if digit < 2 or (digit < 9 and chance.random() < 0.5) else digit - 1) + text[1:]
    )


def _neighbour(_chance, row, other):
    for column in (*HOURS, "children_enrolled"):
        row[column] = other[column]


def _children(factor):
    def slip(_chance, row, _other):
        row["children_enrolled"] = round(row["children_enrolled"] * factor)

    return slip


def _contracts_thrice(_chance, row, _other):
    row["actual_hours"] = row["billed_hours"] = row["contracted_hours"]


KINDS = {
    "days typed for hours": _times(0.11, 0.13, ("actual_hours",)),
    "the comma lost": _times(100, 100),
    "thousands read as units": _times(0.001, 0.001),
    "a week forgotten": _times(0.70, 0.80),
    "the year so far": _times(1.8, 6),
    "contracts and bills exchanged": _exchange("contracted_hours", "billed_hours"),
    "a wrong first digit": _first_digit,
    "ten times the children": _children(10),
    "half of the children": _children(0.5),
    "contracts in the three boxes": _contracts_thrice,
    "the row of another house": _neighbour,
}


def other_size(rows, row):
    """The row, the same month, of the house whose size is nearest without being alike (a fifth away at least)."""
    away = [(abs(float(one["authorised_hours"] / row["authorised_hours"]) - 1), one) for one in rows]
    return min(((far, one) for far, one in away if far > 0.2), key=lambda pair: pair[0])[1]


def planted(kind, chance, row, rows):
    wrong = dict(row)
    KINDS[kind](chance, wrong, other_size(rows, row))
    return wrong
