import json

import pytest

from visits import completeness, schedule
from visits.models import Observation, Visit

COMPLETE = {
    "kind": "regular",
    "is_on_site": True,
    "visited_on": "2026-03-10",
    "starts_at": "09:00",
    "ends_at": "11:00",
    "directing": "Alice Roux",
    "present_non_walkers": 10,
    "present_walkers": 0,
    "staff_category_1": 2,
    "staff_category_2": 3,
    "summary": "Une visite ordinaire.",
    "observations": [{"key": "jeu", "title": "Jeu", "rating": "acquired", "nature": "", "fact": ""}],
    "actions": [{"key": 7, "title": "Refaire l’affichage", "state": "not_seen", "note": ""}],
    "new_actions": [{"key": 8, "title": "Réparer la porte", "due_on": "2026-04-01"}],
}


def gaps(**changes):
    return [(gap.code, gap.row, gap.field) for gap in completeness.missing({**COMPLETE, **changes})]


def test_a_complete_report_may_be_shared():
    assert gaps() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"visited_on": None}, ("date", "", "visited_on")),
        ({"starts_at": None}, ("hours", "", "starts_at")),
        ({"directing": "  "}, ("directing", "", "directing")),
        ({"present_walkers": None}, ("children", "", "present_walkers")),
        ({"staff_category_2": None}, ("staff", "", "staff_category_2")),
        ({"summary": "\n"}, ("summary", "", "summary")),
        ({"observations": []}, ("observed", "", "")),
        ({"observations": [{"key": "jeu", "rating": "not_observed"}]}, ("observed", "", "")),
        (
            {"observations": [{"key": "jeu", "rating": "to_build", "fact": ""}]},
            ("fact", "jeu", "fact"),
        ),
        (
            {"observations": [{"key": "jeu", "rating": "acquired", "nature": "gap", "fact": ""}]},
            ("fact_behind_nature", "jeu", "fact"),
        ),
        ({"actions": [{"key": 7, "title": "A", "state": ""}]}, ("action_state", "7", "state")),
        ({"actions": [{"key": 7, "title": "A", "state": "abandoned", "note": ""}]}, ("abandon_reason", "7", "note")),
        ({"new_actions": [{"key": 8, "title": "A", "due_on": None}]}, ("new_action", "8", "due_on")),
    ],
)
def test_each_thing_missing_is_named(changes, expected):
    assert gaps(**changes) == [expected]


def test_an_appointment_needs_no_count_of_children_nor_observation():
    assert gaps(kind="appointment", present_walkers=None, staff_category_1=None, observations=[], directing="") == []


def test_a_remote_visit_needs_neither_hours_nor_children():
    assert gaps(is_on_site=False, starts_at=None, present_walkers=None) == []


def test_every_open_action_forgotten_is_named_with_its_title():
    actions = [{"key": n, "title": f"Action {n}", "state": ""} for n in (1, 2, 3)]
    messages = [gap.message for gap in completeness.missing({**COMPLETE, "actions": actions})]
    assert len(messages) == 3
    assert "«\u00a0Action 2\u00a0»" in messages[1]


def test_the_rules_travel_to_the_browser_as_data():
    told = json.loads(json.dumps(completeness.as_data()))
    assert [rule["code"] for rule in told["rules"]] == [rule.code for rule in completeness.RULES]
    assert len({rule["code"] for rule in told["rules"]}) == len(told["rules"])
    assert {rule["level"] for rule in told["rules"]} == {"shape", "closing"}


def test_the_rules_speak_of_fields_that_exist():
    rows = {
        "observations": {"rating", "nature", "fact"},
        "actions": {"state", "note"},
        "new_actions": {"due_on", "title"},
    }
    visit = {field.name for field in Visit._meta.fields} | {"today"}
    for rule in completeness.RULES:
        known = rows.get(rule.over, visit)
        shape = {value for name, value in (rule.shape or {}).items() if isinstance(value, str) and name != "since"}
        assert {*rule.needs, *rule.when, *rule.filled, *shape} <= known
    scored = next(rule.when["rating"] for rule in completeness.RULES if rule.code == "observed")
    assert set(scored) == set(Observation.SCORED)
    counting = {rule.kinds for rule in completeness.RULES if rule.kinds}
    assert counting == {tuple(schedule.COUNTING_KINDS)}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"visited_on": "2026-03-18"}, ["day_to_come"]),
        ({"visited_on": "0026-03-10"}, ["day_long_ago"]),
        ({"visited_on": "2000-01-01"}, []),
        ({"visited_on": " "}, ["day"]),
        ({"ends_at": "09:00"}, ["hours_in_order"]),
        ({"next_visit_on": "2026-03-10"}, ["next_visit"]),
        ({"present_walkers": 1000}, ["most_present_walkers"]),
        ({"staff_other": -1}, ["most_staff_other"]),
        ({"actions": [{"key": 7, "state": "", "note": "Vu."}]}, ["note_without_state"]),
        ({"new_actions": [{"key": 8, "title": "A", "due_on": ""}]}, ["new_action_due"]),
        ({"starts_at": "", "next_visit_on": "2026-05-10", "staff_other": 0}, []),
    ],
)
def test_each_shape_refused_at_any_saving_is_named(changes, expected):
    found = completeness.missing({**COMPLETE, "today": "2026-03-17", **changes}, completeness.SHAPE)
    assert [gap.code for gap in found] == expected
