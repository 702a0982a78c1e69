"""What a house keeps of its team: hours, relays, absences; a file of agents."""

import datetime
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from xlsxwriter import Workbook

from core.spreadsheets import UnreadableFile
from establishments.models import JournalEntry
from staffing.day_book import open_book
from staffing.models import Absence, DirectionRelay, Employee, Posting, Roster
from staffing.staff_file import plan_people, read_people
from staffing.team import team_of
from tests.factories import TODAY
from tests.staffing.factories import PostingFactory, expect, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date
IMPORT = "/conges/equipes/importer/"
HEAD = "matricule;nom;prénom;établissement;métier;ETP;du;semaine;lundi;mardi;humeur"


def week(**days):
    return {"starts_on": "2026-03-17", "ends_on": "", "weeks": "1"} | days


class TestHours:
    @pytest.fixture
    def educator(self, creche):
        return PostingFactory(establishment=creche)

    def test_a_director_types_the_week_and_the_hours_before_stop_the_day_before(self, client, director, educator):
        client.force_login(director)
        url = reverse("staffing:roster_edit", args=[educator.pk])
        client.post(url, week(day_1_1="8h-12h, 13h-17h bureau", day_1_3="9h-15h"))
        client.post(url, week(starts_on="2026-06-01", day_1_2="8h-16h"))
        before, after = Roster.objects.order_by("starts_on")
        assert before.ends_on == D(2026, 5, 31)
        assert [str(slot) for slot in after.slots.all()] == ["mardi 08:00–16:00"]
        assert [slot.task for slot in before.slots.all()] == ["children", "other", "children"]
        assert JournalEntry.objects.filter(verb="horaires de travail enregistrés").count() == 2
        text = client.get(url).content.decode()
        assert "8h-12h, 13h-17h bureau" in text

    def test_the_same_week_twice_is_one_roster(self, client, director, educator):
        client.force_login(director)
        for _ in range(2):
            client.post(reverse("staffing:roster_edit", args=[educator.pk]), week(day_1_1="8h-12h"))
        assert Roster.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"day_1_1": "le matin"}, "day_1_1"),
            ({"day_1_1": "8h-12h", "ends_on": "2026-03-01"}, "ends_on"),
            ({}, "__all__"),
            ({"day_1_1": "8h-12h", "weeks": "3"}, "weeks"),
        ],
    )
    def test_what_cannot_be_is_said_and_kept(self, client, director, educator, changes, field):
        client.force_login(director)
        page = client.post(reverse("staffing:roster_edit", args=[educator.pk]), week(**changes))
        assert list(page.context_data["form"].errors) == [field]
        assert changes.get("day_1_1", "") in page.content.decode()


class TestRelays:
    def test_an_eligible_person_is_designated_then_withdrawn(self, client, director, creche):
        educator = PostingFactory(establishment=creche)
        client.force_login(director)
        sent = {"employee": educator.employee_id, "rank": 1, "starts_on": "2026-03-01"}
        page = client.post(reverse("staffing:relay_add", args=[creche.pk]), sent, follow=True).content.decode()
        assert f"1. {educator.employee}" in page
        relay = DirectionRelay.objects.get()
        client.post(reverse("staffing:relay_end", args=[relay.pk]))
        relay.refresh_from_db()
        assert relay.ends_on == D(2026, 3, 16)
        assert set(JournalEntry.objects.values_list("verb", flat=True)) == {
            "relais de direction désigné",
            "relais de direction retiré",
        }

    def test_a_person_whom_the_text_does_not_allow_is_refused(self, client, director, creche):
        assistant = PostingFactory(establishment=creche, job=Posting.Job.ASSISTANT)
        client.force_login(director)
        url = reverse("staffing:relay_add", args=[creche.pk])
        sent = {"employee": assistant.employee_id, "rank": 1, "starts_on": "2026-03-17"}
        page = client.post(url, sent, follow=True, HTTP_REFERER=f"http://testserver{url}").content.decode()
        assert "R. 2324-36" in page
        assert not DirectionRelay.objects.exists()
        assistant.employee.children_since = D(2024, 1, 1)
        assistant.employee.save()
        client.post(url, sent)
        assert DirectionRelay.objects.count() == 1


class TestToday:
    def test_an_absence_told_this_morning_gives_the_options_in_order(self, client, director, creche):
        expect(creche, 0, 16)
        worker(creche)
        gone = worker(creche, job=Posting.Job.AUXILIARY)
        client.force_login(director)
        team = reverse("staffing:establishment_team", args=[creche.pk])
        assert "Tout est tenu." in client.get(team).content.decode()
        sent = {"employee": gone.employee_id, "kind": "unplanned", "part": "day", "starts_on": "2026-03-17"}
        sent |= {"ends_on": "2026-03-17", "client_uuid": "0d6a2d51-4d64-4a67-b6a8-9a0fb7f1e0a5"}
        for _ in range(2):
            client.post(reverse("staffing:absence_add", args=[creche.pk]), sent)
        assert Absence.objects.count() == 1
        text = client.get(team).content.decode()
        places = [
            text.index(words)
            for words in ("Agent volant", "Renfort d’une autre", "Regroupement", "Horaires réduits", "Moins d’enfants")
        ]
        assert places == sorted(places)
        assert "16 enfants concernés" in text

    def test_what_is_told_is_seen_in_the_team_and_taken_back(self, client, director, creche, coordinator):
        gone, trained, earlier = (worker(creche, employee__last_name=name) for name in ("Partie", "Formée", "Rentrée"))
        day = {"establishment": creche, "told_by": director}
        today = day | {"starts_on": TODAY, "ends_on": TODAY}
        mistaken = Absence.objects.create(employee=gone.employee, kind="unplanned", **today)
        Absence.objects.create(employee=trained.employee, kind="training", in_the_house=True, **today)
        since = day | {"starts_on": D(2026, 3, 10), "ends_on": D(2026, 3, 20)}
        back = Absence.objects.create(employee=earlier.employee, kind="unplanned", **since)
        found = team_of(creche, TODAY)
        assert {member.name.split()[1]: member.state for member in found.members} == {
            "Partie": "absence imprévue",
            "Formée": "",
            "Rentrée": "absence imprévue",
        }
        assert found.away_today == 2
        client.force_login(director)
        page = client.get(reverse("staffing:establishment_team", args=[creche.pk])).content.decode()
        assert "Absences signalées" in page
        assert "reste sur place" in page
        for row in (mistaken, mistaken, back):
            client.post(reverse("staffing:absence_end", args=[row.pk]))
        assert not Absence.objects.filter(pk=mistaken.pk).exists()
        back.refresh_from_db()
        assert back.ends_on == TODAY - datetime.timedelta(days=1)
        assert JournalEntry.objects.filter(verb="absence retirée").count() == 2
        assert team_of(creche, TODAY).away_today == 0

    def test_a_kind_that_would_tell_why_does_not_exist(self, client, director, creche):
        gone = worker(creche)
        client.force_login(director)
        sent = {"employee": gone.employee_id, "kind": "maladie", "part": "day", "starts_on": "2026-03-17"}
        page = client.post(reverse("staffing:absence_add", args=[creche.pk]), sent | {"ends_on": "2026-03-17"})
        assert "kind" in page.context_data["form"].errors

    def test_the_page_asks_the_same_queries_for_1_and_30_people(
        self, client, coordinator, creche, django_assert_max_num_queries
    ):
        expect(creche, 2, 10)
        worker(creche)
        client.force_login(coordinator)
        url = reverse("staffing:establishment_team", args=[creche.pk])
        with django_assert_max_num_queries(25) as few:
            client.get(url)
        for _ in range(29):
            worker(creche)
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(url)


def sheet(*rows):
    return "\n".join([HEAD, *rows]).encode()


def workbook(*rows):
    out = io.BytesIO()
    book = Workbook(out)
    page = book.add_worksheet()
    for line, row in enumerate([HEAD, *rows]):
        for column, cell in enumerate(row.split(";")):
            page.write(line, column, cell)
    book.close()
    return out.getvalue()


ROWS = [
    "A1;Lopes;Ana;les-lilas;EJE;1;01/03/2026;A;8h-16h;8h-16h;bonne",
    "A1;Lopes;Ana;les-lilas;EJE;1;01/03/2026;B;9h-17h;;",
    "A2;Roy;Léo;Crèche Les Lilas;auxiliaire de puériculture;80 %;01/03/2026;;repos;9h-17h;",
    "A3;Far;Zoé;villette;EJE;1;01/03/2026;;;;",
    "A4;Nul;Paul;les-lilas;pilote;1;01/03/2026;;;;",
    "A5;Nul;Paul;les-lilas;EJE;1;hier;;;;",
    "A6;Nul;Paul;les-lilas;EJE;1;01/03/2026;;le matin;;",
]


class TestFile:
    def send(self, client, content, name="equipes.csv"):
        file = io.BytesIO(content)
        file.name = name
        return client.post(IMPORT, {"file": file}, follow=True)

    @pytest.mark.parametrize(("make", "name"), [(sheet, "equipes.csv"), (workbook, "equipes.xlsx")])
    def test_a_file_is_shown_then_written_once(self, client, director, creche, far_creche, make, name):
        client.force_login(director)
        page = self.send(client, make(*ROWS), name)
        text = page.content.decode()
        plan = page.context_data["plan"]
        assert (len(plan.created), len(plan.rejected), plan.ignored) == (2, 4, ("humeur",))
        assert "n’est pas une maison que vous tenez" in text
        assert not Employee.objects.exists()
        confirm = {"step": "confirm", "print": plan.print}
        client.post(IMPORT, confirm)
        assert "plus en attente" in client.post(IMPORT, confirm, follow=True).content.decode()
        ana, leo = Employee.objects.order_by("staff_number")
        assert leo.postings.get().fte == Decimal("0.80")
        assert ana.postings.get().rosters.get().weeks == 2
        found = open_book([creche.pk], D(2026, 3, 9), D(2026, 3, 20))
        starts = [found.house_day(creche.pk, D(2026, 3, day)).presences[0].start for day in (9, 16)]
        assert starts == [480, 540]  # 1 March is a Sunday: its week is the first, B then A

    def test_the_same_file_again_changes_nothing(self, client, director, creche):
        client.force_login(director)
        for expected in (2, 0):
            plan = self.send(client, sheet(*ROWS[:3])).context_data["plan"]
            assert len(plan.created) == expected
            if plan.writes:
                client.post(IMPORT, {"step": "confirm", "print": plan.print})
        assert plan.unchanged == 2
        assert Posting.objects.count() == 2

    def test_a_new_post_ends_the_one_before(self, client, coordinator, creche):
        client.force_login(coordinator)
        for row in (ROWS[2], "A2;Roy;Léo;les-lilas;EJE;80 %;01/06/2026;;;9h-17h;"):
            plan = self.send(client, sheet(row)).context_data["plan"]
            client.post(IMPORT, {"step": "confirm", "print": plan.print})
        before, after = Posting.objects.order_by("starts_on")
        assert (before.ends_on, after.job) == (D(2026, 5, 31), "eje")

    def test_an_agent_of_a_house_that_is_not_mine_is_not_taken(self, director, far_creche, creche):
        PostingFactory(establishment=far_creche, employee__staff_number="A2")
        plan = plan_people(*read_people(sheet(ROWS[2]), "a.csv", director), director)
        assert plan.writes is False
        assert "hors de votre périmètre" in str(plan.rejected[0])

    def test_a_file_that_cannot_be_read_says_so(self, client, director):
        client.force_login(director)
        text = self.send(client, b"%PDF-1.4").content.decode()
        assert "Rien n’a été importé" in text
        with pytest.raises(UnreadableFile):
            read_people(b"", "vide.csv", director)

    def test_what_changed_since_the_preview_is_shown_again(self, client, director, creche):
        client.force_login(director)
        plan = self.send(client, sheet(ROWS[2])).context_data["plan"]
        PostingFactory(establishment=creche, employee__staff_number="A2", starts_on=TODAY)
        text = client.post(IMPORT, {"step": "confirm", "print": plan.print}, follow=True).content.decode()
        assert "ont changé depuis l’aperçu" in text
        assert Posting.objects.count() == 1


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_the_agents_are_listed_filtered_and_exported(client, coordinator, creche, kind):
    worker(creche, employee__last_name="Lopes")
    PostingFactory(establishment=creche, employee__last_name="Roy")
    client.force_login(coordinator)
    text = client.get("/conges/equipes/", {"has_hours": "false"}).content.decode()
    assert "Roy" in text.partition("<tbody>")[2]
    assert "Lopes" not in text.partition("<tbody>")[2]
    response = client.get("/conges/equipes/", {"export": kind})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert len(content) > 100
