"""Every page that someone may open, in both themes, on a phone and on a desk: axe-core finds nothing."""

import contextlib

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Error

from dashboard.models import Synthesis, WeeklyReport
from establishments.models import RuleChange
from projects.models import EstablishmentProject, Partner, PedagogicalDay
from staffing.models import Appraisal, LeavePlan
from tests.test_access import ROWS, built
from visits.models import Framework, FrameworkItem, FrameworkMapping, FunctioningReview

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("today"),
    pytest.mark.slow,
    pytest.mark.axe,
]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]}
VIEWS = [(320, 700, "dark"), (1440, 900, "light")]
PREFERRED = ["coordinator", "pole_head", "administrator", "central", "director"]


def openings():
    """(URL name, make_args, who) of the pages that answer 200 by GET, with the first person of the cast who may."""
    for row in ROWS:
        page, method, make_args, expected = row.values
        if method == "get":
            allowed = [who for who in [*PREFERRED, *expected] if expected.get(who) == 200]
            if allowed:
                yield page, make_args, allowed[0]


PAGES = list(openings())
PER_BATCH = 20  # pages that share a database and its windows: both cores work, and a failure is soon seen again
BATCHES = [PAGES[start : start + PER_BATCH] for start in range(0, len(PAGES), PER_BATCH)]


def is_a_file(page, url):
    """Opens the page; a file starts a download instead, and is asked for again to make sure that it is one."""
    try:
        response = page.goto(url)
    except Error:
        response = page.context.request.get(url)
        assert response.ok, f"{url}: {response.status}"
        assert "text/html" not in response.headers.get("content-type", ""), f"{url} did not open"
        return True
    assert response.status == 200, f"{url}: {response.status}"
    return "text/html" not in response.headers.get("content-type", "")


def findings(page, name):
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = [f"{name}: {wide} px too wide"] if wide > 0 else []
    violations = Axe().run(page, options=RULES).response["violations"]
    return found + [f"{name}: {v['id']} {[n['target'] for n in v['nodes']][:3]}" for v in violations]


def own_complaints(page):
    heard = []
    page.on("console", lambda said: heard.append(f"{said.text} {said.location}") if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@contextlib.contextmanager
def windows(browser):
    """(window, what it complains of, its name) of each view; style sheets and fonts are fetched once in each."""
    opened = []
    for width, height, theme in VIEWS:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=theme, accept_downloads=False, locale="fr-FR")
        page = context.new_page()
        opened.append((page, own_complaints(page), f"{width} {theme}"))
    yield opened
    for page, *_ in opened:
        page.context.close()


def what_is_wrong(pages, request, sign_in, browser, live_server):
    wrong = []
    with windows(browser) as views:
        for name, make_args, who in pages:
            forget_the_only_ones()
            args, _ = built(make_args(request))
            url = live_server.url + reverse(name, args=args)
            for page, heard, view in views:
                page.goto("about:blank")  # or the page before would ask for its alerts, signed out
                page.context.clear_cookies()
                sign_in(page.context, request.getfixturevalue(who))
                if is_a_file(page, url):
                    heard.clear()
                    break
                wrong += findings(page, f"{name} {view}")
                wrong += [f"{name} {view}: {text}" for text in heard]
                heard.clear()
    return wrong


# One a house at a time: each row of the grid makes its own, and the rows share one database here.
ONLY_ONES = [
    WeeklyReport,
    FunctioningReview,
    EstablishmentProject,
    LeavePlan,
    PedagogicalDay,
    Partner,
    Appraisal,
    Synthesis,
    FrameworkMapping,
    FrameworkItem,
    Framework,
    RuleChange,
]


def pointing(link):
    """The model and the column that point to one of them: of a many-to-many, its table between the two."""
    if link.many_to_many:
        return link.through, link.through._meta.get_field(link.field.m2m_reverse_field_name()).column
    return link.related_model, link.field.column


def forget_the_only_ones():
    """Empty these tables and those that point to them, frozen or not."""
    children = [pointing(link) for model in ONLY_ONES for link in model._meta.related_objects]
    is_sqlite = connection.vendor == "sqlite"
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("SELECT ronde_seal(0)" if is_sqlite else "SET session_replication_role = replica")
        for model, column in children:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE {column} IS NOT NULL')  # noqa: S608
        for model in ONLY_ONES:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608
        cursor.execute("SELECT ronde_seal(1)" if is_sqlite else "SET session_replication_role = origin")


@pytest.mark.parametrize("pages", BATCHES, ids=[f"{batch[0][0]}-{batch[-1][0]}" for batch in BATCHES])
def test_axe_finds_nothing(pages, request, sign_in, browser, live_server):
    wrong = what_is_wrong(pages, request, sign_in, browser, live_server)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_axe_finds_nothing_on_the_way_in(name, browser, live_server):
    wrong = []
    with windows(browser) as views:
        for page, heard, view in views:
            assert not is_a_file(page, live_server.url + reverse(name))
            wrong += [*findings(page, f"{name} {view}"), *heard]
    assert wrong == []
