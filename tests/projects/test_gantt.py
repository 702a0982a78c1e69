"""Milestones: states, and what a late one delays."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from projects.gantt import DELAYED, DONE, GOING, LATE, Step, place

TODAY = date(2026, 3, 17)
DAY = timedelta(days=1)


def step(key, start, due, done=0, after=None):
    return Step(key, f"Jalon {key}", TODAY + start * DAY, TODAY + due * DAY, done, 2, after)


def test_a_late_milestone_delays_those_that_wait_for_it():
    first, second, other = step(1, -30, -10), step(2, -9, 5, after=1), step(3, -5, 40)
    placed = place([first, second, other], TODAY)
    assert [one.state for one in placed] == [LATE, DELAYED, GOING]
    assert placed[0].slip == 10
    assert placed[1].expected_on == TODAY + 15 * DAY, "two weeks of work, from tomorrow"
    assert [one.is_critical for one in placed] == [True, True, False]


def test_nothing_is_critical_when_nothing_is_late():
    placed = place([step(1, -30, -10, done=2), step(2, -9, 5, after=1)], TODAY)
    assert [one.state for one in placed] == [DONE, GOING]
    assert not any(one.is_critical for one in placed)


def test_a_loop_does_not_turn_forever():
    placed = place([step(1, -30, -10, after=2), step(2, -9, -5, after=1)], TODAY)
    assert all(one.state == LATE for one in placed)


@given(
    rows=st.lists(
        st.tuples(st.integers(-60, 60), st.integers(0, 40), st.integers(0, 2), st.none() | st.integers(0, 7)),
        min_size=1,
        max_size=8,
    )
)
def test_expected_days_never_come_before_today_nor_before_those_they_wait_for(rows):
    steps = [
        step(key, start, start + length, done, after if after is not None and after < key else None)
        for key, (start, length, done, after) in enumerate(rows)
    ]
    placed = {one.step.key: one for one in place(steps, TODAY)}
    for one in placed.values():
        if one.state == DONE:
            continue
        assert one.expected_on >= max(TODAY, one.step.due_on)
        before = placed.get(one.step.after)
        if before is not None and before.state != DONE:
            assert one.expected_on > before.expected_on or one.step.starts_on > before.expected_on
