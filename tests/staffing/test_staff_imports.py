"""A file of agents taken back: whole or not at all, by who keeps every house that it touched."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from staffing.importing.snapshots import postings_of, read_agents
from staffing.importing.undoing import undo_import
from staffing.models import Absence, Employee, Posting, Roster, RosterSlot, StaffImport, StaffImportLine
from staffing.recurring import forget_imports
from staffing.staff_file import plan_people, read_people
from tests.factories import TODAY, EstablishmentFactory
from tests.staffing.factories import HEAD, LeaveFactory, PostingFactory, imported, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date
ANA = "A1;Lopes;Ana;les-lilas;EJE;01/03/2026;8h-16h;8h-12h, 13h-17h bureau"
MOVED = "M1;Roy;Léo;les-lilas;auxiliaire;01/03/2026;9h-17h;"
TIMED = "M2;Sy;Awa;les-lilas;EJE;01/03/2026;7h30-15h;"


@pytest.fixture
def team(creche):
    """Léo, whose posting the file ends, with a later one that it replaces; Awa, whose hours it replaces."""
    leo = worker(creche, employee__staff_number="M1", ends_on=D(2026, 5, 31))
    later = worker(creche, employee=leo.employee, job=Posting.Job.DEPUTY, starts_on=D(2026, 6, 1))
    later.rosters.update(weeks=2)
    awa = worker(creche, employee__staff_number="M2")
    Roster.objects.filter(posting=awa).update(ends_on=D(2026, 12, 31))
    return leo.employee, awa.employee


@pytest.fixture
def next_house(sector):
    return EstablishmentFactory(name="Crèche Rampal", code="rampal", sector=sector)


def everything():
    """All that is stored of the agents, keys included."""
    agents = read_agents("staff_number", Employee.objects.values_list("staff_number", flat=True))
    return {number: (str(row), postings_of(row)) for number, row in agents.items()}


def undo_url(run):
    return reverse("staffing:import_undo", args=[run.pk])


class TestUndo:
    def test_created_moved_and_timed_agents_are_as_before_to_the_key(self, client, director, team):
        before = everything()
        run = imported(director, ANA, MOVED, TIMED)
        assert (run.created_count, run.moved_count, run.timed_count) == (1, 1, 1)
        assert everything() != before
        client.force_login(director)
        page = client.post(undo_url(run), follow=True).content.decode()
        assert everything() == before
        assert "les équipes sont comme avant" in page
        run.refresh_from_db()
        assert (run.status, run.undone_by) == ("undone", director)

    def test_a_second_click_finds_it_taken_back_and_the_journal_has_one_line(self, client, director, creche):
        run = imported(director, ANA)
        client.force_login(director)
        client.post(undo_url(run))
        again = client.post(undo_url(run), follow=True, headers={"referer": f"http://testserver{undo_url(run)[:-8]}"})
        assert "Déjà traité\u00a0: import annulé." in again.content.decode()
        (line,) = JournalEntry.objects.filter(verb="import d’équipes annulé")
        assert (line.establishment, line.actor) == (creche, director)
        assert not Employee.objects.exists()

    def test_two_files_are_taken_back_the_last_one_first(self, director, creche):
        empty = everything()
        first = imported(director, ANA)
        between = everything()
        second = imported(director, ANA.replace("EJE;01/03", "auxiliaire;01/06"))
        with pytest.raises(TransitionRefused, match="Ligne 2, Ana Lopes .A1.\u00a0: modifiée depuis l’import"):
            undo_import(first, by=director)
        undo_import(second, by=director)
        assert everything() == between
        undo_import(first, by=director)
        assert everything() == empty

    @pytest.mark.parametrize(
        "change",
        [
            lambda: Posting.objects.filter(employee__staff_number="A1").update(fte="0.5"),
            lambda: RosterSlot.objects.filter(roster__posting__employee__staff_number="A1").first().delete(),
            lambda: Employee.objects.filter(staff_number="A1").update(last_name="Lopez"),
            lambda: Employee.objects.get(staff_number="A1").delete(),
        ],
    )
    def test_one_row_changed_since_and_nothing_at_all_is_given_back(self, director, team, change):
        run = imported(director, ANA, MOVED)
        change()
        left = everything()
        with pytest.raises(TransitionRefused, match="Rien n’a été annulé.*Ligne 2, .*A1.*depuis l’import") as refused:
            undo_import(run, by=director)
        assert "M1" not in str(refused.value)
        assert everything() == left
        run.refresh_from_db()
        assert run.status == "applied"
        assert not JournalEntry.objects.filter(verb="import d’équipes annulé").exists()

    def test_an_agent_who_serves_something_else_since_is_not_erased(self, client, director, creche):
        run = imported(director, ANA)
        LeaveFactory(person=Posting.objects.get())
        client.force_login(director)
        text = client.get(run.get_absolute_url()).content.decode()
        assert "demande de congé" in text
        assert undo_url(run) not in text
        with pytest.raises(TransitionRefused, match="demande de congé"):
            undo_import(run, by=director)

    def test_an_agent_who_was_there_before_holds_back_only_by_the_house_she_was_given(
        self, coordinator, creche, next_house
    ):
        mine = worker(creche, employee__staff_number="M1")
        run = imported(coordinator, MOVED.replace("les-lilas", next_house.code))
        absence = {"kind": "training", "starts_on": TODAY, "ends_on": TODAY, "told_by": coordinator}
        told = Absence.objects.create(employee=mine.employee, establishment=next_house, **absence)
        with pytest.raises(TransitionRefused, match="absence"):
            undo_import(run, by=coordinator)
        told.establishment = creche
        told.save()
        undo_import(run, by=coordinator)
        assert Posting.objects.get().establishment == creche

    def test_what_was_there_before_the_file_holds_nothing_back(self, coordinator, creche, next_house):
        mine = worker(creche, employee__staff_number="M1")
        LeaveFactory(person=mine, establishment=next_house)
        undo_import(imported(coordinator, MOVED.replace("les-lilas", next_house.code)), by=coordinator)
        assert Posting.objects.get().pk == mine.pk


class TestPages:
    def test_confirming_a_file_leads_to_its_page_which_says_before_and_after(self, client, director, team):
        client.force_login(director)
        run = imported(director, ANA, MOVED, TIMED)
        text = client.get(run.get_absolute_url()).content.decode()
        assert "1 agent créé par ce fichier sera effacé" in text
        assert "Ana Lopes" in text
        assert "7\u00a0h\u00a030 par semaine depuis le 01/03/2026" in text
        assert "auxiliaire de puériculture, ETP\u00a01, depuis le 01/03/2026, 8\u00a0h par semaine" in text
        listed = client.get(reverse("staffing:import_list")).content.decode()
        assert run.get_absolute_url() in listed

    def test_a_file_that_touched_a_house_of_another_is_not_known(
        self, client, director, coordinator, next_house, creche
    ):
        both = imported(coordinator, ANA, "B1;Nau;Ida;rampal;EJE;01/03/2026;;")
        left = worker(next_house, employee__staff_number="M1")
        away = imported(coordinator, MOVED)
        assert left.establishment in away.establishments.all()
        client.force_login(director)
        for run in (both, away):
            assert client.get(run.get_absolute_url()).status_code == 404
            assert client.post(undo_url(run)).status_code == 404
            assert run.get_absolute_url() not in client.get(reverse("staffing:import_list")).content.decode()
        assert Employee.objects.filter(staff_number="B1").exists()

    def test_the_page_asks_the_same_queries_for_1_and_30_agents(
        self, client, director, creche, django_assert_max_num_queries
    ):
        client.force_login(director)
        one = imported(director, ANA)
        rows = [ANA.replace("A1;", f"B{n};") for n in range(30)]
        many = imported(director, *rows)
        client.get(one.get_absolute_url())
        with django_assert_max_num_queries(25) as few:
            client.get(one.get_absolute_url())
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(many.get_absolute_url())

    def test_after_a_year_what_was_before_and_after_is_forgotten(self, director, creche):
        old, recent = imported(director, ANA), imported(director, ANA.replace("A1", "A2"))
        StaffImport.objects.filter(pk=old.pk).update(imported_at=timezone.now() - datetime.timedelta(days=366))
        forget_imports.call()
        assert StaffImport.objects.get() == recent
        assert StaffImportLine.objects.get().run == recent
        assert Employee.objects.count() == 2

    def test_no_name_is_kept_beside_the_agent(self, director, creche):
        imported(director, ANA)
        kept = str(StaffImportLine.objects.values().get()) + str(StaffImport.objects.values().get())
        assert "Lopes" not in kept
        assert "Ana" not in kept


def test_a_later_posting_elsewhere_is_not_replaced_by_who_keeps_no_team_there(director, creche, far_creche):
    later = PostingFactory(establishment=far_creche, employee__staff_number="A1", starts_on=D(2026, 9, 1))
    plan = plan_people(*read_people("\n".join([HEAD, ANA]).encode(), "a.csv", director), director)
    assert plan.writes is False
    assert "hors de votre périmètre" in str(plan.rejected[0])
    assert Posting.objects.get() == later
