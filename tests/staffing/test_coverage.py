"""The coverage engine against counting each minute by hand, and the cases that other products got wrong."""

import random
from dataclasses import replace
from datetime import date, time
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.french import typo
from establishments.regulation import KIND_LABELS, RATIO_RULE_LABELS, RULES, CapacitySlot
from staffing.coverage import (
    Breach,
    ChildrenPresence,
    HouseDay,
    Segment,
    StaffPresence,
    Topic,
    assess_day,
    assess_days,
    half_hours_in_breach,
    presences_in_two_places,
    set_apart,
)

TUESDAY = date(2026, 3, 17)
RULE_NAMES = list(RATIO_RULE_LABELS)
HOUSE = {"rule": "five_eight_summed", "places": 30, "kind": "creche_collective", "on": TUESDAY}


def staff(start=480, end=1080, category=1, may_direct=True, counts=True, person=None):
    return StaffPresence(start, end, category, may_direct, counts, person)


def day(children, presences, opening=(480, 1080), **house):
    return assess_day(opening=opening, children=children, presences=presences, **(HOUSE | house))


def topics(segments):
    return {breach.topic for segment in segments for breach in segment.breaches}


def by_hand(minute, children, presences, rule, places, kind, on):
    """One minute, counted without the engine and without the module of regulation."""
    here = [c for c in children if c.start <= minute < c.end]
    first, second = sum(c.non_walkers for c in here), sum(c.walkers for c in here)
    total = first + second
    tenths = {"five_eight_summed": (8, 5, 40), "one_six": (1, 1, 6), "kindergarten": (5, 2, 30)}
    if rule == "five_eight_by_group":
        need = -(-first // 5) + -(-second // 8)
    else:
        a, b, over = tenths[rule]
        need = -(-(a * first + b * second) // over)
    small = places is not None and places <= 12 and total <= 3
    required = 0 if total == 0 else 1 if small else max(2, need)
    with_them = [p for p in presences if p.start <= minute < p.end and p.counts]
    present, category_1 = len(with_them), sum(p.category == 1 for p in with_them)
    covered = any(p.may_direct for p in presences if p.start <= minute < p.end)
    broken = set()
    if present < min(need, required):
        broken.add(Topic.RATIO)
    if required >= 2 and present < 2:
        broken.add(Topic.MINIMUM)
    big = places is not None and places > 24
    alone = (
        required == 1 and present == 1 and on >= date(2026, 9, 1) and kind in ("creche_collective", "halte_garderie")
    )
    if total and category_1 == 0 and (big or alone):
        broken.add(Topic.CATEGORY_1)
    if not covered:
        broken.add(Topic.DIRECTION)
    if places and kind != "creche_familiale" and total > ceil(Fraction(115, 100) * places):
        broken.add(Topic.OVERCAPACITY)
    return total, required, need, present, category_1, covered, broken


def told(segment):
    broken = {breach.topic for breach in segment.breaches}
    return (
        *(segment.children, segment.required, segment.need, segment.present),
        *(segment.category_1, segment.direction_covered, broken),
    )


def check_against_minutes(opening, children, presences, house):
    segments = assess_day(opening=opening, children=children, presences=presences, **house)
    assert segments[0].start == opening[0]
    assert segments[-1].end == opening[1]
    for before, after in zip(segments, segments[1:], strict=False):
        assert before.end == after.start
        assert replace(before, start=0, end=1) != replace(after, start=0, end=1) or before.need != after.need
    for segment in segments:
        for minute in range(segment.start, segment.end):
            assert told(segment) == by_hand(minute, children, presences, **house), minute


def random_day(rng):
    opening = (rng.randrange(360, 540), rng.randrange(900, 1200))

    def interval():
        start = rng.randrange(300, 1150)
        return start, start + rng.choice([1, 7, 30, rng.randrange(1, 600)])

    most = rng.choice([1, 3, 8, 20])
    children = [
        ChildrenPresence(*interval(), rng.randrange(most), rng.randrange(most)) for _ in range(rng.randrange(9))
    ]
    presences = [
        StaffPresence(*interval(), rng.choice([1, 2, None]), rng.random() < 0.3, rng.random() < 0.8)
        for _ in range(rng.randrange(14))
    ]
    house = {
        "rule": rng.choice(RULE_NAMES),
        "places": rng.choice([None, 10, 12, 13, 24, 25, 33, 60, 99]),
        "kind": rng.choice(list(KIND_LABELS)),
        "on": rng.choice([date(2024, 2, 29), TUESDAY, date(2026, 8, 31), date(2026, 9, 1)]),
    }
    return opening, children, presences, house


@pytest.mark.parametrize("block", range(10))
def test_a_thousand_days_are_what_counting_each_minute_gives(block):
    for seed in range(block * 100, block * 100 + 100):
        check_against_minutes(*random_day(random.Random(seed)))


@given(st.randoms(use_true_random=False))
def test_any_day_is_what_counting_each_minute_gives(rng):
    check_against_minutes(*random_day(rng))


@pytest.mark.parametrize(("rule", "required"), [("five_eight_summed", 4), ("five_eight_by_group", 5), ("one_six", 5)])
def test_golden_3_nine_who_do_not_walk_and_seventeen_who_do(rule, required):
    (segment,) = day([ChildrenPresence(480, 1080, 9, 17)], [staff()] * required, rule=rule)
    assert (segment.children, segment.required, segment.breaches) == (26, required, ())
    (short,) = day([ChildrenPresence(480, 1080, 9, 17)], [staff()] * (required - 1), rule=rule)
    assert [breach.topic for breach in short.breaches] == [Topic.RATIO]


def test_golden_4_one_child_in_a_house_of_thirty_takes_two_professionals_one_of_category_1():
    child = [ChildrenPresence(480, 1080, 0, 1)]
    assert topics(day(child, [staff()])) == {Topic.MINIMUM}
    assert topics(day(child, [staff(category=2)] * 2)) == {Topic.CATEGORY_1}
    assert topics(day(child, [staff(), staff(category=2)])) == set()
    assert topics(day(child, [staff(category=2)] * 2, places=24)) == set()


@pytest.mark.parametrize(("children", "required", "broken"), [(3, 1, set()), (4, 2, {Topic.MINIMUM})])
def test_golden_5_one_professional_is_enough_up_to_three_children_in_twelve_places(children, required, broken):
    (segment,) = day([ChildrenPresence(480, 1080, 0, children)], [staff()], places=12)
    assert (segment.required, topics([segment])) == (required, broken)


def test_the_professional_alone_of_a_small_house_holds_a_state_diploma_from_september_2026():
    child, alone = [ChildrenPresence(480, 1080, 0, 1)], [staff(category=2)]
    assert topics(day(child, alone, places=12, on=date(2026, 8, 31))) == set()
    (segment,) = day(child, alone, places=12, on=date(2026, 9, 1))
    assert [(b.rule_id, b.topic) for b in segment.breaches] == [("MICRO-SEUL-DIPLOME", Topic.CATEGORY_1)]
    assert topics(day(child, alone, places=12, on=date(2026, 9, 1), kind="jardin_enfants")) == set()


@pytest.mark.parametrize(("children", "broken"), [(38, set()), (39, {Topic.OVERCAPACITY})])
def test_at_most_115_percent_of_the_places_at_the_same_moment(children, broken):
    assert topics(day([ChildrenPresence(480, 1080, 0, children)], [staff()] * 9, places=33)) == broken


def test_modulated_places_move_the_limit_during_their_slot_only():
    slots = [
        CapacitySlot(2, time(8), time(9), 10),
        CapacitySlot(2, time(9), time(10), 0),
        CapacitySlot(3, time(8), time(18), 1),
    ]
    segments = day([ChildrenPresence(480, 1080, 0, 12)], [staff()] * 3, slots=slots)
    assert [(s.start, s.end, topics([s])) for s in segments] == [
        (480, 540, set()),
        (540, 600, {Topic.OVERCAPACITY}),
        (600, 1080, set()),
    ]
    assert topics(day([ChildrenPresence(480, 540, 0, 13)], [staff()] * 3, slots=slots)) == {Topic.OVERCAPACITY}


def test_nobody_to_direct_is_a_breach_even_before_the_first_child():
    segments = day([ChildrenPresence(540, 1080, 0, 5)], [staff(500, 1080), staff(may_direct=False)])
    assert [(s.start, s.end, s.direction_covered) for s in segments] == [
        (480, 500, False),
        (500, 540, True),
        (540, 1080, True),
    ]
    (breach,) = segments[0].breaches
    assert (breach.rule_id, breach.article) == ("CONTINUITE-DIRECTION", "CSP R. 2324-36")


# The four cases of failure C24: twelve walkers take two professionals; who is counted?
TWELVE = [ChildrenPresence(480, 1080, 0, 12)]


def test_someone_in_training_or_at_other_work_does_not_count_but_may_direct():
    busy = set_apart(staff(), [(600, 660)], in_the_house=True)
    segments = day(TWELVE, [staff(may_direct=False), *busy])
    assert [(s.start, s.end, s.present, s.direction_covered) for s in segments] == [
        (480, 600, 2, True),
        (600, 660, 1, True),
        (660, 1080, 2, True),
    ]
    assert topics(segments) == {Topic.RATIO, Topic.MINIMUM}


def test_someone_in_training_elsewhere_is_not_there_to_direct():
    away = set_apart(staff(), [(600, 660)], in_the_house=False)
    assert topics(day(TWELVE, [staff(may_direct=False), *away])) == {Topic.RATIO, Topic.MINIMUM, Topic.DIRECTION}


def test_an_outside_professional_who_takes_children_in_charge_counts():
    external = staff(category=2, may_direct=False)
    assert topics(day(TWELVE, [staff(), external])) == set()
    assert topics(day(TWELVE, [staff()])) == {Topic.RATIO, Topic.MINIMUM}


@pytest.mark.parametrize("category", [2, None])
def test_trainees_and_apprentices_never_count(category):
    (segment,) = day(TWELVE, [staff(), staff(category=category, may_direct=False, counts=False)])
    assert (segment.present, segment.category_1) == (1, 1)


def test_nobody_is_counted_twice_in_one_house():
    with pytest.raises(ValueError, match="twice"):
        day(TWELVE, [staff(480, 700, person="anna"), staff(699, 1080, person="anna")])
    assert topics(day(TWELVE, [staff(480, 700, person="anna"), staff(700, 1080, person="anna"), staff()])) == set()


def house_day(*presences, on=TUESDAY, **house):
    return HouseDay((480, 1080), TWELVE, presences, **(HOUSE | {"on": on} | house))


def test_nobody_is_counted_in_two_houses_at_the_same_moment():
    days = {
        "north": house_day(staff(480, 800, person="anna"), staff(person="eve")),
        "south": house_day(staff(790, 1080, person="anna"), staff()),
        "next day": house_day(staff(person="anna"), on=date(2026, 3, 18)),
    }
    (clash,) = presences_in_two_places(days)
    assert (clash.person, clash.on, clash.start, clash.keys) == ("anna", TUESDAY, 790, ("north", "south"))
    with pytest.raises(ValueError, match="'anna' is present twice"):
        assess_days(days)
    days["south"] = replace(days["south"], presences=(staff(800, 1080, person="anna"), staff()))
    assert presences_in_two_places(days) == []
    assert {key: len(segments) for key, segments in assess_days(days).items()} == {
        "north": 2,
        "south": 2,
        "next day": 1,
    }


def test_many_days_at_once_follow_modulated_places():
    slots = (CapacitySlot(2, time(8), time(18), 10),)
    crowded, usual = house_day(staff(), staff(), slots=slots), house_day(staff(), staff())
    assert topics(assess_days({"modulated": crowded})["modulated"]) == set()
    fewer = replace(crowded, slots=(CapacitySlot(2, time(8), time(18), 9),))
    found = assess_days({"fewer": fewer, "usual": usual})
    assert (topics(found["fewer"]), topics(found["usual"])) == ({Topic.OVERCAPACITY}, set())


def test_a_long_presence_hides_no_later_clash():
    days = {
        "north": house_day(staff(480, 1080, person="anna")),
        "south": house_day(staff(500, 510, person="anna"), staff(600, 610, person="anna")),
    }
    assert [(c.start, c.keys) for c in presences_in_two_places(days)] == [
        (500, ("north", "south")),
        (600, ("north", "south")),
    ]


def test_presences_of_children_that_overlap_add_up():
    groups = [ChildrenPresence(480, 700, 5, 0), ChildrenPresence(600, 1080, 0, 16)]
    segments = day(groups, [staff()] * 3)
    assert [(s.start, s.end, s.children, s.required) for s in segments] == [
        (480, 600, 5, 2),
        (600, 700, 21, 3),
        (700, 1080, 16, 2),
    ]


def test_neighbours_that_say_the_same_are_one_segment():
    presences = [staff(480, 700), staff(700, 1080), staff(), staff(600, 610, None, False, False)]
    assert [(s.start, s.end) for s in day([*TWELVE, ChildrenPresence(800, 900, 0, 0)], presences)] == [(480, 1080)]


@pytest.mark.parametrize("opening", [None, (), (480, 480)])
def test_a_closed_day_has_no_segment(opening):
    assert day(TWELVE, [], opening=opening) == []


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        (lambda: ChildrenPresence(600, 600, 1, 1), "end after"),
        (lambda: ChildrenPresence(-1, 600, 1, 1), "midnight"),
        (lambda: ChildrenPresence(480, 600, -1, 1), "negative"),
        (lambda: ChildrenPresence(480, 600, 1, -1), "negative"),
        (lambda: staff(600, 599), "end after"),
        (lambda: staff(category=3), "category"),
        (lambda: day([], [], opening=(600, 480)), "opening"),
        (lambda: day([], [], opening=(-10, 480)), "opening"),
        (lambda: day(TWELVE, [], rule="one_seven"), "unknown ratio rule"),
        (lambda: day(TWELVE, [], places=0), "places"),
        (lambda: day(TWELVE, [], kind="school"), "kind"),
        (lambda: day([], [], slots=[CapacitySlot(2, time(8), time(10), 9)] * 2), "overlap"),
        (lambda: set_apart(staff(), [(600, 600)], in_the_house=True), "end after"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong, match):
    with pytest.raises(ValueError, match=match):
        wrong()


@given(st.lists(st.tuples(st.integers(400, 1100), st.integers(1, 200)), max_size=5), st.booleans())
def test_setting_apart_keeps_every_minute_once(gaps, in_the_house):
    intervals = [(start, start + length) for start, length in gaps]
    pieces = set_apart(staff(), intervals, in_the_house=in_the_house)
    for minute in range(470, 1090):
        apart = any(start <= minute < end for start, end in intervals)
        expected = [not apart] if 480 <= minute < 1080 and (in_the_house or not apart) else []
        assert [p.counts for p in pieces if p.start <= minute < p.end] == expected


def test_each_breach_gives_its_article_and_a_french_sentence():
    crowd = [ChildrenPresence(480, 1080, 0, 40)]
    (segment,) = day(crowd, [staff(may_direct=False, category=2)])
    known = {rule.id: rule.article for rule in RULES}
    assert [b.rule_id for b in segment.breaches] == [
        *("RATIO-5-8", "MIN-DEUX-PRO", "MIN-DEUX-PRO", "CONTINUITE-DIRECTION", "SURNOMBRE-INSTANT")
    ]
    assert all(b.article == known[b.rule_id] != "" for b in segment.breaches)
    assert [b.message for b in segment.breaches] == [
        "1 professionnel pour 40 enfants, 5 exigés par le taux d’encadrement.",
        "1 professionnel auprès de 40 enfants\u00a0: jamais moins de deux.",
        "Personne de la catégorie 1° auprès des enfants, au-delà de 24 places.",
        "Personne sur place ne peut assurer la direction.",
        "40 enfants à la fois, 35 au plus.",
    ]
    assert all(typo(b.message) == b.message for b in segment.breaches)


def test_half_hours_are_those_of_the_clock_that_a_breach_touches():
    segments = day([ChildrenPresence(615, 661, 0, 12)], [staff(), staff(480, 629)], opening=(465, 1080))
    halves = half_hours_in_breach(segments)
    assert [(h.start, h.end) for h in halves] == [(450, 480), (600, 630), (630, 660), (660, 690)]
    assert [breach.topic for breach in halves[1].breaches] == [Topic.RATIO, Topic.MINIMUM]
    assert [h.start for h in half_hours_in_breach(segments, {Topic.DIRECTION})] == [450]
    assert half_hours_in_breach(day(TWELVE, [staff()] * 2)) == []


def test_a_half_hour_names_each_breach_once():
    lost = Breach("X", "art. 1", "perdu")
    segments = [Segment(480, 490, 1, 1, 0, 0, True, (lost,)), Segment(490, 500, 2, 1, 0, 0, True, (lost,))]
    assert [h.breaches for h in half_hours_in_breach(segments)] == [(lost,)]
