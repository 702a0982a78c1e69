"""Visits typed while everything around them breaks, at random but the same each time (a seed); and the accounts of it.

A round is one visit: opened, typed in several fields, hurt several times, then left in peace until the page says that
all is sent. What was shown as « enregistré » is a promise: the server must hold at least it, and nothing that was not
typed. Storage wiped without a copy is counted apart (decisions, 26).
"""

import random
from dataclasses import dataclass, field

from django.urls import reverse
from playwright.sync_api import TimeoutError

from projects.models import ActionItem
from visits.models import Visit

SENTENCE = """Sept enfants en jeu libre l’accueil été où naïve « repas » 9 h 50 😀 cœur posée, calme ; "vu" <b> & ½"""
WORDS = [*SENTENCE.split(" "), "\n\n"]
FIELDS = {
    "summary": "textarea[name=summary]",
    "directing": "input[name=directing]",
    "fact": ".visit-item textarea[name$='-fact'] >> nth=0",
    "title": "input[name='n-libre-1-title'], input[name^='r-'][name$='-title']",
}
LONGEST = {"directing": 90, "title": 150}
# What the page says, read at once: its promise and the texts that it is about.
LOOK = """() => {
    const form = document.querySelector("form[data-visite]"), line = document.querySelector("[data-etat]");
    const value = (selector) => form.querySelector(selector)?.value ?? "";
    return {
        ready: form.dataset.pret === "1",
        draft: form.dataset.brouillon ?? "",
        stored: line.dataset.etat === "stored",
        waiting: Number(line.dataset.attente ?? 0),
        summary: value("textarea[name=summary]"),
        directing: value("input[name=directing]"),
        fact: value(".visit-item textarea[name$='-fact']"),
        title: value("input[name^='r-'][name$='-title']") || value("input[name='n-libre-1-title']"),
    };
}"""
AT_THE_END = """(one) => {
    for (let fold = one.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    one.focus();
    one.selectionStart = one.selectionEnd = one.value.length;
}"""
READY = "() => document.querySelector(\"form[data-visite][data-pret='1']\")"
SIGN_IN = "location.pathname.startsWith('/connexion/')"
# What a page that never was ready shows, for the story of its round.
STUCK = """() => ({
    address: location.pathname + location.search,
    state: document.readyState,
    said: [...document.querySelectorAll("[data-dit]")].filter((one) => !one.hidden).map((one) => one.dataset.dit),
    files: performance.getEntriesByType("resource").map((one) => `${one.name} ${one.responseStatus}`),
    now: Date.now(),
})"""
STORED = "() => document.querySelector('[data-etat]').dataset.etat === 'stored'"


@dataclass
class Accounts:
    rounds: int = 0
    characters: int = 0
    lost: int = 0
    doubled: int = 0
    wiped: int = 0
    reloaded: int = 0
    mishaps: dict = field(default_factory=dict)
    stories: list = field(default_factory=list)

    def __str__(self):
        return (
            f"{self.rounds} tours, {self.characters} caractères promis, {self.lost} perdu(s), "
            f"{self.doubled} doublé(s), {self.wiped} effacé(s) par le système sans copie, "
            f"{self.reloaded} page(s) redemandée(s)"
        )


class Hurt(Exception):
    """A promise was not kept; the message tells the round."""


class Torture:
    """One browser context, many rounds."""

    def __init__(self, context, base, houses, sign_in, change_version, accounts, *, mishaps, seed):
        self.context, self.base, self.houses = context, base, houses
        self.sign_in, self.change_version = sign_in, change_version
        self.mishaps, self.chance = mishaps, random.Random(seed)
        self.accounts = accounts
        self.mode, self.held = "pass", []
        sign_in()

    # --- The server as the device sees it.

    def _on_post(self, route):
        mode = self.mode
        if mode == "500":
            return route.fulfill(status=500, body="panne")
        if mode == "gone":  # the server has it, the answer never comes back
            route.fetch()
            self.mode = "pass"
            return route.abort()
        if mode == "held":  # the same, three minutes long
            route.fetch()
            self.mode = "pass"
            self.held.append(route)
            return None
        return route.continue_()

    # --- One round.

    def round(self, number):
        """Whether the visit came through; otherwise its story is in the accounts, and one loss at least is counted."""
        self.number, self.story = number, []
        before = self.accounts.lost + self.accounts.doubled
        self.accounts.rounds += 1
        try:
            self._round(number)
        except Exception as problem:  # whatever it is, the visit did not come through
            self.accounts.lost += before == self.accounts.lost + self.accounts.doubled
            self.accounts.stories.append(f"{self}: {problem}")
            return False
        self.accounts.characters += sum(map(len, self.promised.values()))
        return True

    def _round(self, number):
        self.typed = dict.fromkeys(FIELDS, "")
        self.promised = dict.fromkeys(FIELDS, "")
        self.begun, self.draft = False, ""
        self.house = self.houses[number % len(self.houses)]
        self.clocked = self.chance.random() < 0.12
        self.before = Visit.objects.count()
        self.open(self.create_url)
        self.draft = self.look()["draft"]
        self.type(first=True)
        for _ in range(self.chance.randint(1, 3)):
            mishap = self.chance.choice(self.mishaps)
            self.story.append(mishap.__name__)
            self.accounts.mishaps[mishap.__name__] = self.accounts.mishaps.get(mishap.__name__, 0) + 1
            mishap(self)
        self.mend()
        self.settle()
        self.check()
        self.page.close()

    @property
    def create_url(self):
        return f"{reverse('visits:create')}?etablissement={self.house.pk}"

    def open(self, path):
        self.story.append("open")
        self.page = self.context.new_page()
        # Of the page, not of the context: the service worker, which never posts, is left alone with the network.
        self.page.route("**/visites/hors-ligne/*-*/", self._on_post)
        if self.clocked:
            self.page.clock.install()
        try:
            self._reach(path)
        except TimeoutError:
            # Nothing is promised before it is ready: a person asks for the page again. Counted, and told.
            self.accounts.reloaded += 1
            self.story.append("reload")
            try:
                self._reach(path)
            except TimeoutError:
                raise Hurt(f"never ready {self.page.evaluate(STUCK)}") from None

    def _reach(self, path):
        """The page, ready. The late answer to a session that ended may have closed the new one: she signs in again."""
        for _ in range(3):
            self.page.goto(self.base + path, wait_until="commit", timeout=20_000)
            self.page.wait_for_function(f"() => ({READY})() || {SIGN_IN}", timeout=20_000)
            if not self.page.evaluate(SIGN_IN):
                return
            self.sign_in()
        raise Hurt("signed out three times in a row")

    def look(self):
        seen = self.page.evaluate(LOOK)
        if seen["stored"] and self.begun:
            for name in FIELDS:
                self.promised[name] = seen[name]
        return seen

    def type(self, first=False):
        """Some pieces of text in some fields; now and then the promise is waited for."""
        names = ["summary"] if first else self.chance.sample(list(FIELDS), self.chance.randint(1, 2))
        for name in names:
            place = self.page.locator(FIELDS[name]).first
            place.evaluate(AT_THE_END)
            for _ in range(self.chance.randint(1, 4)):
                piece = " ".join(self.chance.choices(WORDS, k=self.chance.randint(1, 3))) + " "
                piece = piece.replace("\n", "") if name in LONGEST else piece
                if first and not self.typed["summary"]:
                    piece = f"Tour {self.number} {piece}"
                if len(self.typed[name]) + len(piece) > LONGEST.get(name, 10_000):
                    continue
                self.page.keyboard.insert_text(piece)
                self.typed[name] += piece
                self.begun = True
        if self.chance.random() < 0.7:
            self.keep()
        else:
            self.look()

    def keep(self):
        self.page.wait_for_function(STORED, timeout=15_000)
        self.look()

    def mend(self):
        self.mode = "pass"
        self.context.set_offline(False)
        for route in self.held:
            route.abort()
        self.held = []

    def again(self):
        """Open the visit anew, as a person does, and look at what she finds."""
        visit = Visit.objects.filter(client_uuid=self.draft).first()
        self.open(reverse("visits:edit", args=[visit.pk]) if visit else self.create_url)
        self.find()

    def find(self):
        seen = self.page.evaluate(LOOK)
        if seen["draft"] != self.draft:
            raise Hurt("another draft is shown")
        for name in FIELDS:
            found, promised = seen[name].strip(), self.promised[name].strip()
            if not found.startswith(promised) or not self.typed[name].strip().startswith(found):
                raise Hurt(f"{name} was promised {promised!r}, typed {self.typed[name]!r}, found {found!r}")
            self.typed[name] = seen[name]

    def settle(self):
        """Leave the page in peace until it says that everything is sent."""
        for _ in range(40):
            # An answer to the session that ended may come after the new one, and close it: told, she signs in again.
            if self.page.locator("[data-dit=signed-out]").is_visible():
                self.sign_in()
            self.page.evaluate("() => dispatchEvent(new Event('online'))")
            try:
                self.page.wait_for_function(
                    "() => { const line = document.querySelector('[data-etat]').dataset;"
                    " return line.etat === 'stored' && line.attente === '0'; }",
                    timeout=1_500,
                )
                self.look()
                return
            except Exception as late:
                problem = late
        raise Hurt(f"never sent ({problem}) {self.page.locator('[data-avis]').inner_text()}")

    def check(self):
        visits = Visit.objects.filter(client_uuid=self.draft)
        made = Visit.objects.count() - self.before
        if made != 1 or visits.count() != 1:
            self.accounts.doubled += max(made - 1, 0)
            raise Hurt(f"{made} visits")
        visit = visits.get()
        texts = {
            "summary": visit.summary,
            "directing": visit.directing,
            "fact": next((row.fact for row in visit.observations.all()), ""),
        }
        actions = list(ActionItem.objects.filter(origin__visit=visit))
        texts["title"] = actions[0].title if actions else ""
        if len(actions) > 1:
            self.accounts.doubled += len(actions) - 1
            raise Hurt(f"{len(actions)} actions")
        for name, text in texts.items():
            promised = self.promised[name].replace("\r\n", "\n").strip()
            if text != promised:
                self.accounts.lost += 1
                raise Hurt(f"{name} says {text!r}, {promised!r} was promised")
        strange = visit.changes.exclude(outcome="applied")
        if strange.exists():
            self.accounts.doubled += strange.count()
            raise Hurt(f"kept apart {list(strange.values('name', 'outcome', 'value', 'theirs', 'message'))}")

    def __str__(self):
        return f"tour {self.number} ({', '.join(self.story)})"
