"""Hours of work as people write them, read and said back."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.week_text import CHILDREN, OTHER, Stretch, UnreadableHours, read_day, say_day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8h-12h30", [Stretch(time(8), time(12, 30))]),
        ("8:00-12:30", [Stretch(time(8), time(12, 30))]),
        ("8 h 15 à 16 h", [Stretch(time(8, 15), time(16))]),
        ("9-17", [Stretch(time(9), time(17))]),
        ("13h30–17h bureau, 8h-12h", [Stretch(time(8), time(12)), Stretch(time(13, 30), time(17), OTHER)]),
        ("8h-12h et 13h-15h (réunion)", [Stretch(time(8), time(12)), Stretch(time(13), time(15), OTHER)]),
        ("repos", []),
        ("", []),
        ("–", []),
    ],
)
def test_what_people_write_is_understood(text, found):
    assert read_day(text) == found


@pytest.mark.parametrize("text", ["matin", "8h", "25h-26h", "17h-8h", "8h-12h, 11h-15h", "8h-12h piscine", "8h60-9h"])
def test_what_makes_no_sense_is_told(text):
    with pytest.raises(UnreadableHours, match="«"):
        read_day(text)


@given(st.lists(st.integers(0, 287), min_size=2, max_size=8, unique=True), st.data())
def test_hours_said_are_read_back(marks, data):
    marks = sorted(marks)[: len(marks) // 2 * 2]
    times = [time(mark // 12, mark % 12 * 5) for mark in marks]
    day = [
        Stretch(start, end, data.draw(st.sampled_from([CHILDREN, OTHER])))
        for start, end in zip(times[::2], times[1::2], strict=True)
    ]
    assert read_day(say_day(day)) == day
