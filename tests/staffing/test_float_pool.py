"""The float pool: the least cost against trying everything, legal rest, and a reason for each choice."""

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import product

import pytest

from core.french import typo
from staffing.float_pool import Cost, FloatAgent, Need, Shift, assign, evaluate, obstacle, plan, uncovered_bound

MONDAY = date(2026, 7, 6)


def on(days):
    return MONDAY + timedelta(days=days)


def need(id, house="lilas", day=0, hours=(480, 900), half_hours=4, **asked):
    return Need(id, house, Shift(on(day), *hours), half_hours, **asked)


def agent(id, days=5, hours=(420, 1170), category=1, **known):
    free = {on(day): hours for day in range(days)}
    return FloatAgent(id, category, **({"free": free, "travel": {"lilas": 10, "erables": 20}} | known))


def chosen(found):
    return {each.need.id: each.agent.id for each in found.assignments}


def cheapest(costs, unassigned):
    """Every way of giving each row a free column or nothing, tried in full (ways that meet are tried once)."""
    columns = len(costs[0])

    @cache
    def best(row, taken):
        if row == len(costs):
            return (0,) * len(unassigned[0])
        ways = [(unassigned[row], taken)]
        ways += [
            (costs[row][column], taken | 1 << column)
            for column in range(columns)
            if costs[row][column] is not None and not taken >> column & 1
        ]
        return min(tuple(map(sum, zip(cost, best(row + 1, left), strict=True))) for cost, left in ways)

    return best(0, 0)


def random_costs(rng):
    rows, columns = rng.randint(1, 8), rng.randint(0, 8)
    most = rng.choice([1, 3, 1000])

    def cost():
        return tuple(rng.randrange(most + 1) for _ in range(3))

    costs = [[None if rng.random() < 0.25 else cost() for _ in range(columns)] for _ in range(rows)]
    return costs, [(rng.randrange(most + 1), 0, 0) for _ in range(rows)]


@pytest.mark.parametrize("block", range(4))
def test_two_hundred_assignments_cost_what_trying_everything_finds(block):
    for seed in range(block * 50, block * 50 + 50):
        costs, unassigned = random_costs(random.Random(seed))
        columns = assign(costs, unassigned)
        given = [column for column in columns if column is not None]
        assert len(given) == len(set(given))
        paid = [unassigned[row] if column is None else costs[row][column] for row, column in enumerate(columns)]
        assert tuple(map(sum, zip(*paid, strict=True))) == cheapest(costs, unassigned), seed


def test_the_first_component_matters_before_any_amount_of_the_second():
    assert assign([[(1, 0), (0, 10**9)]], [(5, 0)]) == [1]
    assert assign([], []) == []
    with pytest.raises(ValueError, match="negative"):
        assign([[(1, -1)]], [(5, 0)])


def random_pool(rng, agents, needs, days):
    houses = [f"h{n}" for n in range(max(2, needs // 2))]
    pool = [
        FloatAgent(
            n,
            rng.choice([1, 2]),
            may_direct=rng.random() < 0.3,
            knows=frozenset(rng.sample(houses, len(houses) // 2)),
            free={
                on(d): rng.choice([(420, 1170), (420, 900), (600, 1170)]) for d in range(days) if rng.random() < 0.9
            },
            travel={house: rng.randrange(5, 60) for house in houses if rng.random() < 0.9},
            minutes_given=rng.choice([0, 300, 900]),
            shifts=tuple(Shift(on(-1), 600, 1300) for _ in range(rng.random() < 0.2)),
        )
        for n in range(agents)
    ]
    asked = [
        Need(
            (day, n),
            rng.choice(houses),
            Shift(on(day), *rng.choice([(450, 870), (480, 960), (690, 1140)])),
            rng.randint(1, 12),
            category_1=rng.random() < 0.4,
            may_direct=rng.random() < 0.2,
        )
        for day in range(days)
        for n in range(needs)
    ]
    return pool, asked


def everything(agents, needs):
    """Every distribution that nothing forbids, with its cost."""
    for picks in product([None, *(each.id for each in agents)], repeat=len(needs)):
        choice = {need.id: pick for need, pick in zip(needs, picks, strict=True) if pick is not None}
        found = evaluate(agents, needs, choice)
        if not found.faults:
            yield found.cost


@pytest.mark.parametrize("seed", range(30))
def test_one_day_costs_what_trying_every_distribution_finds(seed):
    rng = random.Random(seed)
    agents, needs = random_pool(rng, rng.randint(1, 4), rng.randint(1, 4), 1)
    found = plan(agents, needs)
    assert found.exact
    assert found.cost == min(everything(agents, needs))
    again = evaluate(agents, needs, chosen(found))
    assert (again.cost, again.faults) == (found.cost, ())
    assert uncovered_bound(agents, needs) == found.cost.uncovered
    assert len(found.assignments) + len(found.uncovered) == len(needs)


@pytest.mark.parametrize("seed", range(12))
def test_several_days_break_no_rule_and_never_beat_the_best(seed):
    agents, needs = random_pool(random.Random(seed), 3, 2, 2)
    found = plan(agents, needs)
    again = evaluate(agents, needs, chosen(found))
    assert (again.cost, again.faults, found.exact) == (found.cost, (), False)
    assert min(everything(agents, needs)) <= found.cost
    assert uncovered_bound(agents, needs) <= found.cost.uncovered


@pytest.mark.parametrize("seed", range(6))
def test_no_change_within_a_day_costs_less(seed):
    agents, needs = random_pool(random.Random(seed), 4, 4, 5)
    found = plan(agents, needs)
    choice = chosen(found)
    for first, second in product(needs, repeat=2):
        if first.shift.on != second.shift.on or first.id not in choice:
            continue
        swapped = {key: who for key, who in choice.items() if key not in (first.id, second.id)}
        swapped[second.id] = choice[first.id]
        if first is not second and second.id in choice:
            swapped[first.id] = choice[second.id]
        tried = evaluate(agents, needs, swapped)
        assert tried.faults or tried.cost >= found.cost


def test_coverage_comes_before_a_known_house_then_travel_then_fairness():
    knowing = agent("knowing", knows=frozenset({"lilas"}), travel={"lilas": 50}, minutes_given=6000)
    near = agent("near", travel={"lilas": 5}, minutes_given=6000)
    rested = agent("rested", travel={"lilas": 5})
    assert chosen(plan([rested, near, knowing], [need("a")])) == {"a": "knowing"}
    assert chosen(plan([near, replace(knowing, knows=frozenset())], [need("a")])) == {"a": "near"}
    assert chosen(plan([near, rested], [need("a")])) == {"a": "rested"}
    both = [need("a", half_hours=1), need("b", "erables", half_hours=9)]
    assert chosen(plan([knowing], both)) == {"b": "knowing"}


def test_a_house_is_discovered_once():
    agents = [agent("anna"), agent("eve")]
    days = [need(day, day=day) for day in range(4)]
    found = plan(agents, days)
    assert len(set(chosen(found).values())) == found.cost.discoveries == 1


def test_those_who_gave_least_give_more():
    agents = [agent("anna", knows=frozenset({"lilas"})), agent("eve", knows=frozenset({"lilas"}), minutes_given=420)]
    found = plan(agents, [need(day, day=day) for day in range(3)])
    assert sorted(chosen(found).values()) == ["anna", "anna", "eve"]
    assert found.cost == Cost(0, 0, 30, 420**2 * (4 + 3))


@pytest.mark.parametrize(
    ("who", "asked", "others", "expected"),
    [
        (agent("a"), need("n"), [], None),
        (agent("a", hours=(480, 900)), need("n"), [], None),
        (agent("a", hours=(481, 900)), need("n"), [], "sans disponibilité à ces heures"),
        (agent("a", hours=(480, 899)), need("n"), [], "sans disponibilité à ces heures"),
        (agent("a", days=0), need("n"), [], "sans disponibilité à ces heures"),
        (agent("a"), need("n"), [Shift(on(0), 960, 1000)], "sans disponibilité à ces heures"),
        (agent("a", category=2), need("n", category_1=True), [], "hors de la catégorie 1°"),
        (agent("a", category=2), need("n"), [], None),
        (agent("a"), need("n", may_direct=True), [], "sans aptitude à la direction"),
        (agent("a", may_direct=True), need("n", may_direct=True), [], None),
        (agent("a"), need("n"), [Shift(on(-1), 900, 1260)], None),  # eleven hours
        (agent("a"), need("n"), [Shift(on(-1), 900, 1261)], "en repos légal"),
        (agent("a"), need("n", hours=(720, 1140)), [Shift(on(1), 360, 700)], None),
        (agent("a"), need("n", hours=(720, 1141)), [Shift(on(1), 360, 700)], "en repos légal"),
        (agent("a", shifts=(Shift(on(1), 119, 700),)), need("n"), [], "en repos légal"),
        (agent("a"), need("n", hours=(480, 1080)), [], None),
        (agent("a"), need("n", hours=(480, 1081)), [], "au-delà de la durée légale de travail"),
        (agent("a"), need("n"), [Shift(on(d), 480, 1080) for d in (1, 2, 3)] + [Shift(on(4), 480, 1140)], None),
        (
            *(agent("a"), need("n")),
            [Shift(on(d), 480, 1080) for d in (1, 2, 3)] + [Shift(on(4), 480, 1141)],
            "au-delà de la durée légale de travail",
        ),
        (agent("a"), need("n"), [Shift(on(d), 480, 780) for d in range(1, 6)], None),
        (agent("a"), need("n"), [Shift(on(d), 480, 780) for d in range(1, 7)], "en repos légal"),
        (agent("a"), need("n"), [Shift(on(d), 480, 1080) for d in range(7, 12)], None),  # another week
    ],
)
def test_hours_qualification_and_legal_rest(who, asked, others, expected):
    assert obstacle(who, asked, others) == expected


def test_rest_binds_one_day_to_the_next():
    late, early = need("late", hours=(780, 1260)), need("early", day=1, hours=(470, 900))
    found = plan([agent("anna", hours=(400, 1300))], [late, early])
    assert len(found.assignments) == 1
    assert found.uncovered[0].reason == "Aucun agent possible\u00a0: 1 en repos légal."
    assert uncovered_bound([agent("anna", hours=(400, 1300))], [late, early]) == 0


def test_a_late_day_leaves_rested_who_the_next_morning_cannot_do_without():
    late = need("late", hours=(780, 1260))
    early = need("early", day=1, hours=(470, 900), category_1=True)
    first = agent("first", hours=(400, 1300), knows=frozenset({"lilas"}))
    second = agent("second", hours=(400, 1300), category=2)
    assert chosen(plan([first, second], [late])) == {"late": "first"}
    assert chosen(plan([first, second], [late, early])) == {"late": "second", "early": "first"}
    asked_late, any_early = replace(late, category_1=True), replace(early, category_1=False)
    assert chosen(plan([first, second], [asked_late, any_early])) == {"late": "first", "early": "second"}


def test_each_choice_gives_its_reason_in_french():
    knowing = agent("knowing", knows=frozenset({"lilas"}), minutes_given=90)
    found = plan([knowing], [need("a", half_hours=6), need("b", "roses", day=1, half_hours=1), need("c", day=2)])
    assert [each.reason for each in found.assignments] == [
        "Couvre 6 demi-heures sous le taux\u202f; connaît déjà les lieux\u202f; 10\u00a0min de trajet\u202f; "
        "15\u00a0h\u00a030 de renfort par ailleurs\u202f; seul choix possible.",
        "Couvre 1 demi-heure sous le taux\u202f; ne connaît pas encore les lieux\u202f; "
        "trajet non renseigné\u202f; "
        "15\u00a0h\u00a030 de renfort par ailleurs\u202f; seul choix possible.",
        "Couvre 4 demi-heures sous le taux\u202f; connaît déjà les lieux\u202f; 10\u00a0min de trajet\u202f; "
        "15\u00a0h\u00a030 de renfort par ailleurs\u202f; seul choix possible.",
    ]
    twice = plan([agent("anna"), agent("eve", days=1)], [need(day, day=day) for day in (0, 1)])
    assert ["y va aussi un autre jour" in each.reason for each in twice.assignments] == [True, True]
    assert "2 agents possibles" in twice.assignments[0].reason
    assert all(typo(each.reason) == each.reason for each in (*found.assignments, *twice.assignments))


@pytest.mark.parametrize(
    ("agents", "reason"),
    [
        ([], "Le pool est vide."),
        (
            [agent("a", category=2), agent("b", days=0), agent("c", days=0)],
            "Aucun agent possible\u00a0: 1 hors de la catégorie 1° et 2 sans disponibilité à ces heures.",
        ),
    ],
)
def test_a_need_left_says_why(agents, reason):
    found = plan(agents, [need("a", category_1=True)])
    assert [each.reason for each in found.uncovered] == [reason]
    assert found.cost == Cost(uncovered=4)


def test_a_need_left_for_a_heavier_one_says_so():
    found = plan([agent("anna")], [need("a"), need("b", half_hours=5)])
    assert [(each.need.id, each.reason) for each in found.uncovered] == [
        ("a", "Les agents possibles sont affectés ailleurs ce jour-là.")
    ]


def test_the_coordinator_moves_anything_and_sees_the_cost():
    agents, needs = [agent("anna", knows=frozenset({"lilas"})), agent("eve")], [need("a"), need("b", "erables")]
    free = plan(agents, needs)
    assert chosen(free) == {"a": "anna", "b": "eve"}
    moved = plan(agents, needs, pinned={"b": "anna"})
    assert chosen(moved) == {"b": "anna", "a": "eve"}
    assert moved.assignments[1].reason == "Couvre 4 demi-heures sous le taux\u202f; choix de la coordination."
    assert (moved.cost.discoveries, free.cost.discoveries) == (2, 1)
    forced = evaluate(agents, needs, {"a": "anna", "b": "anna"})
    assert {(n, a) for n, a, _ in forced.faults} == {("a", "anna"), ("b", "anna")}


def test_what_makes_no_sense_is_refused():
    agents, needs = [agent("anna")], [need("a")]
    with pytest.raises(ValueError, match="unknown needs"):
        plan(agents, needs, pinned={"z": "anna"})
    with pytest.raises(KeyError):
        plan(agents, needs, pinned={"a": "nobody"})
    for doubled in ((agents * 2, needs), (agents, needs * 2)):
        with pytest.raises(ValueError, match="unique"):
            plan(*doubled)
    for wrong in (lambda: need("a", half_hours=0), lambda: Shift(MONDAY, 600, 600), lambda: Shift(MONDAY, -1, 600)):
        with pytest.raises(ValueError, match="half-hour|shift"):
            wrong()
    for known in ({"minutes_given": -1}, {"travel": {"lilas": -1}}):
        with pytest.raises(ValueError, match="negative"):
            agent("anna", **known)


class Clock:
    """A clock that advances by one second each time it is read."""

    def __init__(self):
        self.now = 0

    def __call__(self):
        self.now += 1
        return self.now


@pytest.mark.parametrize("max_seconds", [0, 2, 1000])
def test_a_bounded_time_still_gives_an_answer_that_breaks_no_rule(max_seconds):
    agents, needs = random_pool(random.Random(5), 12, 16, 5)
    steps = []
    found = plan(
        agents, needs, max_seconds=max_seconds, clock=Clock(), progress=lambda done, total: steps.append((done, total))
    )
    assert found.complete is (max_seconds == 1000)
    assert evaluate(agents, needs, chosen(found)).faults == ()
    assert len(found.assignments) > 20
    assert steps[:5] == [(n, 20) for n in range(1, 6)]
    assert all(done <= total for done, total in steps)
    best = plan(agents, needs, max_seconds=1000, clock=Clock())
    assert uncovered_bound(agents, needs) <= best.cost.uncovered <= found.cost.uncovered


def test_without_time_the_heaviest_need_is_served_first():
    found = plan([agent("anna")], [need("a"), need("b", half_hours=5), need("c")], max_seconds=0, clock=Clock())
    assert (chosen(found), found.complete, found.exact) == ({"b": "anna"}, False, False)


def test_a_journey_that_nobody_measured_is_taken_as_long():
    near, unmeasured = agent("near", travel={"lilas": 50}), agent("unmeasured", travel={})
    assert chosen(plan([unmeasured, near], [need("a")])) == {"a": "near"}
    assert plan([unmeasured], [need("a")]).cost.travel == 60


@pytest.mark.slow
def test_sixty_agents_and_eighty_houses_over_a_week_get_their_plan():
    agents, needs = random_pool(random.Random(60), 60, 80, 5)
    found = plan(agents, needs, max_seconds=2)
    assert evaluate(agents, needs, chosen(found)).faults == ()
    assert found.cost.uncovered >= uncovered_bound(agents, needs)
    assert len(found.assignments) >= 150


def test_nothing_asked_is_nothing_planned():
    found = plan([agent("anna")], [])
    assert (found.assignments, found.uncovered, found.cost, found.exact) == ((), (), Cost(), True)
