"""Transitions, the journal's chain, and two people deciding at once."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from establishments.models import JournalEntry, JournalHead, record
from establishments.models.journal import GENESIS
from establishments.workflow import TransitionRefused
from projects.models import ActionItem
from tests.factories import TODAY

Status = ActionItem.Status


def make_action(creche, user):
    return ActionItem.objects.create(establishment=creche, title="Revoir le couchage", due_on=TODAY, created_by=user)


def test_a_step_records_who_when_and_writes_one_journal_line(creche, coordinator):
    action = make_action(creche, coordinator)
    action.declare_done(by=coordinator, evidence="Lits espacés")
    assert (action.status, action.declared_by) == (Status.DONE, coordinator)
    entry = JournalEntry.objects.get()
    assert (entry.establishment, entry.actor, entry.verb) == (creche, coordinator, "action déclarée réalisée")
    assert entry.note == "Lits espacés"


def test_a_second_decision_is_refused_with_the_status_it_found(creche, coordinator, pole_head):
    action = make_action(creche, coordinator)
    action.abandon(by=pole_head, reason="Doublon")
    with pytest.raises(TransitionRefused, match="Déjà traité : abandonnée"):
        action.verify(by=coordinator)
    assert JournalEntry.objects.count() == 1


def test_a_half_recorded_decision_is_impossible(creche, coordinator):
    action = make_action(creche, coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionItem.objects.filter(pk=action.pk).update(status=Status.VERIFIED)


def test_the_journal_is_never_changed_nor_deleted(creche, coordinator):
    record("essai", creche, by=coordinator, establishment=creche)
    with pytest.raises(IntegrityError), transaction.atomic():
        JournalEntry.objects.update(note="autre chose")
    with pytest.raises(IntegrityError), transaction.atomic():
        JournalEntry.objects.all().delete()


def test_the_chain_starts_at_genesis_and_each_line_holds_the_one_before(creche, coordinator):
    entries = [record(f"essai {n}", creche, by=coordinator, establishment=creche) for n in range(3)]
    assert entries[0].previous == GENESIS
    assert [e.previous for e in entries[1:]] == [e.digest for e in entries[:-1]]
    call_command("verify_journal")


def tamper(sql):
    """Change the journal behind the product's back, as someone with the database's password would."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT ronde_seal(0)")
            cursor.execute(sql)
            cursor.execute("SELECT ronde_seal(1)")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE establishments_journalentry DISABLE TRIGGER USER")
            cursor.execute(sql)
            cursor.execute("ALTER TABLE establishments_journalentry ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE establishments_journalentry SET note = 'x' WHERE number = 2",
        "DELETE FROM establishments_journalentry WHERE number = 2",
        "DELETE FROM establishments_journalentry WHERE number = 3",
    ],
)
def test_a_changed_or_missing_line_is_found(creche, coordinator, sql):
    for n in range(3):
        record(f"essai {n}", creche, by=coordinator, establishment=creche)
    tamper(sql)
    with pytest.raises(CommandError, match="Journal altéré"):
        call_command("verify_journal")


@pytest.mark.django_db(transaction=True)
def test_of_eight_decisions_at_once_exactly_one_succeeds(creche, coordinator):
    action = make_action(creche, coordinator)
    outcomes, barrier = [], threading.Barrier(8)

    def decide():
        try:
            mine = ActionItem.objects.get(pk=action.pk)
            barrier.wait()
            mine.declare_done(by=coordinator)
            outcomes.append("done")
        except TransitionRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done"] + ["refused"] * 7
    assert JournalEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_entries_make_one_unbroken_chain(creche, coordinator):
    def write():
        try:
            for n in range(5):
                record(f"essai {n}", creche, by=coordinator, establishment=creche)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert JournalHead.objects.get().number == JournalEntry.objects.count() == 20
    call_command("verify_journal")
