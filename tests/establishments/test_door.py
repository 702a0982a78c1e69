"""The one door: who sees which house, on which day."""

import datetime

import pytest

from establishments.models import (
    CAPABILITIES,
    Capability,
    Establishment,
    Mandate,
    Role,
    SectorAttachment,
    Territory,
)
from tests.factories import LONG_AGO, TODAY, EstablishmentFactory, MandateFactory, TerritoryFactory, UserFactory

pytestmark = pytest.mark.usefixtures("today")
DAY = datetime.timedelta(days=1)


@pytest.fixture
def city(creche, next_creche, far_creche):
    return {creche, next_creche, far_creche}


def seen(user, capability=Capability.VIEW, **kwargs):
    return set(Establishment.objects.visible_to(user, capability, **kwargs))


def test_a_coordinator_reads_her_sector_in_full_and_the_rest_of_her_pole_in_summary(
    city, coordinator, creche, next_creche
):
    assert seen(coordinator) == {creche}
    assert seen(coordinator, Capability.SUMMARY) == {creche, next_creche}
    assert seen(coordinator, Capability.LOG_VISIT) == {creche}


def test_a_pole_head_reads_the_whole_pole_and_nothing_beyond(city, pole_head, creche, next_creche):
    assert seen(pole_head) == {creche, next_creche}
    assert seen(pole_head, Capability.SUMMARY) == {creche, next_creche}


def test_central_services_see_every_summary_and_no_full_file(city, central):
    assert seen(central, Capability.SUMMARY) == city
    assert seen(central) == set()


def test_a_director_sees_her_own_house_only(city, director, creche):
    assert seen(director, Capability.SUMMARY) == {creche}
    assert seen(director) == set()


@pytest.mark.parametrize("who", ["neighbour", "former", "nobody", "superuser", "elected"])
def test_others_see_nothing_of_the_sector(city, request, who, creche, next_creche):
    user = request.getfixturevalue(who)
    # The sheets written for an elected member are read over her city: no record of a house asks for that capability.
    sheets = {Capability.READ_ELECTED} if who == "elected" else set()
    for capability in set(Capability) - sheets:
        assert seen(user, capability).isdisjoint({creche, next_creche}), capability


def test_an_interim_opens_on_its_first_day_and_closes_after_its_last(creche, sector, nobody):
    Mandate.objects.create(
        user=nobody, role=Role.COORDINATOR, territory=sector, starts_on=TODAY, ends_on=TODAY + DAY, is_interim=True
    )
    assert [bool(seen(nobody, on=TODAY + n * DAY)) for n in (-1, 0, 1, 2)] == [False, True, True, False]


def test_a_closed_account_sees_nothing(creche, coordinator):
    coordinator.is_active = False
    assert seen(coordinator) == set()


def test_a_house_that_changes_sector_changes_hands_that_day(creche, sector, next_sector, coordinator, colleague):
    attachment = creche.attachments.get()
    attachment.ends_on = TODAY
    attachment.save()
    SectorAttachment.objects.create(establishment=creche, territory=next_sector, starts_on=TODAY + DAY)
    assert creche in seen(coordinator, on=TODAY)
    assert creche not in seen(coordinator, on=TODAY + DAY)
    assert creche in seen(colleague, on=TODAY + DAY)


def test_the_two_mandates_of_one_person_add_up(creche, far_creche, coordinator, far_sector):
    MandateFactory(user=coordinator, territory=far_sector)
    assert seen(coordinator) == {creche, far_creche}


def test_a_house_without_a_sector_is_seen_through_no_territory(coordinator, pole_head):
    lost = EstablishmentFactory()
    assert lost not in seen(coordinator, Capability.SUMMARY) | seen(pole_head, Capability.SUMMARY)


def test_territories_follow_the_same_door(sector, next_sector, far_sector, pole, caspe, coordinator, pole_head):
    assert set(Territory.objects.visible_to(coordinator)) == {sector}
    assert set(Territory.objects.visible_to(coordinator, Capability.SUMMARY)) == {pole, sector, next_sector}
    assert set(Territory.objects.visible_to(pole_head)) == {pole, sector, next_sector}


def test_the_door_is_one_query_and_joins_nothing(creche, coordinator, django_assert_num_queries):
    queryset = Establishment.objects.visible_to(coordinator, Capability.SUMMARY)
    assert not queryset.query.distinct
    with django_assert_num_queries(1):
        assert len(queryset) == 1


def test_every_role_has_its_line_in_the_table_of_capabilities():
    assert set(CAPABILITIES) == set(Role)


def test_the_tree_knows_its_ancestors(direction, caspe, pole, sector):
    assert list(Territory.objects.above(sector)) == [direction, caspe, pole, sector]
    assert set(Territory.objects.within(caspe)) == {caspe, pole, sector}


def test_a_territory_is_attached_to_a_level_above_its_own(sector):
    from django.core.exceptions import ValidationError

    child = TerritoryFactory.build(kind=Territory.Kind.POLE, parent=sector)
    with pytest.raises(ValidationError, match="au-dessus"):
        child.full_clean()


def test_the_parent_of_a_territory_never_changes(sector, other_pole):
    from django.core.exceptions import ValidationError

    sector.parent = other_pole
    with pytest.raises(ValidationError, match="ne change pas"):
        sector.full_clean()


def test_a_mandate_over_nothing_is_refused_by_the_database(db):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        Mandate.objects.create(user=UserFactory(), role=Role.COORDINATOR, starts_on=LONG_AGO)
