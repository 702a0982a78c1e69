"""A visit typed with and without a network in a real Chromium: what was shown as « enregistré » arrives, once."""

import json
import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from establishments.models import JournalEntry
from tests.e2e.offline_pages import (
    FACT,
    READ_ALL,
    STORED,
    SUMMARY,
    form_of,
    house,
    kept,
    on_the_shelf,
    open_page,
    ready,
    said,
    sent,
    served_by_the_worker,
    type_in,
    wait_until,
)
from tests.factories import PASSWORD
from tests.visits.factories import GridFactory
from visits.models import FieldChange, ObservationGrid, Visit, VisitAttachment
from visits.offline import worker
from visits.views import worker as worker_view

__all__ = ["house", "open_page"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_what_is_typed_arrives_without_a_click(house, open_page, live_server, complaints):
    page = open_page()
    heard = complaints(page)
    page.goto(live_server.url + form_of(house))
    ready(page)
    page.locator("textarea[name=summary]").press_sequentially("Une équipe posée.", delay=5)
    kept(page)
    sent(page)
    visit = Visit.objects.get()
    assert visit.summary == "Une équipe posée."
    expect(page).to_have_url(re.compile(reverse("visits:edit", args=[visit.pk]) + "$"))
    assert heard == []


def test_a_script_lost_on_the_way_is_asked_for_again_by_itself(house, open_page, live_server):
    page, lost = open_page(), []

    def drop_the_first(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.request.url)
            route.abort("connectionreset")

    page.route("**/js/visit/sender*.js", drop_the_first)
    page.goto(live_server.url + form_of(house))
    ready(page)
    assert len(lost) == 1
    page.locator("textarea[name=summary]").press_sequentially("Une équipe posée.", delay=5)
    sent(page)
    assert Visit.objects.get().summary == "Une équipe posée."


def first_origin(page):
    return "/".join(page.url.split("/")[:3])


def page_url(page, path):
    return page.context.base + path


def said_by_the_server(visit, summary):
    wait_until(lambda: Visit.objects.get(pk=visit.pk).summary == summary)


def begun(page, text="Une équipe posée."):
    """A visit of which the summary has arrived, on its own page."""
    ready(page)
    type_in(page, SUMMARY, text)
    sent(page)
    visit = Visit.objects.get()
    expect(page).to_have_url(re.compile(reverse("visits:edit", args=[visit.pk]) + "$"))
    return visit


def test_c7_what_is_typed_without_a_network_leaves_by_itself_at_its_return(house, open_page):
    page = open_page(form_of(house))
    ready(page)
    page.context.set_offline(True)
    type_in(page, SUMMARY, "Dans le couloir.")
    kept(page)
    expect(page.locator("[data-etat]")).to_contain_text("à transmettre")
    said(page, "offline")
    assert not Visit.objects.exists()
    page.context.set_offline(False)
    sent(page)  # within thirty-five seconds, without a click nor a refresh
    assert Visit.objects.get().summary == "Dans le couloir."
    assert JournalEntry.objects.filter(verb="visite saisie").count() == 1


def test_c1_a_tab_closed_without_a_network_gives_the_text_back(house, open_page):
    page = open_page(form_of(house))
    ready(page)
    page.context.set_offline(True)
    for letter in "Vingt frappes.":
        type_in(page, SUMMARY, letter)
    type_in(page, "input[name=directing]", "Alice Roux")
    kept(page)
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    again = open_page(form_of(house), context=page.context)
    ready(again)
    expect(again.locator(SUMMARY)).to_have_value("Vingt frappes.")
    expect(again.locator("input[name=directing]")).to_have_value("Alice Roux")
    said(again, "resumed")
    sent(again)
    assert (Visit.objects.get().summary, Visit.objects.get().directing) == ("Vingt frappes.", "Alice Roux")


def test_c3_an_answer_held_three_minutes_gives_one_visit(house, open_page):
    page = open_page()
    page.clock.install()
    held, counted = [], []

    def hold(route):
        counted.append(route.request)
        if len(held) < 2:
            answer = route.fetch()  # the server has it; the browser will not know for three minutes
            held.append((route, answer))
        else:
            route.continue_()

    page.route(re.compile(r"/hors-ligne/[0-9a-f-]{36}/$"), hold)
    page.goto(page_url(page, form_of(house)))
    ready(page)
    type_in(page, SUMMARY, "Lent.")
    page.clock.run_for(1_000)
    page.wait_for_function("() => document.querySelector('[data-etat]').dataset.etat === 'stored'")
    for _ in range(18):
        page.clock.run_for(10_000)
        page.wait_for_timeout(30)
    page.clock.resume()
    sent(page)
    assert len(counted) >= 3
    assert Visit.objects.count() == 1
    assert Visit.objects.get().summary == "Lent."
    assert FieldChange.objects.filter(name="summary").count() == 1


def test_c9_a_session_that_ends_loses_nothing_and_is_opened_again_in_the_page(house, open_page, coordinator):
    page = open_page(form_of(house))
    visit = begun(page)
    Session.objects.all().delete()
    type_in(page, SUMMARY, " Et la suite.")
    kept(page)
    said(page, "signed-out").get_by_role("button", name="Se reconnecter").click()
    page.get_by_label("Adresse électronique professionnelle").fill(coordinator.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    sent(page)
    visit.refresh_from_db()
    assert visit.summary == "Une équipe posée. Et la suite."
    expect(page.locator("[data-dit='signed-out']")).to_be_hidden()


def test_c9_a_token_renewed_elsewhere_stops_nothing(house, open_page):
    page = open_page(form_of(house))
    visit = begun(page)
    page.context.clear_cookies(name="csrftoken")
    type_in(page, SUMMARY, " Encore.")
    sent(page)
    visit.refresh_from_db()
    assert visit.summary == "Une équipe posée. Encore."


def test_c11_a_second_tab_is_read_only_and_says_why(house, open_page):
    first = open_page(form_of(house))
    begun(first)
    second = open_page(first.url.replace(first_origin(first), ""), context=first.context)
    assert "déjà ouverte dans un autre onglet" in said(second, "second").inner_text()
    expect(second.locator(SUMMARY)).to_be_disabled()
    first.close()
    ready(second)  # it takes over once the first is closed
    expect(second.locator(SUMMARY)).to_be_enabled()
    expect(second.locator(SUMMARY)).to_have_value("Une équipe posée.")


def test_c10_two_devices_on_one_field_both_texts_are_shown_and_neither_is_lost(house, open_page):
    one = open_page(form_of(house))
    visit = begun(one)
    other = open_page(reverse("visits:edit", args=[visit.pk]))
    ready(other)
    type_in(one, SUMMARY, " D’ici.")
    sent(one)
    type_in(other, SUMMARY, " De là.")
    type_in(other, "input[name=directing]", "Alice Roux")
    sent(other)
    panel = other.locator("[data-garde-a-part=summary]")
    expect(panel).to_contain_text("Une équipe posée. D’ici.")
    expect(panel).to_contain_text("Une équipe posée. De là.")
    visit.refresh_from_db()
    assert (visit.summary, visit.directing) == ("Une équipe posée. D’ici.", "Alice Roux")
    panel.get_by_role("button", name="Garder les deux").click()
    expect(panel).to_have_count(0)
    visit.refresh_from_db()
    assert visit.summary == "Une équipe posée. De là.\n\nUne équipe posée. D’ici."
    expect(other.locator(SUMMARY)).to_have_value(visit.summary)


def test_a_visit_is_reopened_without_a_network_and_goes_on(house, open_page):
    page = open_page(form_of(house))
    visit = begun(page)
    edit = reverse("visits:edit", args=[visit.pk])
    on_the_shelf(page, edit)
    served_by_the_worker(page)
    page.context.set_offline(True)
    page.reload()
    ready(page)
    assert page.locator("html").get_attribute("data-hors-ligne")
    expect(page.locator(SUMMARY)).to_have_value("Une équipe posée.")
    type_in(page, SUMMARY, " Sans réseau.")
    kept(page)
    page.context.set_offline(False)
    sent(page)
    visit.refresh_from_db()
    assert visit.summary == "Une équipe posée. Sans réseau."


def test_c5_a_new_version_while_a_draft_is_open_out_of_reach_leaves_it_editable(house, open_page, monkeypatch):
    page = open_page(form_of(house))
    visit = begun(page)
    on_the_shelf(page, reverse("visits:edit", args=[visit.pk]))
    served_by_the_worker(page)
    page.context.set_offline(True)
    type_in(page, SUMMARY, " Avant.")
    kept(page)
    script = worker.worker_script()
    monkeypatch.setattr(worker_view, "worker_script", lambda: script.replace('VERSION = "', 'VERSION = "neuve'))
    page.context.set_offline(False)
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    page.wait_for_function("async () => (await caches.keys()).some((name) => name.startsWith('ronde-neuve'))")
    page.context.set_offline(True)
    page.reload()
    ready(page)
    expect(page.locator(SUMMARY)).to_have_value("Une équipe posée. Avant.")
    type_in(page, SUMMARY, " Après.")
    kept(page)
    page.context.set_offline(False)
    sent(page)
    visit.refresh_from_db()
    assert visit.summary == "Une équipe posée. Avant. Après."


def test_c6_a_grid_changed_while_a_draft_is_open_leaves_the_draft_on_its_own(house, open_page):
    page = open_page(form_of(house))
    ready(page)
    old = ObservationGrid.objects.get(status="active", code="charte")
    page.context.set_offline(True)
    item = page.locator(".visit-item").first
    item.locator("summary").first.click()
    type_in(page, FACT, "Vu avec l’ancienne grille.")
    kept(page)
    ObservationGrid.objects.filter(pk=old.pk).update(status="retired")
    GridFactory(code="charte", version=99)
    page.context.set_offline(False)
    sent(page)
    visit = Visit.objects.get()
    assert (visit.grid, visit.observations.get().fact) == (old, "Vu avec l’ancienne grille.")


def sign_out(page, base):
    page.goto(base + reverse("account_logout"))
    page.locator("main form[action$='/deconnexion/'] button").first.click()


def test_c2_signing_out_with_unsent_texts_warns_keeps_them_sealed_and_sends_them_later(
    house, open_page, sign_in, coordinator, colleague
):
    page = open_page(form_of(house))
    visit = begun(page)
    page.route(re.compile("/hors-ligne/[0-9a-f-]{36}/"), lambda route: route.abort())
    type_in(page, SUMMARY, " Pas encore partie.")
    kept(page)
    base = page.context.base
    sign_out(page, base)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("n’est pas encore transmise")
    dialog.get_by_role("button", name="Se déconnecter quand même").click()
    expect(page).to_have_url(re.compile("/connexion/"))
    left = page.evaluate(STORED)
    assert "encore partie" not in left
    assert json.loads(left)["keys"] == []
    assert json.loads(left)["pages"] == []
    assert len(json.loads(left)["fields"]) >= 1
    # Another person on the same device: she is told nothing, and sends nothing of it.
    page.unroute_all()
    sign_in(page.context, colleague)
    page.goto(base + reverse("visits:due"))
    page.wait_for_timeout(1500)
    readable = page.evaluate(READ_ALL)
    assert "encore partie" not in readable
    visit.refresh_from_db()
    assert visit.summary == "Une équipe posée."
    # She is back: it leaves by itself, from any page.
    sign_in(page.context, coordinator)
    page.goto(base + form_of(house))
    ready(page)
    said_by_the_server(visit, "Une équipe posée. Pas encore partie.")


def test_c12_storage_wiped_is_restored_from_the_export(house, open_page, tmp_path):
    page = open_page(form_of(house))
    ready(page)
    page.context.set_offline(True)
    type_in(page, SUMMARY, "Gardée dans la copie.")
    kept(page)
    page.get_by_text("Copie de secours").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Enregistrer une copie chiffrée").click()
    copy = tmp_path / "saisies.ronde"
    download.value.save_as(copy)
    assert "Gardée" not in copy.read_text()
    page.close()
    other = open_page(form_of(house))  # another browser: nothing of it is there
    ready(other)
    expect(other.locator(SUMMARY)).to_have_value("")
    other.locator("[data-importer]").set_input_files(copy)
    expect(other.locator("[data-dit=imported]")).to_contain_text("reprise")
    wait_until(Visit.objects.exists)
    said_by_the_server(Visit.objects.get(), "Gardée dans la copie.")


def test_c12_the_copy_of_somebody_else_is_not_opened(house, open_page, tmp_path, pole_head):
    page = open_page(form_of(house))
    ready(page)
    page.context.set_offline(True)
    type_in(page, SUMMARY, "À elle seule.")
    kept(page)
    page.get_by_text("Copie de secours").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Enregistrer une copie chiffrée").click()
    copy = tmp_path / "saisies.ronde"
    download.value.save_as(copy)
    other = open_page(form_of(house), user=pole_head)
    ready(other)
    other.locator("[data-importer]").set_input_files(copy)
    expect(other.locator("[data-dit=imported]")).to_contain_text("autre personne")
    assert not Visit.objects.exists()


def test_c12_after_an_hour_it_warns_and_after_a_day_it_asks_for_a_copy(house, open_page):
    page = open_page()
    page.clock.install()
    page.goto(page_url(page, form_of(house)))
    ready(page)
    page.context.set_offline(True)
    type_in(page, SUMMARY, "Longtemps.")
    page.clock.run_for(2_000)
    page.clock.fast_forward("01:01:00")
    page.clock.run_for(21_000)
    said(page, "hour")
    page.clock.fast_forward("24:00:00")
    page.clock.run_for(21_000)
    expect(said(page, "day").get_by_role("button")).to_contain_text("copie chiffrée")
    expect(page.locator("[data-etat]")).to_contain_text("depuis 25")


def test_photographs_follow_once_the_network_is_back(house, open_page, tmp_path):
    picture = tmp_path / "porte.png"
    Image.new("RGB", (2400, 1200), "red").save(picture)
    page = open_page(form_of(house))
    ready(page)
    page.context.set_offline(True)
    for number in range(3):
        page.locator("[data-fichiers]").set_input_files(picture)
        expect(page.locator("[data-liste-fichiers] li")).to_have_count(number + 1)
        expect(page.locator("[data-liste-fichiers] li").last).to_contain_text("à transmettre")
    page.context.set_offline(False)
    for row in range(3):
        expect(page.locator("[data-liste-fichiers] li").nth(row)).to_contain_text("transmise", timeout=35_000)
    assert VisitAttachment.objects.count() == 3
    for one in VisitAttachment.objects.all():
        with one.file.open() as kept_file, Image.open(kept_file) as image:
            assert image.size == (1600, 800)
