"""Differences of texts: what is kept, taken away and brought gives both texts back."""

from hypothesis import given
from hypothesis import strategies as st

from projects.differences import ADDED, REMOVED, SAME, differences, pieces

TEXTS = st.lists(st.sampled_from(["le", "jardin", "sommeil", "\n", "repas,"]), max_size=12).map(" ".join)


@given(old=TEXTS, new=TEXTS)
def test_pieces_give_both_texts_back(old, new):
    made = pieces(old, new)
    assert "".join(piece.text for piece in made if piece.kind in (SAME, REMOVED)) == old
    assert "".join(piece.text for piece in made if piece.kind in (SAME, ADDED)) == new


def test_a_word_changed_is_told_alone():
    made = pieces("Le coin repos est sombre", "Le coin repos est clair")
    assert [(piece.kind, piece.text) for piece in made] == [
        (SAME, "Le coin repos est "),
        (REMOVED, "sombre"),
        (ADDED, "clair"),
    ]


def test_sections_come_in_the_order_of_the_law():
    found = differences({"b": "1", "z": "2"}, {"a": "3"}, {"a": "Un", "b": "Deux", "c": "Trois"})
    assert [(one.key, one.kind) for one in found] == [("a", "added"), ("b", "removed"), ("z", "removed")]
