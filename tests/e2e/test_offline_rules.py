"""C13: the same rules, the same verdict in Python and in the browser, on a thousand visits made at random."""

import json
import random

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from establishments.models import Authorisation
from tests.e2e.offline_pages import form_of, house, open_page, ready
from visits import completeness
from visits.ratio import ratio_of_the_day

__all__ = ["house", "open_page"]

KINDS = ["regular", "thematic", "unannounced", "appointment", "follow_up", "", None]
TEXTS = ["", " ", "\u00a0\u202f", "\ufeff", "\x1c", "Un fait.", "0", "{title}", None]
DAYS = ["", None, " ", "\x1c", "0026-03-09", "2026-03-09", "2026-03-10", "2026-03-17", "2026-03-18", "hier"]
HOURS = ["", None, "09:00", "11:30", "08:59"]
PEOPLE = [None, "", 0, 3, 999, 1000, -1, "12", True, False]
RATINGS = ["not_observed", "to_build", "in_progress", "acquired", "strength", "", None]
NATURES = ["", "strength", "good_practice", "to_improve", "gap", None]
STATES = ["", None, "to_start", "done", "abandoned", "not_seen"]


def rows(draw, **fields):
    made = [
        {"key": draw.choice([1, 7, "jeu", None]), "title": draw.choice(["Jeu", "À l’abri", "", None])}
        | {name: draw.choice(values) for name, values in fields.items()}
        for _ in range(draw.randrange(4))
    ]
    for row in made:  # a field that a page does not have
        if draw.random() < 0.1:
            row.pop(draw.choice(list(row)))
    return made


def visit_at(draw):
    answers = {
        "kind": draw.choice(KINDS),
        "is_on_site": draw.choice([True, False, None, 1, "on"]),
        "visited_on": draw.choice(DAYS),
        "next_visit_on": draw.choice(DAYS),
        "today": "2026-03-17",
        "starts_at": draw.choice(HOURS),
        "ends_at": draw.choice(HOURS),
        "directing": draw.choice(TEXTS),
        "summary": draw.choice(TEXTS),
        "observations": rows(draw, rating=RATINGS, nature=NATURES, fact=TEXTS),
        "actions": rows(draw, state=STATES, note=TEXTS),
        "new_actions": rows(draw, due_on=DAYS),
    }
    names = ["present_non_walkers", "present_walkers", "expected_walkers", "expected_non_walkers"]
    names += ["staff_category_1", "staff_category_2", "staff_other"]
    answers |= {name: draw.choice(PEOPLE) for name in names}
    for name in list(answers):
        if draw.random() < 0.05:
            del answers[name]
    return answers


@pytest.mark.django_db(transaction=True)
def test_c13_a_thousand_visits_get_the_same_verdict_in_python_and_in_the_browser(browser, live_server):
    draw = random.Random(2026)
    visits = [visit_at(draw) for _ in range(1000)]
    page = browser.new_page()
    page.goto(live_server.url + reverse("account_login"))
    found = page.evaluate(
        """async ([rules, visits]) => {
            const { missing } = await import("/static/js/visit/rules.js");
            return visits.map((visit) => ["shape", "closing"].map((level) => missing(rules, visit, level)));
        }""",
        [json.loads(json.dumps(completeness.as_data())), visits],
    )
    page.close()
    expected = [
        [[vars(gap) for gap in completeness.missing(visit, level)] for level in ("shape", "closing")]
        for visit in visits
    ]
    assert found == expected
    seen = {gap["code"] for both in expected for gaps in both for gap in gaps}
    assert seen == {rule.code for rule in completeness.RULES}, "every rule must have been broken at least once"


@pytest.mark.django_db(transaction=True)
def test_the_ratio_is_told_without_a_network_in_the_words_of_the_server(house, open_page):
    authorisation = Authorisation.objects.get(establishment=house)
    page = open_page(form_of(house))
    ready(page)
    page.context.set_offline(True)
    told = page.locator("[data-dit=ratio]")
    expect(told).to_be_hidden()
    for children, staff in [((9, 17), (2, 3)), ((9, 17), (0, 1)), ((0, 1), (1, 0)), ((0, 0), (0, 0))]:
        names = ["present_non_walkers", "present_walkers", "staff_category_1", "staff_category_2"]
        for name, number in zip(names, (*children, *staff), strict=True):
            page.locator(f"input[name={name}]").fill(str(number))
        found = ratio_of_the_day(
            children,
            staff,
            rule=authorisation.ratio_rule,
            places=authorisation.places,
            kind=house.kind,
            on=authorisation.starts_on,
        )
        expect(told.locator("[data-texte]")).to_have_text(found.told)
    expect(page.locator("[data-encadrement-enregistre]")).to_be_hidden()
