"""The number of queries of each page, by role, on the mini demonstration: exact, so that a change is seen and decided.

To accept a change: RONDE_QUERIES=write python -m pytest tests/bench/test_queries.py, then read the difference.
"""

import os

import pytest

from dashboard.demo import load as load_demo
from tests.bench import queries
from tests.factories import TODAY

HOW = "RONDE_QUERIES=write python -m pytest tests/bench/test_queries.py"


@pytest.fixture
def counts(db, today):
    load_demo("mini", 20, TODAY, "x", default_today=TODAY)
    return queries.all_counts()


@pytest.mark.slow
def test_each_page_asks_as_many_queries_as_the_baseline_says(counts):
    if os.environ.get("RONDE_QUERIES") == "write":
        queries.save(counts)
    baseline = queries.load()
    moved = [
        f"{page}, {role} : {baseline.get(page, {}).get(role)} requêtes attendues, "
        f"{counts.get(page, {}).get(role)} faites"
        for page in sorted({*baseline, *counts})
        for role in queries.ROLES
        if baseline.get(page, {}).get(role) != counts.get(page, {}).get(role)
    ]
    assert not moved, "\n".join([*moved, f"Si c’est voulu : {HOW}"])


def test_the_baseline_stays_within_the_budgets():
    over = [
        f"{page}, {role} : {n} requêtes, {queries.PAGES[page]} au plus"
        for page, roles in queries.load().items()
        for role, n in roles.items()
        if n > queries.PAGES[page]
    ]
    assert over == []


def test_every_page_of_the_baseline_is_opened_by_somebody():
    assert {page for page in queries.PAGES if not queries.load().get(page)} == set()
