"""Improvement between two analyses: the share of points that moved up, by house, sector and pôle (S-041)."""

import datetime

from django.urls import reverse

from dashboard.improvement import latest
from tests.factories import EstablishmentFactory
from tests.visits.reviews import lived, validated
from visits.models import FunctioningReview
from visits.reviews.improvement import Moves, moves_of

TITLE = "Points en progrès d’une analyse à la suivante"


def test_a_share_of_the_points_rated_twice_and_nothing_else():
    rows = [("acquired", "strength", 3), ("acquired", "acquired", 4), ("strength", "to_build", 1)]
    rows += [("acquired", "not_observed", 9), ("not_observed", "strength", 9)]
    moves = moves_of(rows)
    assert moves == Moves(up=3, flat=4, down=1)
    assert (moves.compared, float(moves.share)) == (8, 0.375)
    assert moves.sentence == ("3 points en progrès, 4 stables, 1 en recul, sur 8 comparés (38\u202f% en progrès).")
    assert moves_of([("to_build", "acquired", 1)]).sentence == (
        "1 point en progrès, 0 stable, 0 en recul, sur 1 comparé (100\u202f% en progrès)."
    )
    assert moves_of([]).share is None


def second(house, coordinator, director, pole_head, ratings):
    """Two analyses one after the other; the second rates `ratings` on its first points, « acquis » elsewhere."""
    first = validated(lived(house, coordinator), coordinator, director, pole_head)
    review = FunctioningReview.objects.get(previous=first)
    review.open(by=coordinator)
    review.items.update(rating="not_observed")
    for item, rating in zip(review.items.all(), ratings, strict=False):
        review.items.filter(pk=item.pk).update(rating=rating)
    review.summary = "Une équipe stable."
    review.save()
    review.finish_draft(by=coordinator)
    review.share(by=coordinator)
    review.answer(by=director, opinion="Oui.")
    review.validate(by=pole_head, opinion="Validée.")
    return review


def figure(client, user, territory, **query):
    client.force_login(user)
    page = client.get(reverse("dashboard:territory", args=[territory.pk]), query)
    return next((one for one in page.context["figures"] if one.title == TITLE), None)


def test_a_sector_and_its_pole_say_the_same_points_line_by_line(
    client, creche, coordinator, director, pole_head, sector, pole, today
):
    assert figure(client, coordinator, sector) is None
    second(creche, coordinator, director, pole_head, ["strength", "strength", "acquired", "to_build"])
    EstablishmentFactory(name="Crèche sans analyse", sector=sector)
    for user, territory in ((coordinator, sector), (pole_head, pole)):
        found = figure(client, user, territory)
        assert found.rows[-1] == ["Ensemble", "4", "2", "1", "1", "50\u202f%"]
        assert found.sentence.startswith("2 points en progrès, 1 stable, 1 en recul, sur 4 comparés")
    lines = {row[0]: row[1:] for row in figure(client, coordinator, sector).rows}
    assert lines[creche.name] == ["4", "2", "1", "1", "50\u202f%"]
    assert lines["Crèche sans analyse"] == ["0", "0", "0", "0", "—"]
    assert figure(client, coordinator, sector, au="2026-03-16") is None


def test_the_page_of_a_house_says_how_its_points_moved(client, creche, coordinator, director, pole_head, today):
    url = reverse("visits:establishment_reviews", args=[creche.pk])
    client.force_login(director)
    assert "D’une analyse à la suivante" not in client.get(url).content.decode()
    second(creche, coordinator, director, pole_head, ["strength", "acquired"])
    for user in (director, coordinator):
        client.force_login(user)
        page = client.get(url).content.decode()
        assert "1 point en progrès, 1 stable, 0 en recul, sur 2 comparés" in page


def test_the_last_analysis_of_a_house_counts_alone():
    old, new = (datetime.datetime(year, 3, 1, tzinfo=datetime.UTC) for year in (2024, 2026))
    rows = [
        (1, new, "acquired", "strength", 2),
        (1, old, "acquired", "to_build", 9),
        (2, old, "strength", "strength", 1),
    ]
    assert latest(rows) == {1: Moves(up=2), 2: Moves(flat=1)}
