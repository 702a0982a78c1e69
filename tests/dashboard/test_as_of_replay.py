"""Twenty pages of a day, read again two months and two hundred changes later: the same (issue of the as-of pages).

What is corrected about the past itself moves them, as it must: that is tested apart.
"""

import random
import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from difflib import SequenceMatcher

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from dashboard.moments import moment_of
from dashboard.rows import dashboard_of
from establishments.models import Authorisation, Capability
from tests.dashboard.replay import SAVED, Aftermath, little_pole
from tests.pdf_reading import extract_text

pytestmark = [pytest.mark.django_db]
# The forms hold today's bounds and a token; the breadcrumb and the menu are those of the reader, today.
ASIDE = re.compile(r"<form.*?</form>|<nav.*?</nav>|<script.*?</script>|<style.*?</style>", re.DOTALL)
MADE = re.compile(r"Établi le \w+ [^.]*? 2026|(?:[0-9A-F]{4} ){3}[0-9A-F]{4}")


def eve(days):
    return datetime.combine(SAVED + timedelta(days=days), time(8), UTC)


def said(response):
    """What a page says, of its main part; the text of a PDF without the day and the print of its making."""
    if response["Content-Type"] == "application/pdf":
        return MADE.sub(" ", re.sub(r"\s+", " ", extract_text(response.content)))
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", strip_tags(ASIDE.sub(" ", main)))


@pytest.fixture
def world(sector, next_sector, pole, caspe, direction, pole_head, central):
    """(houses, [(reader, address)] of twenty pages, the aftermath)."""
    chance = random.Random(20)
    sectors = [sector, next_sector]
    houses = little_pole(sectors, chance)
    pages = [(pole_head, reverse("dashboard:territory", args=[place.pk])) for place in (sector, next_sector, pole)]
    pages += [(central, reverse("dashboard:territory", args=[place.pk])) for place in (caspe, direction)]
    pages += [(pole_head, reverse("dashboard:warnings"))]
    for name in ("detail", "authorisation"):
        pages += [(pole_head, reverse(f"establishments:{name}", args=[house.pk])) for house in houses]
    pages += [(pole_head, reverse("establishments:detail_pdf", args=[house.pk])) for house in houses[:4]]
    return houses, pages, Aftermath(houses, sectors, pole_head, chance)


def read(client, pages):
    found = {}
    for reader, address in pages:
        client.force_login(reader)
        response = client.get(address, {"au": SAVED.isoformat()})
        assert response.status_code == 200, address
        found[address] = said(response)
    return found


def test_twenty_pages_of_a_day_are_the_same_two_hundred_changes_later(client, world):
    _, pages, aftermath = world
    assert len(pages) == 20
    with time_machine.travel(eve(1), tick=False):
        before = read(client, pages)
    assert all(len(text) > 200 for text in before.values())
    with time_machine.travel(eve(61), tick=False):
        made = aftermath.happen(200)
        after = read(client, pages)
    assert len(made) == 18
    assert {address: found for address, text in after.items() if (found := changes(before[address], text))} == {}


def changes(before, after):
    """What is not said any more, and what is said instead."""
    old, new = before.split(), after.split()
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(" ".join(old[a:b]), " ".join(new[c:d])) for what, a, b, c, d in steps if what != "equal"]


def figures(line):
    """What a line says, without the leave and the actions, which are only known of today."""
    return replace(line, leaves=0, actions=0, late=0)


def test_the_figures_seen_that_very_day_are_those_of_the_page_as_of_it(world, sector, pole, pole_head):
    _, _, aftermath = world
    held = frozenset({Capability.VIEW, Capability.VIEW_AGGREGATES})
    with time_machine.travel(eve(0), tick=False):
        live = [dashboard_of(pole_head, place, moment_of({}, SAVED), held) for place in (sector, pole)]
    with time_machine.travel(eve(61), tick=False):
        aftermath.happen(200)
        moment = moment_of({"au": SAVED.isoformat()}, SAVED + timedelta(days=61))
        then = [dashboard_of(pole_head, place, moment, held) for place in (sector, pole)]
    for one, other in zip(live, then, strict=True):
        assert [figures(line) for line in [*other.lines, other.total]] == [
            figures(line) for line in [*one.lines, one.total]
        ]


def test_a_correction_of_the_past_moves_the_page_as_it_must(client, world):
    houses, pages, _ = world
    with time_machine.travel(eve(1), tick=False):
        before = read(client, pages[:1])
    with time_machine.travel(eve(61), tick=False):
        Authorisation.objects.filter(establishment=houses[0]).update(places=77)
        assert read(client, pages[:1]) != before
