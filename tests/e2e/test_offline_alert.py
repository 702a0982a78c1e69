"""An alert raised from the page of a visit in a real Chromium, with and without a network: kept, sent once, told."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.models import Notification
from tests.e2e.offline_pages import form_of, house, open_page, ready, said, wait_until
from visits.models import Event, Visit

__all__ = ["house", "open_page"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def raise_alert(page, title="Odeur de gaz"):
    page.locator("[data-alerter][data-pret]").click()
    dialog = page.locator("[data-alerte]")
    expect(dialog).to_be_visible()
    dialog.locator("[name=family]").select_option("building")
    dialog.locator("[name=title]").fill(title)
    dialog.get_by_role("button", name="Donner l’alerte").click()
    expect(dialog).to_be_hidden()


def test_an_alert_raised_without_a_network_arrives_once_at_its_return_with_both_hours(house, open_page, pole_head):
    page = open_page(form_of(house))
    ready(page)
    page.context.set_offline(True)
    before = timezone.now()
    raise_alert(page)
    said(page, "alert-kept")
    after = timezone.now()
    assert not Event.objects.exists()
    page.context.set_offline(False)
    said(page, "alert-sent")
    event = Event.objects.get()
    assert before <= event.raised_at <= after <= event.reported_at
    assert (event.severity, event.establishment) == (3, house)
    assert Notification.objects.filter(user=pole_head, url=event.get_absolute_url()).count() == 1
    assert not Visit.objects.exists(), "an alert begins no visit"


def test_an_alert_outlives_the_tab_and_leaves_from_any_page(house, open_page, pole_head):
    page = open_page(form_of(house))
    ready(page)
    page.context.set_offline(True)
    raise_alert(page)
    said(page, "alert-kept")
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    open_page("/", context=page.context)
    wait_until(Event.objects.exists)
    assert Event.objects.count() == 1


def test_an_answer_lost_on_the_way_gives_one_alert(house, open_page, pole_head):
    page = open_page(form_of(house))
    ready(page)
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())  # the server has it; the browser never knows
        return route.abort()

    page.route("**/hors-ligne/alerte/**", lose)
    raise_alert(page)
    said(page, "alert-sent")
    assert lost
    assert Event.objects.count() == 1
    assert Notification.objects.filter(user=pole_head).count() == 1
