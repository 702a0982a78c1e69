"""Open data: small cells are hidden, none can be deduced, the same data gives the same bytes."""

import hashlib

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import add_months
from indicators.open_data import HIDDEN, Cell, deducible, suppressed, table
from indicators.open_export import notice, open_file
from tests.factories import EstablishmentFactory, TerritoryFactory
from tests.indicators.factories import FEBRUARY, ActivityFactory

NAMES, MONTHS = ["Est", "Nord", "Ouest", "Sud"], ["2026-01", "2026-02", "2026-03"]
cells = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(MONTHS)),
    st.builds(Cell, st.integers(0, 9), st.integers(0, 60), st.integers(0, 5_000)),
    min_size=1,
)


PRIME = 2_147_483_647


def rank(rows):
    """Of a matrix of small integers, modulo a large prime: another road than the exact fractions of the product."""
    rows, count = [[value % PRIME for value in row] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((n for n in range(count, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[count], rows[pivot] = rows[pivot], rows[count]
        inverse = pow(rows[count][column], -1, PRIME)
        for n in range(count + 1, len(rows)):
            factor = rows[n][column] * inverse
            rows[n] = [(a - factor * b) % PRIME for a, b in zip(rows[n], rows[count], strict=True)]
        count += 1
    return count


def attacked(published):
    """The hidden cells that the published numbers give back: those that a further equation would not free."""
    shown = {(row, column): text for row, column, text in published}
    unknown = [key for key, text in shown.items() if text == HIDDEN and "total" not in key]
    totals = [key for key, text in shown.items() if text != HIDDEN and "total" in key]
    system = [[int(key[1] == column or key[0] == row) for key in unknown] for row, column in totals]
    before = rank(system)
    return [
        key
        for place, key in enumerate(unknown)
        if rank([*system, [int(n == place) for n in range(len(unknown))]]) == before
    ]


@given(cells)
def test_no_hidden_cell_can_be_computed_from_what_is_published(found):
    assert attacked(table(found)) == []


@given(cells)
def test_every_small_cell_is_hidden(found):
    shown = {(row, column): text for row, column, text in table(found)}
    for key, cell in found.items():
        if cell.houses > 0 and (cell.houses < 3 or cell.children < 11):
            assert shown[key] == HIDDEN


def test_the_attack_does_find_what_a_single_suppression_leaves():
    naive = [("Est", "a", HIDDEN), ("Nord", "a", "40"), ("total", "a", "45")]
    assert attacked(naive) == [("Est", "a")]
    found = {("Est", "a"): Cell(1, 20, 5), ("Nord", "a"): Cell(9, 90, 40)}
    assert deducible(found, {("Est", "a")}, set()) == [("Est", "a")]


def test_cells_of_two_by_two_hidden_together_give_nothing_but_a_bridge_between_two_squares_does():
    square = {(row, column) for row in "ab" for column in "xy"}
    assert deducible({}, square, set()) == []
    bridged = square | {(row, column) for row in "cd" for column in "zt"} | {("b", "z")}
    assert deducible({}, bridged, set()) == [("b", "z")]


def test_a_second_cell_is_hidden_with_the_small_one():
    found = {("Est", "a"): Cell(1, 20, 5), ("Nord", "a"): Cell(9, 90, 40), ("Sud", "a"): Cell(9, 90, 70)}
    hidden = suppressed(found)
    assert {("Est", "a"), ("Nord", "a")} <= hidden.cells


@pytest.mark.django_db
def test_the_same_data_gives_the_same_bytes_and_its_fingerprint(direction, pole, other_pole, sector, far_sector):
    for place in (sector, far_sector, TerritoryFactory(parent=pole)):
        for _ in range(4):
            house = EstablishmentFactory(sector=place)
            ActivityFactory(establishment=house, validated=True)
            ActivityFactory(establishment=house, month=add_months(FEBRUARY, -1), submitted=True)
    months = [add_months(FEBRUARY, -1), FEBRUARY]
    content = open_file(direction, months)
    assert content == open_file(direction, months)
    lines = content.decode().splitlines()
    assert lines[0] == "territoire,mois,heures_realisees"
    assert f"Pôle 20e,2026-02,{8 * 9_630}" in lines
    assert "Pôle 20e,2026-01,0" in lines  # nothing validated yet
    assert hashlib.sha256(content).hexdigest() in notice(direction, months, content)


@pytest.mark.django_db
def test_the_command_writes_the_file_and_prints_its_fingerprint(direction, sector, tmp_path, capsys):
    ActivityFactory(establishment=EstablishmentFactory(sector=sector), validated=True)
    path = tmp_path / "heures.csv"
    call_command("export_open_data", direction.code, str(path), du=FEBRUARY, au=FEBRUARY)
    assert f"Pôle 20e,2026-02,{HIDDEN}" in path.read_text().splitlines()
    assert hashlib.sha256(path.read_bytes()).hexdigest() in capsys.readouterr().out
    with pytest.raises(CommandError, match="Aucun territoire"):
        call_command("export_open_data", "inconnu", str(path), du=FEBRUARY, au=FEBRUARY)
