"""Actions: to do before 31 March 2026, readable by the house, unless told."""

import datetime
import importlib
from types import SimpleNamespace

import factory
from django.apps import apps
from django.db import connection
from factory.django import DjangoModelFactory

from establishments.models import WorksPeriod
from projects.models import (
    ActionItem,
    EstablishmentProject,
    PedagogicalDay,
    ProjectSection,
    SectionRule,
    ServiceRequest,
)
from tests.factories import EstablishmentFactory, UserFactory


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = ActionItem

    establishment = factory.SubFactory(EstablishmentFactory)
    title = factory.Sequence(lambda n: f"Revoir le coin repos {n}")
    due_on = datetime.date(2026, 3, 31)
    created_by = factory.SubFactory(UserFactory)


def known_law():
    """What the law lists, as the migration writes it: a test that empties the tables does not take it from others."""
    if not SectionRule.objects.exists():
        known = importlib.import_module("projects.migrations.0004_known_sections")
        known.write(apps, SimpleNamespace(connection=connection))
    return SectionRule.objects.all()


class VersionFactory(DjangoModelFactory):
    """A draft of a projet d’établissement; `written` fills every section that the law requires today."""

    class Meta:
        model = EstablishmentProject
        skip_postgeneration_save = True

    establishment = factory.SubFactory(EstablishmentFactory)
    number = factory.Sequence(lambda n: n + 1)
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def written(self, create, extracted, **kwargs):
        if create and extracted:
            for rule in known_law().filter(document=self.document, is_required=True):
                ProjectSection.objects.create(project=self, key=rule.key, text=f"Texte sur {rule.key}.")


class WorksFactory(DjangoModelFactory):
    """A need of works written down today; `from` September 2026 once scheduled."""

    class Meta:
        model = WorksPeriod

    establishment = factory.SubFactory(EstablishmentFactory)
    title = factory.Sequence(lambda n: f"Réfection de la toiture {n}")
    needed_on = datetime.date(2026, 3, 1)
    created_by = factory.SubFactory(UserFactory)


class DayFactory(DjangoModelFactory):
    """A funded day asked for Thursday 11 June 2026, families told more than eight weeks before."""

    class Meta:
        model = PedagogicalDay

    establishment = factory.SubFactory(EstablishmentFactory)
    held_on = datetime.date(2026, 6, 11)
    theme = "Le jeu libre"
    aims = "Observer, puis aménager."
    families_told_on = datetime.date(2026, 3, 2)
    created_by = factory.SubFactory(UserFactory)


class RequestFactory(DjangoModelFactory):
    """A question asked today by a house, to be answered within ten working days; nobody owns it yet."""

    class Meta:
        model = ServiceRequest

    establishment = factory.SubFactory(EstablishmentFactory)
    title = factory.Sequence(lambda n: f"Qui prévient les familles, cas {n} ?")
    asked_on = datetime.date(2026, 3, 17)
    due_on = datetime.date(2026, 3, 31)
    asked_by = factory.SubFactory(UserFactory)
