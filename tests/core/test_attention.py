"""The order of « À traiter »: weight, then date, each thing once."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.attention import TONES, AttentionItem, ranked

MARCH = datetime.date(2026, 3, 17)


def item(key="a", weight=60, title="Décider", due_on=None, **changes):
    return AttentionItem(key, weight, title, "demandé il y a 6 jours", "/x/", "Voir", due_on=due_on, **changes)


items = st.builds(
    item,
    key=st.text("abcd", min_size=1, max_size=2),
    weight=st.integers(0, 100),
    title=st.text("xyz", max_size=2),
    due_on=st.none() | st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)),
)


def test_the_heavier_comes_first_whatever_its_date():
    light, heavy = item("a", 40, due_on=MARCH), item("b", 80)
    assert ranked([light, heavy]) == [heavy, light]


def test_at_equal_weight_the_earlier_date_comes_first_and_no_date_last():
    undated, later, sooner = item("a"), item("b", due_on=MARCH), item("c", due_on=MARCH - datetime.timedelta(1))
    assert ranked([undated, later, sooner]) == [sooner, later, undated]


def test_the_same_thing_offered_twice_is_shown_once_with_its_most_pressing_reason():
    assert ranked([item("a", 40), item("a", 80)]) == [item("a", 80)]


@given(st.lists(items))
def test_nothing_is_lost_nor_invented_and_the_order_does_not_depend_on_the_rooms(offered):
    found = ranked(offered)
    assert {one.key for one in found} == {one.key for one in offered}
    assert len(found) == len({one.key for one in found})
    assert set(found) <= set(offered)
    for before, after in zip(found, found[1:], strict=False):
        assert before.weight > after.weight or (
            before.weight == after.weight and (before.due_on or MARCH.max) <= (after.due_on or MARCH.max)
        )
    assert ranked(reversed(offered)) == found


def test_a_tone_that_the_badges_do_not_know_is_refused():
    with pytest.raises(ValueError, match="rouge"):
        item(tone="rouge")


def test_the_tones_are_those_of_the_components():
    from core.templatetags.ui import TONES as KNOWN

    assert TONES == KNOWN
