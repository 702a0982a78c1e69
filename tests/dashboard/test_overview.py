"""The summary of a house: what each reader finds of visits, actions and activity, in a bounded number of queries."""

import datetime

import pytest
from django.urls import reverse

from establishments.models import Level
from projects.models import ActionItem
from tests.factories import TODAY
from tests.visits.factories import VisitFactory

pytestmark = pytest.mark.usefixtures("today")
DAY = datetime.timedelta(days=1)


def page(client, user, house, query=""):
    client.force_login(user)
    return client.get(reverse("establishments:detail", args=[house.pk]) + query).content.decode()


def raise_actions(creche, user, number=3):
    for n in range(number):
        ActionItem.objects.create(
            establishment=creche, title=f"Action {n}", due_on=TODAY - DAY if n == 0 else TODAY, created_by=user
        )


def test_the_coordinator_reads_where_the_house_stands(client, creche, coordinator):
    raise_actions(creche, coordinator)
    text = page(client, coordinator, creche)
    assert "jamais visitée" in text
    assert "Actions ouvertes" in text
    assert "Actions en retard" in text


def test_the_summary_of_a_neighbouring_sector_says_nothing_of_its_file(client, creche, coordinator, colleague):
    raise_actions(creche, coordinator)
    text = page(client, colleague, creche)
    assert "Qui appeler" in text
    assert "Actions ouvertes" not in text
    assert "jamais visitée" not in text


def test_a_director_counts_the_actions_she_may_read(client, creche, coordinator, director):
    raise_actions(creche, coordinator, 2)
    ActionItem.objects.create(
        establishment=creche, title="Interne", due_on=TODAY, created_by=coordinator, level=Level.POLE
    )
    client.force_login(director)
    response = client.get(reverse("establishments:detail", args=[creche.pk]))
    assert response.context_data["overview"].actions == {"open": 2, "late": 1}
    assert response.context_data["overview"].visits is None


def test_a_past_day_shows_nothing_of_today(client, creche, coordinator):
    raise_actions(creche, coordinator)
    assert "Actions ouvertes" not in page(client, coordinator, creche, "?au=2025-01-01")


def test_the_page_costs_the_same_with_one_visit_and_with_thirty(
    client, creche, coordinator, django_assert_max_num_queries
):
    counts, url = [], reverse("establishments:detail", args=[creche.pk])
    client.force_login(coordinator)
    for made in (1, 29):
        for n in range(made):
            VisitFactory(establishment=creche, coordinator=coordinator, visited_on=TODAY - (n + made) * DAY)
        raise_actions(creche, coordinator, made)
        with django_assert_max_num_queries(25) as captured:
            client.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]
