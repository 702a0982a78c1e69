"""Meetings: the directors of a sector, monthly, two hours; a meeting on 24 March 2026 with its agenda sent."""

import datetime

import factory
from factory.django import DjangoModelFactory

from projects.models import Meeting, MeetingSeries, Subject
from tests.factories import UserFactory


class SeriesFactory(DjangoModelFactory):
    """`people` are its members."""

    class Meta:
        model = MeetingSeries
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Réunion du réseau {n}")
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def people(self, create, extracted, **kwargs):
        if create and extracted:
            self.members.set(extracted)


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    held_on = datetime.date(2026, 3, 24)
    status = "sent"
    created_by = factory.SubFactory(UserFactory)


class SubjectFactory(DjangoModelFactory):
    class Meta:
        model = Subject

    title = factory.Sequence(lambda n: f"Le plan canicule {n}")
    proposed_by = factory.SubFactory(UserFactory)
