"""M19, M18: a whole visit without a network, from the mallette to the PDF; by keyboard, small, in few taps."""

import datetime
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.e2e.offline_pages import (
    FACT,
    READ_ALL,
    STORED,
    SUMMARY,
    house,
    kept,
    open_page,
    ready,
    sent,
    served_by_the_worker,
    type_in,
    wait_until,
)
from tests.pdf_reading import extract_text
from tests.visits.factories import ActionFactory, VisitFactory
from visits.models import Visit

__all__ = ["house", "open_page"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TOMORROW = timezone.localdate() + datetime.timedelta(days=55)


@pytest.fixture
def planned(house, coordinator):
    """A visit planned for today, in a house that has a report and an action."""
    made = timezone.localdate() - datetime.timedelta(days=50)
    VisitFactory(establishment=house, coordinator=coordinator, visited_on=made, summary="Le hall était calme.")
    ActionFactory(establishment=house, title="Revoir le couchage", due_on=timezone.localdate())
    return VisitFactory(establishment=house, coordinator=coordinator, planned=True, planned_on=timezone.localdate())


def packed(page):
    """The mallette is full and the worker answers."""
    expect(page.locator("[data-mallette-pleine='3']")).to_have_count(1, timeout=20_000)
    served_by_the_worker(page)


def test_a_whole_visit_without_a_network_from_the_mallette_to_the_pdf(planned, open_page, director):
    page = open_page(reverse("visits:mallette"))
    packed(page)
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("link", name="Crèche Les Lilas", exact=True).click()
    expect(page.get_by_text("Le hall était calme.")).to_be_visible()
    expect(page.get_by_text("Revoir le couchage").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Saisir")).first.click()
    ready(page)
    fill(page)
    kept(page)
    assert not Visit.objects.filter(status="done", visited_on=timezone.localdate()).exists()
    page.context.set_offline(False)
    sent(page)
    page.get_by_role("button", name="Enregistrer et relire").click()
    page.get_by_role("button", name="Transmettre").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Transmettre").click()
    wait_until(lambda: Visit.objects.get(pk=planned.pk).report_status == "shared")
    pdf = page.context.request.get(page.context.base + reverse("visits:report_pdf", args=[planned.pk]))
    text = " ".join(extract_text(pdf.body()).split()).replace("\u202f", " ").replace("\u00a0", " ")
    for told in ("Sept enfants au sol.", "Une équipe posée.", "Revoir le couchage", "Alice Roux"):
        assert told in text


def fill(page):
    for name, value in {
        "present_non_walkers": "9",
        "present_walkers": "17",
        "staff_category_1": "3",
        "staff_category_2": "2",
        "directing": "Alice Roux",
        "starts_at": "09:30",
        "ends_at": "11:30",
        "next_visit_on": TOMORROW.isoformat(),
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator(".visit-check").get_by_label("en cours", exact=True).check()
    item = page.locator(".visit-item").first
    item.locator("summary").first.click()
    item.get_by_label("acquis", exact=True).check()
    type_in(page, FACT, "Sept enfants au sol.")
    type_in(page, SUMMARY, "Une équipe posée.")


def test_the_pages_of_the_mallette_open_in_a_second_and_weigh_less_than_two_megabytes(planned, open_page):
    page = open_page(reverse("visits:mallette"))
    packed(page)
    assert "Revoir le couchage" not in page.evaluate(STORED), "sealed at rest"
    assert "Revoir le couchage" in page.evaluate(READ_ALL)
    page.context.set_offline(True)
    addresses = [reverse("visits:mallette"), reverse("visits:briefing", args=[planned.establishment_id])]
    addresses += [reverse("visits:edit", args=[planned.pk])]
    for address in addresses:
        page.goto(page.context.base + address)
        assert page.locator("html").get_attribute("data-hors-ligne"), address
    sizes = page.evaluate(
        """async () => {
            const { all } = await import("/static/js/visit/vault.js");
            return (await all("pages")).map((one) => one.box.byteLength);
        }"""
    )
    assert len(sizes) == 3
    assert max(sizes) <= 2_000_000


def test_without_a_network_another_page_says_what_the_device_keeps(planned, open_page):
    page = open_page(reverse("visits:mallette"))
    packed(page)
    page.context.set_offline(True)
    page.goto(page.context.base + reverse("establishments:list"))
    expect(page.get_by_role("heading", name="Pas de réseau")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Mallette — Crèche Les Lilas"))).to_be_visible()


def test_after_48_hours_nothing_of_the_mallette_is_left(planned, open_page):
    page = open_page(reverse("visits:mallette"))
    packed(page)
    page.evaluate(
        """async () => {
            const { all, write } = await import("/static/js/visit/vault.js");
            const old = (await all("pages")).map((one) => ["pages", { ...one, at: one.at - 48 * 3600e3 - 1 }]);
            await write(old);
        }"""
    )
    page.context.set_offline(True)
    page.goto(page.context.base + reverse("visits:mallette"))
    expect(page.get_by_role("heading", name="Pas de réseau")).to_be_visible()
    expect(page.get_by_text("Rien pour l’instant.")).to_be_visible()
    assert json.loads(page.evaluate(STORED))["pages"] == []


def test_signing_out_wipes_the_mallette_and_the_key(planned, open_page):
    page = open_page(reverse("visits:mallette"))
    packed(page)
    page.goto(page.context.base + reverse("account_logout"))
    page.locator("main form[action$='/deconnexion/'] button").first.click()
    expect(page).to_have_url(re.compile("/connexion/"))
    left = json.loads(page.evaluate(STORED))
    assert (left["keys"], left["pages"]) == ([], [])


def test_m18_a_first_observation_takes_at_most_eight_taps_from_home(house, open_page):
    page = open_page("/", viewport={"width": 320, "height": 640}, has_touch=True)
    taps = 0

    def tap(place):
        nonlocal taps
        place.tap()
        taps += 1

    tap(page.locator(".tabbar > ul > li > a[href='/visites/']"))
    tap(page.get_by_role("link", name="À visiter"))
    tap(page.get_by_role("link", name=re.compile("^Saisir")).first)
    ready(page)
    item = page.locator(".visit-item").first
    tap(item.locator("summary").first)
    tap(item.locator("label", has_text=re.compile(r"^\s*acquis\s*$", re.IGNORECASE)).first)
    tap(item.locator("textarea").first)
    page.keyboard.insert_text("Sept enfants au sol.")
    sent(page)
    observation = Visit.objects.get().observations.get()
    assert (observation.rating, observation.fact) == ("acquired", "Sept enfants au sol.")
    assert taps <= 8


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(320, 640, 1), (640, 400, 2)], ids=["320 px", "1280 px at 200 %"]
)
def test_a_visit_is_typed_by_keyboard_alone(house, open_page, width, height, scale):
    size = {"viewport": {"width": width, "height": height}, "device_scale_factor": scale}
    page = open_page(f"{reverse('visits:create')}?etablissement={house.pk}", **size)
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "summary":
            break
    page.keyboard.insert_text("Au clavier.")
    kept(page)
    sent(page)
    assert Visit.objects.get().summary == "Au clavier."
    top, bottom, dock = page.evaluate(
        """() => {
            const typed = document.activeElement.getBoundingClientRect();
            return [typed.top, typed.bottom, document.querySelector(".dock").getBoundingClientRect().top];
        }"""
    )
    assert bottom > 0
    assert top < dock, "what is typed is not behind the dock"
