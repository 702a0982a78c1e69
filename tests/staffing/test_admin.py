"""Agents in the administration: an administrator keeps those of her houses, and no other."""

import pytest

from establishments.models import JournalEntry, Role
from staffing.models import Employee, Posting
from tests.factories import MandateFactory
from tests.staffing.factories import EmployeeFactory, PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today"), pytest.mark.ignore_template_errors]
LIST = "/administration/staffing/employee/"


@pytest.fixture
def keeper(pole):
    """Administrator of one pôle only."""
    return MandateFactory(role=Role.ADMINISTRATOR, territory=pole).user


def typed(house, **changes):
    given = {
        "first_name": "Ana",
        "last_name": "Lopes",
        "staff_number": "M777",
        "user": "",
        "postings-TOTAL_FORMS": "1",
        "postings-INITIAL_FORMS": "0",
        "postings-MIN_NUM_FORMS": "0",
        "postings-MAX_NUM_FORMS": "1000",
        "postings-0-establishment": house.pk,
        "postings-0-job": "eje",
        "postings-0-category": "1",
        "postings-0-fte": "1",
        "postings-0-weekly_days": "5",
        "postings-0-starts_on": "2026-01-05",
        "postings-0-ends_on": "",
    }
    return given | changes


def test_the_list_stops_at_the_perimeter(client, keeper, creche, far_creche):
    mine = PostingFactory(establishment=creche, employee__last_name="Zzmine").employee
    far = PostingFactory(establishment=far_creche, employee__last_name="Zzfar").employee
    new = EmployeeFactory(last_name="Zznew")
    client.force_login(keeper)
    text = client.get(LIST).content.decode()
    assert [name in text for name in ("Zzmine", "Zznew", "Zzfar")] == [True, True, False]
    assert client.get(f"{LIST}{far.pk}/change/").status_code == 404
    for employee in (mine, new):
        assert client.get(f"{LIST}{employee.pk}/change/").status_code == 200


def test_a_search_ignores_accents(client, keeper, creche):
    PostingFactory(establishment=creche, employee__last_name="Bénali")
    client.force_login(keeper)
    assert "Bénali" in client.get(LIST, {"q": "BENALI"}).content.decode()


def test_an_agent_is_posted_in_a_house_of_the_perimeter_only(client, keeper, creche, far_creche):
    client.force_login(keeper)
    refused = client.post(f"{LIST}add/", typed(far_creche))
    assert refused.status_code == 200
    assert not Employee.objects.exists()
    assert client.post(f"{LIST}add/", typed(creche)).status_code == 302
    assert Posting.objects.get().establishment == creche
    assert JournalEntry.objects.get().verb == "agent créé"


def test_two_postings_at_once_are_refused_in_words(client, keeper, creche):
    posting = PostingFactory(establishment=creche)
    employee = posting.employee
    client.force_login(keeper)
    given = typed(creche, last_name=employee.last_name, staff_number=employee.staff_number)
    given |= {"postings-TOTAL_FORMS": "2", "postings-INITIAL_FORMS": "1"}
    given |= {name.replace("-0-", "-1-"): value for name, value in given.items() if "-0-" in name}
    given |= {"postings-0-id": posting.pk, "postings-0-employee": employee.pk, "postings-0-starts_on": "2020-01-01"}
    page = client.post(f"{LIST}{employee.pk}/change/", given)
    assert page.status_code == 200
    assert "a déjà une affectation" in page.content.decode()
    assert Posting.objects.count() == 1


def test_nobody_but_an_administrator_enters(client, coordinator, superuser, creche):
    for user in (coordinator, superuser):
        client.force_login(user)
        assert client.get(LIST).status_code == 403


def test_the_list_asks_the_same_few_queries_for_1_and_30_agents(client, keeper, creche, django_assert_max_num_queries):
    PostingFactory(establishment=creche)
    client.force_login(keeper)
    with django_assert_max_num_queries(8) as few:
        client.get(LIST)
    PostingFactory.create_batch(29, establishment=creche)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(LIST)
