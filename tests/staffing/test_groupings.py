"""Summer groupings: equal to exhaustive search on small cities, never a child without a place."""

import datetime
import itertools
import time
from fractions import Fraction
from random import Random

import pytest
from django.urls import reverse

from establishments.models import Closure
from staffing.groupings import Site, group
from staffing.groupings.facts import grouping_of
from tests.factories import TODAY, EstablishmentFactory
from tests.staffing.factories import expect

FIRST, LAST = datetime.date(2026, 8, 3), datetime.date(2026, 8, 28)


def city(seed, houses):
    chance = Random(seed)  # noqa: S311 - a trial
    sites = [
        Site(key, chance.randrange(0, 25), chance.randrange(20, 70), chance.random() < 0.35)
        for key in range(1, houses + 1)
    ]
    at = {site.key: (chance.random() * 4, chance.random() * 4) for site in sites}
    unknown = {key for key in at if chance.random() < 0.08}

    def km(one, other):
        if unknown & {one, other}:
            return None
        return round(sum((a - b) ** 2 for a, b in zip(at[one], at[other], strict=True)) ** 0.5, 2)

    return sites, km


def exhaustive(sites, km, most_open):
    """(farthest, children-kilometres) of the best of every plan there is, or None."""
    best = None
    by_key = {site.key: site for site in sites}
    choices = [[("sent", host) for host in by_key if host != site.key] for site in sites]
    for site, found in zip(sites, choices, strict=True):
        found += [] if site.must_close else [("open", site.key)]
        found += [] if site.children else [("closed", None)]
    for plan in itertools.product(*choices):
        opened = {site.key for site, (what, _) in zip(sites, plan, strict=True) if what == "open"}
        if len(opened) > most_open:
            continue
        load = {key: by_key[key].children for key in opened}
        farthest, cost = 0.0, 0.0
        for site, (what, host) in zip(sites, plan, strict=True):
            if what != "sent":
                continue
            distance = km(site.key, host)
            if host not in opened or distance is None:
                break
            load[host] += site.children
            farthest, cost = max(farthest, distance), cost + distance * site.children
        else:
            received = {host for what, host in plan if what == "sent"}
            if all(load[key] <= by_key[key].capacity for key in received):
                best = min(best or (farthest, cost), (farthest, cost))
    return best


@pytest.mark.parametrize("seed", range(60))
def test_the_plan_is_the_best_of_every_plan_there_is(seed):
    sites, km = city(seed, 3 + seed % 3)
    for most_open in (1, 2, 3):
        expected, found = exhaustive(sites, km, most_open), group(sites, km, most_open)
        if expected is None:
            assert found is None
        else:
            assert found.is_exact
            assert (found.farthest, round(found.child_km, 6)) == (expected[0], round(expected[1], 6))


@pytest.mark.parametrize("seed", range(202, 206))
def test_on_a_sector_nobody_is_left_out_and_no_house_holds_more_than_its_places(seed):
    sites, km = city(seed, 15)
    begun = time.perf_counter()
    plan = group(sites, km, 8)
    print(f"\nregroupement de 15 maisons en {time.perf_counter() - begun:.2f} s, {plan and plan.is_exact}")  # noqa: T201
    by_key = {site.key: site for site in sites}
    load = {key: by_key[key].children for key in plan.opened}
    for move in plan.moves:
        load[move.host] += by_key[move.source].children
    assert all(load[host] <= by_key[host].capacity for host in {move.host for move in plan.moves})
    placed = set(plan.opened) | {move.source for move in plan.moves}
    assert {site.key for site in sites if site.children} <= placed
    assert not any(by_key[key].must_close for key in plan.opened)
    assert len(plan.opened) <= 8
    assert plan.floor <= plan.farthest


def test_a_house_of_unknown_position_stays_open_or_there_is_no_plan():
    sites = [Site(1, 10, 40), Site(2, 10, 40)]
    assert group(sites, lambda *_: None, 1) is None
    assert group(sites, lambda *_: None, 2).moves == ()


def house(sector, name, longitude, **given):
    row = EstablishmentFactory(name=name, sector=sector, **given)
    type(row).objects.filter(pk=row.pk).update(longitude=longitude, latitude="48.86")
    expect(row, 0, 20)
    return row


def close(row, cause="yearly"):
    Closure.objects.create(establishment=row, cause=cause, starts_on=FIRST, ends_on=LAST)


@pytest.fixture
def three(sector):
    return [house(sector, f"Crèche {name}", lon) for name, lon in zip("ABC", ("2.38", "2.39", "2.42"), strict=True)]


def computed(rows, most_open=None, share=Fraction(1, 2)):
    keys = [row.pk for row in rows]
    return grouping_of(keys, FIRST, LAST, TODAY, share=share, most_open=most_open)


@pytest.mark.usefixtures("today")
def test_a_house_closed_by_its_calendar_goes_to_the_nearest_with_room(three):
    close(three[0])
    found = computed(three, most_open=2)
    (sent,) = [line for line in found.lines if line.decision == "envoyée"]
    assert (sent.house_name, sent.host_name, sent.reason) == ("Crèche A", "Crèche B", "fermée au calendrier")
    assert sent.children == 10
    assert 0.7 < sent.km < 0.8


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("kind", ["creche_familiale", "jardin_enfants"])
def test_neither_a_creche_familiale_nor_a_kindergarten_welcomes_the_babies_of_others(sector, three, kind):
    """The nearest house, and the largest, may not be the host: its children may still go to one of their kind."""
    near = house(sector, "Autre sorte", "2.381", kind=kind, places=90)
    close(three[0])
    found = computed([*three, near], most_open=3)
    assert {line.host_name for line in found.lines if line.decision == "envoyée"} <= {"Crèche B", "Crèche C"}
    close(three[1])
    close(three[2])
    assert computed([*three, near]).plan is None
    twin = house(sector, "Même sorte", "2.382", kind=kind, places=90)
    close(twin)
    assert computed([near, twin]).opened == 1


@pytest.mark.usefixtures("today")
def test_as_few_houses_as_can_be_open_when_no_number_is_told(three):
    assert computed(three).opened == 1
    assert computed(three, share=Fraction(1)).opened == 2  # sixty children, places for fewer in one house


@pytest.mark.usefixtures("today")
def test_everything_closed_is_said(client, three, coordinator):
    for row in three:
        close(row)
    assert computed(three).plan is None
    client.force_login(coordinator)
    page = client.get(reverse("staffing:groupings"), {"du": FIRST, "au": LAST}).content.decode()
    assert "Aucun regroupement ne tient" in page


@pytest.mark.usefixtures("today")
def test_a_house_that_opened_the_last_summers_shows_it(three):
    Closure.objects.create(
        establishment=three[0], cause="yearly", starts_on=datetime.date(2025, 8, 4), ends_on=datetime.date(2025, 8, 22)
    )
    assert {line.house_name: line.summers for line in computed(three).lines}["Crèche A"] == 2
    assert {line.house_name: line.summers for line in computed(three).lines}["Crèche B"] == 3


@pytest.mark.usefixtures("today")
def test_the_page_takes_the_same_queries_for_1_and_15_houses(
    client, sector, coordinator, django_assert_max_num_queries
):
    client.force_login(coordinator)
    counts = []
    for number in range(15):
        house(sector, f"Crèche {number}", f"2.3{number:02}")
        if number in (0, 14):
            with django_assert_max_num_queries(12) as captured:
                client.get(reverse("staffing:groupings"), {"du": FIRST, "au": LAST})
            counts.append(len(captured))
    assert counts[0] == counts[1]
