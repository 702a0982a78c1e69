"""A month of the golden vector 12: 90,00 × 90,07 × 90,00 = 72,95 %. February 2026, a draft, unless told."""

import datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from indicators.models import MonthlyActivity
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
