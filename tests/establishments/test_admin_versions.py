"""Two administrators on one record: the second one reads what changed, keeps what she typed, and decides."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from establishments.models import JournalEntry
from tests.establishments.test_admin_register import change_url, form_of, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today"), pytest.mark.ignore_template_errors]


@pytest.fixture
def keeper(client, administrator):
    client.force_login(administrator)
    return administrator


def read(page):
    """What the page shows, as the browser will send it back."""
    return {"page_lue": unescape(re.search(r'name="page_lue" value="([^"]+)"', page.content.decode()).group(1))}


def text_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.rendered_content)).split())


@pytest.mark.usefixtures("keeper")
def test_the_second_save_writes_nothing_shows_both_and_keeps_what_was_typed(client, creche):
    mine, hers = (read(client.get(change_url(creche))) for _ in range(2))
    assert client.post(change_url(creche), form_of(creche, name="Crèche du Lilas") | hers).status_code == 302
    refused = client.post(change_url(creche), form_of(creche, phone="01 02 03 04 05") | mine)
    assert refused.status_code == 200
    text = text_of(refused)
    assert "la fiche a changé pendant votre saisie" in text
    assert "« Crèche Les Lilas » est devenu « Crèche du Lilas »" in text
    assert 'value="01 02 03 04 05"' in refused.content.decode()
    creche.refresh_from_db()
    assert (creche.name, creche.phone) == ("Crèche du Lilas", "")
    assert JournalEntry.objects.count() == 1


@pytest.mark.usefixtures("keeper")
def test_saving_again_once_told_is_a_choice(client, creche):
    mine = read(client.get(change_url(creche)))
    type(creche).objects.filter(pk=creche.pk).update(name="Crèche du Lilas")
    told = client.post(change_url(creche), form_of(creche, name="La mienne") | mine)
    assert client.post(change_url(creche), form_of(creche, name="La mienne") | read(told)).status_code == 302
    creche.refresh_from_db()
    assert creche.name == "La mienne"


@pytest.mark.usefixtures("keeper")
def test_a_row_that_another_page_changed_counts_too(client, creche):
    authorisation = creche.authorisations.get()
    mine = read(client.get(change_url(creche)))
    type(authorisation).objects.filter(pk=authorisation.pk).update(places=45)
    row = {"id": authorisation.pk, "establishment": creche.pk, "places": 40, "ratio_rule": authorisation.ratio_rule}
    data = form_of(creche, phone="01 02 03 04 05") | rows("authorisations", row | {"starts_on": "2020-01-01"}) | mine
    text = text_of(client.post(change_url(creche), data))
    assert "Autorisation, places autorisées : « 40 » est devenu « 45 »" in text
    authorisation.refresh_from_db()
    assert authorisation.places == 45


@pytest.mark.usefixtures("keeper")
def test_a_page_that_nobody_overtook_is_saved(client, creche):
    mine = read(client.get(change_url(creche)))
    assert client.post(change_url(creche), form_of(creche, name="Crèche du Lilas") | mine).status_code == 302


@pytest.mark.usefixtures("keeper")
def test_a_forged_version_compares_nothing(client, creche):
    assert client.post(change_url(creche), form_of(creche, name="A") | {"page_lue": "faux"}).status_code == 302


@pytest.mark.usefixtures("keeper")
def test_reading_the_versions_costs_one_query_a_kind_of_row(client, creche):
    client.get(change_url(creche))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(change_url(creche))
    assert len(queries) <= 45
