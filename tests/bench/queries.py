"""How many queries each page asks, by role: the exact counts kept in queries.json.

The test beside says when they change, and how to write the file anew.
"""

import json
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import User
from establishments.models import Establishment, Territory
from visits.models import Visit

BASELINE = Path(__file__).with_name("queries.json")
ROLES = ["coordinator", "pole_head", "director", "central", "division_head", "administrator"]
LIST, DASHBOARD, PAGE = 12, 15, 25  # quality §1
PAGES = {
    "dashboard:home": PAGE,
    "dashboard:attention_all": PAGE,
    "dashboard:search": LIST,
    "dashboard:territory": DASHBOARD,
    "establishments:list": LIST,
    "establishments:map": DASHBOARD,
    "establishments:pipeline": LIST,
    "establishments:detail": PAGE,
    "establishments:authorisation": PAGE,
    "establishments:calendar": PAGE,
    "establishments:obligations": PAGE,
    "establishments:documents": PAGE,
    "establishments:history": PAGE,
    "visits:list": LIST,
    "visits:due": LIST,
    "visits:calendar": DASHBOARD,
    "visits:establishment_visits": PAGE,
    "visits:detail": PAGE,
    "projects:action_list": LIST,
    "projects:establishment_actions": PAGE,
    "indicators:overview": DASHBOARD,
    "indicators:establishment_activity": PAGE,
    "staffing:leave_list": LIST,
    "staffing:need_list": LIST,
    "staffing:establishment_team": PAGE,
    "core:notification_list": LIST,
}
HOUSE_PAGES = {name for name, limit in PAGES.items() if limit == PAGE and not name.startswith("dashboard:")}


def people() -> dict[str, User]:
    """One account a role, of the demonstration's cast."""
    from dashboard.demo.cast import MEMBERS

    emails = {member.key: member.email for member in MEMBERS}
    return {role: User.objects.get(email=emails[role]) for role in ROLES}


def arguments(name: str, user: User) -> tuple:
    """The record a page is asked about: the user's own sector, or house, or that house's last shared report."""
    house = Establishment.objects.known_to(user).order_by("pk").first()
    if name == "dashboard:territory":
        mandate = user.mandates.exclude(territory=None).order_by("pk").first()
        return ((mandate.territory or Territory.objects.first()).pk,) if mandate else ()
    if name == "visits:detail":
        visit = Visit.objects.known_to(user).transmitted().order_by("pk").first()
        return (visit.pk if visit else 0,)
    return (house.pk if house else 0,) if name in HOUSE_PAGES else ()


def count(client: Client, user: User, name: str) -> int | None:
    """Queries of a GET, or None where the role is not allowed the page. Sessions, users and mandates are counted."""
    args = arguments(name, user)
    if name == "dashboard:territory" and not args:
        return None
    url = reverse(name, args=args) + ("?q=creche" if name == "dashboard:search" else "")
    client.get(url)  # what a process reads once (outlines of the map) is not counted
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
    return len(captured) if response.status_code == 200 else None


def all_counts() -> dict[str, dict[str, int]]:
    """{page: {role: queries}}, refused pages left out."""
    clients = {}
    for role, user in people().items():
        clients[role] = (Client(), user)
        clients[role][0].force_login(user)
    counted = {}
    for name in PAGES:
        found = {role: count(client, user, name) for role, (client, user) in clients.items()}
        counted[name] = {role: n for role, n in found.items() if n is not None}
    return counted


def load() -> dict[str, dict[str, int]]:
    return json.loads(BASELINE.read_text("utf-8"))


def save(counts: dict[str, dict[str, int]]) -> None:
    BASELINE.write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n", "utf-8")
