"""The administration in a real Chromium, under the product's own security headers: nothing is refused, all works."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {"width": 320, "height": 800}
WIDE = {"width": 1440, "height": 900}


@pytest.fixture
def page(context, sign_in, administrator, director):
    sign_in(context, administrator)
    return context.new_page()


def test_a_person_is_found_by_typing_without_accents(page, live_server, complaints, pole_head):
    heard = complaints(page)
    page.goto(live_server.url + reverse("admin:establishments_mandate_add"))
    page.locator(".field-user .select2-selection").click()
    page.keyboard.type("helene mar")
    page.locator(".select2-results__option", has_text="Hélène Marchand").click()
    assert page.locator("#id_user").input_value() == str(pole_head.pk)
    assert "Hélène Marchand" in page.locator(".field-user .select2-selection").get_attribute("aria-label")
    assert heard == []


def test_a_row_is_added_to_a_house_and_saved(page, live_server, complaints, creche):
    heard = complaints(page)
    page.goto(live_server.url + reverse("admin:establishments_establishment_change", args=[creche.pk]))
    page.locator("#capacity_changes-group").locator(".add-row a", has_text="Ajouter une ligne").click()
    page.fill("#id_capacity_changes-0-places", "4")
    page.select_option("#id_capacity_changes-0-reason", "works")
    page.fill("#id_capacity_changes-0-starts_on", "2026-01-05")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_url("**/establishments/establishment/")
    assert creche.capacity_changes.get().places == 4
    assert heard == []


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "desk"])
def test_no_page_is_wider_than_its_window_nor_refused_anything(page, live_server, complaints, creche, size):
    heard = complaints(page)
    page.set_viewport_size(size)
    urls = [
        reverse("admin:index"),
        reverse("admin:establishments_establishment_changelist"),
        reverse("admin:establishments_establishment_change", args=[creche.pk]),
        reverse("admin:establishments_establishment_history", args=[creche.pk]),
        reverse("admin:establishments_territory_changelist"),
        reverse("admin:regles"),
        reverse("admin:vocabulaire"),
    ]
    wide = []
    for url in urls:
        page.goto(live_server.url + url)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(url)
    assert wide == []
    assert heard == []
