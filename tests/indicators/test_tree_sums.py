"""The sum of the children is the parent, each month, in the tree of that month and in today's; the identity holds.

Random trees, houses re-attached on random days, random hours: nothing is lost, nothing is counted twice.
"""

import datetime
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.calendar import add_months
from establishments.models import Establishment, Role, SectorAttachment, Territory
from indicators.models import HOURS, MonthlyActivity
from indicators.rates import NO_ACTIVITY, Activity
from indicators.territory import read_territory
from tests.factories import LONG_AGO, MandateFactory, TerritoryFactory, UserFactory

D = datetime.date
FIRST = D(2025, 11, 1)
MONTHS = [add_months(FIRST, n) for n in range(4)]
Kind = Territory.Kind


@st.composite
def cities(draw):
    """(shape of the tree, houses): each house is attached to one level or another, moved up to twice, on any day."""
    shape = draw(st.lists(st.lists(st.integers(1, 2), min_size=1, max_size=2), min_size=1, max_size=2))
    days = st.integers(1, 120).map(lambda n: FIRST - datetime.timedelta(days=20) + datetime.timedelta(days=n))
    moves = st.lists(st.tuples(days, st.integers(0, 99)), max_size=2, unique_by=lambda move: move[0])
    hours = st.lists(st.integers(0, 9_999), min_size=4, max_size=4)
    house = st.tuples(st.integers(0, 99), moves.map(sorted), st.lists(hours, min_size=4, max_size=4))
    return shape, draw(st.lists(house, min_size=1, max_size=5))


def plant_tree(shape):
    top = TerritoryFactory(kind=Kind.DIRECTION)
    territories, holders = [top], []
    for poles in shape:
        division = TerritoryFactory(kind=Kind.DIVISION, parent=top)
        territories.append(division)
        for sectors in poles:
            pole = TerritoryFactory(kind=Kind.POLE, parent=division)
            territories.append(pole)
            holders.append(pole)  # a house may hang on the pôle itself while it has no sector
            holders += [TerritoryFactory(parent=pole) for _ in range(sectors)]
    return top, territories + [one for one in holders if one.kind == Kind.SECTOR], holders


def settle(number, house, holders):
    """A house, its attachments one after the other, its four months of hours."""
    start, moves, months = house
    row = Establishment.objects.create(name=f"Maison {number}", code=f"maison-{number}", opened_on=LONG_AGO)
    steps = [(LONG_AGO, start), *moves]
    for rank, (since, place) in enumerate(steps):
        until = steps[rank + 1][0] - datetime.timedelta(days=1) if rank + 1 < len(steps) else None
        territory = holders[place % len(holders)]
        SectorAttachment.objects.create(establishment=row, territory=territory, starts_on=since, ends_on=until)
    for month, (opened, more, contracted, actual) in zip(MONTHS, months, strict=True):
        hours = dict(zip(HOURS, (opened + more, opened, contracted, actual, actual), strict=True))
        MonthlyActivity.objects.create(establishment=row, month=month, status="submitted", **hours)


def add_up(lines):
    return sum((line.month for line in lines), NO_ACTIVITY)


def held_by_hand(territory, month, day):
    """The oracle: house after house, the attachment of the day, then the parents one by one."""
    total = NO_ACTIVITY
    for row in MonthlyActivity.objects.filter(month=month).select_related("establishment"):
        attachment = next(
            a for a in row.establishment.attachments.all() if a.starts_on <= day and (a.ends_on or day) >= day
        )
        above = attachment.territory
        while above is not None and above.pk != territory.pk:
            above = above.parent
        total = total + row.activity if above is not None else total
    return total


@pytest.mark.django_db
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(city=cities())
def test_the_children_add_up_to_their_parent_each_month_in_both_trees(today, city):
    shape, houses = city
    with transaction.atomic():
        top, territories, holders = plant_tree(shape)
        user = UserFactory()
        MandateFactory(user=user, role=Role.CENTRAL, territory=top)
        for number, house in enumerate(houses):
            settle(number, house, holders)
        for month in MONTHS:
            for tree in (month, D(2026, 3, 1)):
                last = add_months(tree, 1) - datetime.timedelta(days=1)
                for territory in territories:
                    found = read_territory(user, territory, month, tree=tree)
                    assert add_up(found.lines) == found.total.month == held_by_hand(territory, month, last)
                whole = read_territory(user, top, month, tree=tree).total.month
                assert whole == MonthlyActivity.objects.filter(month=month).totals()
        transaction.set_rollback(True)


@given(st.lists(st.tuples(*[st.integers(0, 10**6)] * 5), min_size=1, max_size=30))
def test_the_identity_holds_for_any_group_where_its_factors_are_defined(rows):
    total = sum((Activity(*row) for row in rows), NO_ACTIVITY)
    factors = [total.opening_rate, total.admission_rate, total.assiduity_rate]
    if None not in factors:
        assert total.attendance_rate == factors[0] * factors[1] * factors[2]
    assert total.attendance_rate is None or isinstance(total.attendance_rate, Fraction)
