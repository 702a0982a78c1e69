"""A month of one house: entered, submitted, validated, closed, given back; two people at once."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from core.attention import DECISION, LATE, SOON
from establishments.models import CapacityChange, Closure, JournalEntry
from establishments.workflow import TransitionRefused
from indicators.attention import attention
from indicators.models import MonthlyActivity
from tests.factories import TODAY, EstablishmentFactory
from tests.indicators.factories import FEBRUARY, ActivityFactory

D = datetime.date
Status = MonthlyActivity.Status


def typed(**changes):
    given = {
        "authorised_hours": "8800",
        "open_hours": "8800",
        "contracted_hours": "8000",
        "actual_hours": "7200",
        "billed_hours": "7900.5",
        "children_enrolled": "45",
        "opening_days": "20",
        "version": "0",
    }
    return given | changes


def url(house, month="2026-02"):
    return f"/indicateurs/etablissement/{house.pk}/mois/?mois={month}"


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestEntering:
    def test_the_form_opens_on_the_hours_computed_from_the_register(self, client, director, creche):
        CapacityChange.objects.create(establishment=creche, places=4, reason="vacancy", starts_on=D(2026, 2, 16))
        Closure.objects.create(establishment=creche, cause="yearly", starts_on=D(2026, 2, 26), ends_on=D(2026, 2, 27))
        client.force_login(director)
        form = client.get(url(creche)).context["form"]
        assert form["authorised_hours"].value() == 18 * 11 * 40
        assert form["open_hours"].value() == 18 * 11 * 40 - 8 * 11 * 4
        assert form["opening_days"].value() == 18

    def test_a_director_enters_then_submits_and_cannot_validate(self, client, director, creche):
        client.force_login(director)
        page = client.post(url(creche), typed(), follow=True)
        row = MonthlyActivity.objects.get()
        assert (row.establishment, row.month, row.entered_by, row.version) == (creche, FEBRUARY, director, 1)
        assert row.billed_hours == Decimal("7900.5")
        assert "Soumettre ce mois" in page.content.decode()
        client.post(f"/indicateurs/{row.pk}/soumettre/")
        assert client.post(f"/indicateurs/{row.pk}/valider/").status_code == 403
        text = client.get(url(creche)).content.decode()
        assert "Ce qui est enregistré" in text
        assert 'name="actual_hours"' not in text

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"open_hours": "9000"}, "dépassent les heures autorisées"),
            ({"actual_hours": "-1"}, "supérieure ou égale à 0"),
            ({"opening_days": "32"}, "pas plus de 31 jours"),
            ({"actual_hours": ""}, "obligatoire"),
            ({"actual_hours": "beaucoup"}, "Saisissez un nombre"),
        ],
    )
    def test_what_cannot_be_is_said_and_what_was_typed_is_kept(self, client, director, creche, changes, said):
        client.force_login(director)
        text = client.post(url(creche), typed(**changes)).content.decode()
        assert said in text.replace("&#x27;", "’")
        assert 'value="7900.5"' in text
        assert not MonthlyActivity.objects.exists()

    def test_what_looks_like_a_mistake_is_accepted_and_pointed_at(self, client, director, creche):
        client.force_login(director)
        page = client.post(url(creche), typed(billed_hours="100"), follow=True)
        assert MonthlyActivity.objects.exists()
        assert "Moins d’heures facturées que d’heures réalisées" in page.content.decode()

    def test_a_change_made_meanwhile_is_shown_and_nothing_is_lost(self, client, director, assistant, creche):
        client.force_login(director)
        client.get(url(creche))
        client.force_login(assistant)
        client.post(url(creche), typed(actual_hours="7100"))
        client.force_login(director)
        refused = client.post(url(creche), typed(actual_hours="7300"))
        text = refused.content.decode().replace("\u202f", " ").replace("\u00a0", " ")
        assert "heures réalisées 7 100 h" in text
        assert 'value="7300"' in text
        again = typed(actual_hours="7300", version=refused.context["form"]["version"].value())
        assert client.post(url(creche), again).status_code == 302
        row = MonthlyActivity.objects.get()
        assert (row.actual_hours, row.version, row.entered_by) == (7300, 2, director)

    @pytest.mark.parametrize("month", ["2026-04", "2026-3", "x", "2026-00"])
    def test_a_month_to_come_or_unreadable_is_not_found(self, client, director, creche, month):
        client.force_login(director)
        assert client.get(url(creche, month)).status_code == 404

    def test_a_reader_who_does_not_enter_has_no_form(self, client, central, creche):
        client.force_login(central)
        assert "Rien n’est encore saisi" in client.get(url(creche)).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestSteps:
    def test_submitted_validated_closed_and_given_back_with_a_reason(self, coordinator, director, pole_head, creche):
        row = ActivityFactory(establishment=creche)
        row.submit(by=director)
        row.validate_activity(by=coordinator)
        assert row.validated_by == coordinator
        row.close(by=pole_head)
        with pytest.raises(TransitionRefused, match="raison"):
            row.reopen(by=pole_head, reason=" ")
        row.reopen(by=pole_head, reason="Heures de contrat oubliées")
        assert (row.status, row.validated_by_id, row.version) == (Status.DRAFT, None, 2)
        assert list(JournalEntry.objects.values_list("verb", flat=True)) == [
            "activité rouverte",
            "activité close",
            "activité validée",
            "activité soumise",
        ]

    @pytest.mark.parametrize("alone", [True, False])
    def test_a_month_typed_and_validated_by_one_person_says_so(self, client, coordinator, director, creche, alone):
        row = ActivityFactory(establishment=creche, entered_by=coordinator if alone else director)
        row.submit(by=coordinator)
        row.validate_activity(by=coordinator)
        said = "saisi et validé par la même personne"
        assert (said in JournalEntry.objects.first().note) == alone
        client.force_login(coordinator)
        page = client.get(f"/indicateurs/etablissement/{creche.pk}/?mois={row.month:%Y-%m}").content.decode()
        assert (said in page) == alone

    @pytest.mark.parametrize("trait", ["submitted", "validated", "closed"])
    def test_the_database_keeps_the_numbers_of_a_locked_month(self, creche, trait):
        row = ActivityFactory(establishment=creche, **{trait: True})
        with pytest.raises(IntegrityError), transaction.atomic():
            MonthlyActivity.objects.filter(pk=row.pk).update(actual_hours=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            MonthlyActivity.objects.filter(pk=row.pk).delete()

    def test_a_locked_month_is_not_entered_again(self, client, director, creche):
        ActivityFactory(establishment=creche, submitted=True)
        client.force_login(director)
        page = client.post(
            url(creche), typed(version="1"), HTTP_REFERER=f"http://testserver{url(creche)}", follow=True
        )
        assert "n’est plus en saisie" in page.content.decode()
        assert MonthlyActivity.objects.get().actual_hours == 9_630

    def test_a_month_closed_meanwhile_is_not_reopened_by_the_coordinator(self, coordinator, pole_head, creche):
        row = ActivityFactory(establishment=creche, validated=True)
        seen = MonthlyActivity.objects.get(pk=row.pk)
        row.close(by=pole_head)
        with pytest.raises(TransitionRefused, match="close"):
            seen.reopen(by=coordinator, reason="Erreur")

    def test_the_tab_explains_the_last_month(self, client, coordinator, creche):
        ActivityFactory(establishment=creche, submitted=True, entered_by=coordinator)
        client.force_login(coordinator)
        text = client.get(f"/indicateurs/etablissement/{creche.pk}/").content.decode()
        text = text.replace("\u202f", " ").replace("\u00a0", " ")
        for expected in ("Comprendre février 2026", "CSP R. 2324-20", "9 630 h (heures réalisées)", "Samira Benali"):
            assert expected in text
        assert "non validé" in text
        assert text.count('<th scope="row" data-label="Mois">') == 36

    def test_the_tab_asks_the_same_queries_for_1_and_30_months(
        self, client, coordinator, creche, django_assert_max_num_queries
    ):
        ActivityFactory(establishment=creche, submitted=True)
        client.force_login(coordinator)
        address = f"/indicateurs/etablissement/{creche.pk}/"
        with django_assert_max_num_queries(25) as few:
            client.get(address)
        for number in range(29):
            month = D(2023 + number // 12, number % 12 + 1, 1)
            ActivityFactory(establishment=creche, month=month, validated=True)
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(address)

    def test_a_house_opened_yesterday_has_a_page(self, client, coordinator, sector):
        house = EstablishmentFactory(sector=sector, opened_on=TODAY)
        client.force_login(coordinator)
        text = client.get(f"/indicateurs/etablissement/{house.pk}/").content.decode()
        assert "Pas encore d’activité" in text


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("today")
def test_two_first_entries_at_once_keep_one_and_show_the_other(director, creche):
    outcomes, barrier = [], threading.Barrier(4)

    def enter():
        try:
            row = ActivityFactory.build(establishment=creche, entered_by=None)
            barrier.wait()
            row.enter(by=director, seen=0)
            outcomes.append("saved")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["StaleVersion"] * 3 + ["saved"]


@pytest.mark.django_db
class TestAttention:
    def test_the_director_is_asked_for_last_month(self, director, creche):
        (item,) = attention(director, D(2026, 3, 9))
        assert (item.weight, item.due_on) == (SOON, D(2026, 3, 10))
        assert "mois=2026-02" in item.url
        (item,) = attention(director, D(2026, 3, 11))
        assert (item.weight, item.tone) == (LATE, "alert")
        ActivityFactory(establishment=creche, submitted=True)
        assert attention(director, D(2026, 3, 11)) == []

    def test_the_coordinator_validates_and_chases_after_the_tenth(self, coordinator, creche, sector, next_creche):
        ActivityFactory(establishment=creche, submitted=True)
        ActivityFactory(establishment=next_creche, submitted=True)
        EstablishmentFactory(name="Crèche Rampal", sector=sector)
        EstablishmentFactory(sector=sector, places=False)
        validate, missing = attention(coordinator, D(2026, 3, 11))
        assert (validate.weight, missing.weight) == (DECISION, LATE)
        assert "1 établissement" in validate.reason
        assert missing.reason == "1 établissement\u00a0: Crèche Rampal"
        assert len(attention(coordinator, D(2026, 3, 10))) == 1

    def test_the_head_of_the_pole_closes(self, pole_head, creche):
        ActivityFactory(establishment=creche, validated=True)
        close, billing = attention(pole_head, D(2026, 3, 9))
        assert (close.key, billing.key) == ("activity-to-close-2026-02", "psu-above-threshold-2026")

    def test_the_same_queries_whatever_the_houses(self, pole_head, sector, django_assert_max_num_queries):
        EstablishmentFactory(sector=sector)
        with django_assert_max_num_queries(5) as few:
            attention(pole_head, D(2026, 3, 20))
        for _ in range(9):
            EstablishmentFactory(sector=sector)
        with django_assert_max_num_queries(len(few.captured_queries)):
            attention(pole_head, D(2026, 3, 20))


def test_a_month_out_of_the_life_of_the_house_is_refused_by_the_page_and_by_the_grid(client, creche, director):
    """Stored, it would be counted on no page."""
    creche.opened_on = datetime.date(2025, 6, 10)
    creche.save()
    client.force_login(director)
    address = f"/indicateurs/etablissement/{creche.pk}/mois/?mois=2025-05"
    assert "n’accueillait pas ce mois-là" in client.get(address).content.decode()
    sent = typed(version="0")
    assert "n’accueillait pas ce mois-là" in client.post(address, sent, follow=True).content.decode()
    cell = {"mois": "2025-05", "colonne": "actual_hours", "valeur": "10", "avant": ""}
    answer = client.post(f"/indicateurs/saisie/{creche.pk}/case/", cell).json()
    assert (answer["kind"], answer["reason"]) == ("refused", "Crèche Les Lilas n’accueillait pas ce mois-là")
    assert not MonthlyActivity.objects.exists()
    assert client.post(f"/indicateurs/saisie/{creche.pk}/case/", {**cell, "mois": "2025-06"}).json()["kind"] == "saved"
