"""Early warning: each signal by its rule, and crises planted by a generator written apart (M10)."""

import sys
from fractions import Fraction

import pytest

from dashboard.warnings.rules import RULES, HouseFacts, is_listed, signals
from tests.dashboard.planted_crises import HOUSES, WEEKS, city

AHEAD = 30 / 7  # a month, in weeks

QUIET = HouseFacts(
    vacant_days=0,
    direction_months=40,
    visit_late_days=0,
    complaints=0,
    serious_events=0,
    attendance=Fraction(70, 100),
    attendance_before=Fraction(70, 100),
    departures=0,
    posts=12,
    works=0,
    missing_months=0,
    expired_days=0,
    red_days=0,
    injunction_days=0,
)


def lit(**facts):
    return [signal.key for signal in signals(HouseFacts(**{**QUIET.__dict__, **facts}))]


def test_a_quiet_house_and_a_house_nobody_knows_light_nothing():
    assert signals(QUIET) == signals(HouseFacts()) == ()


@pytest.mark.parametrize(
    ("off", "on", "key"),
    [
        ({"vacant_days": 30}, {"vacant_days": 31}, "vacant"),
        ({"direction_months": 6}, {"direction_months": 5}, "new_direction"),
        ({"visit_late_days": 15}, {"visit_late_days": 16}, "no_visit"),
        ({"complaints": 1}, {"complaints": 2}, "complaints"),
        ({"serious_events": 1}, {"serious_events": 2}, "serious"),
        ({"attendance": Fraction(651, 1000)}, {"attendance": Fraction(65, 100)}, "falling"),
        ({"departures": 2}, {"departures": 3}, "turnover"),
        ({"departures": 4, "posts": 4}, {"departures": 2, "posts": 5}, "turnover"),
        ({"red_days": 2}, {"red_days": 3}, "red_ratio"),
        ({"injunction_days": 0}, {"injunction_days": 1}, "injunction"),
        ({"works": 0}, {"works": 1}, "works"),
        ({"missing_months": 1}, {"missing_months": 2}, "missing"),
        ({"expired_days": 60}, {"expired_days": 61}, "expired"),
    ],
)
def test_a_signal_is_lit_at_its_threshold_and_not_before(off, on, key):
    assert lit(**off) == []
    assert lit(**on) == [key]


def test_two_signals_list_a_house_or_one_that_suffices_and_context_alone_does_not():
    assert not is_listed(signals(HouseFacts(missing_months=2)))
    assert not is_listed(signals(HouseFacts(works=8, direction_months=2)))
    assert is_listed(signals(HouseFacts(works=8, missing_months=2)))
    assert is_listed(signals(HouseFacts(vacant_days=31)))


def test_each_rule_is_printed_in_a_sentence():
    assert all(rule.rule.endswith(".") and rule.name for rule in RULES)
    assert len({rule.key for rule in RULES}) == len(RULES)


SEEDS = range(20)


def caught_by_kind(years, crises, listing):
    """{kind: [a month ahead listed or not]}, and the largest share of houses listed in one week."""
    listed = [{house for house, facts in week.items() if listing(signals(facts))} for week in years]
    found = {}
    for crisis in crises:
        window = range(max(0, crisis.week - 10), int(crisis.week - AHEAD) + 1)
        seen = any(crisis.house in listed[week] for week in window if week < WEEKS)
        found.setdefault(crisis.kind, []).append(seen)
    return found, max(Fraction(len(houses), HOUSES) for houses in listed)


def test_crises_with_a_precursor_are_listed_a_month_ahead_and_few_houses_are_at_any_time():
    caught, most = {}, Fraction(0)
    for seed in SEEDS:
        found, share = caught_by_kind(*city(seed), is_listed)
        most = max(most, share)
        for kind, seen in found.items():
            caught.setdefault(kind, []).extend(seen)
    silent = caught.pop("")
    announced = [seen for kind in caught.values() for seen in kind]
    share = Fraction(sum(announced), len(announced))
    kinds = ", ".join(f"{kind} {sum(seen)} sur {len(seen)}" for kind, seen in caught.items())
    sys.stdout.write(
        f"crises annoncées : {sum(announced)} sur {len(announced)} signalées trente jours avant ({float(share):.0%}), "
        f"dont {kinds} ; sans signe avant-coureur : {sum(silent)} sur {len(silent)} ; au plus {float(most):.0%} des "
        "maisons signalées à la fois\n"
    )
    assert share >= Fraction(80, 100)
    assert most <= Fraction(10, 100)


def test_the_crises_that_a_control_saw_coming_are_told_by_the_late_injunction():
    def without(lit):
        return is_listed([signal for signal in lit if signal.key != "injunction"])

    cities = [city(seed) for seed in SEEDS[:4]]
    told, untold = (
        [seen for years, crises in cities for seen in caught_by_kind(years, crises, listing)[0]["control"]]
        for listing in (is_listed, without)
    )
    assert Fraction(sum(told), len(told)) >= Fraction(80, 100)
    assert Fraction(sum(untold), len(untold)) < Fraction(50, 100)
