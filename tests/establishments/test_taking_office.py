"""The parcours of a director who takes office: its steps, who reads and notes them, what it asks of a coordinator."""

import datetime

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import add_months
from establishments.attention import attention
from establishments.models import Directorship, JournalEntry, TakingOfficeStep
from establishments.taking_office import STEPS, earliest_start, is_taking_office, steps_from
from tests.factories import TODAY, DirectorshipFactory, UserFactory

DAY = datetime.timedelta(days=1)
DATES = st.dates(datetime.date(2000, 1, 1), datetime.date(2060, 1, 1))


@pytest.fixture
def arrival(creche, today):
    """Alice Roux took office 40 days ago."""
    person = UserFactory(first_name="Alice", last_name="Roux", email="roux@ville.example")
    return DirectorshipFactory(establishment=creche, person=person, starts_on=TODAY - 40 * DAY)


def url_of(arrival):
    return reverse("establishments:taking_office", args=[arrival.pk])


def note(client, step, **given):
    data = {"done_on": TODAY.isoformat(), "note": "", **given}
    return client.post(reverse("establishments:taking_office_done", args=[step.pk]), data, follow=True)


def long_ago(house, starts_on):
    """She took office, with her parcours, before today."""
    with time_machine.travel(starts_on, tick=False):
        return DirectorshipFactory(establishment=house, starts_on=starts_on)


def late_steps_done(arrival, by):
    arrival.taking_office_steps.filter(due_on__lt=TODAY).update(done_on=TODAY, done_by=by)


@given(DATES, st.integers(0, 400))
def test_the_earliest_start_says_in_sql_what_the_rule_says(today, days):
    start = today - datetime.timedelta(days=days)
    assert is_taking_office(start, today) == (earliest_start(today) <= start <= today)


def test_six_months_later_to_the_day_nobody_takes_office_any_more():
    start = datetime.date(2025, 9, 17)
    assert is_taking_office(start, datetime.date(2026, 3, 16))
    assert not is_taking_office(start, datetime.date(2026, 3, 17))
    assert not is_taking_office(start, start - DAY)


def test_the_steps_go_from_the_first_day_to_the_closing_interview():
    steps = steps_from(datetime.date(2026, 1, 5))
    assert [position for position, _, _ in steps] == list(range(1, 10))
    assert steps[0][2] == datetime.date(2026, 1, 5)
    assert steps[-1][1:] == ("Entretien de clôture à six mois", datetime.date(2026, 7, 6))
    assert [due_on for _, _, due_on in steps] == sorted(due_on for _, _, due_on in steps)


def test_a_direction_that_starts_creates_exactly_its_nine_steps(arrival):
    written = arrival.taking_office_steps.values_list("position", "title", "due_on")
    assert list(written) == list(steps_from(arrival.starts_on))
    assert len(written) == len(STEPS) == 9
    assert not arrival.taking_office_steps.filter(done_on__isnull=False).exists()


@pytest.mark.parametrize("given", [{"position": "deputy"}, {"is_interim": True, "ends_on": TODAY + 60 * DAY}])
def test_a_deputy_or_an_interim_takes_no_office(creche, given):
    DirectorshipFactory(establishment=creche, starts_on=TODAY, **given)
    assert not TakingOfficeStep.objects.exists()


def test_saving_again_creates_no_step_and_brings_none_back(arrival):
    arrival.taking_office_steps.filter(position=9).delete()
    arrival.save()
    Directorship.objects.get(pk=arrival.pk).save()
    assert list(arrival.taking_office_steps.values_list("position", flat=True)) == list(range(1, 9))


def test_a_corrected_first_day_moves_what_is_left_to_do(arrival, coordinator):
    arrival.taking_office_steps.filter(position=1).update(done_on=TODAY, done_by=coordinator)
    arrival.starts_on = TODAY - 30 * DAY
    arrival.save()
    due = dict(arrival.taking_office_steps.values_list("position", "due_on"))
    assert due[1] == TODAY - 40 * DAY
    assert due[7] == TODAY
    assert len(due) == 9


@pytest.mark.parametrize("wrong", [{"done_on": TODAY}, {"position": 2}])
def test_the_database_refuses_half_a_stamp_and_a_second_step_of_one_rank(arrival, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        arrival.taking_office_steps.filter(position=1).update(**wrong)


def test_the_summary_says_how_far_it_went(client, arrival, coordinator):
    arrival.taking_office_steps.filter(position__lte=3).update(done_on=TODAY, done_by=coordinator)
    client.force_login(coordinator)
    text = client.get(reverse("establishments:detail", args=[arrival.establishment_id])).content.decode()
    assert "Prise de fonction d’Alice Roux" in text
    assert "3 étapes sur 9" in text
    assert "4 étapes en retard" in text
    assert url_of(arrival) in text


@pytest.mark.parametrize(("days", "shown"), [(364, True), (365, False), (2000, False)])
def test_the_summary_forgets_a_parcours_of_more_than_a_year(client, creche, coordinator, today, days, shown):
    long_ago(creche, TODAY - days * DAY)
    client.force_login(coordinator)
    text = client.get(reverse("establishments:detail", args=[creche.pk])).content.decode()
    assert ("Voir le parcours" in text) == shown


def test_who_sees_the_summary_only_reads_nothing_of_the_parcours(client, arrival, colleague):
    client.force_login(colleague)
    text = client.get(reverse("establishments:detail", args=[arrival.establishment_id])).content.decode()
    assert "Voir le parcours" not in text


def test_the_coordinator_notes_a_step_and_the_journal_tells_it(client, arrival, coordinator):
    step = arrival.taking_office_steps.get(position=3)
    client.force_login(coordinator)
    text = note(client, step, note="Délégation signée.").content.decode()
    assert "Délégation signée." in text
    assert "L’étape est notée comme faite." in text
    step.refresh_from_db()
    assert (step.done_on, step.done_by) == (TODAY, coordinator)
    entry = JournalEntry.objects.about(step).get()
    assert (entry.verb, entry.actor, entry.establishment) == (
        "étape de prise de fonction faite",
        coordinator,
        arrival.establishment,
    )


def test_two_clicks_note_one_step_and_say_so_kindly(client, arrival, coordinator):
    step = arrival.taking_office_steps.get(position=1)
    client.force_login(coordinator)
    note(client, step, note="Première")
    assert "Déjà noté" in note(client, step, note="Seconde").content.decode()
    step.refresh_from_db()
    assert step.note == "Première"
    assert JournalEntry.objects.about(step).count() == 1


def test_a_step_is_not_done_in_the_future(client, arrival, coordinator):
    step = arrival.taking_office_steps.get(position=1)
    client.force_login(coordinator)
    text = note(client, step, done_on=(TODAY + DAY).isoformat(), note="Gardé").content.decode()
    assert "dans l’avenir" in text
    assert "Gardé" in text
    step.refresh_from_db()
    assert not step.is_done


def test_a_step_noted_by_mistake_is_opened_again_once(client, arrival, coordinator):
    step = arrival.taking_office_steps.get(position=1)
    client.force_login(coordinator)
    note(client, step, note="Visite faite")
    for _ in range(2):
        client.post(reverse("establishments:taking_office_undo", args=[step.pk]))
    step.refresh_from_db()
    assert (step.done_on, step.done_by, step.note) == (None, None, "Visite faite")
    verbs = JournalEntry.objects.about(step).values_list("verb", flat=True)
    assert list(verbs) == ["étape de prise de fonction rouverte", "étape de prise de fonction faite"]


def test_the_director_reads_her_parcours_and_notes_nothing(client, arrival):
    client.force_login(arrival.person)
    text = client.get(url_of(arrival)).content.decode()
    assert "Point à trois mois" in text
    assert "Noter comme faite" not in text
    assert "30 jours après la dernière" in text
    step = arrival.taking_office_steps.get(position=1)
    assert note(client, step).status_code == 403


def test_a_deputy_or_an_interim_has_no_page(client, creche, coordinator, today):
    deputy = DirectorshipFactory(establishment=creche, position="deputy")
    client.force_login(coordinator)
    assert client.get(url_of(deputy)).status_code == 404


def test_late_steps_are_told_to_the_coordinator_and_to_nobody_else(arrival, coordinator, assistant, administrator):
    (item,) = attention(coordinator, TODAY)
    assert item.title == "Crèche Les Lilas\u00a0: prise de fonction à accompagner"
    assert "7 étapes en retard" in item.reason
    assert item.url == url_of(arrival)
    assert attention(assistant, TODAY) == attention(administrator, TODAY) == attention(arrival.person, TODAY) == []
    late_steps_done(arrival, coordinator)
    assert attention(coordinator, TODAY) == []


def test_after_six_months_the_parcours_is_to_be_closed_then_forgotten(creche, coordinator, today):
    arrival = long_ago(creche, add_months(TODAY, -7))
    (item,) = attention(coordinator, TODAY)
    assert item.title.endswith("parcours de prise de fonction à clore")
    assert attention(coordinator, add_months(arrival.starts_on, 12)) == []


def test_the_room_still_takes_three_queries(arrival, coordinator, django_assert_num_queries):
    DirectorshipFactory(
        establishment=arrival.establishment, position="deputy", is_interim=True, ends_on=TODAY + 3 * DAY
    )
    with django_assert_num_queries(3):
        attention(coordinator, TODAY)


def test_the_page_costs_the_same_whatever_was_noted(client, arrival, coordinator, django_assert_max_num_queries):
    counts = []
    client.force_login(coordinator)
    for rank in (1, 9):
        steps = arrival.taking_office_steps.filter(position__lte=rank)
        for step in steps:
            TakingOfficeStep.objects.filter(pk=step.pk).update(done_on=TODAY, done_by=UserFactory())
        with django_assert_max_num_queries(15) as captured:
            assert client.get(url_of(arrival)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("months", "steps"), [(7, 0), (6, 0), (5, 9), (-1, 9)])
def test_a_direction_entered_years_later_opens_no_parcours(creche, today, months, steps):
    entered = DirectorshipFactory(establishment=creche, starts_on=add_months(TODAY, -months))
    assert entered.taking_office_steps.count() == steps


def test_the_command_opens_what_is_missing_once(creche, next_creche, far_creche, today, capsys):
    fresh = DirectorshipFactory(establishment=creche, starts_on=TODAY - 40 * DAY)
    settled = DirectorshipFactory(establishment=next_creche, starts_on=add_months(TODAY, -9))
    interim = DirectorshipFactory(establishment=far_creche, starts_on=TODAY, is_interim=True, ends_on=TODAY + 30 * DAY)
    TakingOfficeStep.objects.all().delete()
    call_command("plan_taking_office")
    call_command("plan_taking_office")
    assert capsys.readouterr().out.split("\n")[:2] == ["1 parcours ouvert.", "0 parcours ouvert."]
    assert [each.taking_office_steps.count() for each in (fresh, settled, interim)] == [9, 0, 0]
