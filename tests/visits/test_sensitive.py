"""Sensitive files: sealed, read by their readers alone, every opening logged, purged with a certificate."""

import datetime
import uuid

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.models import Notification, SearchEntry
from core.sealing import CannotOpen, seal, unseal
from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from tests.visits.sensitive import opened
from visits.models import PurgeCertificate, SensitiveFile, SensitiveNote, SensitiveReading
from visits.recurring import purge_sensitive_files

CANARY = "perroquet-cobalt-4417"
OTHERS = [
    *("colleague", "neighbour", "former", "division_head", "central", "assistant", "health_lead"),
    *("director", "far_director", "administrator", "elected", "nobody", "superuser"),
]


@pytest.fixture
def file(creche, coordinator):
    return opened(creche, coordinator, CANARY)


def test_the_database_holds_no_word_of_what_is_written(file, coordinator):
    file.add_note(by=coordinator, text=f"Rencontre. {CANARY}", client_uuid=uuid.uuid4())
    for model in (SensitiveFile, SensitiveNote):
        for closed in model.objects.values_list("sealed", flat=True):
            assert CANARY.encode() not in bytes(closed)
    assert (file.subject, file.notes.get().text) == (CANARY, f"Rencontre. {CANARY}")


def test_the_readers_and_the_head_of_the_pole_read_it_and_nobody_knows_it_otherwise(
    request, client, file, coordinator, pole_head
):
    for who in (coordinator, pole_head):
        client.force_login(who)
        assert CANARY in client.get(file.get_absolute_url()).content.decode()
    for name in OTHERS:
        user = request.getfixturevalue(name)
        client.force_login(user)
        assert client.get(file.get_absolute_url()).status_code == 404, name
        assert not SensitiveFile.objects.visible_to(user).exists(), name


def read(client, path):
    """The bytes of a page or of a file, whether it is streamed or not."""
    response = client.get(path)
    return b"".join(response.streaming_content) if response.streaming else response.content


PAGES = [
    *("/", "/a-traiter/", "/visites/", "/etablissements/", "/recherche/", "/recherche/textes/", "/actions/"),
    *("/visites/dossiers/", "/visites/dossiers/?export=csv", "/visites/dossiers/?export=xlsx", "/notifications/"),
    *("/visites/?export=csv", "/etablissements/?export=csv", "/recherche/?q={q}", "/recherche/textes/?q={q}"),
    *("/etablissements/{house}/", "/etablissements/{house}/historique/", "/visites/dossiers/?q={q}"),
]


@pytest.mark.parametrize("name", ["colleague", "division_head", "central", "assistant", "director", "administrator"])
def test_no_list_search_export_or_notification_of_others_says_a_word_of_it(
    request, client, file, coordinator, creche, name
):
    """A page echoes what is looked for: one of the two is looked for, the other must not appear."""
    file.add_note(by=coordinator, text=CANARY, client_uuid=uuid.uuid4())
    user = request.getfixturevalue(name)
    client.force_login(user)
    address = file.get_absolute_url().encode()
    for asked, hidden in ((CANARY, file.reference), (file.reference, CANARY)):
        for path in PAGES:
            content = read(client, path.format(q=asked, house=creche.pk))
            assert hidden.encode() not in content, path
            assert address not in content, path
    assert not Notification.objects.filter(user=user).exists()


def test_the_search_of_its_own_readers_does_not_index_it_either(file):
    assert not SearchEntry.objects.filter(body__contains=CANARY).exists()
    assert not SearchEntry.objects.filter(title__contains=file.reference).exists()


def test_the_journal_keeps_a_line_that_no_page_shows(file, coordinator, pole_head):
    lines = JournalEntry.objects.filter(subject_kind="visits.sensitivefile")
    assert list(lines.values_list("verb", "establishment", "territory")) == [("dossier ouvert", None, None)]
    for who in (coordinator, pole_head):
        assert not lines.visible_to(who).exists()


def test_each_opening_is_logged_before_the_page_and_shown_to_the_readers(client, file, pole_head, coordinator):
    client.force_login(pole_head)
    client.get(file.get_absolute_url())
    client.force_login(coordinator)
    page = client.get(file.get_absolute_url()).content.decode()
    assert list(file.readings.order_by("pk").values_list("user", flat=True)) == [pole_head.pk, coordinator.pk]
    assert str(pole_head) in page.split("Ouvertures du dossier")[1]


def test_an_opening_once_logged_is_never_erased(file, coordinator):
    reading = file.log_reading(by=coordinator)
    for change in (
        lambda: SensitiveReading.objects.filter(pk=reading.pk).update(way="x"),
        lambda: SensitiveReading.objects.filter(pk=reading.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_named_reader_is_told_without_a_word_of_it_and_reads_until_she_is_removed(
    client, file, coordinator, assistant
):
    client.force_login(coordinator)
    client.post(reverse("visits:sensitive_reader_add", args=[file.pk]), {"user": assistant.pk})
    client.post(reverse("visits:sensitive_reader_add", args=[file.pk]), {"user": assistant.pk})
    (told,) = Notification.objects.filter(user=assistant)
    assert CANARY not in told.title + told.body
    client.force_login(assistant)
    assert client.get(file.get_absolute_url()).status_code == 200
    reader = file.readers.get(user=assistant)
    client.force_login(coordinator)
    client.post(reverse("visits:sensitive_reader_end", args=[file.pk, reader.pk]))
    client.force_login(assistant)
    assert client.get(file.get_absolute_url()).status_code == 404


def test_whoever_opened_it_is_not_removed(file, pole_head):
    with pytest.raises(TransitionRefused):
        file.end_reader(file.readers.get(), by=pole_head)


def test_somebody_from_elsewhere_is_not_on_offer(client, file, coordinator, neighbour):
    client.force_login(coordinator)
    client.post(reverse("visits:sensitive_reader_add", args=[file.pk]), {"user": neighbour.pk})
    assert file.readers.count() == 1


def test_the_same_form_twice_opens_one_file_and_adds_one_note(client, creche, coordinator):
    client.force_login(coordinator)
    data = {"client_uuid": uuid.uuid4(), "establishment": creche.pk, "kind": "interview", "subject": CANARY}
    for _ in range(2):
        client.post(reverse("visits:sensitive_create"), data)
    file = SensitiveFile.objects.get()
    note = {"client_uuid": uuid.uuid4(), "text": "Une note."}
    for _ in range(2):
        client.post(reverse("visits:sensitive_note", args=[file.pk]), note)
    assert file.notes.count() == 1


def test_the_key_of_a_form_is_of_no_use_to_somebody_else(file, pole_head, creche):
    with pytest.raises(TransitionRefused):
        SensitiveFile(establishment=creche, kind="other").start(
            by=pole_head, subject="x", client_uuid=file.client_uuid
        )


def test_a_house_of_another_sector_is_an_invalid_choice(client, coordinator, next_creche):
    client.force_login(coordinator)
    data = {"client_uuid": uuid.uuid4(), "establishment": next_creche.pk, "kind": "other", "subject": "x"}
    assert client.post(reverse("visits:sensitive_create"), data).status_code == 200
    assert not SensitiveFile.objects.exists()


def test_a_closed_file_is_read_and_no_longer_changes(client, file, coordinator, today):
    file.close(by=coordinator, today=today)
    with pytest.raises(TransitionRefused):
        file.add_note(by=coordinator, text="x", client_uuid=uuid.uuid4())
    client.force_login(coordinator)
    assert CANARY in client.get(file.get_absolute_url()).content.decode()


def test_a_file_is_purged_the_day_after_its_time_and_leaves_a_certificate(
    client, file, coordinator, today, time_machine
):
    file.add_note(by=coordinator, text=CANARY, client_uuid=uuid.uuid4())
    file.log_reading(by=coordinator)
    file.close(by=coordinator, today=today)
    assert file.keep_until == today.replace(year=today.year + 10)
    for days, left in ((0, 1), (1, 0)):
        time_machine.move_to(datetime.datetime.combine(file.keep_until, datetime.time(12)) + datetime.timedelta(days))
        purge_sensitive_files.call()
        purge_sensitive_files.call()
        assert SensitiveNote.objects.count() == left
    certificate = PurgeCertificate.objects.get()
    assert (certificate.reference, certificate.notes) == (file.reference, 1)
    file.refresh_from_db()
    assert file.sealed is None
    assert file.readings.count() == 1


def test_a_missing_key_is_said_and_loses_nothing(client, file, coordinator, settings):
    kept = settings.SENSITIVE_KEYS
    settings.SENSITIVE_KEYS = [Fernet.generate_key().decode()]
    client.force_login(coordinator)
    page = client.get(file.get_absolute_url()).content.decode()
    assert "clé absente" in page
    assert CANARY not in page
    with pytest.raises(CannotOpen):
        unseal(file.sealed)
    settings.SENSITIVE_KEYS = kept
    assert CANARY in client.get(file.get_absolute_url()).content.decode()


def test_a_key_is_changed_by_sealing_everything_again(file, coordinator, settings, capsys):
    file.add_note(by=coordinator, text="Une note.", client_uuid=uuid.uuid4())
    old, new = settings.SENSITIVE_KEYS[0], Fernet.generate_key().decode()
    settings.SENSITIVE_KEYS = [new, old]
    call_command("reseal")
    settings.SENSITIVE_KEYS = [new]
    assert SensitiveFile.objects.get().subject == CANARY
    assert SensitiveNote.objects.get().text == "Une note."
    settings.SENSITIVE_KEYS = [old]
    with pytest.raises(CommandError, match="Rien n’a changé"):
        call_command("reseal")


def test_the_same_text_is_never_sealed_into_the_same_bytes():
    assert seal("x") != seal("x")


def test_the_export_of_a_reader_has_references_and_no_text(client, file, coordinator):
    client.force_login(coordinator)
    content = read(client, reverse("visits:sensitive_list") + "?export=csv")
    assert file.reference.encode() in content
    assert CANARY.encode() not in content


def test_the_list_takes_the_same_queries_for_1_and_30_files(
    client, creche, coordinator, django_assert_max_num_queries
):
    client.force_login(coordinator)
    for number in range(30):
        if number in (1, 29):
            with django_assert_max_num_queries(12):
                client.get(reverse("visits:sensitive_list"))
        opened(creche, coordinator, f"objet {number}")
