"""The main job in a real browser: what is due, the visit, the answer, the validation, the PDF."""

import datetime
import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from projects.models import ActionItem
from tests.factories import TODAY
from tests.pdf_reading import extract_text
from visits.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FACT = "Section des moyens, 9 h 50 : sept enfants en jeu libre, deux professionnelles au sol."
SUMMARY = "Le jeu libre occupe une vraie place. Un point à reprendre sur le couchage."
ANSWER = "Le couchage a été revu dès lundi avec toute l’équipe."
LATER = timezone.localdate() + datetime.timedelta(days=55)


@pytest.fixture
def house(creche, director, coordinator):
    call_command("load_grid", default=True)
    ActionItem.objects.create(
        establishment=creche, title="Revoir le couchage", due_on=TODAY, created_by=coordinator, owner=director
    )
    return creche


def opened_by(browser, sign_in, user, *, width=1280, height=900):
    context = browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR", accept_downloads=True)
    sign_in(context, user)
    return context.new_page()


def fill_the_visit(page):
    page.get_by_label("Présents, qui ne marchent pas").fill("9")
    page.get_by_label("Présents, qui marchent").fill("17")
    page.get_by_label(re.compile("Professionnels présents de catégorie 1")).fill("3")
    page.get_by_label(re.compile("Professionnels présents de catégorie 2")).fill("2")
    page.get_by_label("Qui dirige ce jour").fill("Alice Roux")
    page.get_by_label("Arrivée").fill("09:30")
    page.get_by_label("Départ").fill("11:30")
    page.locator(".visit-check").get_by_label("en cours", exact=True).check()
    item = page.locator(".visit-item").first
    item.locator("summary").first.click()
    item.get_by_label("acquis", exact=True).check()
    item.get_by_label(re.compile("vu", re.IGNORECASE)).first.fill(FACT)
    page.locator("textarea[name=summary]").fill(SUMMARY)
    page.locator("input[name=next_visit_on]").fill(LATER.isoformat())


def test_a_visit_from_what_is_due_to_the_signed_pdf(
    house, coordinator, director, browser, sign_in, live_server, complaints
):
    page = opened_by(browser, sign_in, coordinator)
    heard = complaints(page)
    page.goto(live_server.url + reverse("visits:due"))
    expect(page.get_by_text("jamais visitée").last).to_be_visible()
    page.get_by_role("link", name=re.compile("^Saisir")).first.click()
    fill_the_visit(page)
    page.get_by_role("button", name="Enregistrer et relire").click()
    expect(page.get_by_text(FACT)).to_be_visible()
    expect(page.get_by_text("4 requis")).to_be_visible()  # 9/5 + 17/8, CSP R. 2324-46-4
    page.get_by_role("button", name="Transmettre").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Transmettre").click()
    visit = Visit.objects.get(establishment=house)
    assert visit.report_status == "shared"

    reader = opened_by(browser, sign_in, director, width=390, height=800)
    reader.goto(live_server.url + visit.get_absolute_url())
    reader.locator("main textarea").first.fill(ANSWER)
    reader.get_by_role("button", name="Envoyer mes observations").click()

    page.reload()
    expect(page.get_by_text(ANSWER).first).to_be_visible()
    page.get_by_label("Suite donnée").select_option("accepted")
    page.get_by_role("button", name="Enregistrer cette suite").click()
    page.get_by_role("button", name="Valider").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Valider").click()
    visit.refresh_from_db()
    assert visit.report_status == "validated"
    pdf = page.context.request.get(live_server.url + reverse("visits:report_pdf", args=[visit.pk]))
    assert pdf.headers["content-type"] == "application/pdf"
    text = " ".join(extract_text(pdf.body()).split())
    for typed in (FACT, SUMMARY, ANSWER, house.name):
        assert " ".join(typed.split()) in text.replace("\u202f", " ").replace("\u00a0", " ")
    assert heard == []


def test_a_visit_is_logged_without_javascript_on_a_small_phone(house, coordinator, browser, sign_in, live_server):
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="fr-FR")
    sign_in(context, coordinator)
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('visits:create')}?etablissement={house.pk}")
    fill_the_visit(page)
    page.get_by_role("button", name="Enregistrer et relire").click()
    expect(page.get_by_text(FACT)).to_be_visible()
    assert Visit.objects.get().summary == SUMMARY


def test_the_form_is_walked_by_keyboard_alone(house, coordinator, browser, sign_in, live_server):
    page = opened_by(browser, sign_in, coordinator)
    page.goto(f"{live_server.url}{reverse('visits:create')}?etablissement={house.pk}")
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.name || document.activeElement.tagName"))
        if page.evaluate("document.activeElement.name") == "relire":
            break
    assert {"visited_on", "present_walkers", "summary", "next_visit_on", "relire"} <= reached
