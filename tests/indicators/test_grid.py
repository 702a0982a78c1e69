"""The month of a sector as a grid: cell by cell, two people at once, without a script, locked, summed."""

import datetime
import threading

import pytest
from django.db import connection

from establishments.models import JournalEntry
from indicators.entry.cells import Kind, save_cell
from indicators.entry.grid import read_grid
from indicators.entry.rules import read_value, refusals, written
from indicators.models import MonthlyActivity
from tests.factories import EstablishmentFactory
from tests.indicators.factories import FEBRUARY, ActivityFactory

D = datetime.date
URL = "/indicateurs/saisie/?mois=2026-02"


def plain(response):
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def cell(house, column, typed, shown=""):
    return {f"c-{house.pk}-{column}": typed, f"b-{house.pk}-{column}": shown}


def send(client, house, column, typed, shown="", month="2026-02"):
    data = {"mois": month, "colonne": column, "valeur": typed, "avant": shown}
    return client.post(f"/indicateurs/saisie/{house.pk}/case/", data)


@pytest.mark.parametrize(
    ("typed", "value", "again"),
    [("7 100,50", "7100.50", "7100,5"), ("1\u202f234", "1234", "1234"), ("12,345", "12.35", "12,35"), ("0", "0", "0")],
)
def test_french_hours_are_read_and_written_back(typed, value, again):
    assert str(read_value("actual_hours", typed)) in (value, f"{value}.00")
    assert written(read_value("actual_hours", typed)) == again


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"actual_hours": -1}, "pas négatif"),
        ({"billed_hours": 10**9}, "démesuré"),
        ({"opening_days": 32}, "pas plus de 31 jours"),
        ({"opening_days": 29}, "février 2026 n’a que 28 jours"),
        ({"authorised_hours": 10, "open_hours": 11}, "dépassent"),
        ({"children_enrolled": 3000}, "démesuré"),
    ],
)
def test_what_cannot_be_is_refused_everywhere_with_the_same_words(values, said):
    (reason,) = refusals(values, FEBRUARY).values()
    assert said in reason


def test_a_blank_is_not_a_zero_and_is_not_refused():
    assert read_value("actual_hours", "  ") is None
    assert written(None) == ""
    assert refusals({"actual_hours": None, "open_hours": 3, "authorised_hours": None}, FEBRUARY) == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestCells:
    def test_a_first_cell_makes_a_month_with_the_hours_of_the_register(self, creche, director):
        outcome = save_cell(creche, FEBRUARY, "actual_hours", "7 100,5", "", by=director)
        row = MonthlyActivity.objects.get()
        assert (outcome.kind, outcome.stored) == (Kind.SAVED, "7100,5")
        assert (row.authorised_hours, row.opening_days, row.version) == (8800, 20, 1)
        assert row.missing == ["contracted_hours", "billed_hours", "children_enrolled"]
        entry = JournalEntry.objects.get()
        assert (entry.verb, entry.actor, entry.note) == (
            "activité saisie",
            director,
            "heures réalisées\u00a0: — → 7100,5",
        )

    def test_two_people_in_two_cells_of_a_row_disturb_nobody(self, creche, director, assistant):
        assert save_cell(creche, FEBRUARY, "actual_hours", "7100", "", by=director).kind == Kind.SAVED
        assert save_cell(creche, FEBRUARY, "billed_hours", "7900", "", by=assistant).kind == Kind.SAVED
        row = MonthlyActivity.objects.get()
        assert (row.actual_hours, row.billed_hours, row.version) == (7100, 7900, 2)

    def test_two_people_in_one_cell_lose_nothing(self, creche, director, assistant):
        save_cell(creche, FEBRUARY, "actual_hours", "7100", "", by=assistant)
        outcome = save_cell(creche, FEBRUARY, "actual_hours", "7300", "", by=director)
        assert (outcome.kind, outcome.typed, outcome.stored) == (Kind.CONFLICT, "7300", "7100")
        assert MonthlyActivity.objects.get().actual_hours == 7100
        again = save_cell(creche, FEBRUARY, "actual_hours", "7300", outcome.stored, by=director)
        assert again.kind == Kind.SAVED

    def test_the_same_cell_sent_twice_is_one_entry(self, creche, director):
        for kind in (Kind.SAVED, Kind.UNCHANGED):
            assert save_cell(creche, FEBRUARY, "actual_hours", "7100", "", by=director).kind == kind
        assert JournalEntry.objects.count() == MonthlyActivity.objects.get().version == 1

    def test_a_cell_is_emptied_and_a_zero_is_a_number(self, creche, director):
        row = ActivityFactory(establishment=creche)
        save_cell(creche, FEBRUARY, "actual_hours", "", "9630", by=director)
        row.refresh_from_db()
        assert (row.actual_hours, row.missing) == (0, ["actual_hours"])
        save_cell(creche, FEBRUARY, "actual_hours", "0", "", by=director)
        row.refresh_from_db()
        assert (row.actual_hours, row.missing) == (0, [])

    @pytest.mark.parametrize(
        ("typed", "said"), [("beaucoup", "pas un nombre"), ("-3", "négatif"), ("9" * 12, "démes")]
    )
    def test_what_cannot_be_is_refused_and_nothing_is_stored(self, creche, director, typed, said):
        outcome = save_cell(creche, FEBRUARY, "actual_hours", typed, "", by=director)
        assert (outcome.kind, outcome.typed) == (Kind.REFUSED, typed)
        assert said in outcome.reason
        assert not MonthlyActivity.objects.exists()

    def test_a_house_whose_capacity_nobody_knows_waits_for_it(self, creche, director):
        creche.authorisations.all().delete()
        for column in ("contracted_hours", "actual_hours", "billed_hours", "children_enrolled"):
            save_cell(creche, FEBRUARY, column, "10", "", by=director)
        assert MonthlyActivity.objects.get().missing == ["authorised_hours", "open_hours", "opening_days"]


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestPage:
    def test_one_cell_is_saved_by_the_script_and_told_with_its_sums(self, client, coordinator, creche):
        other = EstablishmentFactory(sector=creche.attachments.get().territory, name="Crèche Rampal")
        ActivityFactory(establishment=other, submitted=True)
        ActivityFactory(establishment=creche, blanks="actual_hours", actual_hours=0)
        client.force_login(coordinator)
        answer = send(client, creche, "actual_hours", "7000").json()
        assert (answer["kind"], answer["stored"], answer["line"]["state"]) == ("saved", "7000", "en saisie")
        totals = {name: text.replace("\u202f", " ").replace("\u00a0", " ") for name, text in answer["totals"].items()}
        assert totals["actual_hours"] == "16 630"  # 9 630 + 7 000
        assert totals["coverage"] == "2 établissements sur 2, dont 1 non validé et 1 en saisie"
        assert totals["attendance"] == "75,6 %"  # (9 630 + 7 000) ÷ (13 200 + 8 800), never the mean of rates

    def test_a_conflict_shows_both_and_an_unreadable_request_is_refused(self, client, coordinator, creche):
        ActivityFactory(establishment=creche)
        client.force_login(coordinator)
        answer = send(client, creche, "actual_hours", "7000", "9000").json()
        assert (answer["kind"], answer["stored"]) == ("conflict", "9630")
        assert send(client, creche, "status", "7000").status_code == 400
        assert send(client, creche, "actual_hours", "1", month="2026-13").status_code == 400
        assert send(client, creche, "actual_hours", "1", month="2026-05").status_code == 400

    def test_without_a_script_the_form_saves_what_changed_and_only_that(self, client, coordinator, creche, sector):
        other = EstablishmentFactory(sector=sector, name="Crèche Rampal")
        row = ActivityFactory(establishment=other)
        client.force_login(coordinator)
        data = cell(creche, "actual_hours", "7 000") | cell(creche, "billed_hours", "abc")
        data |= cell(other, "actual_hours", "9630", "9630") | cell(other, "billed_hours", "10486", "10486")
        page = plain(client.post(URL, data))
        assert "1 case enregistrée." in page
        assert "1 case n’a pas été enregistrée" in page
        assert 'value="abc"' in page
        assert "« abc » n’est pas un nombre" in page
        row.refresh_from_db()
        assert row.version == 1
        again = client.post(URL, data | cell(creche, "billed_hours", "7600"), follow=True)
        assert "1 case enregistrée." in plain(again)
        assert again.redirect_chain

    def test_a_conflict_without_a_script_keeps_what_was_typed_and_says_what_is_stored(
        self, client, coordinator, creche
    ):
        ActivityFactory(establishment=creche)
        client.force_login(coordinator)
        page = plain(client.post(URL, cell(creche, "actual_hours", "7000", "9000")))
        assert 'value="7000"' in page
        assert "quelqu’un a enregistré « 9630 » ici" in page
        assert f'name="b-{creche.pk}-actual_hours" value="9630"' in page

    @pytest.mark.parametrize("trait", ["submitted", "validated", "closed"])
    def test_a_locked_month_has_no_input_and_refuses_what_is_sent(self, client, coordinator, creche, trait):
        ActivityFactory(establishment=creche, **{trait: True})
        client.force_login(coordinator)
        page = plain(client.get(URL))
        assert "c-" + str(creche.pk) not in page
        assert ("M0 6L6 0" in page) == ("non validé</span>" in page) == (trait == "submitted")
        assert send(client, creche, "actual_hours", "1", "9630").json()["kind"] == "refused"
        client.post(URL, cell(creche, "actual_hours", "1", "9630"))
        assert MonthlyActivity.objects.get().actual_hours == 9630

    def test_the_houses_of_others_are_neither_shown_nor_saved(self, client, coordinator, creche, far_creche):
        client.force_login(coordinator)
        assert far_creche.name not in plain(client.get(URL))
        client.post(URL, cell(far_creche, "actual_hours", "7000"))
        assert send(client, far_creche, "actual_hours", "7000").status_code == 404
        assert not MonthlyActivity.objects.exists()

    def test_a_doubt_is_shown_beside_its_line(self, client, coordinator, creche):
        ActivityFactory(establishment=creche, billed_hours=100)
        client.force_login(coordinator)
        assert "Moins d’heures facturées que d’heures réalisées" in plain(client.get(URL))

    def test_nothing_to_type_is_said(self, client, coordinator, creche):
        creche.opened_on = D(2026, 3, 2)
        creche.save()
        client.force_login(coordinator)
        assert "Rien à saisir" in plain(client.get(URL))

    def test_the_same_queries_for_1_and_30_houses(self, client, coordinator, sector, django_assert_max_num_queries):
        ActivityFactory(establishment=EstablishmentFactory(sector=sector))
        client.force_login(coordinator)
        with django_assert_max_num_queries(25) as few:
            client.get(URL)
        for _ in range(29):
            ActivityFactory(establishment=EstablishmentFactory(sector=sector))
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(URL)


@pytest.mark.django_db
def test_the_sums_leave_out_the_lines_with_a_blank(creche, sector):
    other = EstablishmentFactory(sector=sector, name="Crèche Rampal")
    ActivityFactory(establishment=other)
    ActivityFactory(establishment=creche, blanks="billed_hours", actual_hours=1)
    grid = read_grid([creche, other], FEBRUARY)
    assert grid.total.actual_hours == 9630
    assert grid.coverage == "1 établissement sur 2, dont 1 en saisie"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("today")
def test_four_people_in_one_cell_at_once_keep_one_value_and_three_conflicts(creche, director):
    outcomes, barrier = [], threading.Barrier(4)

    def type_in(value):
        try:
            barrier.wait()
            outcomes.append(save_cell(creche, FEBRUARY, "actual_hours", value, "", by=director).kind)
        finally:
            connection.close()

    threads = [threading.Thread(target=type_in, args=(str(7000 + n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Kind.CONFLICT] * 3 + [Kind.SAVED]
