"""Target, real, gap and article, for one house, a sector, the city."""

import uuid
from decimal import Decimal

import pytest

from establishments.models import Establishment
from staffing.compliance import compliance_of
from staffing.models import Intervention, Posting
from tests.factories import TODAY, EstablishmentFactory
from tests.staffing.factories import PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
Job = Posting.Job


def lines(house):
    found = compliance_of(Establishment.objects.filter(pk=house.pk), TODAY)
    return {line.label: (line.required, line.actual, line.gap, line.article, line.state) for line in found}


def said(text):
    return text.replace("\u00a0", " ")


def test_golden_9_a_house_of_85_places_against_its_team(sector):
    house = EstablishmentFactory(sector=sector, places=85)
    for job, fte in ((Job.DIRECTOR, 1), (Job.DEPUTY, "0.5"), (Job.EJE, 1), (Job.EJE, "0.8"), (Job.NURSE, "0.5")):
        PostingFactory(establishment=house, job=job, fte=Decimal(fte))
    PostingFactory(establishment=house, job=Job.EJE, pool=sector)
    found = {label: [said(text) for text in values] for label, values in lines(house).items()}
    assert found["Direction"] == ["1 ETP", "1 ETP", "0 ETP", "CSP R. 2324-35, R. 2324-46-1", "tenu"]
    assert found["Direction adjointe"][:3] == ["0,75 ETP", "0,5 ETP", "−0,25 ETP"]
    assert found["Direction adjointe"][4] == "en écart"
    assert found["Éducation de jeunes enfants"][:3] == ["1,5 ETP", "1,8 ETP", "+0,3 ETP"]
    assert found["Accompagnement santé (infirmier ou puériculture)"][4] == "tenu"
    rsai = found["Référent santé et accueil inclusif, par an"]
    assert (rsai[0], rsai[1], rsai[2], rsai[4]) == ("60 h", "non renseigné", "—", "à renseigner")


def test_the_hours_of_the_rsai_are_those_done_and_planned(coordinator, sector):
    """Forty places or more: 40 h a year, 8 h in each quarter; a cancelled one and another year count for nothing."""
    house = EstablishmentFactory(sector=sector, places=45)
    given = {"establishment": house, "function": "rsai", "created_by": coordinator}
    for held_on, hours, status in [
        ("2026-01-15", 5, "done"),
        ("2026-03-31", "2.5", "planned"),
        ("2026-04-01", 30, "planned"),
        ("2026-02-01", 20, "cancelled"),
        ("2025-12-31", 50, "done"),
    ]:
        Intervention.objects.create(**given, held_on=held_on, hours=hours, status=status, client_uuid=uuid.uuid4())
    found = {label: [said(text) for text in values] for label, values in lines(house).items()}
    assert found["Référent santé et accueil inclusif, par an"][:3] == ["40 h", "37 h 30", "−2 h 30"]
    assert found["dont par trimestre"][:3] == ["8 h", "7 h 30", "−30 min"]
    assert {found[label][4] for label in ("Référent santé et accueil inclusif, par an", "dont par trimestre")} == {
        "en écart"
    }


def test_a_house_whose_team_nobody_recorded_is_unknown_not_in_breach(creche):
    assert {values[4] for values in lines(creche).values()} == {"à renseigner"}


def test_the_page_lists_the_gaps_of_a_sector_and_exports_them(client, coordinator, creche, next_creche):
    PostingFactory(establishment=creche, job=Job.ASSISTANT)
    client.force_login(coordinator)
    text = client.get("/conges/conformite/", {"ecart": "true"}).content.decode()
    assert text.count("en écart") == 3
    assert "Gambetta" not in text
    response = client.get("/conges/conformite/", {"export": "csv"})
    assert "CSP R. 2324-46-3" in b"".join(response.streaming_content).decode("utf-8-sig")


def test_the_city_asks_the_same_queries_as_a_house(client, central, sector, django_assert_max_num_queries):
    client.force_login(central)
    PostingFactory(establishment=EstablishmentFactory(sector=sector))
    with django_assert_max_num_queries(12) as few:
        client.get("/conges/conformite/")
    for _ in range(20):
        PostingFactory(establishment=EstablishmentFactory(sector=sector))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/conges/conformite/")
