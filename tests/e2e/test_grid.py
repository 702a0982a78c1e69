"""The grid of the activity by keyboard: each cell saves itself, a conflict shows both values, nothing is lost."""

import re

import pytest
from playwright.sync_api import expect

from indicators.models import MonthlyActivity
from tests.factories import EstablishmentFactory
from tests.indicators.factories import ActivityFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]
ADDRESS = "/indicateurs/saisie/?mois=2026-02"


@pytest.fixture
def grid(context, page, sign_in, live_server, coordinator, creche, sector, complaints):
    other = EstablishmentFactory(sector=sector, name="Crèche Rampal")
    heard = complaints(page)
    sign_in(context, coordinator)
    page.goto(f"{live_server.url}{ADDRESS}")
    yield page, creche, other
    assert heard == []


def cell(page, house, column):
    return page.locator(f"#c-{house.pk}-{column}")


def test_a_month_is_typed_by_keyboard_and_saved_cell_by_cell(grid):
    page, first, second = grid
    cell(page, first, "contracted_hours").focus()
    page.keyboard.type("8 000,5")
    page.keyboard.press("Enter")  # the same column, the next house
    expect(cell(page, second, "contracted_hours")).to_be_focused()
    expect(page.locator("[data-grid-status]")).to_have_text("Enregistré.")
    page.keyboard.press("ArrowUp")
    expect(cell(page, first, "contracted_hours")).to_be_focused()
    expect(cell(page, first, "contracted_hours")).to_have_value("8000,5")
    for value in ("7200", "7900", "45"):
        page.keyboard.press("ArrowRight")
        page.keyboard.type(value)
    page.keyboard.press("Shift+Tab")
    line = page.locator(f"tr[data-house='{first.pk}']")
    expect(line.locator("[data-rate=attendance]")).to_have_text(re.compile("81,8"))  # 7 200 ÷ 8 800
    expect(page.locator("[data-total=coverage]")).to_contain_text("1 établissement sur 2")
    row = MonthlyActivity.objects.get()
    assert (float(row.contracted_hours), row.actual_hours, row.billed_hours, row.children_enrolled) == (
        8000.5, 7200, 7900, 45,
    )  # fmt: skip
    assert row.missing == []


def test_a_conflict_shows_both_values_and_keeping_mine_is_one_key(grid):
    page, first, _ = grid
    ActivityFactory(establishment=first, actual_hours=7000)  # typed by someone else since the page was opened
    mine = cell(page, first, "actual_hours")
    mine.fill("7300")
    mine.press("Enter")
    note = page.locator(f"#e-{first.pk}-actual_hours")
    expect(note).to_contain_text("«\u00a07000\u00a0»")
    expect(mine).to_have_value("7300")
    expect(mine).to_have_attribute("aria-invalid", "true")
    note.get_by_role("button", name="Garder ma saisie").press("Enter")
    expect(page.locator("[data-grid-status]")).to_have_text("Enregistré.")
    expect(note).to_be_empty()
    assert MonthlyActivity.objects.get().actual_hours == 7300


def test_a_wrong_cell_keeps_what_was_typed_and_escape_gives_it_back(grid):
    page, first, _ = grid
    mine = cell(page, first, "actual_hours")
    mine.fill("beaucoup")
    mine.press("Tab")
    expect(page.locator(f"#e-{first.pk}-actual_hours")).to_contain_text("n’est pas un nombre")
    expect(mine).to_have_value("beaucoup")
    mine.press("Escape")
    expect(mine).to_have_value("")
    expect(page.locator(f"#e-{first.pk}-actual_hours")).to_be_empty()
    assert not MonthlyActivity.objects.exists()
