"""The fair hearing: every remark of the director is answered, and printed with its answer (M14)."""

import datetime
import random
import zoneinfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from tests.pdf_reading import extract_text, words_of
from visits.models import Remark, Visit
from visits.printing import report_file
from visits.report_facts import report_of
from visits.reports import from_json, reading_of, to_json

pytestmark = pytest.mark.django_db
REMARKS = ["Le plan était affiché.", "Le poste est pourvu depuis lundi.", "La porte était fermée à 10 h 20."]


@pytest.fixture
def answered(visit, coordinator, director):
    visit.share(by=coordinator)
    visit.answer(by=director, remark=REMARKS)
    return Visit.objects.get(pk=visit.pk)


def decide_all(visit, by):
    first, second, third = visit.remarks.all()
    first.accept(by=by, reason="Affiche vue depuis.")
    second.refuse(by=by, reason="Le contrat n’est pas signé.")
    third.accept(by=by)


def test_a_report_is_not_validated_while_a_remark_waits(answered, coordinator):
    with pytest.raises(TransitionRefused, match="3 observations attendent"):
        answered.validate_report(by=coordinator)
    decide_all(answered, coordinator)
    answered.validate_report(by=coordinator)
    assert answered.report_status == "validated"


def test_every_remark_is_in_the_final_paper_with_its_answer(answered, coordinator):
    decide_all(answered, coordinator)
    answered.validate_report(by=coordinator)
    visit = Visit.objects.get(pk=answered.pk)
    stored = {(r.text, r.decision, r.reason) for r in visit.remarks.all()}
    assert {(r.text, r.decision, r.reason) for r in report_of(visit).progress.remarks} == stored
    assert {text for text, _, _ in stored} == set(REMARKS)
    for reading in ("interne", "etablissement"):
        text = words_of(extract_text(report_file(visit, reading)[0]))
        for remark, decision, reason in stored:
            assert words_of(remark) in text
            assert words_of(reason) in text
            assert {"accepted": "Acceptée.", "refused": "Refusée."}[decision] in text
    public = words_of(extract_text(report_file(visit, "elu")[0]))
    assert not [one for one in REMARKS if words_of(one) in public]


def test_a_refusal_without_a_reason_is_refused_everywhere(answered, coordinator):
    remark = answered.remarks.first()
    with pytest.raises(TransitionRefused, match="motif"):
        remark.refuse(by=coordinator, reason="  ")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE visits_remark SET decision = 'refused', decided_by_id = %s, decided_at = %s WHERE id = %s",
            [coordinator.pk, "2026-03-17 09:00:00+00:00", remark.pk],
        )


def test_a_decision_may_change_until_the_report_is_validated(answered, coordinator):
    remark = answered.remarks.first()
    remark.accept(by=coordinator)
    remark.refuse(by=coordinator, reason="Rien ne l’établit.")
    assert JournalEntry.objects.filter(verb__startswith="observation ").count() == 2
    decide_all(answered, coordinator)
    answered.validate_report(by=coordinator)
    late = Remark.objects.get(pk=remark.pk)
    with pytest.raises(TransitionRefused, match="validé"):
        late.accept(by=coordinator)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visits_remark SET text = 'autre' WHERE visit_id = %s",
        "UPDATE visits_remark SET reason = 'autre' WHERE visit_id = %s",
        "DELETE FROM visits_remark WHERE visit_id = %s",
        "INSERT INTO visits_remark (visit_id, position, text, decision, reason) VALUES (%s, 9, 'x', '', '')",
    ],
)
def test_the_database_keeps_the_remarks_of_a_validated_report(answered, coordinator, statement):
    decide_all(answered, coordinator)
    answered.validate_report(by=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [answered.pk])
    assert answered.remarks.count() == 3


def test_the_director_writes_several_and_the_coordinator_answers_each(client, visit, coordinator, director):
    visit.share(by=coordinator)
    client.force_login(director)
    data = {"remark": REMARKS[0], "remark_2": REMARKS[1], "remark_3": "", "remark_4": REMARKS[2]}
    client.post(reverse("visits:answer", args=[visit.pk]), data)
    assert list(visit.remarks.values_list("text", flat=True)) == REMARKS
    client.force_login(coordinator)
    page = client.get(visit.get_absolute_url())
    assert len(page.context["to_decide"]) == 3
    assert not page.context["may_validate"]
    first, second, third = visit.remarks.all()
    url = lambda remark: reverse("visits:remark_decide", args=[remark.pk])  # noqa: E731
    client.post(url(first), {"decision": "accepted", "reason": ""})
    refused = client.post(url(second), {"decision": "refused", "reason": ""}, follow=True)
    assert "avec son motif" in refused.content.decode()
    client.post(url(second), {"decision": "refused", "reason": "Non établi."})
    client.post(url(third), {"decision": "accepted", "reason": ""})
    assert client.get(visit.get_absolute_url()).context["may_validate"]
    client.force_login(director)
    assert "Non établi." in client.get(visit.get_absolute_url()).content.decode()


def test_any_set_of_remarks_is_all_there_with_its_answers(visit, coordinator, director):
    chance = random.Random(14)
    endings = ["« oui »", "<b>", "5 % & plus", "ligne\nseconde"]
    texts = [f"Observation {n} : {chance.choice(endings)}" for n in range(12)]
    visit.share(by=coordinator)
    visit.answer(by=director, remark=texts)
    for remark in visit.remarks.all():
        if chance.random() < 0.5:
            remark.refuse(by=coordinator, reason=f"Motif {remark.position}")
        else:
            remark.accept(by=coordinator, reason="")
    visit.validate_report(by=coordinator)
    report = report_of(Visit.objects.get(pk=visit.pk))
    assert [line.text for line in report.progress.remarks] == texts
    assert all(line.reason for line in report.progress.remarks if line.decision == "refused")
    text = words_of(extract_text(report_file(Visit.objects.get(pk=visit.pk), "etablissement")[0]))
    assert [one for one in texts if words_of(one) not in text] == []


def test_a_report_stored_before_remarks_existed_still_opens(visit):
    stored = to_json(report_of(visit))
    del stored["progress"]["remarks"]
    assert from_json(stored).progress.remarks == ()
    assert reading_of(from_json(stored), "elu").progress.remarks == ()


@pytest.mark.parametrize(("shift", "waits"), [(-1, True), (0, True), (1, False)])
def test_silence_lets_the_report_close_at_d_plus_1_and_not_before(visit, coordinator, shift, waits):
    visit.share(by=coordinator)
    day = Visit.objects.get(pk=visit.pk).answer_due_on + datetime.timedelta(days=shift)
    with time_machine.travel(datetime.datetime(day.year, day.month, day.day, 9, tzinfo=datetime.UTC), tick=False):
        if waits:
            with pytest.raises(TransitionRefused, match="à partir du lendemain"):
                visit.validate_report(by=coordinator)
        else:
            visit.validate_report(by=coordinator)
            assert report_of(Visit.objects.get(pk=visit.pk)).progress.is_silent


def test_the_time_to_answer_skips_the_holidays_of_alsace_moselle_where_set(visit, coordinator, settings):
    settings.RONDE_ALSACE_MOSELLE = True
    with time_machine.travel(datetime.datetime(2026, 3, 27, 9, tzinfo=datetime.UTC), tick=False):
        visit.share(by=coordinator)
    assert Visit.objects.get(pk=visit.pk).answer_due_on == datetime.date(2026, 4, 10)


def test_the_time_to_answer_is_set_by_the_collectivite_and_the_silence_follows(visit, coordinator, settings, client):
    settings.RONDE_ANSWER_WORKING_DAYS = 3
    with time_machine.travel(datetime.datetime(2026, 4, 30, 9, tzinfo=datetime.UTC), tick=False):
        client.force_login(coordinator)
        assert "mercredi 6 mai 2026" in client.get(visit.get_absolute_url()).content.decode()
        visit.share(by=coordinator)
    assert Visit.objects.get(pk=visit.pk).answer_due_on == datetime.date(2026, 5, 6)  # neither 1 May nor a week-end
    in_paris = zoneinfo.ZoneInfo("Europe/Paris")
    last_minute = datetime.datetime(2026, 5, 6, 23, 59, tzinfo=in_paris)
    refused = pytest.raises(TransitionRefused, match="à partir du lendemain")
    with time_machine.travel(last_minute, tick=False), refused:
        visit.validate_report(by=coordinator)
    with time_machine.travel(last_minute + datetime.timedelta(minutes=1), tick=False):
        visit.validate_report(by=coordinator)
