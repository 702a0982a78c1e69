"""A real Chromium against a real server, with the product's own security headers."""

import pytest
from django.db import connections
from django.test import Client

from tools.machine import find_chromium

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session", autouse=True)
def loop_in_the_thread_of_the_test():
    """Playwright's loop runs there, and Django would refuse to query beside it: for these tests only.

    The server's threads keep no connection either: PostgreSQL does not drop a database that somebody still reads.
    """
    connections.settings["default"]["CONN_MAX_AGE"] = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium: the one that `make setup` installs."""
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture
def sign_in(live_server):
    """sign_in(context, user): the session of a signed-in person, without typing her password again."""

    def open_session(context, user):
        client, name = Client(), "sessionid"  # one each: signing someone in would close the session of the one before
        client.force_login(user)
        value = client.cookies[name].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    return open_session


@pytest.fixture
def complaints():
    """Attach to a page: what its console and its network complain about (scripts refused by the CSP included)."""
    heard = []

    def listen(page):
        page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        return heard

    return listen
