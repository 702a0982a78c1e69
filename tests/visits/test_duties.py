"""Who must be told of an event, by the law of the day (CSP R. 2324-25, CASF L. 226-2-1, RGPD art. 33)."""

import datetime

import pytest

from visits.events.duties import FAMILIES, Severity, duties, is_alert

TODAY = datetime.date(2026, 3, 17)


@pytest.mark.parametrize(
    ("family", "outside_help", "told"),
    [
        ("accident", False, []),
        ("accident", True, ["pcd_accident"]),
        ("supervision", False, []),
        ("supervision", True, ["pcd_accident"]),
        ("food", True, ["pcd_accident"]),
        ("building", True, ["pcd_accident"]),
        ("outbreak", True, ["pcd_accident", "health"]),
        ("suspicion", True, ["pcd_accident", "crip", "prosecutor"]),
        ("death", False, ["pcd_death", "prosecutor"]),
        ("death", True, ["pcd_death", "prosecutor"]),
        ("suspicion", False, ["crip", "prosecutor"]),
        ("child_at_risk", False, ["crip"]),
        ("outbreak", False, ["health"]),
        ("records", False, ["cnil"]),
        ("complaint", True, []),
        ("highlight", False, []),
    ],
)
def test_each_family_has_its_duties(family, outside_help, told):
    assert [duty.key for duty in duties(family, TODAY, outside_help=outside_help)] == told


def test_the_department_is_told_without_delay_and_the_cnil_in_72_hours():
    now = datetime.datetime(2026, 3, 17, 9, tzinfo=datetime.UTC)
    (accident,) = duties("accident", TODAY, outside_help=True)
    (cnil,) = duties("records", TODAY)
    assert (accident.delay, accident.article, accident.due_at(now)) == ("sans délai", "CSP R. 2324-25 I, 1°", now)
    assert (cnil.delay, cnil.due_at(now)) == ("sous 72 h", datetime.datetime(2026, 3, 20, 9, tzinfo=datetime.UTC))


def test_a_duty_does_not_exist_before_its_text():
    assert duties("records", datetime.date(2018, 5, 24)) == ()


@pytest.mark.parametrize(("severity", "alert"), [(0, False), (1, False), (2, False), (3, True), (4, True)])
def test_an_alert_begins_at_serious(severity, alert):
    assert is_alert(severity) is alert


def test_families_are_named_once():
    assert len({family.label for family in FAMILIES.values()}) == len(FAMILIES)
    assert all(isinstance(family.usual, Severity) for family in FAMILIES.values())
