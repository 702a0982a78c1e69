"""A tour rearranged with the mouse, and with the keyboard through the form that is there for everyone."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.visits.tour_factories import houses_of
from visits.models import TourPlan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

DAY = datetime.timedelta(days=1)


@pytest.fixture
def stop(coordinator, sector):
    """One visit proposed on a Monday morning of the weeks to come."""
    monday = timezone.localdate() + (14 - timezone.localdate().weekday()) * DAY
    plan = TourPlan.objects.create(owner=coordinator, territory=sector, starts_on=monday, status="proposed")
    return plan.stops.create(
        establishment=houses_of(sector, 1)[0],
        day=monday,
        half_day="morning",
        due_on=monday + 30 * DAY,
        reasons="Due le mois prochain.",
    )


@pytest.fixture
def page(browser, sign_in, coordinator, live_server, stop):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    sign_in(context, coordinator)
    page = context.new_page()
    page.goto(live_server.url + reverse("visits:tour", args=[stop.plan_id]))
    return page


def elsewhere(page):
    """The first half-day of another day that is open, as (its place in the page, day, moment)."""
    half = page.locator(".tour-day:has(.tour-half:not(.closed)) ~ .tour-day .tour-half:not(.closed)").first
    return half, half.get_attribute("data-day"), half.get_attribute("data-half")


def test_dragging_a_visit_to_another_half_day_moves_it_and_holds_it_there(page, stop):
    before = (stop.day.isoformat(), stop.half_day)
    half, day, moment = elsewhere(page)
    assert (day, moment) != before
    page.locator(".tour-stop h4").drag_to(half, source_position={"x": 60, "y": 4})
    moved = page.locator(f"[data-day='{day}'][data-half='{moment}'] .tour-stop")
    expect(moved).to_have_count(1, timeout=20_000)
    expect(page.locator(".tour-stop")).to_have_count(1)
    expect(moved).to_contain_text("gardée")
    now = stop.plan.stops.get()  # the whole tour is written again at each move
    assert (now.day.isoformat(), now.half_day, now.is_locked) == (day, moment, True)


def test_the_keyboard_moves_it_too(page, stop):
    _, day, moment = elsewhere(page)
    summary = page.locator(".tour-stop summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Jour").fill(day)
    page.get_by_label("Moment").select_option(moment)
    page.get_by_role("button", name=re.compile("Déplacer")).focus()
    page.keyboard.press("Enter")
    moved = page.locator(f"[data-day='{day}'][data-half='{moment}'] .tour-stop")
    expect(moved).to_have_count(1, timeout=20_000)
    now = stop.plan.stops.get()
    assert (now.day.isoformat(), now.half_day) == (day, moment)
