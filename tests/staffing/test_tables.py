"""What the database itself keeps of hours, designations, plans and interims."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from staffing.models import Absence, DirectionRelay, Interim, LeavePlan, Posting, Roster, RosterSlot
from tests.staffing.factories import PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date


@pytest.fixture
def educator(creche):
    return PostingFactory(establishment=creche)


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_one_posting_has_one_roster_on_a_day(educator):
    Roster.objects.create(posting=educator, starts_on=D(2026, 1, 1), ends_on=D(2026, 3, 31))
    refused(lambda: Roster.objects.create(posting=educator, starts_on=D(2026, 3, 31)))
    Roster.objects.create(posting=educator, starts_on=D(2026, 4, 1))


def test_hours_of_work_are_in_order_and_told_once(educator):
    roster = Roster.objects.create(posting=educator, starts_on=D(2026, 1, 1))
    hours = {"roster": roster, "weekday": 1, "starts_at": datetime.time(8), "ends_at": datetime.time(12)}
    RosterSlot.objects.create(**hours)
    refused(lambda: RosterSlot.objects.create(**hours))
    refused(lambda: RosterSlot.objects.create(**hours | {"weekday": 2, "ends_at": datetime.time(8)}))


def test_a_rank_belongs_to_one_person_and_a_person_has_one_rank(educator, creche):
    given = {"establishment": creche, "employee": educator.employee, "rank": 1, "starts_on": D(2026, 1, 1)}
    DirectionRelay.objects.create(**given)
    refused(
        lambda: DirectionRelay.objects.create(**given | {"employee": PostingFactory(establishment=creche).employee})
    )
    refused(lambda: DirectionRelay.objects.create(**given | {"rank": 2}))


def test_half_a_day_of_absence_is_one_day_and_nobody_is_absent_twice(educator, creche, director):
    given = {"establishment": creche, "employee": educator.employee, "kind": "training", "told_by": director}
    week = given | {"starts_on": D(2026, 3, 16), "ends_on": D(2026, 3, 20)}
    refused(lambda: Absence.objects.create(**week, part="morning"))
    Absence.objects.create(**week)
    refused(lambda: Absence.objects.create(**given | {"starts_on": D(2026, 3, 20), "ends_on": D(2026, 3, 23)}))


def test_two_plans_of_a_house_share_no_day_and_a_plan_sent_says_by_whom(creche, director):
    given = {"establishment": creche, "created_by": director, "ends_on": D(2026, 8, 31)}
    LeavePlan.objects.create(**given, starts_on=D(2026, 7, 1))
    refused(lambda: LeavePlan.objects.create(**given, starts_on=D(2026, 8, 31)))
    LeavePlan.objects.all().delete()
    refused(lambda: LeavePlan.objects.create(**given, starts_on=D(2026, 7, 1), status="submitted"))
    refused(lambda: LeavePlan.objects.create(**given, starts_on=D(2026, 7, 1), decided_by=director))


def test_two_interims_of_a_house_share_no_day_unless_withdrawn(educator, creche, coordinator):
    given = {"establishment": creche, "employee": educator.employee, "appointed_by": coordinator}
    days = {"starts_on": D(2026, 3, 23), "ends_on": D(2026, 3, 27)}
    Interim.objects.create(**given, **days, status="withdrawn")
    Interim.objects.create(**given, **days)
    refused(lambda: Interim.objects.create(**given, **days))


def test_an_apprentice_has_no_category_of_her_own(creche):
    assert PostingFactory(establishment=creche, job=Posting.Job.APPRENTICE).category is None
