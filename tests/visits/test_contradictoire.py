import datetime

import pytest

from tests.visits.contradictoire_cases import CASES
from visits import contradictoire

# Wednesday 11 March 2026 + 8 working days = Monday 23 March.
SHARED, DUE = datetime.date(2026, 3, 11), datetime.date(2026, 3, 23)
DAY = datetime.timedelta(days=1)


def test_the_director_has_eight_working_days():
    assert contradictoire.answer_due(SHARED) == DUE


def test_a_public_holiday_does_not_run():
    # 1 and 8 May 2026 are Fridays and holidays; 14 May is Ascension Day.
    assert contradictoire.answer_due(datetime.date(2026, 4, 30)) == datetime.date(2026, 5, 15)
    assert contradictoire.answer_due(datetime.date(2026, 5, 7)) == datetime.date(2026, 5, 21)


@pytest.mark.parametrize(
    ("today", "may_answer", "may_validate", "silent"),
    [(DUE - DAY, True, False, False), (DUE, True, False, False), (DUE + DAY, False, True, True)],
    ids=["D-1", "D", "D+1"],
)
def test_silence_counts_from_the_day_after(today, may_answer, may_validate, silent):
    assert contradictoire.may_answer(today, DUE) is may_answer
    assert contradictoire.may_validate(today, answer_due_on=DUE, answered=False) is may_validate
    assert contradictoire.is_silent(today, answer_due_on=DUE, answered=False) is silent


def test_an_answer_makes_the_report_validable_at_once():
    assert contradictoire.may_validate(SHARED, answer_due_on=DUE, answered=True)
    assert not contradictoire.is_silent(DUE + DAY, answer_due_on=DUE, answered=True)


def test_no_time_at_all_is_not_a_time_to_answer():
    with pytest.raises(ValueError, match="working day"):
        contradictoire.answer_due(SHARED, days=0)


@pytest.mark.parametrize(("shared_on", "alsace_moselle", "due"), CASES)
def test_a_hundred_clocks_agree_with_a_count_made_apart(shared_on, alsace_moselle, due):
    day = datetime.date.fromisoformat(shared_on)
    assert contradictoire.answer_due(day, alsace_moselle=alsace_moselle) == datetime.date.fromisoformat(due)


def test_the_hundred_clocks_cover_both_calendars_and_tell_them_apart():
    assert len(CASES) == 100
    assert {local for _, local, _ in CASES} == {True, False}
    both = {}
    for shared_on, local, due in CASES:
        both.setdefault(shared_on, {})[local] = due
    assert any(len(set(pair.values())) == 2 for pair in both.values())
