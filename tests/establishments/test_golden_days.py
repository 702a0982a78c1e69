"""Golden days of functions S-006: golden_days.yaml was computed by hand; here the register is asked the same."""

import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from establishments.models import (
    Authorisation,
    AuthorisationSlot,
    CapacityChange,
    Closure,
    Kind,
    OpeningHours,
)
from establishments.regulation import CapacitySlot, breaches_weekly_capacity, week_slots
from establishments.terms import terms_of
from indicators.capacity import day_capacity, month_capacity
from indicators.day_places import places_by_half_hour
from indicators.terms import terms_of_one
from tests.factories import EstablishmentFactory

pytestmark = pytest.mark.django_db

HOUSES = yaml.safe_load((Path(__file__).parent / "golden_days.yaml").read_text(encoding="utf-8"))
LONG_AGO, FAR = datetime.date(2019, 1, 1), datetime.date(2030, 1, 1)


def weekdays(text):
    first, dash, last = str(text).partition("-")
    return range(int(first), int(last) + 1) if dash else [int(day) for day in first.split(",")]


def times(text):
    return [datetime.time(*map(int, moment.split(":"))) for moment in text.split("-")]


def period(given):
    return {"starts_on": given.get("from", LONG_AGO), "ends_on": given.get("to")}


def built(given):
    """The house of the file, in the register."""
    house = EstablishmentFactory(
        kind=Kind(given.get("kind", "creche_collective")),
        opened_on=given.get("opened", LONG_AGO),
        places=False,
        hours=False,
    )
    type(house).objects.filter(pk=house.pk).update(closed_on=given.get("closed"))
    for row in given["hours"]:
        opens, closes = times(row["at"])
        for weekday in weekdays(row["days"]):
            OpeningHours.objects.create(
                establishment=house, weekday=weekday, opens_at=opens, closes_at=closes, **period(row)
            )
    for row in given["places"]:
        authorisation = Authorisation.objects.create(establishment=house, places=row["places"], **period(row))
        for slot in row.get("slots", []):
            starts, ends = times(slot["at"])
            for weekday in weekdays(slot["days"]):
                AuthorisationSlot.objects.create(
                    authorisation=authorisation, weekday=weekday, starts_at=starts, ends_at=ends, places=slot["places"]
                )
    for row in given.get("frozen", []):
        CapacityChange.objects.create(establishment=house, places=row["places"], reason="vacancy", **period(row))
    for row in given.get("closures", []):
        part = row.get("part", "day")
        Closure.objects.create(establishment=house, cause=row["cause"], part=part, **period(row))
    return house


def shown(half_hours):
    """ "7:30-9:00 15/15/18; …": neighbours that say the same are one stretch."""
    runs = []
    for each in half_hours:
        said = "?/?/?" if each.authorised is None else f"{each.authorised}/{each.open}/"
        said += "" if each.authorised is None else "-" if each.limit is None else str(each.limit)
        if runs and runs[-1][1:] == [each.start, said]:
            runs[-1][1] = each.start + 30
        else:
            runs.append([each.start, each.start + 30, said])
    clock = lambda minutes: f"{minutes // 60}:{minutes % 60:02d}"  # noqa: E731
    return "; ".join(f"{clock(start)}-{clock(end)} {said}" for start, end, said in runs)


def test_there_are_a_hundred_golden_days():
    assert sum(len(house["days"]) for house in HOUSES) >= 100


@pytest.mark.parametrize("given", HOUSES, ids=[house["house"].partition(",")[0] for house in HOUSES])
def test_golden_days(given):
    house, found = built(given), {}
    terms = terms_of_one(house, LONG_AGO, FAR)
    for day in given["days"]:
        capacity = day_capacity(terms, day)
        hours = [capacity.authorised_hours, capacity.open_hours]
        found[day] = [shown(places_by_half_hour(terms, day, kind=house.kind)), *hours]
    expected = {
        day: [text, *(Decimal(str(value)) for value in hours)] for day, (text, *hours) in given["days"].items()
    }
    assert found == expected


@pytest.mark.parametrize("given", [house for house in HOUSES if "months" in house], ids=lambda house: house["house"])
def test_golden_months(given):
    terms = terms_of_one(built(given), LONG_AGO, FAR)
    found = {}
    for month in given["months"]:
        capacity = month_capacity(terms, month)
        found[month] = [capacity.authorised_hours, capacity.open_hours, capacity.opening_days]
    assert found == given["months"]


@pytest.mark.parametrize("given", [house for house in HOUSES if "weeks" in house], ids=lambda house: house["house"])
def test_golden_weeks(given):
    """R. 2324-27 1°: hours of presence, 100 % of the week at most."""
    authorised = given["places"][0]
    slots = [
        CapacitySlot(weekday, *times(slot["at"]), slot["places"])
        for slot in authorised.get("slots", [])
        for weekday in weekdays(slot["days"])
    ]
    openings = [(weekday, *times(row["at"])) for row in given["hours"] for weekday in weekdays(row["days"])]
    week = week_slots(authorised["places"], openings, slots)
    for hours, refused in given["weeks"]:
        assert breaches_weekly_capacity(Fraction(str(hours)), week) is refused, hours


def test_the_page_of_a_modulated_house_counts_the_hours_outside_the_slots():
    given = next(house for house in HOUSES if house["house"].startswith("Modulée"))
    terms = terms_of(built(given), datetime.date(2026, 3, 17))
    assert terms.weekly_hours == "1\u202f342\u00a0h par semaine"
    assert dict(terms.slots)["lundi"] == (
        "7\u00a0h\u00a030\u00a0– 9\u00a0h, 15 places, 18 enfants au plus",
        "9\u00a0h\u00a0– 17\u00a0h, 30 places, 35 enfants au plus",
        "17\u00a0h\u00a0– 18\u00a0h\u00a030, 12 places, 14 enfants au plus",
    )
