"""A month of the golden vector 12: 90,00 × 90,07 × 90,00 = 72,95 %. February 2026, a draft, unless told."""

import datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from indicators.models import DailyActivity, ExpectedAttendance, MonthlyActivity
from tests.factories import EstablishmentFactory, UserFactory

FEBRUARY = datetime.date(2026, 2, 1)
VALIDATED_AT = datetime.datetime(2026, 3, 5, 9, tzinfo=datetime.UTC)


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = MonthlyActivity

    establishment = factory.SubFactory(EstablishmentFactory)
    month = FEBRUARY
    authorised_hours = Decimal(13_200)
    open_hours = Decimal(11_880)
    contracted_hours = Decimal(10_700)
    actual_hours = Decimal(9_630)
    billed_hours = Decimal(10_486)
    children_enrolled = 64
    opening_days = 20
    entered_by = factory.SubFactory(UserFactory)

    class Params:
        submitted = factory.Trait(status="submitted")
        validated = factory.Trait(
            status="validated", validated_by=factory.SubFactory(UserFactory), validated_at=VALIDATED_AT
        )
        closed = factory.Trait(
            status="closed", validated_by=factory.SubFactory(UserFactory), validated_at=VALIDATED_AT
        )


def counted(present):
    """Forty-eight counts out of {half-hour: children}."""
    return tuple(present.get(place, 0) for place in range(48))


class DailyActivityFactory(DjangoModelFactory):
    """Thursday 12 February 2026: 5 babies and 20 walkers from 8 h 30 to 17 h."""

    class Meta:
        model = DailyActivity

    establishment = factory.SubFactory(EstablishmentFactory)
    day = datetime.date(2026, 2, 12)
    non_walkers = counted(dict.fromkeys(range(17, 34), 5))
    walkers = counted(dict.fromkeys(range(17, 34), 20))


class ExpectedAttendanceFactory(DjangoModelFactory):
    """A Monday typed by someone, from January 2026 on."""

    class Meta:
        model = ExpectedAttendance

    establishment = factory.SubFactory(EstablishmentFactory)
    weekday = 1
    non_walkers = counted(dict.fromkeys(range(17, 34), 5))
    walkers = counted(dict.fromkeys(range(17, 34), 20))
    starts_on = datetime.date(2026, 1, 1)
