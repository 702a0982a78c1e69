"""The board of the float pool: who is sent counts for the engine, a change shows its cost, one click decides once."""

import datetime
import re
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Job
from establishments.models import JournalEntry
from establishments.workflow import StaleVersion, TransitionRefused
from staffing import pool_steps
from staffing.coverage import assessed
from staffing.day_book import open_book
from staffing.models import FloatAssignment, PoolProposal
from staffing.need_proof import proof_of
from staffing.pool_board import effect_of
from staffing.pool_steps import distribute, houses_of, propose, undo
from staffing.pool_week import week_of
from staffing.recurring import forget_proposals
from staffing.short_staff import in_breach
from tests.factories import EstablishmentFactory
from tests.staffing.factories import LeaveFactory, NeedFactory, expect, float_agent, send, short_staffed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.date(2026, 3, 24)
MONDAY = datetime.date(2026, 3, 23)
NEXT = datetime.date(2026, 3, 25)


@pytest.fixture
def ana(sector, creche):
    """Of the pool, at home in the crèche, all the opening of every weekday."""
    return float_agent(sector, creche, employee__first_name="Ana", employee__last_name="Volante")


@pytest.fixture
def need(creche):
    return NeedFactory(establishment=creche)


def week(coordinator, territory=None):
    return week_of(houses_of(coordinator, territory, MONDAY), MONDAY)


def confirm(coordinator, wanted, *, seen=None, batch=None):
    seen = week(coordinator).fingerprint if seen is None else seen
    return distribute(coordinator, None, MONDAY, wanted, seen=seen, batch=batch or uuid.uuid4(), reasons={})


def is_short(house, day=DAY):
    """At noon, which the needs of these tests hold."""
    broken = in_breach(assessed(open_book([house.pk], day, day, day).house_day(house.pk, day)))
    return any(segment.start <= 720 < segment.end for segment in broken)


class TestPresence:
    def test_who_is_sent_counts_there_that_day_and_nowhere_else(self, sector, creche, coordinator, ana, need):
        other = EstablishmentFactory(sector=sector)
        for house in (creche, other):
            short_staffed(house)
        assert is_short(creche)
        send(need, ana, coordinator)
        assert [is_short(creche), is_short(creche, NEXT), is_short(other)] == [False, True, True]
        assert [(s.start, s.end) for s in proof_of(creche, DAY).stretches] == [(450, 480), (1020, 1110)]

    def test_only_during_her_hours_and_not_on_leave(self, creche, coordinator, ana):
        short_staffed(creche)
        need = NeedFactory(establishment=creche, starts_at=datetime.time(7, 30), ends_at=datetime.time(12))
        send(need, ana, coordinator)
        assert proof_of(creche, DAY).bounds == (720, 1110)
        stamp = {"status": "granted", "decided_by": coordinator, "decided_at": timezone.now()}
        LeaveFactory(person=ana, starts_on=DAY, ends_on=DAY, **stamp)
        assert proof_of(creche, DAY).bounds == (450, 1110)

    def test_who_is_sent_is_no_longer_proposed_elsewhere(self, sector, creche, coordinator, ana, need):
        other = EstablishmentFactory(sector=sector)
        assert [agent.name for agent in open_book([other.pk], DAY, DAY, DAY).floats_on(DAY)] == ["Ana Volante"]
        send(need, ana, coordinator)
        assert open_book([other.pk], DAY, DAY, DAY).floats_on(DAY) == []

    def test_a_withdrawn_assignment_counts_no_more(self, creche, coordinator, ana, need):
        short_staffed(creche)
        row = send(need, ana, coordinator)
        row.withdraw(by=coordinator)
        assert is_short(creche)

    def test_somebody_eligible_of_the_pool_may_direct_where_no_relay_is_designated(
        self, creche, coordinator, ana, need
    ):
        expect(creche, 5, 8)
        send(need, ana, coordinator)
        segments = assessed(open_book([creche.pk], DAY, DAY, DAY).house_day(creche.pk, DAY))
        assert [(s.start, s.end) for s in segments if s.direction_covered] == [(480, 1020)]

    def test_one_house_a_day_and_one_agent_a_need_are_kept_by_the_database(
        self, sector, creche, coordinator, ana, need
    ):
        send(need, ana, coordinator)
        for given in ((NeedFactory(establishment=creche), ana), (need, float_agent(sector, creche))):
            with pytest.raises(IntegrityError), transaction.atomic():
                send(*given, coordinator)


class TestConfirm:
    def test_a_change_says_its_cost_before(self, coordinator, ana, need):
        effect = effect_of(week(coordinator), {need.pk: ana.employee_id})
        assert effect.moves == ("Crèche Les Lilas, 24/03\u00a0: personne → Ana Volante",)
        assert effect.costs[0] == ("Demi-heures qui restent sous le taux", "18", "0")
        assert (effect.faults, effect.blocked) == ((), False)

    def test_the_same_page_sent_twice_decides_once(self, coordinator, ana, need):
        batch, seen = uuid.uuid4(), week(coordinator).fingerprint
        assert confirm(coordinator, {need.pk: ana.employee_id}, seen=seen, batch=batch) == 1
        assert confirm(coordinator, {need.pk: ana.employee_id}, seen=seen, batch=batch) == 0
        assert FloatAssignment.objects.confirmed().count() == 1
        assert JournalEntry.objects.filter(verb="affectation du pool confirmée").count() == 1

    def test_what_somebody_decided_meanwhile_is_not_overwritten_unseen(self, sector, creche, coordinator, ana, need):
        bruno = float_agent(sector, creche)
        seen = week(coordinator).fingerprint
        confirm(coordinator, {need.pk: bruno.employee_id})
        with pytest.raises(StaleVersion) as stale:
            confirm(coordinator, {need.pk: ana.employee_id}, seen=seen)
        assert stale.value.current.choice == {need.pk: bruno.employee_id}
        assert FloatAssignment.objects.confirmed().get().employee == bruno.employee

    def test_legal_rest_and_absences_stop_it(self, sector, creche, coordinator, ana, need):
        night = NeedFactory(establishment=creche, on=MONDAY, starts_at=datetime.time(14), ends_at=datetime.time(22))
        late = float_agent(sector, creche, 6, 23)
        early = NeedFactory(establishment=creche, starts_at=datetime.time(6), ends_at=datetime.time(12))
        with pytest.raises(TransitionRefused, match="repos légal"):
            confirm(coordinator, {night.pk: late.employee_id, early.pk: late.employee_id})
        stamp = {"status": "granted", "decided_by": coordinator, "decided_at": timezone.now()}
        LeaveFactory(person=ana, starts_on=DAY, ends_on=DAY, **stamp)
        with pytest.raises(TransitionRefused, match="pas disponible"):
            confirm(coordinator, {need.pk: ana.employee_id})
        assert not FloatAssignment.objects.exists()

    def test_undoing_goes_back_to_who_was_there_before(self, sector, creche, coordinator, ana, need):
        bruno = float_agent(sector, creche)
        confirm(coordinator, {need.pk: ana.employee_id})
        batch = uuid.uuid4()
        confirm(coordinator, {need.pk: bruno.employee_id}, batch=batch)
        assert week(coordinator).choice == {need.pk: bruno.employee_id}
        assert undo(batch, by=coordinator) == 2
        assert week(coordinator).choice == {need.pk: ana.employee_id}
        assert undo(batch, by=coordinator) == 0

    def test_a_person_of_another_board_is_refused(self, far_sector, far_creche, coordinator, need):
        stranger = float_agent(far_sector, far_creche)
        with pytest.raises(TransitionRefused, match="plus dans ce tableau"):
            confirm(coordinator, {need.pk: stranger.employee_id})


class TestPropose:
    def test_who_knows_the_house_is_preferred_and_the_reason_is_kept(self, sector, creche, coordinator, ana, need):
        other = EstablishmentFactory(sector=sector)
        float_agent(sector, other)
        proposal = propose(coordinator, None, MONDAY)
        assert proposal.choices["agents"] == {str(need.pk): ana.employee_id}
        assert "connaît déjà les lieux" in proposal.choices["reasons"][str(need.pk)]
        assert not FloatAssignment.objects.exists()

    def test_what_is_confirmed_stays(self, sector, creche, coordinator, ana, need):
        bruno = float_agent(sector, creche)
        send(need, bruno, coordinator)
        second = NeedFactory(establishment=creche)
        proposal = propose(coordinator, None, MONDAY)
        assert proposal.choices["agents"] == {str(need.pk): bruno.employee_id, str(second.pk): ana.employee_id}

    def test_a_large_week_goes_through_the_queue_with_its_progress(
        self, coordinator, ana, need, monkeypatch, django_capture_on_commit_callbacks
    ):
        monkeypatch.setattr(pool_steps, "NOW_UP_TO", 0)
        with django_capture_on_commit_callbacks(execute=True):
            proposal = propose(coordinator, None, MONDAY)
        proposal.refresh_from_db()
        job = Job.objects.get(pk=proposal.job_id)
        assert (job.status, job.done, job.total) == ("done", 4, 4)
        assert proposal.choices["agents"] == {str(need.pk): ana.employee_id}
        assert coordinator.notifications.get().url == pool_steps.board_url(proposal)

    def test_a_stop_keeps_nothing(self, coordinator, ana, need, monkeypatch):
        proposal = PoolProposal.objects.create(
            owner=coordinator, week=MONDAY, job=Job.objects.create(owner=coordinator, label="x", stop_requested=True)
        )
        pool_steps.plan_pool.call(proposal.pk)
        proposal.refresh_from_db()
        assert (proposal.job.status, proposal.made_at) == ("stopped", None)

    def test_a_proposal_is_kept_thirty_days(self, coordinator):
        for days in (31, 29):
            asked_at = timezone.now() - datetime.timedelta(days=days)
            PoolProposal.objects.create(owner=coordinator, week=MONDAY, asked_at=asked_at)
        forget_proposals.call()
        assert PoolProposal.objects.count() == 1


class TestPage:
    URL = "/conges/pool/?semaine=2026-03-24"

    def data(self, page, **given):
        html = page.content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(client_uuid|seen|vu)" value="([^"]+)"', html))
        return hidden | given

    def test_proposed_looked_at_confirmed_twice_then_undone(self, client, coordinator, ana, need):
        client.force_login(coordinator)
        proposed = client.post(self.URL, {"step": "propose"})
        page = client.get(proposed.url)
        html = page.content.decode()
        assert "Ce que cela change" in html
        assert "connaît déjà les lieux" in html
        data = self.data(page, step="confirm", **{f"besoin-{need.pk}": ana.employee_id})
        for _ in range(2):
            done = client.post(proposed.url, data)
        row = FloatAssignment.objects.get()
        assert "connaît déjà les lieux" in row.reason
        assert "Annuler cette répartition" in client.get(done.url).content.decode()
        assert "Ana Volante" in client.get(need.get_absolute_url()).content.decode()
        client.post(reverse("staffing:pool_undo", args=[row.pk]), {"batch": str(row.confirmed_in)})
        assert not FloatAssignment.objects.confirmed().exists()

    def test_nothing_is_confirmed_before_its_cost_was_shown(self, client, coordinator, ana, need):
        client.force_login(coordinator)
        data = self.data(client.get(self.URL), step="confirm", **{f"besoin-{need.pk}": ana.employee_id})
        page = client.post(self.URL, data)
        assert not FloatAssignment.objects.exists()
        assert "personne → Ana Volante" in page.content.decode()
        client.post(self.URL, self.data(page, step="confirm", **{f"besoin-{need.pk}": ana.employee_id}))
        assert FloatAssignment.objects.confirmed().count() == 1

    def test_two_people_at_once_lose_nothing(self, client, sector, creche, coordinator, ana, need):
        bruno = float_agent(sector, creche, employee__first_name="Bruno", employee__last_name="Renfort")
        client.force_login(coordinator)
        chosen = {f"besoin-{need.pk}": ana.employee_id}
        page = client.post(self.URL, self.data(client.get(self.URL), step="preview", **chosen))
        confirm(coordinator, {need.pk: bruno.employee_id})
        html = client.post(self.URL, self.data(page, step="confirm", **chosen)).content.decode()
        assert "Quelqu’un a changé cette semaine" in html
        assert "Bruno Renfort → Ana Volante" in html
        assert FloatAssignment.objects.confirmed().get().employee == bruno.employee

    @pytest.mark.parametrize("rows", [1, 30])
    def test_the_board_asks_as_many_queries_for_thirty_needs_and_agents(
        self, client, sector, creche, coordinator, django_assert_max_num_queries, rows
    ):
        for _ in range(rows):
            NeedFactory(establishment=creche)
            float_agent(sector, creche)
        client.force_login(coordinator)
        with django_assert_max_num_queries(15):
            page = client.get(self.URL)
        assert len(page.context["rows"]) == rows

    @pytest.mark.parametrize(
        "week", ["0001-01-01", "9999-12-31", "hier", "2026-03-24&proposition=99999999999999999999"]
    )
    def test_an_address_that_makes_no_sense_shows_the_next_week(self, client, coordinator, ana, week):
        client.force_login(coordinator)
        assert client.get(f"/conges/pool/?semaine={week}").context["week"].monday == MONDAY

    def test_a_long_week_shows_one_day_at_a_time(self, client, creche, coordinator, ana):
        for day in (DAY, NEXT):
            for _ in range(21):
                NeedFactory(establishment=creche, on=day)
        client.force_login(coordinator)
        page = client.get(f"{self.URL}&jour={NEXT.isoformat()}")
        assert {row.need.on for row in page.context["rows"]} == {NEXT}
