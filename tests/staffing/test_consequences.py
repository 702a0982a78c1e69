"""Consequences of a leave, the team of a house, what is offered to the home page."""

import datetime

import pytest

from core.attention import DECISION, SAFETY
from establishments.models import Closure
from staffing.attention import attention
from staffing.consequences import LONGEST, consequences, consequences_of
from staffing.models import Posting
from staffing.team import team_of
from tests.factories import TODAY, EstablishmentFactory
from tests.staffing.factories import LeaveFactory, PostingFactory, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date
Job = Posting.Job
A_WEEK_AGO = datetime.datetime(2026, 3, 10, 9, tzinfo=datetime.UTC)


def derogating(pole_head):
    """Leaving a house without anyone to direct takes a motivated derogation (see test_decision.py)."""
    return {"by": pole_head, "derogation": "Relais organisé avec une maison voisine"}


@pytest.fixture
def team(creche):
    """Director, deputy, one educator, two assistants of category 2°, one cook."""
    jobs = [Job.DIRECTOR, Job.DEPUTY, Job.EJE, Job.ASSISTANT, Job.ASSISTANT, Job.SUPPORT]
    return [PostingFactory(establishment=creche, job=job) for job in jobs]


def test_a_day_tells_who_else_is_away_and_who_remains(coordinator, team):
    director, _, educator, assistant, other, cook = team
    LeaveFactory(person=other).grant(by=coordinator)
    LeaveFactory(person=cook).grant(by=coordinator)
    LeaveFactory(person=assistant, part="morning", starts_on=D(2026, 4, 8), ends_on=D(2026, 4, 8))
    found = consequences(LeaveFactory(person=educator))
    tuesday, wednesday, *_ = found.days
    assert [day.day for day in found.days] == [D(2026, 4, 7), D(2026, 4, 8), D(2026, 4, 9), D(2026, 4, 10)]
    assert set(tuesday.absentees) == {str(other.employee), str(cook.employee)}
    assert tuesday.pending == ()
    assert wednesday.pending == (f"{assistant.employee} (matin)",)
    assert (tuesday.away, tuesday.team, tuesday.first_left) == (2, 5, 2)
    assert tuesday.tone == "watch"
    assert str(director.employee) in tuesday.direction_text
    assert found.sentence == "Sur 4 jours ouverts\u00a0: plus d’un tiers de l’équipe absente 4 jours."


def test_the_director_and_the_deputy_away_together_leave_nobody_to_direct(coordinator, team):
    director, deputy, *_ = team
    LeaveFactory(person=director, ends_on=D(2026, 4, 8)).grant(by=coordinator)
    found = consequences(LeaveFactory(person=deputy))
    assert [day.direction for day in found.days] == ["uncovered", "uncovered", "held", "held"]
    assert found.tone == "alert"
    assert "direction absente 2 jours" in found.sentence


def test_the_last_person_of_category_1_cannot_leave_unseen(creche):
    educator = PostingFactory(establishment=creche)
    for _ in range(4):
        PostingFactory(establishment=creche, job=Job.ASSISTANT)
    found = consequences(LeaveFactory(person=educator))
    assert {day.first_left for day in found.days} == {0}
    assert "personne de catégorie\u00a01° 4 jours" in found.sentence


def test_days_when_the_house_is_closed_change_nothing(team, creche):
    Closure.objects.create(establishment=creche, cause="yearly", starts_on=D(2026, 4, 9), ends_on=D(2026, 4, 10))
    found = consequences(LeaveFactory(person=team[2], starts_on=D(2026, 4, 3), ends_on=D(2026, 4, 12)))
    assert [day.day for day in found.days] == [D(2026, 4, 3), D(2026, 4, 7), D(2026, 4, 8)]
    assert found.closed_days == 7


@pytest.mark.parametrize(("ends_on", "warned"), [(D(2026, 7, 31), 0), (D(2026, 8, 1), 1)])
def test_golden_vector_19_thirty_one_consecutive_days_at_most(team, ends_on, warned):
    found = consequences(LeaveFactory(person=team[2], starts_on=D(2026, 7, 1), ends_on=ends_on))
    assert LONGEST == 31
    assert len(found.warnings) == warned


def test_a_selection_is_judged_as_if_it_were_all_granted(team):
    leaves = [LeaveFactory(person=posting) for posting in team[:2]]
    assert consequences(leaves[0]).days[0].direction == "relay"
    together = consequences_of(leaves)
    assert {found.days[0].direction for found in together.values()} == {"uncovered"}


def test_consequences_ask_two_unions_and_one_list_for_1_and_30_leaves(creche, django_assert_num_queries):
    leaves = [LeaveFactory(person=PostingFactory(establishment=creche)) for _ in range(30)]
    for asked in (leaves[:1], leaves):
        with django_assert_num_queries(3):
            consequences_of(asked)


def test_a_colleague_posted_elsewhere_those_days_does_not_count(coordinator, team):
    gone = team[3]
    gone.ends_on = D(2026, 4, 6)
    gone.save()
    assert consequences(LeaveFactory(person=team[2])).days[0].team == 4


def test_the_page_shows_the_consequences_before_the_click(client, coordinator, team):
    LeaveFactory(person=team[0]).grant(by=coordinator)
    leave = LeaveFactory(person=team[1])
    client.force_login(coordinator)
    text = client.get(leave.get_absolute_url()).content.decode()
    assert "direction absente 4 jours" in text
    assert "mardi 7 avril 2026" in text
    assert str(team[0].employee) in text
    assert "2 sur 5 (40\u202f%)" in text


def test_the_page_of_a_leave_stays_under_its_queries(client, coordinator, team, django_assert_max_num_queries):
    leave = LeaveFactory(person=team[1])
    client.force_login(coordinator)
    with django_assert_max_num_queries(25):
        client.get(leave.get_absolute_url())


def test_the_tab_tells_the_team_and_its_absences(client, coordinator, team, creche):
    LeaveFactory(person=team[2], starts_on=TODAY, ends_on=TODAY).grant(by=coordinator)
    LeaveFactory(person=team[3], starts_on=D(2026, 4, 16), ends_on=D(2026, 4, 17))
    LeaveFactory(person=team[4], starts_on=D(2026, 4, 17), ends_on=D(2026, 4, 17))
    found = team_of(creche, TODAY)
    assert found.sentence == "6 personnes, 6,00 équivalents temps plein, 1 absente aujourd’hui."
    assert [absence.is_pending for absence in found.absences] == [False, True]
    assert [job for job, _, _ in found.by_job][:2] == ["responsable", "adjoint·e"]
    client.force_login(coordinator)
    text = client.get(f"/conges/etablissement/{creche.pk}/").content.decode()
    assert "en congé" in text
    assert "le 16 avril 2026" in text or "du 16 au 17 avril 2026" in text


def test_the_team_asks_six_queries_whatever_its_size(creche, django_assert_num_queries):
    for size in (1, 29):
        for _ in range(size):
            LeaveFactory(person=worker(creche))
        with django_assert_num_queries(6):
            team_of(creche, TODAY)


def test_attention_offers_what_is_to_decide_house_by_house(coordinator, director, creche, next_creche):
    for house in (creche, creche, next_creche):
        LeaveFactory(
            person=PostingFactory(establishment=house),
            proposed_at=datetime.datetime(2026, 3, 10, 9, tzinfo=datetime.UTC),
        )
    (item,) = attention(coordinator, TODAY)
    assert (item.weight, item.key) == (DECISION, f"leave-to-decide-{creche.pk}")
    assert item.title.startswith("2 demandes de congé à décider")
    assert "attend depuis 7 jours" in item.reason
    assert attention(director, TODAY) == []


def test_attention_says_when_nobody_will_direct(coordinator, pole_head, team):
    for posting in team[:2]:
        LeaveFactory(person=posting, starts_on=D(2026, 3, 20), ends_on=D(2026, 3, 23)).grant(**derogating(pole_head))
    (item,) = attention(coordinator, TODAY)
    assert item.weight == SAFETY
    assert "Personne pour diriger 2 jours" in item.title
    assert "20 mars et 23 mars" in item.reason


def test_attention_is_silent_when_the_deputy_stays_or_the_house_is_closed(coordinator, pole_head, team, creche):
    LeaveFactory(person=team[0], starts_on=D(2026, 3, 20), ends_on=D(2026, 3, 20)).grant(by=pole_head)
    assert attention(coordinator, TODAY) == []
    LeaveFactory(person=team[1], starts_on=D(2026, 3, 20), ends_on=D(2026, 3, 20)).grant(**derogating(pole_head))
    Closure.objects.create(establishment=creche, cause="works", starts_on=D(2026, 3, 20), ends_on=D(2026, 3, 20))
    assert attention(coordinator, TODAY) == []


def test_attention_asks_the_same_queries_for_1_and_20_houses(
    coordinator, pole_head, sector, django_assert_max_num_queries
):
    def add():
        house = EstablishmentFactory(sector=sector)
        head = PostingFactory(establishment=house, job=Job.DIRECTOR)
        LeaveFactory(person=head, starts_on=D(2026, 3, 20), ends_on=D(2026, 3, 20)).grant(**derogating(pole_head))
        LeaveFactory(person=PostingFactory(establishment=house))

    add()
    with django_assert_max_num_queries(9) as few:
        attention(coordinator, TODAY)
    for _ in range(19):
        add()
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(attention(coordinator, TODAY)) == 40
