"""Actions: to do before 31 March 2026, readable by the house, unless told."""

import datetime

import factory
from factory.django import DjangoModelFactory

from projects.models import ActionItem
from tests.factories import EstablishmentFactory, UserFactory


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = ActionItem

    establishment = factory.SubFactory(EstablishmentFactory)
    title = factory.Sequence(lambda n: f"Revoir le coin repos {n}")
    due_on = datetime.date(2026, 3, 31)
    created_by = factory.SubFactory(UserFactory)
