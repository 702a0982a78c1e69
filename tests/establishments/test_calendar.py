"""Closures, frozen places and dated duties: written once, told in the journal, refused with their reason."""

import datetime
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from establishments.keeping import deposit, keep_closure
from establishments.models import CapacityChange, Closure, Document, JournalEntry, Obligation
from establishments.uploads import read_upload
from tests.establishments.access import document_of
from tests.establishments.reading import get, html, post_closure
from tests.factories import LONG_AGO, TODAY

pytestmark = pytest.mark.usefixtures("today")
DAY = datetime.timedelta(days=1)


def test_a_closure_sent_twice_is_one_closure_and_one_decision(client, coordinator, creche):
    client.force_login(coordinator)
    for _ in range(2):
        assert post_closure(client, creche, label="Pont de l’Ascension").status_code == 302
    assert Closure.objects.get().label == "Pont de l’Ascension"
    assert [entry.verb for entry in JournalEntry.objects.all()] == ["fermeture enregistrée"]
    text = html(client, "calendar", creche.pk)
    assert "Pont de l’Ascension" in text
    assert "1 jour d’ouverture fermé" in text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"ends_on": "2026-05-14"}, "La date de fin précède"),
        ({"part": "morning", "ends_on": "2026-05-16"}, "demi-journée"),
        ({"starts_on": "demain"}, "date"),
        ({"cause": "maladie"}, "choix"),
    ],
)
def test_a_refused_closure_says_why_and_keeps_what_was_typed(client, coordinator, creche, fields, message):
    client.force_login(coordinator)
    text = post_closure(client, creche, label="Mon pont", **fields).content.decode()
    assert message in text
    assert 'value="Mon pont"' in text
    assert not Closure.objects.exists()


def test_a_form_offers_choices_in_words_and_never_a_row_of_dashes(client, coordinator, creche):
    client.force_login(coordinator)
    for name in ("closure_add", "freeze_add", "document_add"):
        assert "----" not in html(client, name, creche.pk)
    assert ">Choisir…</option>" in html(client, "closure_add", creche.pk)


def test_a_text_that_names_somebody_is_kept_and_remarked_upon(client, coordinator, creche):
    client.force_login(coordinator)
    url = reverse("establishments:freeze_add", args=[creche.pk])
    given = {"places": "2", "reason": "vacancy", "starts_on": "2026-03-01", "note": "Mme Durand en arrêt maladie"}
    text = client.post(url, given, follow=True).content.decode()
    assert "C’est enregistré." in text
    assert "motif de l’absence" in text
    assert CapacityChange.objects.count() == 1


def test_the_host_is_a_house_of_the_perimeter_other_than_the_closed_one(
    client, coordinator, creche, next_creche, far_creche
):
    client.force_login(coordinator)
    for forged in (far_creche, creche):
        assert post_closure(client, creche, host=forged.pk).status_code == 200
    assert post_closure(client, creche, host=next_creche.pk).status_code == 302
    assert "Crèche Gambetta" in html(client, "calendar", creche.pk)


def test_a_closure_is_changed_then_removed_and_the_journal_keeps_both(client, coordinator, creche):
    client.force_login(coordinator)
    post_closure(client, creche)
    closure = Closure.objects.get()
    given = {"cause": "strike", "part": "day", "starts_on": "2026-05-15", "ends_on": "2026-05-15"}
    client.post(reverse("establishments:closure_edit", args=[closure.pk]), given)
    assert Closure.objects.get().cause == "strike"
    for _ in range(2):
        client.post(reverse("establishments:closure_delete", args=[closure.pk]))
    assert not Closure.objects.exists()
    verbs = ["fermeture enregistrée", "fermeture modifiée", "fermeture supprimée"]
    assert [entry.verb for entry in JournalEntry.objects.order_by("number")] == verbs


@pytest.mark.parametrize("year", ["2025", "1999", "9999", "abc", "-5", "²²²²", "20260"])
def test_any_year_asked_gives_a_calendar(client, coordinator, creche, year):
    client.force_login(coordinator)
    text = html(client, "calendar", creche.pk, query=f"?annee={year}")
    assert f"Fermetures de l’année {'2025' if year == '2025' else '2026'}" in text


def test_the_register_of_obligations_lists_every_duty_the_most_pressing_first(client, coordinator, creche):
    Obligation.objects.create(establishment=creche, kind="air", done_on=LONG_AGO, expires_on=TODAY + 300 * DAY)
    Obligation.objects.create(establishment=creche, kind="evacuation", done_on=LONG_AGO, expires_on=TODAY - 4 * DAY)
    client.force_login(coordinator)
    text = html(client, "obligations", creche.pk)
    assert text.index("expirée depuis 4 jours") < text.index("jamais faite") < text.index("à jour jusqu’au")
    assert text.count("jamais faite") == len(Obligation.Kind) - 2


def test_an_obligation_is_entered_then_updated_on_one_row(client, coordinator, creche):
    client.force_login(coordinator)
    url = reverse("establishments:obligation_edit", args=[creche.pk, "evacuation"])
    for done in ("2026-01-10", "2026-03-10"):
        assert client.post(url, {"done_on": done, "expires_on": "2026-09-10"}).status_code == 302
    assert Obligation.objects.get().done_on == datetime.date(2026, 3, 10)
    assert client.post(url, {"done_on": "2026-03-10", "expires_on": "2026-01-10"}).status_code == 200
    get(client, "obligation_edit", creche.pk, "inconnue", status=404)


def test_evidence_is_a_document_of_this_house_only(client, pole_head, creche, next_creche):
    own, other = document_of(creche, "pole"), document_of(next_creche, "pole")
    client.force_login(pole_head)
    url = reverse("establishments:obligation_edit", args=[creche.pk, "water"])
    assert client.post(url, {"evidence": other.pk}).status_code == 200
    assert client.post(url, {"evidence": own.pk, "done_on": "2026-01-10"}).status_code == 302
    assert own.get_absolute_url() in html(client, "obligations", creche.pk)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_give_one_closure_and_one_file(creche, coordinator):
    barrier = threading.Barrier(4)
    upload = read_upload(SimpleUploadedFile("reglement.pdf", b"%PDF-1.7 %%EOF"))

    def click():
        try:
            barrier.wait()
            closure = Closure(establishment=creche, cause="bridge", starts_on=TODAY, ends_on=TODAY)
            keep_closure(closure, by=coordinator)
            deposit(Document(establishment=creche, title="Règlement"), upload, by=coordinator)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Closure.objects.count(), Document.objects.count(), JournalEntry.objects.count()) == (1, 1, 2)
