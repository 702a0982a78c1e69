"""What the tests of the page of a visit out of reach share: a house, browsers signed in, what is awaited."""

import time

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect


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
            context.base = live_server.url
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


SUMMARY = "textarea[name=summary]"
FACT = ".visit-item textarea[name$='-fact']"


def said(page, name):
    """The notice of this name, once it is shown."""
    notice = page.locator(f"[data-dit='{name}']")
    expect(notice).to_be_visible(timeout=10_000)
    return notice


def type_in(page, selector, text):
    """Type at the end of a field, as a person does."""
    field = page.locator(selector).first
    field.press("Control+End")
    field.press_sequentially(text, delay=2)


def on_the_shelf(page, path):
    """Wait until the device keeps a page for the road."""
    page.wait_for_function(
        """async (path) => {
            const { all } = await import("/static/js/visit/vault.js");
            return (await all("pages")).some((page) => page.url === path);
        }""",
        arg=path,
    )


def served_by_the_worker(page):
    """Wait until the service worker answers for the page."""
    page.wait_for_function("() => navigator.serviceWorker.ready.then((r) => r.active?.state === 'activated')")


# Everything that the device keeps, as it lies there; then all that can be opened with the key it holds.
STORED = """async () => {
    const { all } = await import("/static/js/visit/vault.js");
    const stores = ["keys", "drafts", "fields", "files", "pages"];
    const text = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
        ? new TextDecoder("latin1").decode(value) : value;
    const found = {};
    for (const store of stores) found[store] = await all(store);
    return JSON.stringify(found, (_, value) => text(value));
}"""
READ_ALL = """async () => {
    const { all, unlock, unsealed } = await import("/static/js/visit/vault.js");
    await unlock();
    const found = [];
    for (const store of ["drafts", "fields", "pages"]) {
        for (const record of await all(store)) {
            found.push(await unsealed(store, record));
            found.push(await unsealed(store, { ...record, user: await unlock() }));
        }
    }
    return JSON.stringify(found);
}"""


def wait_until(condition, seconds=30):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "le serveur n’a rien reçu"
        time.sleep(0.1)
