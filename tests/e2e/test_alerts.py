"""Two browsers: an alert told in one is on the other's screen in less than five seconds (S-033)."""

import time

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_alert_appears_on_an_open_page_within_five_seconds(
    browser, live_server, sign_in, browser_context_args, creche, coordinator, director
):
    reader, teller = browser.new_context(**browser_context_args), browser.new_context(**browser_context_args)
    sign_in(reader, coordinator)
    sign_in(teller, director)
    screen, phone = reader.new_page(), teller.new_page()
    screen.goto(live_server.url + reverse("visits:list"))
    phone.goto(live_server.url + reverse("visits:event_create"))
    phone.select_option("[name=establishment]", str(creche.pk))
    phone.select_option("[name=family]", "building")
    phone.select_option("[name=severity]", "3")
    phone.fill("[name=title]", "Chauffage en panne")
    phone.get_by_role("button", name="Signaler").click()
    phone.wait_for_url("**/evenements/*/")
    began = time.monotonic()
    line = screen.locator("[data-alerts] a")
    line.wait_for(timeout=10_000)
    waited = time.monotonic() - began
    assert "Alerte" in line.inner_text()
    assert waited < 5, f"{waited:.1f} s"
    reader.close()
    teller.close()
