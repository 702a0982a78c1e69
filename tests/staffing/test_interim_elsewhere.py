"""Nobody is in two places: who directs another house is away from her own, and her leave is judged in both."""

import datetime

import pytest
from django.utils import timezone

from establishments.models import Establishment, Unavailability
from establishments.workflow import TransitionRefused
from staffing.attention import attention
from staffing.consequences import consequences
from staffing.coverage import assess_days
from staffing.coverage_of_direction import continuity_gaps, continuity_of
from staffing.day_book import open_book
from staffing.decision import decision_of
from staffing.models import Interim, Posting
from tests.factories import TODAY, DirectorshipFactory, EstablishmentFactory, UserFactory
from tests.staffing.factories import LeaveFactory, NeedFactory, PostingFactory, expect, float_agent, send, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date
Job = Posting.Job
TUESDAY, WEDNESDAY = D(2026, 4, 7), D(2026, 4, 8)
APRIL = (D(2026, 4, 1), D(2026, 4, 30))


def granted(posting, starts_on, ends_on, coordinator):
    stamp = {"status": "granted", "decided_by": coordinator, "decided_at": timezone.now()}
    return LeaveFactory(person=posting, starts_on=starts_on, ends_on=ends_on, **stamp)


@pytest.fixture
def home(sector):
    return EstablishmentFactory(sector=sector, name="Crèche Voisine")


@pytest.fixture
def nora(home):
    return worker(home, job=Job.DIRECTOR, employee__user=UserFactory(), employee__first_name="Nora")


@pytest.fixture
def interim(creche, nora, coordinator):
    """Nora directs the crèche on Tuesday and Wednesday: its only head is on leave."""
    granted(PostingFactory(establishment=creche, job=Job.DIRECTOR), TUESDAY, WEDNESDAY, coordinator)
    given = {"establishment": creche, "employee": nora.employee, "starts_on": TUESDAY, "ends_on": WEDNESDAY}
    return Interim(**given).appoint(by=coordinator)


def test_her_own_house_is_uncovered_while_she_directs_another(creche, home, interim, coordinator):
    assert continuity_gaps(creche, *APRIL) == []
    assert [gap.length for gap in continuity_gaps(home, *APRIL)] == ["4 demi-journées"]
    PostingFactory(establishment=home, job=Job.DEPUTY)
    assert continuity_gaps(home, *APRIL) == []


def test_the_home_page_tells_the_house_that_she_left(creche, home, nora, coordinator):
    day = TODAY + datetime.timedelta(days=3)
    granted(PostingFactory(establishment=creche, job=Job.DIRECTOR), day, day, coordinator)
    given = {"establishment": creche, "employee": nora.employee, "starts_on": day, "ends_on": day}
    Interim(**given).appoint(by=coordinator)
    (item,) = attention(coordinator, TODAY)
    assert item.key == f"direction-uncovered-{home.pk}"


def test_she_is_counted_in_one_house_only(creche, home, nora, interim):
    book = open_book([creche.pk, home.pk], TUESDAY, TUESDAY + datetime.timedelta(days=2))
    days = {house.pk: book.house_day(house.pk, TUESDAY) for house in (creche, home)}
    assess_days(days)  # refuses whoever is in two places
    assert [one.person for one in days[home.pk].presences] == []
    assert [(one.person, one.counts) for one in days[creche.pk].presences] == [(nora.employee_id, False)]
    thursday = book.house_day(home.pk, TUESDAY + datetime.timedelta(days=2))
    assert [(one.person, one.counts) for one in thursday.presences] == [(nora.employee_id, True)]


def test_nobody_directs_two_other_houses_at_once(sector, nora, interim, coordinator):
    third = EstablishmentFactory(sector=sector)
    given = {"establishment": third, "employee": nora.employee, "starts_on": WEDNESDAY}
    with pytest.raises(TransitionRefused, match="déjà un intérim ailleurs"):
        Interim(**given, ends_on=WEDNESDAY).appoint(by=coordinator)
    interim.withdraw(by=coordinator)
    assert Interim(**given, ends_on=WEDNESDAY).appoint(by=coordinator).pk


def test_a_leave_given_to_her_since_uncovers_the_house_that_she_directs(creche, home, nora, interim, coordinator):
    granted(nora, TUESDAY, TUESDAY, coordinator)
    assert [gap.length for gap in continuity_gaps(creche, *APRIL)] == ["2 demi-journées"]
    houses = Establishment.objects.filter(pk__in=[creche.pk, home.pk])
    assert {house.name: house.uncovered for house in continuity_of(houses, TODAY)}[creche.name] == 2
    segments = open_book([creche.pk], TUESDAY, TUESDAY).assess(creche.pk, TUESDAY)
    assert not any(segment.direction_covered for segment in segments)


def test_her_leave_is_judged_where_she_directs(creche, nora, interim, coordinator, pole_head):
    asked = LeaveFactory(person=nora, starts_on=WEDNESDAY, ends_on=WEDNESDAY)
    breach = f"règle non tenue 1 jour à {creche.name}, où cette personne est attendue"
    assert breach in consequences(asked).breach
    assert breach in decision_of(asked, TODAY).found.breach
    with pytest.raises(TransitionRefused, match="dérogation"):
        asked.grant(by=coordinator)
    asked.grant(by=pole_head, derogation="La direction revient un jour plus tôt")
    free = LeaveFactory(person=nora, starts_on=D(2026, 4, 14), ends_on=D(2026, 4, 14))
    assert consequences(free).elsewhere == ()


def test_the_leave_of_an_agent_of_the_pool_is_judged_where_she_is_sent(creche, home, sector, coordinator):
    expect(creche, 5, 8)
    worker(creche, job=Job.DIRECTOR)
    helper = float_agent(sector, home)
    send(NeedFactory(establishment=creche, on=TUESDAY), helper, coordinator)
    asked = LeaveFactory(person=helper, starts_on=TUESDAY, ends_on=TUESDAY)
    assert f"à {creche.name}" in consequences(asked).breach
    later = LeaveFactory(person=helper, starts_on=D(2026, 4, 9), ends_on=D(2026, 4, 9))
    assert consequences(later).breach == ""


def test_the_calendar_of_her_house_says_where_she_is(client, home, nora, interim, coordinator):
    asked = LeaveFactory(person=PostingFactory(establishment=home), starts_on=TUESDAY, ends_on=TUESDAY)
    client.force_login(coordinator)
    assert "assure un intérim ailleurs" in client.get(asked.get_absolute_url()).content.decode()


class TestRegister:
    """Heads that the register of directorships knows, and the files of the teams do not."""

    def test_a_director_of_the_register_covers_her_house_but_the_days_she_is_away(self, creche):
        person = DirectorshipFactory(establishment=creche, ends_on=D(2026, 4, 10)).person
        PostingFactory(establishment=creche, job=Job.ASSISTANT)
        Unavailability.objects.create(person=person, starts_on=TUESDAY, ends_on=TUESDAY)
        days = {day for gap in continuity_gaps(creche, D(2026, 4, 6), D(2026, 4, 14)) for day, _ in gap.half_days}
        assert days == {TUESDAY, D(2026, 4, 13), D(2026, 4, 14)}
        (holder, _) = open_book([creche.pk], WEDNESDAY, WEDNESDAY).holders(creche.pk, WEDNESDAY).values()
        assert holder.name == f"{person.first_name} {person.last_name}"

    def test_a_posted_person_is_where_her_posting_says(self, creche, home, nora):
        DirectorshipFactory(establishment=creche, person=nora.employee.user)
        assert len(continuity_gaps(creche, TUESDAY, TUESDAY)) == 1
        assert continuity_gaps(home, TUESDAY, TUESDAY) == []

    def test_an_interim_of_the_register_takes_her_away_like_any_other(self, creche, home, nora):
        given = {"starts_on": TUESDAY, "ends_on": WEDNESDAY, "is_interim": True}
        DirectorshipFactory(establishment=creche, person=nora.employee.user, **given)
        assert continuity_gaps(creche, TUESDAY, WEDNESDAY) == []
        assert [gap.length for gap in continuity_gaps(home, TUESDAY, WEDNESDAY)] == ["4 demi-journées"]
