"""A visit typed with and without a network in a real Chromium: what was shown as « enregistré » arrives, once."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import TODAY
from visits.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def house(creche, director, coordinator):
    call_command("load_grid", default=True)
    return creche


@pytest.fixture
def open_page(browser, sign_in, live_server, coordinator):
    """open_page(path, user): a page of a browser of its own, signed in."""
    contexts = []

    def opened(path="", user=None, *, context=None, **options):
        if context is None:
            context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", **options)
            contexts.append(context)
            sign_in(context, user or coordinator)
        page = context.new_page()
        if path:
            page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def form_of(house):
    return f"{reverse('visits:create')}?etablissement={house.pk}"


def ready(page):
    expect(page.locator("form[data-visite][data-pret='1']")).to_have_count(1, timeout=10_000)
    return page


def kept(page):
    """Wait for « enregistré »."""
    expect(page.locator("[data-etat]")).to_have_attribute("data-etat", "stored", timeout=5_000)


def sent(page):
    expect(page.locator("[data-etat]")).to_have_attribute("data-attente", "0", timeout=35_000)
    kept(page)


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
