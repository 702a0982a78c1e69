"""Who directs, half-day by half-day, and who could stand in (CSP R. 2324-36)."""

from datetime import date, timedelta

import pytest

from staffing.continuity import (
    Candidate,
    Designated,
    Link,
    holder_of,
    may_ensure_direction,
    ranked,
    stretches,
    uncovered,
)

MONDAY = date(2026, 3, 16)
DAY = timedelta(days=1)
WEEK = [(MONDAY + n * DAY, half) for n in range(5) for half in (0, 1)]
DIRECTOR = Designated("d", "Alice Roux", Link.DIRECTOR)
DEPUTY = Designated("a", "Bruno Petit", Link.DEPUTY)
SECOND = Designated("r2", "Zoé Blanc", Link.RELAY, rank=2)
FIRST = Designated("r1", "Yann Noir", Link.RELAY, rank=1)
CHAIN = [SECOND, DEPUTY, FIRST, DIRECTOR]


def there(*absences):
    """Absences are (person, half-day), or a person for all the week."""
    return lambda person, half: person not in absences and (person, half) not in absences


@pytest.mark.parametrize(
    ("category", "since", "may"),
    [
        (1, None, True),
        (2, date(2025, 3, 16), True),
        (2, date(2025, 3, 17), False),
        (2, None, False),
        (None, date(2000, 1, 1), False),
    ],
)
def test_a_relay_is_of_category_1_or_of_category_2_after_a_year(category, since, may):
    assert may_ensure_direction(category, since, MONDAY) is may


@pytest.mark.parametrize(
    ("absent", "holder"),
    [((), "d"), (("d",), "a"), (("d", "a"), "r1"), (("d", "a", "r1"), "r2"), (("d", "a", "r1", "r2"), None)],
)
def test_the_chain_is_followed_in_its_order(absent, holder):
    found = holder_of(CHAIN, WEEK[0], there(*absent))
    assert (found.person if found else None) == holder


def test_a_designation_counts_between_its_dates_only():
    chain = [Designated("r", "Relais", Link.RELAY, starts_on=MONDAY + DAY, ends_on=MONDAY + DAY)]
    assert uncovered(chain, WEEK, there()) == [half for half in WEEK if half[0] != MONDAY + DAY]


def test_only_open_half_days_can_be_uncovered():
    chain, away = [DIRECTOR], there(("d", WEEK[0]), ("d", WEEK[3]))
    assert uncovered(chain, WEEK, away) == [WEEK[0], WEEK[3]]
    assert uncovered(chain, WEEK[1:3], away) == []


def test_gaps_that_follow_each_other_are_one_stretch_even_over_a_weekend():
    days = [*WEEK, (MONDAY + 7 * DAY, 0)]
    gaps = [WEEK[1], WEEK[2], WEEK[9], days[10]]
    found = stretches(gaps, days)
    assert [(one.starts_on, one.ends_on, len(one.half_days)) for one in found] == [
        (MONDAY, MONDAY + DAY, 2),
        (MONDAY + 4 * DAY, MONDAY + 7 * DAY, 2),
    ]


def test_candidates_come_by_presence_then_what_they_uncover_then_nearness():
    far = Candidate(1, "Loin", "responsable", 2, "B", distance_km=8.0)
    near = Candidate(2, "Près", "responsable", 3, "C", distance_km=0.5)
    knows = Candidate(3, "Connue", "responsable", 4, "D", knows=True, distance_km=9.0)
    inside = Candidate(4, "Ici", "éducatrice", 1, "A", is_inside=True, distance_km=0)
    strips = Candidate(5, "Seule", "responsable", 5, "E", strips=True, distance_km=0.1)
    away = Candidate(6, "Congé", "responsable", 6, "F", is_away=True, is_inside=True)
    nowhere = Candidate(7, "Ailleurs", "responsable", 7, "G")
    found = ranked([nowhere, away, strips, far, near, knows, inside])
    assert [c.name for c in found] == ["Ici", "Connue", "Près", "Loin", "Ailleurs", "Seule", "Congé"]
    assert "sans direction" in strips.reason
    assert "distance inconnue" in nowhere.reason
    assert "à 0,5\u00a0km" in near.reason
    assert not away.is_possible
