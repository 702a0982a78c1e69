"""Teams: an educator of the crèche since 2020, unless told; a leave asked from 6 to 10 April 2026."""

import datetime

import factory
from factory.django import DjangoModelFactory

from indicators.models import ExpectedAttendance
from staffing.models import Employee, FloatAssignment, LeaveRequest, Posting, Roster, RosterSlot, StaffingNeed
from staffing.staff_file import carry_out, plan_people, read_people
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


class RosterFactory(DjangoModelFactory):
    """Hours of a posting, Monday to Friday from `at` to `until` with the children, since 2020 unless told."""

    class Meta:
        model = Roster
        skip_postgeneration_save = True

    starts_on = LONG_AGO

    @factory.post_generation
    def at(self, create, extracted, until=datetime.time(17), days=(1, 2, 3, 4, 5), task="children", week=1, **kwargs):
        for weekday in days:
            RosterSlot.objects.create(
                roster=self,
                week=week,
                weekday=weekday,
                starts_at=extracted or datetime.time(8),
                ends_at=until,
                task=task,
            )


def worker(establishment, opens=7.5, closes=18.5, **posting):
    """Someone posted in a house whose hours are known, in decimal hours: all the opening unless told."""
    made = PostingFactory(establishment=establishment, **posting)
    RosterFactory(posting=made, at=clock(opens), at__until=clock(closes))
    return made


def clock(hours):
    return datetime.time(int(hours), round(hours % 1 * 60))


def expect(establishment, non_walkers, walkers, opens=7.5, closes=18.5, weekdays=(1, 2, 3, 4, 5)):
    """Children expected all the opening of some weekdays."""
    half_hours = range(int(opens * 2), int(closes * 2))
    for weekday in weekdays:
        ExpectedAttendance.objects.create(
            establishment=establishment,
            weekday=weekday,
            non_walkers=tuple(non_walkers * (place in half_hours) for place in range(48)),
            walkers=tuple(walkers * (place in half_hours) for place in range(48)),
            starts_on=LONG_AGO,
        )


def short_staffed(establishment):
    """A house where one professional is with thirteen children all day: two are required (1/5 and 1/8)."""
    expect(establishment, 5, 8)
    return worker(establishment)


def float_agent(territory, home, opens=7.5, closes=18.5, **posting):
    """Somebody of the pool of a territory, whose hours are known."""
    return worker(home, opens, closes, pool=territory, **posting)


class NeedFactory(DjangoModelFactory):
    """Nine hours of Tuesday 24 March 2026, proved by hand: the engine is asked by `StaffingNeed.ask` only."""

    class Meta:
        model = StaffingNeed

    on = datetime.date(2026, 3, 24)
    starts_at = datetime.time(8)
    ends_at = datetime.time(17)
    half_hours = 18
    children = 13
    asked_by = factory.SubFactory(UserFactory)
    proof = factory.LazyFunction(
        lambda: {
            "half_hours": 18,
            "children": 13,
            "category_1": False,
            "stretches": [[480, 1020, [["1 professionnel pour 13 enfants.", "CSP R. 2324-46-4"]]]],
            "steps": [["agent volant", "Personne de disponible.", 13, False]],
            "source": "jeu d’essai",
            "without_hours": 0,
            "computed_on": "2026-03-17",
            "supposed": "",
        }
    )


def approved(need, coordinator, pole_head):
    """The two agreements."""
    need.agree(by=coordinator)
    need.approve(by=pole_head)
    return need


def send(need, posting, by, **given):
    """An agent of the pool confirmed for a need, without the planner."""
    return FloatAssignment.objects.create(
        need=need,
        employee=posting.employee,
        establishment=need.establishment,
        on=need.on,
        starts_at=need.starts_at,
        ends_at=need.ends_at,
        decided_by=by,
        **given,
    )


def sent_from_the_pool(establishment, by):
    need = NeedFactory(establishment=establishment)
    return send(need, float_agent(establishment.attachments.get().territory, establishment), by)


HEAD = "matricule;nom;prénom;établissement;métier;du;lundi;mardi"


def imported(user, *rows, filename="equipes.csv"):
    """The StaffImport of a file of agents, previewed then confirmed."""
    content = "\n".join([HEAD, *rows]).encode()
    plan = plan_people(*read_people(content, filename, user), user)
    return carry_out(content, filename, plan.print, by=user)[1]
