"""Houses with months, visits, actions and leave, for the dashboards."""

import datetime
from decimal import Decimal

from core.calendar import add_months
from establishments.models import Establishment
from indicators.models import MonthlyActivity
from staffing.models import Employee, LeaveRequest, Posting
from tests.factories import LONG_AGO, TODAY, EstablishmentFactory
from tests.visits.factories import ActionFactory, VisitFactory

FEBRUARY = datetime.date(2026, 2, 1)


def month(establishment, on=FEBRUARY, *, authorised=1000, opened=900, contracted=800, actual=700, by=None):
    """A month submitted, or validated when `by` is given."""
    stamp = {"status": "validated", "validated_by": by, "validated_at": datetime.datetime.now(datetime.UTC)}
    return MonthlyActivity.objects.create(
        establishment=establishment,
        month=on,
        authorised_hours=Decimal(authorised),
        open_hours=Decimal(opened),
        contracted_hours=Decimal(contracted),
        actual_hours=Decimal(actual),
        billed_hours=Decimal(actual),
        **(stamp if by else {"status": "submitted"}),
    )


def ask_leave(establishment, by):
    number = Employee.objects.count()
    agent = Employee.objects.create(first_name="Anne", last_name=f"Agent{number}", staff_number=f"M{number}")
    Posting.objects.create(
        employee=agent, establishment=establishment, job="auxiliary", category=1, starts_on=LONG_AGO
    )
    return LeaveRequest.objects.create(
        employee=agent,
        establishment=establishment,
        starts_on=TODAY + datetime.timedelta(days=20),
        ends_on=TODAY + datetime.timedelta(days=25),
        proposed_by=by,
    )


def busy_sector(sector, by, count, *, months=3):
    """`count` houses with everything a dashboard shows, in different states."""
    houses = []
    for n in range(count):
        house = EstablishmentFactory(name=f"Maison {sector.code} n° {Establishment.objects.count()}", sector=sector)
        houses.append(house)
        VisitFactory(establishment=house, coordinator=by, visited_on=TODAY - datetime.timedelta(days=20 * (n % 5) + 1))
        VisitFactory(establishment=house, coordinator=by, planned=True, planned_on=TODAY + datetime.timedelta(days=2))
        ActionFactory(establishment=house, due_on=TODAY - datetime.timedelta(days=n % 3))
        ActionFactory(establishment=house, due_on=TODAY + datetime.timedelta(days=3))
        ask_leave(house, by)
        for back in range(months):
            month(house, add_months(FEBRUARY, -back), actual=600 + 7 * (n % 20), by=by if n % 2 else None)
    return houses
