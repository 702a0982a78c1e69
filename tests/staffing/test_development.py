"""Training, analysis of practices, shared hours: due by the texts, planned, done; nobody named."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from establishments.models import JournalEntry, Obligation
from establishments.workflow import TransitionRefused
from staffing.development.due import Held, Minimum, groups_of, lines_of
from staffing.development.facts import hours_due
from staffing.models import Intervention, Training
from tests.factories import TODAY, EstablishmentFactory
from tests.staffing.access_development import intervention, training
from tests.staffing.factories import PostingFactory

pytestmark = pytest.mark.usefixtures("today")
DAY = datetime.timedelta(days=1)
LABELS = {"psychologist": "psychologue"}


def on(month, day=10):
    return datetime.date(2026, month, day)


def table(professionals=10, held=(), today=TODAY, minimum=None):
    found = lines_of(2026, minimum or Minimum(), professionals, held, today, LABELS)
    return {(line.function, line.part): line for line in found}


def test_six_hours_a_year_and_two_in_each_four_months():
    found = table(held=[Held("practice", on(2), Decimal(2), 10, True), Held("practice", on(6), Decimal(2), 10)])
    first, second, third = (
        found["practice", part] for part in ("janvier à avril", "mai à août", "septembre à décembre")
    )
    assert (first.state, second.state, third.state) == ("fait", "prévu", "à prévoir")
    year = found["practice", "année"]
    assert (year.due, year.done, year.planned, year.gap) == (6, 2, 2, -2)
    assert year.article == "CSP R. 2324-37"


def test_half_a_team_that_meets_counts_for_half():
    found = table(professionals=20, held=[Held("practice", on(2), Decimal(2), 10, True)])
    assert found["practice", "janvier à avril"].done == 1
    assert found["practice", "janvier à avril"].gap == -1


def test_a_period_over_without_its_hours_says_so():
    found = table(today=on(5, 1))
    assert found["practice", "janvier à avril"].state == "non fait"
    assert found["practice", "mai à août"].state == "à prévoir"
    assert table(today=on(4, 30))["practice", "janvier à avril"].state == "à prévoir"


@pytest.mark.parametrize(("professionals", "groups"), [(0, 0), (15, 1), (16, 2), (31, 3)])
def test_groups_hold_fifteen_people_at_most(professionals, groups):
    assert groups_of(professionals) == groups


def test_the_rsai_owes_hours_by_year_and_by_quarter():
    minimum = Minimum(rsai_year=Decimal(50), rsai_quarter=Decimal(10), rsai_article="CSP R. 2324-46-2")
    found = table(minimum=minimum, held=[Held("rsai", on(2), Decimal(10), 0, True), Held("rsai", on(4), Decimal(4))])
    assert found["rsai", "1er trimestre"].state == "fait"
    assert found["rsai", "2e trimestre"].gap == -6
    assert (found["rsai", "année"].done, found["rsai", "année"].planned, found["rsai", "année"].gap) == (10, 4, -36)


def test_the_share_of_a_nurse_that_the_team_lacks_is_told_in_hours():
    minimum = Minimum(health_fte=Decimal("0.40"), health_posted=Decimal("0.10"), health_article="CSP R. 2324-46-2")
    assert table(minimum=minimum)["nurse", "année"].due == Decimal("0.30") * 1607


def test_what_no_text_fixes_has_no_gap():
    line = table(held=[Held("psychologist", on(3), Decimal(2), 0, True)])["psychologist", "année"]
    assert (line.label, line.due, line.gap, line.state) == ("psychologue", None, None, "sans minimum")


def test_another_year_is_not_counted():
    held = [Held("practice", datetime.date(2025, 12, 31), Decimal(6), 10, True)]
    assert table(held=held)["practice", "année"].done == 0


def test_the_lines_of_a_house_follow_its_places_its_team_and_what_is_cancelled(creche, coordinator):
    for _ in range(4):
        PostingFactory(establishment=creche)
    intervention(creche, coordinator, function="practice", people=4, hours=Decimal(2)).note_done(by=coordinator)
    intervention(creche, coordinator, hours=Decimal(9)).cancel(by=coordinator)
    rows = type(creche).objects.filter(pk=creche.pk)
    found = {(line.function, line.part): line for line in hours_due(rows, 2026, TODAY)}
    assert found["practice", "année"].done == 2
    assert found["rsai", "année"].planned == 0
    assert found["rsai", "année"].due == 40  # a grande crèche (CSP R. 2324-46-2)


def test_a_training_goes_from_wish_to_done_and_renews_first_aid_for_two_years(creche, coordinator):
    row = training(creche, coordinator, renews="first_aid", people=6)
    with pytest.raises(TransitionRefused):
        row.note_done(TODAY, by=coordinator)
    row.agree(by=coordinator)
    with pytest.raises(TransitionRefused, match="avenir"):
        row.note_done(TODAY + DAY, by=coordinator)
    row.note_done(TODAY, by=coordinator)
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        row.agree(by=coordinator)
    obligation = Obligation.objects.get(establishment=creche, kind="first_aid")
    assert (obligation.done_on, obligation.expires_on) == (TODAY, TODAY.replace(year=2028))
    verbs = set(JournalEntry.objects.filter(establishment=creche).values_list("verb", flat=True))
    assert {"formation souhaitée", "formation accordée", "formation faite", "obligation mise à jour"} <= verbs


def test_a_newer_renewal_is_not_put_back(creche, coordinator):
    Obligation.objects.create(establishment=creche, kind="first_aid", done_on=TODAY)
    row = training(creche, coordinator, renews="first_aid")
    row.agree(by=coordinator)
    row.note_done(TODAY - 30 * DAY, by=coordinator)
    assert Obligation.objects.get(establishment=creche, kind="first_aid").done_on == TODAY


def test_a_director_wishes_and_does_not_agree(client, creche, director):
    row = training(creche, director)
    client.force_login(director)
    assert client.post(reverse("staffing:training_agree", args=[row.pk])).status_code == 403


@pytest.mark.parametrize("people", ["", "0", "16"])
def test_a_group_of_sixteen_is_refused_by_the_form_and_by_the_database(client, creche, coordinator, people):
    client.force_login(coordinator)
    data = {"client_uuid": uuid.uuid4(), "establishment": creche.pk, "function": "practice", "held_on": TODAY}
    answer = client.post(reverse("staffing:intervention_create"), data | {"hours": "2", "people": people})
    assert answer.status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        intervention(creche, coordinator, function="practice", people=int(people or 0))
    assert not Intervention.objects.exists()


def test_the_same_form_twice_keeps_one(client, creche, coordinator):
    client.force_login(coordinator)
    data = {
        "client_uuid": uuid.uuid4(), "establishment": creche.pk, "theme": "care", "title": "Portage", "people": 2,
        "hours": "7", "year": 2026, "renews": "",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(reverse("staffing:training_create"), data).status_code == 302
    assert Training.objects.count() == 1


def test_an_intervention_to_come_is_not_done(creche, coordinator):
    row = intervention(creche, coordinator, held_on=TODAY + DAY)
    with pytest.raises(TransitionRefused):
        row.note_done(by=coordinator)


@pytest.mark.parametrize("name", ["hours_due", "training_list", "intervention_list"])
def test_the_lists_take_the_same_queries_for_1_and_30(
    client, sector, coordinator, name, django_assert_max_num_queries
):
    client.force_login(coordinator)
    counts = []
    for number in range(30):
        house = EstablishmentFactory(name=f"Crèche {number}", sector=sector)
        training(house, coordinator)
        intervention(house, coordinator)
        if number in (0, 29):
            with django_assert_max_num_queries(12) as captured:
                client.get(reverse(f"staffing:{name}"))
            counts.append(len(captured))
    assert counts[0] == counts[1]
