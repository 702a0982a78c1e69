"""The decision page: what a leave does before the click, what a breach asks for, who may set a rule aside."""

import datetime
import random
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from core.models import Notification
from establishments.models import JournalEntry, Unavailability
from establishments.workflow import TransitionRefused
from staffing.consequences import consequences
from staffing.coverage import Topic
from staffing.day_book import open_book
from staffing.decision import decision_of
from staffing.decisions import grant_all, refuse_all
from staffing.models import LeaveRequest, Posting
from tests.factories import TODAY, UserFactory
from tests.staffing.factories import LeaveFactory, PostingFactory, expect, worker

pytestmark = [pytest.mark.usefixtures("today")]
D = datetime.date
Job, Status = Posting.Job, LeaveRequest.Status


@pytest.fixture
def team(creche):
    """Twelve children who walk all day: two are needed, three are there, one of whom directs."""
    expect(creche, 0, 12)
    jobs = [Job.DIRECTOR, Job.DEPUTY, Job.AUXILIARY]
    return [worker(creche, job=job) for job in jobs]


@pytest.mark.django_db
class TestConsequences:
    def test_one_away_out_of_three_breaks_nothing(self, team):
        found = consequences(LeaveFactory(person=team[2]))
        assert found.breach == ""
        assert {day.after_text for day in found.days} == {"tout est tenu"}

    def test_two_away_break_the_ratio_every_half_hour_of_the_day(self, team, coordinator):
        LeaveFactory(person=team[1]).grant(by=coordinator)
        found = consequences(LeaveFactory(person=team[2]))
        assert [day.broken for day in found.days] == [{Topic.RATIO: 22, Topic.MINIMUM: 22}] * 4
        assert "taux d’encadrement non tenu 4 jours (88 demi-heures)" in found.breach
        assert found.tone == "alert"

    def test_what_is_already_broken_without_the_leave_is_not_its_doing(self, creche):
        expect(creche, 0, 40)
        worker(creche)
        cook = worker(creche, job=Job.SUPPORT)
        found = consequences(LeaveFactory(person=cook))
        assert found.breach == ""
        assert found.tone == "watch"
        assert found.days[0].before_text == found.days[0].after_text != "tout est tenu"

    def test_half_a_day_breaks_half_the_half_hours(self, team, coordinator):
        LeaveFactory(person=team[1]).grant(by=coordinator)
        asked = LeaveFactory(person=team[2], part="morning", starts_on=D(2026, 4, 8), ends_on=D(2026, 4, 8))
        (day,) = consequences(asked).days
        assert day.broken == {Topic.RATIO: 11, Topic.MINIMUM: 11}

    def test_the_month_under_forty_percent_is_seen_and_takes_a_derogation(self, creche, coordinator, pole_head):
        """Ten asked all month, four of category 1° there: 40 %. The ratio holds, the month does not."""
        expect(creche, 0, 80)
        first = [worker(creche, job=Job.DIRECTOR), *(worker(creche, job=Job.AUXILIARY) for _ in range(3))]
        for _ in range(12):
            worker(creche, job=Job.ASSISTANT)
        creche.authorisations.update(places=80)
        asked = LeaveFactory(person=first[1], starts_on=D(2026, 4, 8), ends_on=D(2026, 4, 8))
        found = consequences(asked)
        assert found.months == ("moins de 40\u202f% de catégorie\u00a01° en avril 2026 (39,5\u202f%)",)
        with pytest.raises(TransitionRefused, match="dérogation"):
            asked.grant(by=coordinator)
        others = decision_of(asked, TODAY).others
        assert others == ()  # every month is as tight: no date of the ten weeks would hold
        asked.grant(by=pole_head, derogation="Remplacée en fin de mois")
        # The month does not hold any more: the next leave of category 2° is not its doing.
        other = Posting.objects.filter(job=Job.ASSISTANT).first()
        assert consequences(LeaveFactory(person=other, starts_on=D(2026, 4, 9), ends_on=D(2026, 4, 9))).months == ()
        assert consequences(LeaveFactory(person=first[2], starts_on=D(2026, 5, 5), ends_on=D(2026, 5, 5))).months

    def test_days_that_join_two_leaves_make_one_absence_of_more_than_31_days(self, team, coordinator):
        LeaveFactory(person=team[2], starts_on=D(2026, 7, 1), ends_on=D(2026, 7, 17)).grant(by=coordinator)
        fine = consequences(LeaveFactory(person=team[2], starts_on=D(2026, 7, 20), ends_on=D(2026, 7, 31)))
        assert (fine.longest, fine.breach) == (31, "")
        LeaveRequest.objects.pending().delete()
        long = consequences(LeaveFactory(person=team[2], starts_on=D(2026, 7, 20), ends_on=D(2026, 8, 1)))
        assert "absence de 32 jours consécutifs" in long.breach

    @pytest.mark.parametrize("seed", range(6))
    def test_random_teams_break_the_half_hours_that_counting_minutes_finds(self, creche, seed):
        rng = random.Random(seed)
        walkers, opens = rng.randint(8, 40), 7.5
        expect(creche, 0, walkers)
        hours = [sorted(rng.sample(range(15, 38), 2)) for _ in range(rng.randint(3, 7))]
        team = [
            worker(creche, start / 2, end / 2, job=rng.choice([Job.AUXILIARY, Job.ASSISTANT])) for start, end in hours
        ]
        (day, *_) = consequences(LeaveFactory(person=team[0])).days
        for side, gone in ((day.before, set()), (day.after, {0})):
            under = 0
            for half in range(int(opens * 2), 37):
                there = sum(start <= half < end for at, (start, end) in enumerate(hours) if at not in gone)
                under += there < -(-walkers // 8)
            assert side[Topic.RATIO] == under


@pytest.mark.django_db
class TestDerogation:
    @pytest.fixture
    def breaking(self, team, coordinator):
        LeaveFactory(person=team[1]).grant(by=coordinator)
        return LeaveFactory(person=team[2])

    def test_a_coordinator_cannot_set_a_rule_aside(self, client, coordinator, breaking):
        with pytest.raises(TransitionRefused, match="dérogation motivée permet de l’accorder"):
            breaking.grant(by=coordinator, derogation="Sortie prévue, moins d’enfants")
        client.force_login(coordinator)
        text = client.get(breaking.get_absolute_url()).content.decode()
        assert "Rouge" in text
        assert "Accorder par dérogation" not in text
        assert f"/conges/{breaking.pk}/refuser/" in text

    def test_the_head_of_the_pole_does_with_a_reason_that_the_journal_keeps(self, client, pole_head, breaking):
        client.force_login(pole_head)
        url = f"/conges/{breaking.pk}/accorder/"
        client.post(url, {"derogation": "   "})
        breaking.refresh_from_db()
        assert breaking.status == Status.PROPOSED
        page = client.post(url, {"derogation": "Deux renforts du pool sont prévus"}, follow=True).content.decode()
        breaking.refresh_from_db()
        assert (breaking.status, breaking.derogation) == (Status.GRANTED, "Deux renforts du pool sont prévus")
        entry = JournalEntry.objects.about(breaking).first()
        assert entry.verb == "congé accordé par dérogation"
        assert "Deux renforts du pool" in entry.note
        assert "taux d’encadrement" in entry.note
        assert "Deux renforts du pool" in page

    def test_a_reason_that_speaks_of_health_is_refused(self, client, pole_head, breaking):
        client.force_login(pole_head)
        client.post(f"/conges/{breaking.pk}/accorder/", {"derogation": "Elle est en arrêt maladie depuis lundi"})
        breaking.refresh_from_db()
        assert breaking.status == Status.PROPOSED

    def test_a_leave_that_breaks_nothing_keeps_no_derogation(self, team, pole_head):
        leave = LeaveFactory(person=team[2])
        leave.grant(by=pole_head, derogation="Inutile")
        assert leave.derogation == ""
        assert JournalEntry.objects.about(leave).first().verb == "congé accordé"

    def test_an_already_decided_leave_says_so_before_anything_else(self, coordinator, pole_head, breaking):
        breaking.refuse(by=pole_head, reason="ratio")
        with pytest.raises(TransitionRefused, match="Déjà traité"):
            breaking.grant(by=coordinator)


@pytest.mark.django_db
class TestPage:
    def test_other_dates_cost_as_many_days_and_break_nothing(self, team, coordinator):
        LeaveFactory(person=team[1]).grant(by=coordinator)
        leave = LeaveFactory(person=team[2])
        found = decision_of(leave, TODAY)
        assert len(found.others) == 3
        assert [text for text in found.others if "7 au 10 avril" in text] == []
        assert found.cost_text == "4 jours"
        assert found.tone == "alert"

    def test_the_page_shows_the_calendar_the_half_hours_and_the_rights(self, client, coordinator, team):
        LeaveFactory(person=team[1]).grant(by=coordinator)
        leave = LeaveFactory(person=team[2])
        client.force_login(coordinator)
        text = client.get(leave.get_absolute_url()).content.decode()
        for words in (
            "Calendrier de la période",
            "Demi-heures, si ce congé est accordé",
            "Droits de l’année",
            "Autres dates possibles",
            "présences attendues de la maison",
            "1\u00a0/\u00a02",
        ):
            assert words in text
        assert text.count('class="grid-mark tone-alert"') >= 4

    def test_without_hours_the_page_says_that_nothing_is_computed(self, client, coordinator, creche):
        leave = LeaveFactory(person=PostingFactory(establishment=creche))
        client.force_login(coordinator)
        text = client.get(leave.get_absolute_url()).content.decode()
        assert "le taux d’encadrement n’est pas calculé" in text
        assert "Orange" in text

    def test_too_many_days_asked_are_seen(self, team):
        leave = LeaveFactory(person=team[2], starts_on=D(2026, 7, 6), ends_on=D(2026, 7, 31))
        LeaveFactory(person=team[2], starts_on=D(2026, 9, 7), ends_on=D(2026, 9, 25))
        assert any("droits" in note for note in decision_of(leave, TODAY).notes)

    @pytest.mark.parametrize("size", [3, 25, 40])
    def test_twelve_queries_at_most_whatever_the_team(
        self, client, coordinator, creche, size, django_assert_max_num_queries
    ):
        expect(creche, 4, 20)
        team = [worker(creche) for _ in range(size)]
        leave = LeaveFactory(person=team[0], starts_on=D(2026, 4, 7), ends_on=D(2026, 4, 20))
        for posting in team[1:]:
            LeaveFactory(person=posting, starts_on=D(2026, 4, 9), ends_on=D(2026, 4, 10))
        client.force_login(coordinator)
        with django_assert_max_num_queries(12):
            text = client.get(leave.get_absolute_url()).content.decode()
        assert text.count("tbody") >= 2
        assert len(consequences(leave).days) == 10


@pytest.mark.django_db
def test_n_single_decisions_are_one_bulk_decision(coordinator, creche, next_creche, pole_head):
    """The same requests in two houses: one by one here, together there (failure C22)."""
    houses = []
    for house in (creche, next_creche):
        expect(house, 0, 12)
        team = [worker(house, job=job, employee__user=UserFactory()) for job in (Job.DIRECTOR, Job.DEPUTY, Job.EJE)]
        houses.append([LeaveFactory(person=posting) for posting in team])
    singles, together = houses
    said = []
    for leave in singles:
        try:
            leave.grant(by=pole_head)
        except TransitionRefused as refusal:
            said.append(str(refusal))
    done, refusals = grant_all(together, by=pole_head)
    assert (done, len(refusals)) == (len(singles) - len(said), len(said))
    assert [text.partition("\u00a0: ")[2] for text in refusals] == said
    assert [leave.status for leave in singles] == [leave.status for leave in together]
    told = [
        [
            sorted(JournalEntry.objects.filter(establishment=house).values_list("verb", "note")),
            Notification.objects.filter(url__in=[leave.get_absolute_url() for leave in leaves]).count(),
            Unavailability.objects.filter(person__employee__leaves__in=leaves).count(),
        ]
        for house, leaves in ((creche, singles), (next_creche, together))
    ]
    assert told[0] == told[1]
    left = [leave for leave in together if leave.status == Status.PROPOSED]
    assert refuse_all(left, by=pole_head, reason="ratio") == (len(left), [])


@pytest.mark.django_db
def test_a_selection_is_refused_together_with_one_reason(client, coordinator, team):
    leaves = [LeaveFactory(person=posting) for posting in team]
    client.force_login(coordinator)
    asked = {"demandes": [leave.pk for leave in leaves], "refuser": "1"}
    page = client.post("/conges/accorder/", asked, follow=True).content.decode()
    assert "Rien n’est décidé" in page
    assert LeaveRequest.objects.pending().count() == 3
    page = client.post("/conges/accorder/", asked | {"reason": "ratio"}, follow=True).content.decode()
    assert "3 congés refusés" in page
    assert set(LeaveRequest.objects.values_list("refusal_reason", flat=True)) == {"ratio"}


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"])
def test_the_way_back_never_leaves_the_product(client, coordinator, team, url):
    client.force_login(coordinator)
    answer = client.post("/conges/accorder/", {"demandes": [], "confirmer": "1", "retour": url})
    assert answer.headers["Location"] == "/conges/"


@pytest.mark.django_db(transaction=True)
def test_two_hundred_simultaneous_decisions_give_exactly_one(coordinator, pole_head, team):
    leave = LeaveFactory(person=team[2], client_uuid=uuid.uuid4())
    outcomes, barrier = [], threading.Barrier(20)

    def decide(number):
        try:
            barrier.wait()
            for click in range(10):
                mine = LeaveRequest.objects.get(pk=leave.pk)
                try:
                    if (number + click) % 2:
                        mine.grant(by=coordinator)
                    else:
                        mine.refuse(by=pole_head, reason="ratio")
                    outcomes.append("decided")
                except TransitionRefused:
                    outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided"] + ["refused"] * 199
    assert JournalEntry.objects.count() == 1
    leave.refresh_from_db()
    assert leave.decided_at <= timezone.now()


@pytest.mark.django_db
def test_the_book_of_a_page_is_three_queries(team, creche, django_assert_num_queries):
    with django_assert_num_queries(3):
        open_book([creche.pk], D(2026, 3, 1), D(2026, 6, 30))
