"""« Qui appeler ici, aujourd’hui ? »: by function, by rank, on a day, with who stands in."""

import datetime

import pytest

from establishments.contacts import common_and_own, whom_to_call, whom_to_call_in
from establishments.models import Directorship, Mandate, Role, SectorAttachment, SharedRole, Unavailability
from tests.factories import LONG_AGO, TODAY, DirectorshipFactory, EstablishmentFactory, MandateFactory, UserFactory

pytestmark = pytest.mark.usefixtures("today")
DAY = datetime.timedelta(days=1)
Function = SharedRole.Function


def absent(person, first, last):
    return Unavailability.objects.create(person=person, starts_on=TODAY + first * DAY, ends_on=TODAY + last * DAY)


def shared(function, last_name, rank=1, **where):
    person = UserFactory(first_name="", last_name=last_name, phone="01 00 00 00 00")
    SharedRole.objects.create(function=function, person=person, rank=rank, starts_on=LONG_AGO, **where)
    return person


@pytest.fixture
def deputy(creche):
    person = UserFactory(first_name="Paul", last_name="Martin", phone="06 11 22 33 44")
    DirectorshipFactory(establishment=creche, person=person, position=Directorship.Position.DEPUTY)
    return person


def names(contacts):
    return [contact.name for contact in contacts]


def of(contacts, function):
    return [contact for contact in contacts if contact.function == function]


def test_everyone_is_listed_in_the_order_to_call_them(creche, pole, sector, pole_head, coordinator, deputy, director):
    shared(Function.TECHNICAL, "Technique", territory=pole)
    shared(Function.RSAI, "Santé", establishment=creche)
    shared(Function.NURSE, "Puer", territory=sector)
    contacts = whom_to_call(creche, TODAY)
    assert names(contacts) == [
        "Alice Roux",
        "Paul Martin",
        "Santé",
        "Puer",
        "Technique",
        "Samira Benali",
        "Hélène Marchand",
    ]
    assert contacts[0].label == "responsable"
    assert contacts[1].phone == "06 11 22 33 44"
    assert contacts[0].email == "roux@ville.example"
    assert all(contact.can_be_called and contact.notice == "" for contact in contacts)


def test_people_of_other_houses_and_other_territories_are_not_called(
    creche, far_creche, neighbour, far_director, colleague, other_pole
):
    shared(Function.RSAI, "Ailleurs", territory=other_pole)
    assert names(whom_to_call(creche, TODAY)) == [""]
    assert names(whom_to_call(far_creche, TODAY)) == ["Zoé Blanc", "Ailleurs", "Claire Duval"]


def test_an_absent_director_names_her_deputy_and_says_until_when_never_why(creche, director, deputy):
    absent(director, -1, 3)
    first = whom_to_call(creche, TODAY)[0]
    assert first.is_absent
    assert first.notice == "absent·e jusqu’au 20 mars 2026 → Paul Martin (adjoint·e)"


def test_an_absence_covers_its_first_and_last_day_only(creche, director, deputy):
    absent(director, 0, 1)
    seen = [whom_to_call(creche, TODAY + n * DAY)[0].is_absent for n in (-1, 0, 1, 2)]
    assert seen == [False, True, True, False]


def test_absences_that_follow_one_another_make_one(creche, director, deputy):
    absent(director, -2, 1)
    absent(director, 2, 5)
    absent(director, 7, 9)
    assert whom_to_call(creche, TODAY)[0].absent_until == TODAY + 5 * DAY


def test_when_the_deputy_is_absent_too_the_coordinator_stands_in(creche, director, deputy, coordinator, pole_head):
    absent(director, 0, 1)
    absent(deputy, 0, 4)
    contacts = whom_to_call(creche, TODAY)
    assert contacts[0].instead == contacts[1].instead == "Samira Benali (coordinateur·rice)"


def test_when_nobody_is_left_the_page_says_so(creche, director):
    absent(director, 0, 0)
    assert whom_to_call(creche, TODAY)[0].notice.endswith("→ personne n’est désigné")


def test_a_vacant_direction_comes_first_and_names_who_stands_in(creche, deputy):
    first = whom_to_call(creche, TODAY)[0]
    assert first.is_vacant
    assert first.notice == "poste vacant → Paul Martin (adjoint·e)"


def test_an_interim_director_is_called_until_her_last_day(creche, deputy):
    person = UserFactory(first_name="Rose", last_name="Intérim")
    DirectorshipFactory(
        establishment=creche, person=person, is_interim=True, starts_on=TODAY - DAY, ends_on=TODAY + DAY
    )
    assert whom_to_call(creche, TODAY + DAY)[0].is_interim
    assert whom_to_call(creche, TODAY + 2 * DAY)[0].is_vacant


def test_a_shared_function_falls_to_the_next_rank_before_the_hierarchy(creche, sector, coordinator):
    first = shared(Function.RSAI, "Première", rank=1, territory=sector)
    shared(Function.RSAI, "Seconde", rank=2, establishment=creche)
    absent(first, 0, 2)
    contacts = of(whom_to_call(creche, TODAY), Function.RSAI)
    assert names(contacts) == ["Première", "Seconde"]
    assert contacts[0].instead.startswith("Seconde (")


def test_an_absent_coordinator_names_her_interim_then_the_head_of_the_pole(creche, sector, coordinator, pole_head):
    absent(coordinator, 0, 9)
    assert of(whom_to_call(creche, TODAY), Role.COORDINATOR)[0].instead.startswith("Hélène Marchand")
    relief = UserFactory(first_name="Lou", last_name="Relais")
    Mandate.objects.create(
        user=relief, role=Role.COORDINATOR, territory=sector, is_interim=True, starts_on=TODAY, ends_on=TODAY + 9 * DAY
    )
    contacts = of(whom_to_call(creche, TODAY), Role.COORDINATOR)
    assert names(contacts) == ["Samira Benali", "Lou Relais"]
    assert contacts[0].instead.startswith("Lou Relais")


def test_the_nearest_coordinator_comes_before_the_one_of_the_whole_pole(creche, pole, coordinator):
    MandateFactory(user=UserFactory(first_name="Ann", last_name="Aalto"), role=Role.COORDINATOR, territory=pole)
    assert names(of(whom_to_call(creche, TODAY), Role.COORDINATOR)) == ["Samira Benali", "Ann Aalto"]


def test_a_house_that_changes_sector_changes_coordinator_that_day(creche, next_sector, coordinator, colleague):
    attachment = creche.attachments.get()
    attachment.ends_on = TODAY
    attachment.save()
    SectorAttachment.objects.create(establishment=creche, territory=next_sector, starts_on=TODAY + DAY)
    seen = [names(of(whom_to_call(creche, TODAY + n * DAY), Role.COORDINATOR)) for n in (0, 1)]
    assert seen == [["Samira Benali"], ["Paul Nguyen"]]


def test_nobody_is_listed_twice_for_one_function(creche, sector, pole, coordinator):
    MandateFactory(user=coordinator, role=Role.COORDINATOR, territory=pole)
    assert names(of(whom_to_call(creche, TODAY), Role.COORDINATOR)) == ["Samira Benali"]


@pytest.mark.parametrize("houses", [1, 30])
def test_one_query_whatever_the_number_of_houses(houses, sector, pole_head, coordinator, django_assert_num_queries):
    pks = []
    for _ in range(houses):
        directorship = DirectorshipFactory(establishment=EstablishmentFactory(sector=sector))
        absent(directorship.person, 0, 1)
        pks.append(directorship.establishment_id)
    with django_assert_num_queries(1):
        found = whom_to_call_in(pks, TODAY)
    assert [len(found[pk]) for pk in pks] == [3] * houses
    assert all(found[pk][0].instead.startswith("Samira") for pk in pks)


def test_no_house_is_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert whom_to_call_in([], TODAY) == {}


def test_what_all_the_houses_share_is_told_once(creche, sector, pole_head, coordinator, director):
    other = EstablishmentFactory(sector=sector)
    shared(Function.RSAI, "Ici", establishment=other)
    common, own = common_and_own(whom_to_call_in([creche.pk, other.pk], TODAY))
    assert names(common) == ["Samira Benali", "Hélène Marchand"]
    assert names(own[creche.pk]) == ["Alice Roux"]
    assert names(own[other.pk]) == ["", "Ici"]
    assert common_and_own({}) == ([], {})
    alone = whom_to_call_in([creche.pk], TODAY)
    assert common_and_own(alone) == ([], alone)
