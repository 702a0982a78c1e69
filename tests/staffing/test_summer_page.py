"""A whole summer judged at once: the fewest changes, against trying every set of them."""

import datetime
import random
from itertools import combinations

import pytest
from django.utils import timezone

from staffing.day_book import Scenario
from staffing.judged import judge, pending_of
from staffing.models import Posting
from staffing.presences import Away
from staffing.summer_page import judge_summer, summer_of
from tests.factories import TODAY, EstablishmentFactory
from tests.staffing.factories import LeaveFactory, expect, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date
Job = Posting.Job
START, END = D(2026, 7, 1), D(2026, 8, 29)


def in_the_red(book, scenario):
    return [one for one in judge(book, scenario).values() if one.tone == "alert"]


def random_house(rng, sector):
    """A small house with more requests than it can bear."""
    house = EstablishmentFactory(sector=sector)
    expect(house, 0, rng.choice([8, 14, 22]), opens=8, closes=17)
    size = rng.randint(3, 5)
    for at in range(size):
        job = Job.DIRECTOR if at == 0 else rng.choice([Job.EJE, Job.AUXILIARY, Job.ASSISTANT])
        posting = worker(house, rng.choice([8, 8, 10]), rng.choice([17, 17, 14]), job=job)
        start = START + datetime.timedelta(days=rng.randrange(0, 12))
        LeaveFactory(person=posting, starts_on=start, ends_on=start + datetime.timedelta(days=rng.randrange(1, 6)))
    return house


@pytest.mark.parametrize("seed", range(12))
def test_the_changes_are_as_few_as_trying_every_set_and_leave_nothing_in_the_red(sector, seed):
    rng = random.Random(seed)
    house = random_house(rng, sector)
    summer = summer_of([house.pk], START, END, TODAY)
    book, _ = judge_summer([house.pk], START, END, TODAY)
    asked = pending_of(book)
    fewest = next(
        size
        for size in range(len(asked) + 1)
        if any(
            not in_the_red(book, Scenario(granted=asked - set(chosen))) for chosen in combinations(sorted(asked), size)
        )
    )
    assert summer.proposal.exact
    assert len(summer.proposal.changes) == fewest
    moved = tuple(
        Away(change.leave.employee_id, change.proposed.starts_on, change.proposed.ends_on)
        for change in summer.changes
        if change.proposed
    )
    kept = Scenario(granted=asked - summer.proposal.changes, extra=moved)
    assert in_the_red(book, kept) == []


@pytest.fixture
def crowded(creche):
    """Twelve children, three people, two of whom ask for the same week: one must move."""
    expect(creche, 0, 12)
    deputy, first, second = (worker(creche, job=job) for job in (Job.DEPUTY, Job.EJE, Job.EJE))
    week = {"starts_on": D(2026, 7, 6), "ends_on": D(2026, 7, 10)}
    return [LeaveFactory(person=posting, **week) for posting in (first, second)]


def test_who_had_august_before_is_the_one_who_moves(coordinator, creche, crowded):
    stamp = {"status": "granted", "decided_by": coordinator, "decided_at": timezone.now()}
    had = crowded[0]
    for year in (2024, 2025):
        LeaveFactory(person=had.employee.postings.get(), starts_on=D(year, 8, 4), ends_on=D(year, 8, 17), **stamp)
    summer = summer_of([creche.pk], START, END, TODAY)
    (change,) = summer.changes
    assert change.leave == had
    assert change.reason == "4 semaines d’août en 3 ans"
    assert "13 au 20 juillet" in change.dates  # the 14th is no day of leave


def test_the_page_says_what_granting_everything_would_do(client, coordinator, crowded):
    client.force_login(coordinator)
    text = client.get("/conges/ete/").content.decode()
    assert "il suffit d’en déplacer 1" in text
    assert "aucune solution plus courte" in text
    assert "110 demi-heures en défaut" in text
    assert "Les moindres changements" in text


@pytest.mark.parametrize(
    "query", [{"du": "x"}, {"du": "2026-08-01", "au": "2026-07-01"}, {"du": "2026-07-01", "au": "2028-01-01"}]
)
def test_a_period_that_makes_no_sense_is_said_and_left_aside(client, coordinator, crowded, query):
    client.force_login(coordinator)
    page = client.get("/conges/ete/", query)
    assert page.status_code == 200
    assert page.context_data["form"].errors


def test_the_queries_do_not_depend_on_the_agents(client, coordinator, sector, django_assert_max_num_queries):
    rng = random.Random(1)
    client.force_login(coordinator)
    random_house(rng, sector)
    with django_assert_max_num_queries(16) as few:
        client.get("/conges/ete/")
    for _ in range(6):
        random_house(rng, sector)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/conges/ete/")
