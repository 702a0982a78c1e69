"""Corrective measures: closed on evidence and a second look, open again when a visit finds the gap again."""

import datetime

import pytest

from core.models import Notification
from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from projects.models import ActionItem
from projects.steps import allowed_steps
from tests.visits.factories import ActionFactory, ActionOriginFactory, ObservationFactory, VisitFactory
from visits.closing import found_again
from visits.models import Visit

pytestmark = pytest.mark.usefixtures("today")
Status = ActionItem.Status
SEEN_AT = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def measure(creche, director, coordinator):
    return ActionFactory(establishment=creche, owner=director, created_by=coordinator, kind="corrective")


def test_a_corrective_measure_is_verified_on_evidence_only(measure, director, coordinator):
    measure.declare_done(by=director)
    with pytest.raises(TransitionRefused, match="preuve"):
        measure.verify(by=coordinator)
    measure.verify(by=coordinator, evidence="Vu sur place.")
    assert (measure.status, measure.declared_by, measure.closed_by) == (Status.VERIFIED, director, coordinator)


def test_who_declared_it_or_is_in_charge_of_it_does_not_verify_it(measure, coordinator, pole_head):
    measure.declare_done(by=coordinator, evidence="Fait.")
    with pytest.raises(TransitionRefused, match="second regard"):
        measure.verify(by=coordinator, evidence="Vu.")
    assert not allowed_steps(measure, coordinator)["verify"]
    assert allowed_steps(measure, pole_head)["verify"]
    own = ActionFactory(establishment=measure.establishment, owner=coordinator, kind="corrective")
    with pytest.raises(TransitionRefused, match="second regard"):
        own.verify(by=coordinator, evidence="Vu.")


def test_an_improvement_is_verified_as_before(creche, coordinator):
    action = ActionFactory(establishment=creche, owner=coordinator)
    action.verify(by=coordinator)
    assert action.status == Status.VERIFIED


def earlier(visit, item, *, closed_at=SEEN_AT):
    """A measure raised on `item` by an earlier visit, verified before this one."""
    before = VisitFactory(
        establishment=visit.establishment, coordinator=visit.coordinator, visited_on=datetime.date(2026, 1, 12)
    )
    who = visit.coordinator
    action = ActionFactory(
        establishment=visit.establishment, kind="corrective", status="verified", evidence="Vu.", declared_by=who,
        declared_at=closed_at, closed_by=who, closed_at=closed_at, effectiveness="effective", assessed_by=who,
        assessed_at=closed_at,
    )  # fmt: skip
    ActionOriginFactory(visit=before, action=action, item=item)
    return action


def test_a_visit_that_finds_the_gap_again_opens_the_measure_again_when_it_is_shared(visit, grid, coordinator):
    _, gap, other = grid.items.all()
    again, elsewhere = earlier(visit, gap), earlier(visit, other)
    assert found_again(visit) == [again]
    again.owner = visit.coordinator
    visit.share(by=coordinator)
    again.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (again.status, again.reopened_count, again.evidence, again.closed_at) == ("in_progress", 1, "", None)
    assert again.effectiveness == ""
    assert elsewhere.status == Status.VERIFIED
    line = JournalEntry.objects.about(again).get(verb="action rouverte")
    assert "10/03/2026" in line.note


def test_a_measure_verified_after_the_visit_is_not_opened_again_by_it(visit, grid):
    _, gap, _ = grid.items.all()
    earlier(visit, gap, closed_at=datetime.datetime(2026, 3, 14, 9, 0, tzinfo=datetime.UTC))
    assert found_again(visit) == []


def test_only_the_last_measure_of_a_point_opens_again_and_its_owner_is_told(visit, grid, coordinator, director):
    _, gap, _ = grid.items.all()
    earlier(visit, gap, closed_at=SEEN_AT - datetime.timedelta(days=200))
    last = earlier(visit, gap)
    ActionItem.objects.filter(pk=last.pk).update(owner=director)
    visit.share(by=coordinator)
    assert list(ActionItem.objects.filter(reopened_count=1)) == [last]
    assert Notification.objects.filter(user=director, title="Une mesure vérifiée est à reprendre").count() == 1


def test_an_action_raised_where_a_gap_was_seen_becomes_a_corrective_measure(visit, grid, coordinator):
    _, gap, plain = grid.items.all()
    ObservationFactory(visit=visit, item=plain, rating="acquired")
    raised = {}
    for item in (gap, plain):
        raised[item] = ActionFactory(establishment=visit.establishment, origin_kind="visit")
        ActionOriginFactory(visit=visit, action=raised[item], item=item)
    Visit.objects.get(pk=visit.pk).share(by=coordinator)
    kinds = [ActionItem.objects.get(pk=raised[item].pk).kind for item in (gap, plain)]
    assert kinds == ["corrective", "improvement"]


def test_the_page_says_before_sharing_which_measures_will_open_again(client, visit, grid, coordinator):
    _, gap, _ = grid.items.all()
    again = earlier(visit, gap)
    client.force_login(coordinator)
    page = client.get(visit.get_absolute_url()).content.decode()
    assert "seront rouvertes" in page
    assert again.title in page


def test_a_visit_of_who_is_in_charge_only_declares_her_measure_done(visit, coordinator, pole_head):
    own = ActionFactory(establishment=visit.establishment, owner=coordinator, kind="corrective")
    visit.checks.create(action=own, state="verified", note="Fait.")
    visit.share(by=coordinator)
    own.refresh_from_db()
    assert own.status == Status.DONE
    own.verify(by=pole_head)
    assert own.status == Status.VERIFIED
