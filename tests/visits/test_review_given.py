"""What a review says of the hours that a team received, of places frozen for a time, and of what nothing tells."""

import datetime
import uuid

import pytest
from django.urls import reverse

from core.sources import moved
from establishments.models import Authorisation, CapacityChange
from staffing.models import Absence, Intervention, Training
from tests.factories import LONG_AGO, TODAY
from tests.pdf_reading import extract_text
from tests.staffing.factories import PostingFactory
from tests.visits.reviews import lived, opened, scheduled, validated
from visits.models import FunctioningReview
from visits.reviews.paper import review_file
from visits.reviews.pouring import document_of, proposals, window_of

DAY = datetime.date
SINCE = DAY(2024, 3, 17)


@pytest.fixture
def house(creche, coordinator, director, today):
    if not creche.authorisations.exists():
        Authorisation.objects.create(establishment=creche, places=45, starts_on=LONG_AGO)
    return creche


def said(house, key):
    return next(one for one in proposals(window_of(house.pk, TODAY))[0] if one.point.key == key)


def intervened(house, by, function, on, hours, people=None, status="done"):
    return Intervention.objects.create(
        establishment=house,
        function=function,
        held_on=on,
        hours=hours,
        people=people,
        status=status,
        created_by=by,
        client_uuid=uuid.uuid4(),
    )


def test_analysis_of_practices_is_shared_over_the_team_and_told_beside_what_the_text_asks(house, coordinator):
    """Four professionals, six groups of two hours with three of them: 6 × 2 × 3 / 4 = 9 h, for 12 h in two years."""
    for rank in range(4):
        PostingFactory(establishment=house, job="eje" if rank % 2 else "assistant")
    assert said(house, "team-practice").text == ""
    for month in range(1, 7):
        intervened(house, coordinator, "practice", DAY(2025, month, 10), 2, people=3)
    intervened(house, coordinator, "practice", SINCE, 1, people=4, status="planned")
    intervened(house, coordinator, "practice", SINCE - datetime.timedelta(days=1), 8, people=4)
    intervened(house, coordinator, "practice", DAY(2025, 9, 1), 8, people=4, status="cancelled")
    found = said(house, "team-practice")
    assert found.text == (
        "6 séances en vingt-quatre mois, 12\u00a0h\u202f; 9\u00a0h par professionnel en moyenne, pour 12\u00a0h "
        "attendues (CSP R. 2324-37)."
    )
    assert [source.subject for source in found.sources] == ["review.practice"]
    Intervention.objects.filter(held_on=DAY(2025, 1, 10)).delete()
    assert said(house, "team-practice").text.startswith("5 séances")


def test_hours_of_the_referent_stand_beside_those_that_the_category_asks(house, coordinator):
    assert said(house, "health-hours").text == ""
    intervened(house, coordinator, "rsai", SINCE, "7.5")
    intervened(house, coordinator, "rsai", TODAY, 30)
    intervened(house, coordinator, "nurse", TODAY, 200)
    assert said(house, "health-hours").text == (
        "37\u00a0h\u00a030 faites en vingt-quatre mois, pour 80\u00a0h requises, soit 40\u00a0h par an "
        "(CSP R. 2324-46-2)."
    )


def test_trainings_are_those_done_with_their_themes_and_nobody_named(house, coordinator):
    def train(theme, people, **more):
        Training.objects.create(
            establishment=house,
            theme=theme,
            title="Canari",
            hours=7,
            people=people,
            year=2025,
            created_by=coordinator,
            client_uuid=uuid.uuid4(),
            **more,
        )

    train("safety", 3, status="done", done_on=DAY(2025, 5, 5))
    train("safety", 1, status="done", done_on=TODAY)
    train("language", 2, status="done", done_on=DAY(2025, 6, 5))
    train("team", 9, status="agreed")
    train("team", 9, status="done", done_on=DAY(2024, 3, 16))
    text = said(house, "team-courses").text
    assert text == (
        "3 formations faites, 6 participations, 42\u00a0h en tout\u00a0: sécurité et secours (2) "
        "et langage et éveil (1)."
    )


@pytest.mark.parametrize(
    ("part", "days", "text"),
    [
        ("am", 1, "0,5 jour d’absence imprévue pour toute l’équipe, en 1 fois."),
        ("day", 1, "1 jour d’absence imprévue pour toute l’équipe, en 1 fois."),
        ("day", 2, "2 jours d’absence imprévue pour toute l’équipe, en 1 fois."),
    ],
)
def test_days_away_agree_in_number(house, coordinator, part, days, text):
    posting = PostingFactory(establishment=house)
    monday = DAY(2026, 3, 2)
    Absence.objects.create(
        employee=posting.employee,
        establishment=house,
        kind=Absence.Kind.UNPLANNED,
        starts_on=monday,
        ends_on=monday + datetime.timedelta(days=days - 1),
        part=part,
        told_by=coordinator,
    )
    assert said(house, "team-absences").text == text


def test_places_frozen_for_a_time_say_until_when_and_what_ends_later_is_not_known_yet(house, coordinator):
    for start, end in ((DAY(2025, 1, 6), DAY(2025, 2, 28)), (DAY(2026, 1, 5), None)):
        CapacityChange.objects.create(establishment=house, places=5, reason="staff", starts_on=start, ends_on=end)
    text = said(house, "premises-closures").text
    assert text == "Gels\u00a0: 5 places du 06/01/2025 au 28/02/2025 et 5 places depuis le 05/01/2026."
    CapacityChange.objects.filter(ends_on=None).update(ends_on=TODAY + datetime.timedelta(days=40))
    assert said(house, "premises-closures").text == text


def test_a_point_without_proposal_says_whether_a_page_could_have_told_it(client, house, coordinator):
    review = scheduled(house)
    client.force_login(coordinator)
    for step in ("scheduled", "open"):
        shown = client.get(review.get_absolute_url()).content.decode()
        council = shown[shown.index("Conseil de parents") :][:600]
        practice = shown[shown.index("Analyse des pratiques professionnelles") :][:600]
        assert "Aucune page de Ronde ne le dit" in council, step
        assert "Rien dans les sources" in practice, step
        for number in range(1, 15):
            assert f"{number}. " in shown
        if step == "scheduled":
            review.open(by=coordinator)
    written = client.get(reverse("visits:review_write", args=[review.pk])).content.decode()
    assert "Rien dans les sources" in written


def test_the_paper_puts_the_previous_review_beside_with_its_arrow_and_reason(
    creche, coordinator, director, pole_head, today
):
    house = lived(creche, coordinator)
    first = validated(house, coordinator, director, pole_head)
    before = " ".join(extract_text(review_file(first)[0]).split())
    assert "Analyse précédente" not in before
    review = FunctioningReview.objects.get(previous=first)
    review.open(by=coordinator)
    item = review.items.get(key="charte-01")
    item.rating, item.comment, item.reason = "to_build", "Le coin lecture a fermé.", "Équipe renouvelée."
    item.save()
    words = " ".join(extract_text(review_file(review)[0]).split())
    for part in ("Analyse précédente", "Le coin lecture a fermé.", "en recul", "Équipe renouvelée."):
        assert part in words
    assert words.count(" ".join(item.previous_text.split())[:40]) >= 1


def test_what_a_team_received_after_the_opening_marks_nothing(house, coordinator):
    PostingFactory(establishment=house)
    intervened(house, coordinator, "practice", DAY(2025, 1, 10), 2, people=3)
    review = opened(house, coordinator)
    intervened(house, coordinator, "practice", TODAY + datetime.timedelta(days=1), 2, people=3)
    assert moved(document_of(review)) == set()
    Intervention.objects.filter(held_on=DAY(2025, 1, 10)).update(hours=3)
    assert moved(document_of(review)) == {"team-practice"}
