"""Teams: an educator of the crèche since 2020, unless told; a leave asked from 6 to 10 April 2026."""

import datetime

import factory
from factory.django import DjangoModelFactory

from staffing.models import Employee, LeaveRequest, Posting
from tests.factories import LONG_AGO, UserFactory


class EmployeeFactory(DjangoModelFactory):
    class Meta:
        model = Employee

    first_name = "Dominique"
    last_name = factory.Sequence(lambda n: f"Agent{n:03d}")
    staff_number = factory.Sequence(lambda n: f"M{n:05d}")


class PostingFactory(DjangoModelFactory):
    class Meta:
        model = Posting

    employee = factory.SubFactory(EmployeeFactory)
    job = Posting.Job.EJE
    category = factory.LazyAttribute(lambda posting: Posting.CATEGORIES[posting.job])
    starts_on = LONG_AGO


class LeaveFactory(DjangoModelFactory):
    """`person=` a posting: the leave is asked for its employee, in its house."""

    class Meta:
        model = LeaveRequest

    class Params:
        person = factory.SubFactory(PostingFactory)

    employee = factory.SelfAttribute("person.employee")
    establishment = factory.SelfAttribute("person.establishment")
    starts_on = datetime.date(2026, 4, 7)
    ends_on = datetime.date(2026, 4, 10)
    proposed_by = factory.SubFactory(UserFactory)
