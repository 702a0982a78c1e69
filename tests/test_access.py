"""Every page, for every kind of user: the grid that proves the door.

Each application lists its pages in tests/<application>/access.py: `GRID` rows are (URL name, method, make_args,
{who: status}); `make_args(request)` builds the record from fixtures and returns the URL's arguments, or
(arguments, data) for a form. A page that is in no grid fails the first test.
"""

import importlib

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.core.access import WHO

APPLICATIONS = ["core", "establishments", "indicators", "staffing", "projects", "visits", "dashboard"]
# Open to a visitor: the way in, the health of the service, the look of the page, a secret calendar, a paper to check.
PUBLIC = {
    "core:health",
    "core:icon",
    "core:theme_change",
    "visits:feed_ics",
    "visits:verify",
    "service_worker",
    "visits:offline_page",
    "establishments:charter_css",
    "establishments:charter_logo",
}
NOT_OURS = ("admin:", "account_")


def grids():
    for application in APPLICATIONS:
        module = importlib.import_module(f"tests.{application}.access")
        for row in module.GRID:
            yield pytest.param(*row, id=f"{row[0]}-{row[1]}")


ROWS = list(grids())


def named_pages(resolver=None, namespace=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from named_pages(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"


def test_every_page_is_in_the_grid():
    ours = {name for name in named_pages() if not name.startswith(NOT_OURS)}
    assert ours - {row.values[0] for row in ROWS} == set()
    assert {row.values[0] for row in ROWS} - ours == set(), "the grid names a page that does not exist"


def test_every_row_of_the_grid_answers_for_everyone():
    incomplete = {row.id: set(WHO) ^ set(row.values[3]) for row in ROWS if set(WHO) != set(row.values[3])}
    assert incomplete == {}


def built(made):
    args, data = made if len(made) == 2 and isinstance(made[1], dict) else (made, {})
    return args, data


def ask(client, method, url, data):
    response = getattr(client, method)(url, data)
    if hasattr(response, "streaming_content"):
        b"".join(response.streaming_content)
    return response.status_code


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(("page", "method", "make_args", "expected"), ROWS)
def test_page_by_role_and_perimeter(client, request, page, method, make_args, expected):
    args, data = built(make_args(request))
    url = reverse(page, args=args)
    people = {who: request.getfixturevalue(who) for who in expected}
    answers = {}
    for who, user in people.items():
        client.force_login(user)
        with transaction.atomic():
            answers[who] = ask(client, method, url, data)
            transaction.set_rollback(True)  # the next one finds the record as it was
    assert answers == expected


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(("page", "method", "make_args", "expected"), ROWS)
def test_a_visitor_is_sent_to_the_sign_in_page(client, request, page, method, make_args, expected):
    args, data = built(make_args(request))
    response = getattr(client, method)(reverse(page, args=args), data)
    if page in PUBLIC:
        assert response.status_code in {200, 302}
        assert not response.headers.get("Location", "").startswith("/connexion/")
    else:
        assert response.headers["Location"].startswith("/connexion/")


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("page", "make_args"),
    [pytest.param(row.values[0], row.values[2], id=row.id) for row in ROWS if row.values[1] == "post"],
)
def test_what_changes_something_is_not_done_by_a_link(client, request, page, make_args, coordinator):
    """GET on a page that has only a POST row is refused; a form answers its page and writes nothing."""
    if any(row.values[:2] == (page, "get") or (row.values[0] == page and row.values[1] == "get") for row in ROWS):
        pytest.skip("a form: its GET has its own row in the grid")
    args, _ = built(make_args(request))
    client.force_login(coordinator)
    assert client.get(reverse(page, args=args)).status_code == 405
