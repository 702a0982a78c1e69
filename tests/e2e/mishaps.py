"""What breaks around a visit being typed: each is done to one Torture, in the middle of its round."""

import time

from django.contrib.sessions.models import Session
from django.urls import reverse

from tests.e2e.torture import FIELDS, LOOK, Hurt
from visits.models import Visit

WIPE = """() => new Promise((resolve) => {
    localStorage.clear();
    const request = indexedDB.deleteDatabase("ronde");
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
})"""
EXPORT = "async () => (await (await import('/static/js/visit/parachute.js')).exported()).content"
UPDATE = "() => navigator.serviceWorker.getRegistration().then((one) => one?.update()).catch(() => {})"


def network_off(self):
    self.context.set_offline(True)
    self.type()
    if self.chance.random() < 0.5:
        self.context.set_offline(False)


def tab_killed(self):
    if self.chance.random() < 0.6:
        self.keep()
    self.mend()
    self.page.close(run_before_unload=False)
    self.again()
    self.type()


def session_ended(self):
    Session.objects.all().delete()
    self.type()
    self.keep()
    self.sign_in()


def token_renewed(self):
    self.context.clear_cookies(name="csrftoken")
    self.type()


def server_error(self):
    self.mode = "500"
    self.type()
    if self.chance.random() < 0.5:
        self.mode = "pass"


def answer_gone(self):
    self.mode = "gone"
    self.type()
    self.page.wait_for_timeout(self.chance.choice([0, 50, 700]))
    self.type()


def answer_held_three_minutes(self):
    if not self.clocked:
        return answer_gone(self)
    self.mode = "held"
    self.type()
    self.keep()
    for _ in range(18):
        self.page.clock.run_for(10_000)
    self.type()
    return None


def new_version(self):
    self.change_version()
    self.page.evaluate(UPDATE)
    self.type()
    if self.chance.random() < 0.5:
        self.keep()
        self.mend()
        self.page.close(run_before_unload=False)
        self.again()


def second_tab(self):
    self.keep()
    self.mend()
    first = self.page
    second = self.context.new_page()
    second.goto(first.url, wait_until="commit")
    second.locator("[data-dit=second]").wait_for(state="visible", timeout=20_000)
    if second.locator(FIELDS["summary"]).is_enabled():
        raise Hurt("the second tab may write")
    second.close()
    self.type()


def storage_wiped(self):
    copied = self.chance.random() < 0.6
    self.keep()
    copy = self.page.evaluate(EXPORT) if copied else None
    waiting = self.page.evaluate(LOOK)["waiting"]
    self.page.close(run_before_unload=False)
    self.mend()
    bare = self.context.new_page()
    bare.goto(f"{self.base}/sante/")
    bare.evaluate(WIPE)
    bare.close()
    if copied:
        put_back(self, copy)
    else:
        start_from_the_server(self, waiting)


def put_back(self, copy):
    """The copy is taken in another opening of the page; then the visit is found as it was promised."""
    self.open(self.create_url)
    self.page.locator("[data-importer]").set_input_files(
        {"name": "saisies.ronde", "mimeType": "application/octet-stream", "buffer": copy.encode()}
    )
    self.page.locator("[data-dit=imported]").wait_for(state="visible", timeout=15_000)
    self.page.close(run_before_unload=False)
    self.again()


def arrived(self, waiting):
    """The visit that the server holds, once what was on its way when the tab died has had the time to arrive.

    Nobody clears a device and begins again within a second of her last word: a new visit begun before the old one
    arrives would be another visit, not the same one twice.
    """
    for _ in range(30 if waiting else 1):
        visit = Visit.objects.filter(client_uuid=self.draft).first()
        if visit is not None:
            break
        time.sleep(0.1)
    return visit


def start_from_the_server(self, waiting):
    """Nothing was copied: what had not left is counted as wiped, and the visit goes on from what the server has."""
    visit = arrived(self, waiting)
    self.accounts.wiped += 1 if waiting else 0
    if visit is None:
        self.open(self.create_url)
    else:
        self.open(reverse("visits:edit", args=[visit.pk]))
    seen = self.page.evaluate(LOOK)
    self.draft = seen["draft"]
    for name in FIELDS:
        self.typed[name] = self.promised[name] = seen[name]
    self.begun = visit is not None
    self.type(first=True)


MISHAPS = [
    network_off,
    network_off,
    tab_killed,
    tab_killed,
    session_ended,
    token_renewed,
    server_error,
    server_error,
    answer_gone,
    answer_gone,
    answer_held_three_minutes,
    new_version,
    second_tab,
    storage_wiped,
]
