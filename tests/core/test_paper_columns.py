"""The widths of a printed list: from what its columns hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pdf.columns import NARROWEST, is_whole, shares

HEADERS = ["Établissement", "Adresse", "Places", "Téléphone"]
ROWS = [["Crèche Les Lilas", "37 impasse du Four-à-Plâtre, 99002 Port-Ambrine", "60", "01 99 00 00 20"]] * 9


def test_an_address_takes_more_than_a_number_and_a_phone_stays_on_its_line():
    name, address, places, phone = shares(HEADERS, ROWS, wide=True)
    assert address > name > phone > places
    assert phone * 170 / 100 >= len("01 99 00 00 20")


def test_one_very_long_text_does_not_starve_its_neighbours():
    widths = shares(["Nom", "Note"], [["Le Nid", "mot " * 400]] * 3, wide=False)
    assert widths[0] >= 10


@given(st.lists(st.lists(st.text(max_size=60), min_size=3, max_size=3), max_size=8), st.booleans())
def test_the_shares_are_whole_and_fill_the_sheet(rows, wide):
    found = shares(["A", "B", "C"], rows, wide=wide)
    assert sum(found) == 100
    assert min(found) >= NARROWEST


def test_an_empty_list_and_many_columns_have_their_shares_too():
    assert sum(shares(HEADERS, [], wide=True)) == 100
    assert sum(shares([f"Colonne {n}" for n in range(26)], [["valeur"] * 26], wide=True)) == 100


@pytest.mark.parametrize(
    ("text", "whole"), [("01 99 00 00 20", True), ("14/12/2021", True), ("—", True), ("", False), ("3 places", False)]
)
def test_what_is_never_cut(text, whole):
    assert is_whole(text) is whole
