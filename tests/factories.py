"""The named cast and its houses. Dates are fixed: today is a Tuesday, 17 March 2026."""

import datetime

import factory
from factory.django import DjangoModelFactory

from core.models import User
from establishments.models import (
    Authorisation,
    Directorship,
    Establishment,
    Kind,
    ManagementMode,
    Mandate,
    OpeningHours,
    Role,
    SectorAttachment,
    Territory,
)

TODAY = datetime.date(2026, 3, 17)
LONG_AGO = datetime.date(2020, 1, 1)
PASSWORD = "mot de passe de test"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@ville.example")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Martin{n}")
    password = factory.django.Password(PASSWORD)


class TerritoryFactory(DjangoModelFactory):
    class Meta:
        model = Territory

    kind = Territory.Kind.SECTOR
    code = factory.Sequence(lambda n: f"territoire-{n}")
    name = factory.Sequence(lambda n: f"Secteur {n}")
    starts_on = LONG_AGO


class EstablishmentFactory(DjangoModelFactory):
    """A municipal house of 40 places, open on weekdays, attached to `sector` when given."""

    class Meta:
        model = Establishment
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Crèche des Lilas {n}")
    code = factory.Sequence(lambda n: f"creche-{n}")
    kind = Kind.CRECHE_COLLECTIVE
    management_mode = ManagementMode.REGIE
    street = "12 rue des Lilas"
    postcode = "75020"
    city = "Paris"
    opened_on = LONG_AGO

    @factory.post_generation
    def sector(self, create, extracted, **kwargs):
        if create and extracted is not None:
            SectorAttachment.objects.create(establishment=self, territory=extracted, starts_on=LONG_AGO)

    @factory.post_generation
    def places(self, create, extracted, **kwargs):
        if create and extracted is not False:
            Authorisation.objects.create(establishment=self, places=extracted or 40, starts_on=LONG_AGO)

    @factory.post_generation
    def hours(self, create, extracted, **kwargs):
        if create and extracted is not False:
            opens, closes = extracted or (datetime.time(7, 30), datetime.time(18, 30))
            for weekday in range(1, 6):
                OpeningHours.objects.create(
                    establishment=self, weekday=weekday, opens_at=opens, closes_at=closes, starts_on=LONG_AGO
                )


class MandateFactory(DjangoModelFactory):
    class Meta:
        model = Mandate

    user = factory.SubFactory(UserFactory)
    role = Role.COORDINATOR
    starts_on = LONG_AGO


class DirectorshipFactory(DjangoModelFactory):
    class Meta:
        model = Directorship

    establishment = factory.SubFactory(EstablishmentFactory)
    person = factory.SubFactory(UserFactory)
    starts_on = LONG_AGO
