"""« À traiter »: the synthesis to approve is offered to the nearest who may, and to nobody above."""

import datetime

import pytest
from django.urls import reverse

from dashboard.models import Synthesis
from dashboard.telling.attention import attention
from establishments.models import Mandate, Role
from tests.conftest import holder
from tests.factories import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
FIRST, LAST = datetime.date(2026, 2, 1), datetime.date(2026, 2, 28)


def submitted(by, **place):
    document = Synthesis(variant="synthese", level="interne", starts_on=FIRST, ends_on=LAST, **place).open(by=by)
    document.submit(by=by)
    return document


def offered(*people):
    return [[item.key for item in attention(one, TODAY) if item.key.startswith("synthesis")] for one in people]


@pytest.mark.parametrize("about", ["sector", "creche"])
def test_the_nearest_who_approves_is_asked_and_those_above_are_not(
    request, creche, sector, coordinator, pole_head, division_head, central, colleague, neighbour, director, about
):
    place = {"territory": sector} if about == "sector" else {"establishment": creche}
    document = submitted(coordinator, **place)
    everyone = [pole_head, division_head, central, coordinator, colleague, neighbour, director]
    assert offered(*everyone) == [[f"synthesis-{document.pk}"], [], [], [], [], [], []]
    assert {one for one in everyone if offered(one) != [[]]} == document._approvers(document)
    (item,) = [item for item in attention(pole_head, TODAY) if item.url == document.get_absolute_url()]
    assert item.reason.endswith("soumise par Samira Benali le 17 mars 2026.")


def test_without_a_head_of_pole_the_next_above_is_asked(sector, coordinator, pole_head, division_head):
    document = submitted(coordinator, territory=sector)
    Mandate.objects.filter(user=pole_head).update(ends_on=TODAY - datetime.timedelta(days=1))
    assert offered(pole_head, division_head) == [[], [f"synthesis-{document.pk}"]]


def test_it_leaves_once_approved_or_given_back(sector, coordinator, pole_head):
    document = submitted(coordinator, territory=sector)
    document.send_back(by=pole_head, reason="Ajouter les visites de mars.")
    assert offered(pole_head) == [[]]
    document.submit(by=coordinator)
    document.approve(by=pole_head)
    assert offered(pole_head) == [[]]


def test_the_head_of_another_pole_is_never_asked(sector, coordinator, pole_head, other_pole):
    other = holder(Role.POLE_HEAD, "Ali", "Kerbrat", territory=other_pole)
    submitted(coordinator, territory=sector)
    assert offered(other) == [[]]


def test_the_home_shows_it_with_its_button(client, sector, coordinator, pole_head):
    document = submitted(coordinator, territory=sector)
    client.force_login(pole_head)
    page = client.get(reverse("dashboard:attention_all")).content.decode()
    assert f"Synthèse à approuver\u00a0: {sector.name}" in page
    assert document.get_absolute_url() in page
