"""From the tables to the days of the engine: hours, children, absences, designations; a fixed number of queries."""

import datetime

import pytest
from django.utils import timezone

from establishments.models import Authorisation, AuthorisationSlot, CapacityChange, Closure
from indicators.models import MonthlyActivity
from staffing.continuity import Link
from staffing.coverage import StaffPresence, Topic, presences_in_two_places
from staffing.day_book import Scenario, open_book
from staffing.expected import Source
from staffing.models import Absence, DirectionRelay, Interim, Posting
from tests.factories import LONG_AGO, EstablishmentFactory, UserFactory
from tests.staffing.factories import LeaveFactory, PostingFactory, RosterFactory, expect, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D, T = datetime.date, datetime.time
TUESDAY = D(2026, 4, 7)
Job = Posting.Job


def book(*houses, start=TUESDAY, end=TUESDAY):
    return open_book([house.pk for house in houses], start, end)


def presences(found, house, day=TUESDAY, scenario=None):
    given = found.house_day(house.pk, day, *([scenario] if scenario else []))
    return {(p.person, p.start, p.end, p.counts, p.may_direct) for p in given.presences}


def topics(segments):
    return {breach.topic for segment in segments for breach in segment.breaches}


class TestPeople:
    def test_hours_of_work_become_presences_and_those_unknown_are_told(self, creche):
        educator, stranger = worker(creche, 8, 16), PostingFactory(establishment=creche)
        found = book(creche)
        assert presences(found, creche) == {(educator.employee_id, 480, 960, True, True)}
        assert [agent.id for agent in found.without_hours(creche.pk, TUESDAY)] == [stranger.employee_id]

    def test_alternating_weeks_and_office_hours_are_followed(self, creche):
        posting = PostingFactory(establishment=creche, job=Job.DIRECTOR)
        roster = RosterFactory(posting=posting, weeks=2, starts_on=TUESDAY, at=T(9), at__until=T(12), at__task="other")
        roster.slots.create(week=2, weekday=2, starts_at=T(13), ends_at=T(18))
        found = book(creche, end=TUESDAY + datetime.timedelta(days=14))
        days = [TUESDAY + datetime.timedelta(days=7 * n) for n in range(3)]
        hours = [[(s, e, c) for _, s, e, c, _ in presences(found, creche, day)] for day in days]
        assert hours == [[(540, 720, False)], [(780, 1080, True)], [(540, 720, False)]]

    def test_a_granted_leave_takes_away_and_a_pending_one_only_where_supposed(self, creche, coordinator):
        granted, pending = worker(creche), worker(creche)
        LeaveFactory(person=granted, status="granted", decided_by=coordinator, decided_at=timezone.now())
        asked = LeaveFactory(person=pending)
        found = book(creche)
        assert {who for who, *_ in presences(found, creche)} == {pending.employee_id}
        assert presences(found, creche, scenario=Scenario(granted=frozenset({asked.pk}))) == set()
        lifted = Scenario(lifted=frozenset({away.request for away in found.people.aways}))
        assert len(presences(found, creche, scenario=lifted)) == 2

    def test_the_four_cases_of_c24(self, creche, next_creche, coordinator):
        """Training, other work, external, present everywhere: what other products counted wrong."""
        trained, busy, apprentice = worker(creche), worker(creche), worker(creche, job=Job.APPRENTICE)
        day = {"establishment": creche, "starts_on": TUESDAY, "ends_on": TUESDAY, "told_by": coordinator}
        Absence.objects.create(employee=trained.employee, kind="training", **day)
        Absence.objects.create(employee=busy.employee, kind="work", in_the_house=True, **day)
        loan = worker(next_creche)
        found = book(creche, next_creche)
        assert presences(found, creche) == {
            (busy.employee_id, 450, 1110, False, True),
            (apprentice.employee_id, 450, 1110, False, False),
        }
        outside = StaffPresence(450, 1110, 2, False, True)
        assert found.house_day(creche.pk, TUESDAY).presences.append(outside) is None
        both = {house.pk: found.house_day(house.pk, TUESDAY) for house in (creche, next_creche)}
        assert presences_in_two_places(both) == []
        both[creche.pk].presences.append(StaffPresence(450, 500, 1, True, True, loan.employee_id))
        assert [clash.person for clash in presences_in_two_places(both)] == [loan.employee_id]

    def test_float_agents_count_nowhere_and_are_offered_when_free(self, creche, sector, next_sector, coordinator):
        free, away, far = (worker(creche, pool=pool) for pool in (sector, sector, next_sector))
        LeaveFactory(person=away).grant(by=coordinator)
        found = book(creche)
        assert presences(found, creche) == set()
        assert [agent.id for agent in found.floats_on(TUESDAY)] == [free.employee_id, far.employee_id]
        home = EstablishmentFactory(sector=sector)
        assert [agent.id for agent in book(home).floats_on(TUESDAY)] == [free.employee_id]


class TestDirection:
    def test_anyone_eligible_may_direct_until_a_relay_is_designated(self, creche):
        director = worker(creche, 9, 17, job=Job.DIRECTOR)
        educator = worker(creche)
        assert presences(book(creche), creche) == {
            (director.employee_id, 540, 1020, True, True),
            (educator.employee_id, 450, 1110, True, True),
        }
        other = worker(creche, 8, 12)
        DirectionRelay.objects.create(establishment=creche, employee=other.employee, starts_on=LONG_AGO)
        found = book(creche)
        assert {who for who, *_, directs in presences(found, creche) if directs} == {
            director.employee_id,
            other.employee_id,
        }
        assert Topic.DIRECTION in topics(found.assess(creche.pk, TUESDAY))

    def test_a_relay_of_category_2_needs_a_year_beside_children(self, creche):
        relay = worker(creche, job=Job.ASSISTANT)
        DirectionRelay.objects.create(establishment=creche, employee=relay.employee, starts_on=LONG_AGO)
        assert book(creche).chain(creche.pk, TUESDAY) == []
        relay.employee.children_since = D(2025, 4, 7)
        relay.employee.save()
        assert [one.link for one in book(creche).chain(creche.pk, TUESDAY)] == [Link.RELAY]

    def test_half_a_day_of_leave_leaves_half_a_day_without_direction(self, creche, pole_head):
        director = worker(creche, job=Job.DIRECTOR)
        leave = LeaveFactory(person=director, part="afternoon", starts_on=TUESDAY, ends_on=TUESDAY)
        leave.grant(by=pole_head, derogation="Fin de journée tenue par une voisine")
        holders = book(creche).holders(creche.pk, TUESDAY)
        assert [bool(holders[half]) for half in (0, 1)] == [True, False]

    def test_an_interim_of_another_house_directs_without_counting(self, creche, next_creche, coordinator):
        neighbour = worker(next_creche, job=Job.DIRECTOR, employee__user=UserFactory())
        given = {"starts_on": TUESDAY, "ends_on": TUESDAY, "appointed_by": coordinator}
        Interim(establishment=creche, employee=neighbour.employee, **given).appoint(by=coordinator)
        found = book(creche)
        assert presences(found, creche) == {(neighbour.employee_id, 450, 1110, False, True)}
        assert [one.link for one in found.holders(creche.pk, TUESDAY).values()] == [Link.INTERIM] * 2


class TestHouse:
    def test_children_expected_come_first_then_attendance_then_places(self, creche, coordinator):
        found = book(creche).houses[creche.pk]
        assert found.expectation.source_on(TUESDAY) == Source.PLACES
        assert sum(c.non_walkers + c.walkers for c in found.children_on(TUESDAY, (450, 1110))) == 40
        MonthlyActivity.objects.create(
            establishment=creche, month=D(2026, 1, 1), status="validated", authorised_hours=1000, open_hours=1000,
            contracted_hours=900, actual_hours=701, billed_hours=800, validated_by=coordinator,
            validated_at=timezone.now(),
        )  # fmt: skip
        found = book(creche).houses[creche.pk]
        assert found.expectation.source_on(TUESDAY) == Source.HISTORY
        (children,) = found.children_on(TUESDAY, (450, 1110))
        assert (children.non_walkers, children.walkers) == (10, 19)  # 40 × 70,1 % = 28,04, so 29
        expect(creche, 5, 7)
        found = book(creche).houses[creche.pk]
        assert found.expectation.source_on(TUESDAY) == Source.EXPECTED
        (children,) = found.children_on(TUESDAY, (450, 1110))
        assert (children.start, children.end, children.non_walkers, children.walkers) == (450, 1110, 5, 7)

    def test_modulated_and_frozen_places_move_the_estimate(self, creche):
        authorisation = Authorisation.objects.get(establishment=creche)
        AuthorisationSlot.objects.create(
            authorisation=authorisation, weekday=2, starts_at=T(7, 30), ends_at=T(9), places=10
        )
        CapacityChange.objects.create(establishment=creche, places=4, reason="vacancy", starts_on=LONG_AGO)
        children = book(creche).houses[creche.pk].children_on(TUESDAY, (450, 1110))
        assert [(c.start, c.end, c.non_walkers + c.walkers) for c in children] == [(450, 540, 6), (540, 1110, 36)]

    def test_a_closed_day_asks_nothing_and_a_closed_half_day_half_of_it(self, creche):
        worker(creche)
        Closure.objects.create(establishment=creche, cause="works", starts_on=TUESDAY, ends_on=TUESDAY, part="morning")
        found = book(creche, end=TUESDAY + datetime.timedelta(days=4))
        assert found.house_day(creche.pk, TUESDAY).opening == (780, 1110)
        assert found.house_day(creche.pk, D(2026, 4, 11)) is None
        assert list(found.holders(creche.pk, TUESDAY)) == [1]
        assert found.assess(creche.pk, D(2026, 4, 11)) == []

    def test_the_engine_reads_the_rule_and_the_places_of_the_day(self, creche):
        Authorisation.objects.filter(establishment=creche).update(ends_on=D(2026, 3, 31))
        Authorisation.objects.create(establishment=creche, places=12, ratio_rule="one_six", starts_on=D(2026, 4, 1))
        day = book(creche).house_day(creche.pk, TUESDAY)
        assert (day.rule, day.places, day.kind) == ("one_six", 12, "creche_collective")


def test_three_queries_for_1_and_15_houses(sector, coordinator, django_assert_num_queries):
    houses = []
    for size in (1, 14):
        for _ in range(size):
            house = EstablishmentFactory(sector=sector)
            houses.append(house)
            expect(house, 4, 6)
            for job in (Job.DIRECTOR, Job.EJE, Job.AUXILIARY):
                LeaveFactory(person=worker(house, job=job))
        with django_assert_num_queries(3):
            found = book(*houses, end=D(2026, 5, 31))
            assert all(found.assess(house.pk, TUESDAY) for house in houses)
