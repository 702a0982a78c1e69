"""`make screenshots` and `make axe-full`: every page, as each role, at three widths, in two themes.

The pages are found as a person finds them, from the home page, link by link, one example of each URL name. Pictures
go to var/screenshots/<role>/. Said too: what is wider than the screen, what the browser or axe-core complains of.
"""

import argparse
import dataclasses
import os
import sys
import time
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import django
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools.machine import ROOT, find_chromium, free_port, say
from tools.run import START_SECONDS, answers, parts
from tools.supervisor import Supervisor

WIDTHS = {320: 700, 768: 1024, 1440: 900}
THEMES = ("light", "dark")
MAX_PAGES = 120
SKIPPED = {"account_logout"}
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]


@dataclasses.dataclass(frozen=True)
class Visitor:
    """Someone who looks at the pages: a role, and the cookie that makes the server know her (none for a stranger)."""

    role: str
    cookie: tuple[str, str] | None


def visitors(roles: list[str]) -> list[Visitor]:
    """One visitor per role that holds a mandate today, signed in without the form, and the stranger."""
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from establishments.models import Mandate

    found = [Visitor("visiteur", None)]
    mandates = Mandate.objects.active_on(timezone.localdate()).select_related("user").order_by("role", "pk")
    for mandate in mandates:
        if mandate.user.is_active and mandate.role not in {visitor.role for visitor in found}:
            client = Client()
            client.force_login(mandate.user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            found.append(Visitor(mandate.role, (settings.SESSION_COOKIE_NAME, cookie.value)))
    return [visitor for visitor in found if not roles or visitor.role in roles]


def url_name(path: str) -> str | None:
    """The name of the page behind a path, None for what Ronde does not serve."""
    from django.urls import Resolver404, resolve

    try:
        return resolve(path).view_name or path
    except Resolver404:
        return None


def new_context(browser: Browser, visitor: Visitor, base: str, *, width: int, theme: str) -> BrowserContext:
    """A browser profile of this visitor, at this width and theme."""
    viewport = {"width": width, "height": WIDTHS[width]}
    context = browser.new_context(viewport=viewport, color_scheme=theme, locale="fr-FR", reduced_motion="reduce")
    if visitor.cookie:
        context.add_cookies([{"name": visitor.cookie[0], "value": visitor.cookie[1], "url": base}])
    return context


def find_pages(browser: Browser, visitor: Visitor, base: str) -> dict[str, str]:
    """URL name → one address of it, for every page this visitor reaches by following links."""
    pages: dict[str, str] = {}
    seen: set[str] = set()
    waiting = ["/", "/connexion/", "/mot-de-passe-oublie/"] if visitor.cookie is None else ["/"]
    context = new_context(browser, visitor, base, width=1440, theme="light")
    page = context.new_page()
    while waiting and len(pages) < MAX_PAGES:
        path = waiting.pop(0)
        answer = context.request.get(base + path)
        name = url_name(urlsplit(answer.url).path)
        html = answer.headers.get("content-type", "").startswith("text/html")
        if name is None or name in pages or not html:
            continue
        pages[name] = urlsplit(answer.url).path
        page.goto(base + pages[name])
        for link in page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
            target = urlsplit(urldefrag(urljoin(base + path, link)).url)
            new = url_name(target.path) if target.netloc == urlsplit(base).netloc else None
            if new and new not in seen | SKIPPED and not target.query:
                seen.add(new)
                waiting.append(target.path)
    context.close()
    return pages


def axe_findings(page: Page) -> list[str]:
    """One line for each rule that axe-core finds broken on the page as it is shown."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}}).response["violations"]
    return [f"axe {rule['id']} ({rule['impact']}) : {rule['nodes'][0]['target'][0]}" for rule in found]


def look(context: BrowserContext, address: str, picture: Path | None, *, axe: bool) -> list[str]:
    """Opens one page, photographs it when asked, and says what is wrong with it."""
    page, wrong = context.new_page(), []
    page.on("console", lambda message: wrong.append(f"console : {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"script : {error}"))
    answer = page.goto(address)
    page.evaluate("async () => { await document.fonts.ready }")
    if answer and answer.status >= 500:
        wrong.append(f"erreur {answer.status}")
    root = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if root[0] > root[1]:
        wrong.append(f"déborde : {root[0]} px pour {root[1]}")
    if axe:
        wrong += axe_findings(page)
    if picture:
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=picture, full_page=True)
    page.close()
    return wrong


def tour(browser: Browser, visitor: Visitor, base: str, options: argparse.Namespace) -> tuple[int, int]:
    """All pages of one visitor, at every width and theme; (views looked at, views with something wrong)."""
    pages = find_pages(browser, visitor, base)
    pages = {name: path for name, path in pages.items() if not options.only or options.only in name}
    looked = faulty = 0
    for width in options.widths:
        for theme in THEMES:
            context = new_context(browser, visitor, base, width=width, theme=theme)
            for name, path in sorted(pages.items()):
                label = name.replace(":", "-").strip("/").replace("/", "-")
                picture = ROOT / "var" / "screenshots" / visitor.role / f"{label}-{width}-{theme}.png"
                wrong = look(context, base + path, None if options.axe else picture, axe=options.axe)
                looked, faulty = looked + 1, faulty + bool(wrong)
                for line in wrong:
                    say(f"{visitor.role} {name} {width} {theme} — {line}")
            context.close()
    say(f"{visitor.role} : {len(pages)} pages, {looked} vues, {faulty} avec un défaut")
    return looked, faulty


def visit_all(base: str, people: list[Visitor], options: argparse.Namespace) -> int:
    """Every visitor's tour in one browser; 1 when axe finds something, or when nothing was seen."""
    looked = faulty = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        for visitor in people:
            seen, wrong = tour(browser, visitor, base, options)
            looked, faulty = looked + seen, faulty + wrong
        browser.close()
    say(f"Total : {looked} vues, {faulty} avec un défaut" + ("" if options.axe else " ; images dans var/screenshots/"))
    return 1 if not looked or (options.axe and faulty) else 0


def main() -> int:
    """Uses the running server of --url, or starts one on a free port with the same database."""
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots")
    parser.add_argument("--url", help="serveur déjà lancé sur la même base")
    parser.add_argument("--axe", action="store_true", help="accessibilité, sans images")
    parser.add_argument("--only", help="seulement les pages dont le nom contient ce texte")
    parser.add_argument("--roles", nargs="*", default=[], help="seulement ces rôles")
    parser.add_argument("--widths", nargs="*", type=int, choices=list(WIDTHS), default=list(WIDTHS))
    options = parser.parse_args()
    if find_chromium() is None:
        sys.exit("Chromium est introuvable : sudo apt-get install chromium")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    people = visitors(options.roles)
    if options.url:
        return visit_all(options.url.rstrip("/"), people, options)
    port = free_port()
    server = Supervisor(parts(port)[:1], cwd=ROOT)
    server.start()
    try:
        end = time.monotonic() + START_SECONDS
        while not answers(f"http://127.0.0.1:{port}/sante/"):
            if server.fallen() or time.monotonic() > end:
                sys.exit("Le serveur n’a pas démarré.")
            time.sleep(0.2)
        return visit_all(f"http://127.0.0.1:{port}", people, options)
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
