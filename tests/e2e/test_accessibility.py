"""Every page that someone may open, in both themes, on a phone and on a desk: axe-core finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.urls import reverse

from dashboard.models import Synthesis, WeeklyReport
from establishments.models import RuleChange
from projects.models import EstablishmentProject, Partner, PedagogicalDay
from staffing.models import Appraisal, LeavePlan
from tests.test_access import APPLICATIONS, ROWS, built
from visits.models import Framework, FrameworkItem, FrameworkMapping, FunctioningReview

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today"), pytest.mark.slow]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]}
VIEWS = [(320, 700, "dark"), (1440, 900, "light")]
PREFERRED = ["coordinator", "pole_head", "administrator", "central", "director"]


def openings(application):
    """(URL name, make_args, who) of the pages that answer 200 by GET, with the first person of the cast who may."""
    for row in ROWS:
        page, method, make_args, expected = row.values
        if method == "get" and page.startswith(f"{application}:"):
            allowed = [who for who in [*PREFERRED, *expected] if expected.get(who) == 200]
            if allowed:
                yield page, make_args, allowed[0]


def findings(page, url, name):
    response = page.goto(url)
    if "text/html" not in response.headers.get("content-type", ""):
        return []
    found = [f"{name}: status {response.status}"] if response.status != 200 else []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found += [f"{name}: {wide} px too wide"] if wide > 0 else []
    violations = Axe().run(page, options=RULES).response["violations"]
    found += [f"{name}: {v['id']} {[n['target'] for n in v['nodes']][:3]}" for v in violations]
    return found


def own_complaints(page):
    heard = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def pages_of(application, request, sign_in, browser, live_server):
    """What is wrong with the pages of a room. One window a view: style sheets and fonts are fetched once."""
    wrong, views = [], []
    for width, height, theme in VIEWS:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=theme, accept_downloads=False, locale="fr-FR")
        page = context.new_page()
        views.append((context, page, own_complaints(page), f"{width} {theme}"))
    for page_name, make_args, who in list(openings(application)):
        forget_the_only_ones()
        args, query = built(make_args(request))
        url = live_server.url + reverse(page_name, args=args)
        for context, page, heard, view in views:
            context.clear_cookies()
            sign_in(context, request.getfixturevalue(who))
            if not is_a_file(context, url):
                wrong += findings(page, url, f"{page_name} {view}")
            wrong += [f"{page_name} {view}: {text}" for text in heard]
            heard.clear()
    for context, *_ in views:
        context.close()
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


def is_a_file(context, url):
    return "text/html" not in context.request.get(url).headers.get("content-type", "")


@pytest.mark.parametrize("application", APPLICATIONS)
def test_axe_finds_nothing(application, request, sign_in, browser, live_server):
    assert pages_of(application, request, sign_in, browser, live_server) == []


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_axe_finds_nothing_on_the_way_in(name, browser, live_server):
    wrong = []
    for width, height, theme in VIEWS:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
        wrong += findings(context.new_page(), live_server.url + reverse(name), f"{name} {width} {theme}")
        context.close()
    assert wrong == []
