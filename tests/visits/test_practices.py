"""The watch on practices: observations counted by theme, by item and by year."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.visits.factories import GridFactory, ObservationFactory, VisitFactory
from visits.models import Observation, Visit
from visits.practices import observation_counts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def history(creche, grid):
    """Two years of one house: 2025 with the first version of the grid, 2026 with the second."""
    grid.code, grid.version = "pratiques", 1
    grid.save()
    grid.status = "retired"
    grid.save()
    newer = GridFactory(code="pratiques", version=2, items=3, title="Grille d’essai, revue")
    old = VisitFactory(establishment=creche, grid=grid, visited_on=datetime.date(2025, 5, 5))
    new = VisitFactory(establishment=creche, grid=newer, visited_on=datetime.date(2026, 2, 5))
    ObservationFactory(visit=old, item=grid.items.get(key="item-1"), nature="gap")
    ObservationFactory(visit=old, item=grid.items.get(key="item-2"), rating="not_observed", fact="")
    ObservationFactory(visit=new, item=newer.items.get(key="item-1"), nature="good_practice")
    ObservationFactory(visit=new, item=newer.items.get(key="item-2"), nature="strength")
    return old, new


def test_natures_are_counted_by_theme_and_year(history):
    rows = list(observation_counts(Observation.objects.all()))
    assert [(row["year"], row["gap"], row["good_practice"], row["strength"], row["to_improve"]) for row in rows] == [
        (2026, 0, 1, 1, 0),
        (2025, 1, 0, 0, 0),
    ]
    assert [(row["seen"], row["not_observed"], row["visits"]) for row in rows] == [(2, 0, 1), (1, 1, 1)]


def test_an_item_that_keeps_its_key_is_followed_across_versions(history):
    rows = observation_counts(Observation.objects.all(), by_item=True)
    followed = [(row["year"], row["gap"], row["good_practice"]) for row in rows if row["item__key"] == "item-1"]
    assert followed == [(2026, 0, 1), (2025, 1, 0)]


@pytest.mark.parametrize("name", ["visits:practices", "visits:practice_items"])
def test_the_counts_are_read_sorted_filtered_and_exported(client, coordinator, history, name):
    client.force_login(coordinator)
    page = client.get(reverse(name))
    assert "2025" in page.content.decode()
    assert "2026" in page.content.decode()
    once = client.get(reverse(name), {"tri": "-gap"})
    years = [row["year"] for row in once.context["table"].records]
    assert years[0] == 2025
    assert len(years) == page.context["list"]["count"]
    filtered = client.get(reverse(name), {"since": "2026-01-01"})
    assert {row["year"] for row in filtered.context["table"].records} == {2026}
    text = b"".join(client.get(reverse(name), {"export": "csv"})).decode("utf-8-sig")
    assert len(text.splitlines()) == 1 + page.context["list"]["count"]
    assert client.get(reverse(name), {"export": "pdf"}).content.startswith(b"%PDF")


def test_a_neighbour_counts_nothing_of_this_sector(client, neighbour, far_creche, history):
    client.force_login(neighbour)
    assert client.get(reverse("visits:practices")).context["list"]["count"] == 0


def test_a_visit_that_was_not_made_counts_nothing(history):
    Visit.objects.filter(pk=history[1].pk).update(status="planned", visited_on=None, planned_on="2026-04-01")
    assert {row["year"] for row in observation_counts(Observation.objects.all())} == {2025}


@pytest.mark.parametrize("name", ["visits:practices", "visits:practice_items"])
def test_the_counts_cost_the_same_queries_with_1_and_30_rows(client, coordinator, creche, name):
    client.force_login(coordinator)
    counts = []
    for more in (1, 29):
        for number in range(more):
            grid = GridFactory(code=f"grille-{more}-{number}")
            ObservationFactory(visit=VisitFactory(establishment=creche, grid=grid), item=grid.items.first())
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
