"""No page offers a way that its reader may not take: the links of the demonstration, walked by each of its people."""

import re
from collections import deque
from html import unescape

import pytest

from core.models import User
from dashboard.demo import cast, load
from tests.factories import TODAY

pytestmark = pytest.mark.slow
HREF = re.compile(r'href="([^"#]+)')
NUMBER = re.compile(r"\d+")
# Files have their own tests; the calendar's addresses are read without a session; leaving ends the walk.
ASIDE = re.compile(r"^/static/|^/administration/|^//|\.pdf|\.odt|\.zip|\.ics|export=|deconnexion")
ONE_OF_A_KIND, MOST = 1, 160


def kind_of(address):
    """The same for two houses, two months, two pages of a list."""
    path, _, query = address.partition("?")
    return NUMBER.sub("N", path), tuple(sorted(re.findall(r"(?:^|&)([^=&]+)=", query)))


def walk(client):
    """[(status, address, page that offers it)] of what does not open, and how many pages were read."""
    waiting, known, read, closed = deque([("/", "")]), set(), 0, []
    while waiting and read < MOST:
        address, source = waiting.popleft()
        if kind_of(address) in known:
            continue
        known.add(kind_of(address))
        response = client.get(address, follow=True)
        read += 1
        if response.status_code != 200:
            closed.append((response.status_code, address, source))
        if "html" not in response.get("Content-Type", ""):
            continue
        for href in map(unescape, HREF.findall(response.content.decode())):
            found = address.partition("?")[0] + href if href.startswith("?") else href
            if found.startswith("/") and not ASIDE.search(found):
                waiting.append((found, address))
    return closed, read


@pytest.fixture
def city(db, today):
    load("mini", 20, TODAY, cast.PASSWORD, default_today=TODAY)


def test_every_link_of_every_page_opens_for_who_reads_it(city, client):
    closed, read = {}, {}
    for member in {member.role: member for member in cast.MEMBERS}.values():
        client.force_login(User.objects.get(email=member.email))
        closed[member.email], read[member.email] = walk(client)
    assert [(who, *found) for who, ways in closed.items() for found in ways] == []
    assert sum(read.values()) > 300
