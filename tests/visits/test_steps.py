"""Plan, cancel, postpone, share, answer, validate: who may, in which order, and what each step does around it."""

import datetime
import threading

import pytest
import time_machine
from django.db import connection

from core.models import Notification
from establishments.models import JournalEntry, Level
from establishments.workflow import TransitionRefused
from projects.models import ActionItem
from tests.visits.factories import ActionCheckFactory, ActionFactory, VisitFactory, accept_remarks
from visits.models import Visit

pytestmark = pytest.mark.django_db
DUE = datetime.date(2026, 3, 27)  # eight working days after Tuesday 17 March 2026
Status = ActionItem.Status


def at(day):
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(9), datetime.UTC), tick=False)


def verbs(visit):
    return list(JournalEntry.objects.about(visit).order_by("number").values_list("verb", flat=True))


def test_a_cancelled_visit_keeps_its_reason(coordinator):
    visit = VisitFactory(planned=True)
    visit.cancel(by=coordinator, reason="crèche fermée pour travaux")
    visit.refresh_from_db()
    assert (visit.status, visit.status_reason) == ("cancelled", "crèche fermée pour travaux")
    assert verbs(visit) == ["visite annulée"]


def test_a_postponed_visit_makes_room_for_the_one_that_replaces_it(coordinator):
    visit = VisitFactory(planned=True, kind="thematic", is_announced=False)
    following = visit.postpone(by=coordinator, reason="grève", to=datetime.date(2026, 4, 2))
    assert visit.status == "postponed"
    assert (following.status, following.planned_on, following.replaces) == (
        "planned",
        datetime.date(2026, 4, 2),
        visit,
    )
    assert (following.kind, following.is_announced) == ("thematic", False)


def test_a_visit_is_not_postponed_to_an_earlier_day(coordinator):
    with pytest.raises(TransitionRefused, match="suivre"):
        VisitFactory(planned=True).postpone(by=coordinator, reason="grève", to=datetime.date(2026, 3, 24))


def test_a_visit_that_was_made_is_neither_cancelled_nor_postponed(coordinator):
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        VisitFactory().cancel(by=coordinator, reason="erreur")


def test_sharing_arrests_the_text_and_starts_the_clock(visit, coordinator):
    visit.share(by=coordinator)
    visit.refresh_from_db()
    assert (visit.report_status, visit.shared_by, visit.answer_due_on) == ("shared", coordinator, DUE)
    assert visit.facts["summary"]["text"] == "Une équipe posée.\nLe jeu libre progresse."
    assert verbs(visit) == ["compte rendu transmis"]


def test_sharing_tells_the_director_once(visit, coordinator, director):
    visit.share(by=coordinator)
    told = Notification.objects.get(user=director)
    assert told.url == visit.get_absolute_url()
    assert "27 mars 2026" in told.body


def test_an_incomplete_report_is_not_shared_and_says_what_is_missing(visit, coordinator):
    Visit.objects.filter(pk=visit.pk).update(summary="")
    ActionFactory(establishment=visit.establishment, title="Réparer la porte")
    with pytest.raises(TransitionRefused, match="synthèse") as refusal:
        visit.share(by=coordinator)
    assert "Réparer la porte" in str(refusal.value)
    visit.refresh_from_db()
    assert visit.report_status == "draft"
    assert not Notification.objects.exists()


def test_no_open_action_is_silently_forgotten(visit, coordinator):
    for title in ("Première", "Deuxième"):
        ActionFactory(establishment=visit.establishment, title=title)
    with pytest.raises(TransitionRefused) as refusal:
        visit.share(by=coordinator)
    assert "Première" in str(refusal.value)
    assert "Deuxième" in str(refusal.value)


@pytest.mark.parametrize(
    ("before", "seen", "after"),
    [
        (Status.TO_START, "in_progress", Status.IN_PROGRESS),
        (Status.TO_START, "done", Status.DONE),
        (Status.TO_START, "verified", Status.VERIFIED),
        (Status.TO_START, "abandoned", Status.ABANDONED),
        (Status.TO_START, "not_seen", Status.TO_START),
        (Status.TO_START, "to_start", Status.TO_START),
        (Status.DONE, "verified", Status.VERIFIED),
        (Status.DONE, "in_progress", Status.IN_PROGRESS),
        (Status.DONE, "not_seen", Status.DONE),
    ],
)
def test_an_action_takes_the_state_seen_when_the_report_is_shared(visit, coordinator, before, seen, after):
    action = ActionFactory(establishment=visit.establishment)
    if before == Status.DONE:
        action.declare_done(by=coordinator)
    ActionCheckFactory(visit=visit, action=action, state=seen, note="vu sur place")
    visit.share(by=coordinator)
    action.refresh_from_db()
    assert action.status == after


def test_an_action_closed_meanwhile_stays_closed(visit, coordinator, pole_head):
    action = visit.checks.get().action
    action.abandon(by=pole_head, reason="sans objet")
    visit.share(by=coordinator)
    action.refresh_from_db()
    assert action.status == Status.ABANDONED


def test_actions_raised_by_a_draft_stay_in_the_pole_until_it_is_shared(visit, coordinator, director):
    raised = visit.raised.get().action
    assert raised not in ActionItem.objects.visible_to(director)
    visit.share(by=coordinator)
    raised.refresh_from_db()
    assert raised.level == Level.ETABLISSEMENT
    assert raised in ActionItem.objects.visible_to(director)


def test_the_director_answers_within_the_time_and_the_coordinator_hears(visit, coordinator, director):
    visit.share(by=coordinator)
    with at(DUE):
        visit.answer(by=director, remark="Le plan est affiché depuis lundi.")
    assert visit.report_status == "answered"
    assert visit.response.remark == "Le plan est affiché depuis lundi."
    assert Notification.objects.filter(user=coordinator, title__contains="observations").exists()


def test_an_answer_after_the_time_is_refused(visit, coordinator, director):
    visit.share(by=coordinator)
    with at(DUE + datetime.timedelta(days=1)), pytest.raises(TransitionRefused, match="délai"):
        visit.answer(by=director, remark="Trop tard.")


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, False), (1, True)], ids=["D-1", "D", "D+1"])
def test_silence_lets_the_report_be_validated_from_the_day_after(visit, coordinator, days, allowed):
    visit.share(by=coordinator)
    with at(DUE + datetime.timedelta(days=days)):
        if allowed:
            visit.validate_report(by=coordinator)
        else:
            with pytest.raises(TransitionRefused, match="27 mars 2026"):
                visit.validate_report(by=coordinator)
    visit.refresh_from_db()
    assert (visit.report_status == "validated") is allowed


def test_an_answered_report_is_validated_at_once_and_signed(visit, coordinator, director, pole_head):
    visit.share(by=coordinator)
    visit.answer(by=director, remark="D’accord.")
    accept_remarks(visit, coordinator)
    visit.validate_report(by=pole_head)
    visit.refresh_from_db()
    assert (visit.report_status, visit.validated_by, len(visit.fingerprint)) == ("validated", pole_head, 64)
    assert visit.facts["progress"]["remark"] == "D’accord."
    assert verbs(visit) == ["compte rendu transmis", "observations reçues", "compte rendu validé"]


@pytest.mark.parametrize("step", ["share", "validate_report"])
def test_a_step_taken_twice_is_refused_kindly(visit, coordinator, step):
    visit.share(by=coordinator)
    if step == "validate_report":
        with at(DUE + datetime.timedelta(days=1)):
            visit.validate_report(by=coordinator)
            with pytest.raises(TransitionRefused, match="Déjà traité : validé"):
                visit.validate_report(by=coordinator)
    else:
        with pytest.raises(TransitionRefused, match="Déjà traité : transmis"):
            visit.share(by=coordinator)


def both_at_once(*steps):
    """Run the steps in threads of their own, started together; the sentences of those that were refused."""
    refusals, gate = [], threading.Barrier(len(steps))

    def run(step):
        try:
            gate.wait()
            step()
        except TransitionRefused as refusal:
            refusals.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


@pytest.mark.django_db(transaction=True)
def test_two_people_who_share_together_share_once(visit, coordinator, pole_head):
    refusals = both_at_once(
        lambda: Visit.objects.get(pk=visit.pk).share(by=coordinator),
        lambda: Visit.objects.get(pk=visit.pk).share(by=pole_head),
    )
    assert refusals == ["Déjà traité : transmis."]
    assert verbs(visit) == ["compte rendu transmis"]
    assert Notification.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_who_validate_together_validate_once(visit, coordinator, pole_head, director):
    visit.share(by=coordinator)
    visit.answer(by=director, remark="D’accord.")
    accept_remarks(visit, coordinator)
    refusals = both_at_once(
        lambda: Visit.objects.get(pk=visit.pk).validate_report(by=coordinator),
        lambda: Visit.objects.get(pk=visit.pk).validate_report(by=pole_head),
    )
    assert refusals == ["Déjà traité : validé."]
    assert verbs(visit).count("compte rendu validé") == 1
