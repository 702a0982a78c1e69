"""A city of honest months, and errors planted in some of them. It knows nothing of `indicators/quality.py`.

The kinds and their sizes were fixed before the detector was first run on them, and stay as they are.
"""

import datetime
import random
from decimal import Decimal

SEASON_ADMISSION = (0.90, 0.90, 0.91, 0.91, 0.91, 0.91, 0.87, 0.74, 0.80, 0.85, 0.88, 0.89)
SEASON_PRESENCE = (0.87, 0.85, 0.89, 0.88, 0.88, 0.89, 0.84, 0.79, 0.89, 0.89, 0.88, 0.86)
MONTHS = [datetime.date(2023 + n // 12, n % 12 + 1, 1) for n in range(36)]
HOUSES = 24
SEEDS = range(9_000, 9_020)  # never used while building


def honest_city(seed):
    """One list a house of {column: number, "month": date}, one a month: habits, seasons, chance, frozen places."""
    chance = random.Random(seed)
    return [_honest_house(chance) for _ in range(HOUSES)]


def _honest_house(chance):
    places = chance.choice([20, 33, 40, 45, 60, 66, 80])
    admission, presence, billing = chance.uniform(0.92, 1.07), chance.uniform(0.94, 1.05), chance.uniform(1.03, 1.12)
    children = chance.uniform(1.1, 1.35)
    return [_honest_month(chance, month, places, admission, presence, billing, children) for month in MONTHS]


def _honest_month(chance, month, places, admission, presence, billing, children):
    days = chance.randint(18, 22) if month.month not in (8, 12) else chance.randint(9, 15)
    authorised = places * 11 * days
    opened = authorised * (1 if chance.random() > 0.15 else chance.uniform(0.7, 0.97))
    contracted = opened * min(1.02, SEASON_ADMISSION[month.month - 1] * admission * chance.gauss(1, 0.018))
    actual = contracted * min(1.0, SEASON_PRESENCE[month.month - 1] * presence * chance.gauss(1, 0.018))
    return {
        "month": month,
        "authorised_hours": _hours(authorised),
        "open_hours": _hours(opened),
        "contracted_hours": _hours(contracted),
        "actual_hours": _hours(actual),
        "billed_hours": _hours(actual * max(1.005, billing * chance.gauss(1, 0.012))),
        "children_enrolled": round(opened / days / 11 * children * chance.gauss(1, 0.025)),
        "opening_days": days,
    }


def _hours(value):
    return Decimal(round(value * 100)) / 100


TYPED = ("contracted_hours", "actual_hours", "billed_hours")


def _times(factor, columns=TYPED):
    def plant(chance, month):
        column = chance.choice(columns)
        value = month[column] * Decimal(str(factor))
        month[column] = round(value) if column == "children_enrolled" else value.quantize(Decimal("0.01"))

    return plant


def _swap(first, second):
    def plant(chance, month):
        month[first], month[second] = month[second], month[first]

    return plant


def _empty(chance, month):
    month[chance.choice(TYPED)] = Decimal(0)


def _transposed(chance, month):
    """Two neighbouring digits exchanged, when that moves the number by a fifth or more; else a digit too many."""
    column = chance.choice(TYPED)
    whole = str(int(month[column]))
    swaps = [whole[:i] + whole[i + 1] + whole[i] + whole[i + 2 :] for i in range(len(whole) - 1)]
    far = [int(text) for text in swaps if abs(int(text) / int(whole) - 1) >= 0.2]
    month[column] = Decimal(chance.choice(far) if far else int(whole + "0"))


def _shifted(chance, month):
    """A row pasted one column to the left."""
    month["contracted_hours"], month["actual_hours"] = month["actual_hours"], month["billed_hours"]
    month["billed_hours"] = Decimal(month["children_enrolled"])


# kind: how it is planted
KINDS = {
    "a digit too many": _times(10),
    "a digit too few": _times(0.1),
    "minutes for hours": _times(60),
    "half of the month": _times(0.5),
    "twice the month": _times(2),
    "a quarter more": _times(1.25),
    "a quarter less": _times(0.75),
    "realised and billed exchanged": _swap("actual_hours", "billed_hours"),
    "contracts and realised exchanged": _swap("contracted_hours", "actual_hours"),
    "an empty box": _empty,
    "two digits exchanged": _transposed,
    "a row pasted aside": _shifted,
    "children twice": _times(2, ("children_enrolled",)),
}


def plant(kind, seed, month):
    """A copy of an honest month with one error of that kind."""
    wrong = dict(month)
    KINDS[kind](random.Random(seed), wrong)
    return wrong
