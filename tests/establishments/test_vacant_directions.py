"""A direction that was left is an alarm; one that nobody recorded yet is a line to fill in."""

import datetime

import pytest

from establishments.attention import attention
from tests.factories import TODAY, DirectorshipFactory, EstablishmentFactory

pytestmark = pytest.mark.usefixtures("today")


def asked(user):
    return [item for item in attention(user, TODAY) if "irection" in item.title]


def test_a_direction_left_vacant_is_named_house_by_house(creche, coordinator):
    DirectorshipFactory(establishment=creche, ends_on=TODAY - datetime.timedelta(days=1))
    (item,) = asked(coordinator)
    assert item.title == "Crèche Les Lilas\u00a0: direction vacante"
    assert item.tone == "alert"


def test_after_an_import_the_missing_directions_are_one_line(creche, sector, coordinator):
    for number in range(27):
        EstablishmentFactory(name=f"Crèche {number:02}", sector=sector)
    (item,) = asked(coordinator)
    assert item.title == "Direction à renseigner pour 28 établissements"
    assert "et 25 autres" in item.reason
    assert item.tone == "watch"


def test_nothing_is_asked_when_somebody_directs(creche, director, coordinator):
    assert asked(coordinator) == []
