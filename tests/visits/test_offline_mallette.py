"""M19, S-023: everything a visit needs of a house on one page, and on one sheet of paper."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pikepdf import Pdf

from establishments.models import Closure
from tests.factories import TODAY, EstablishmentFactory
from tests.indicators.factories import ActivityFactory
from tests.pdf_reading import extract_text
from tests.staffing.factories import LeaveFactory, PostingFactory
from tests.visits.factories import ActionFactory, VisitFactory
from visits.mallette.facts import days_ahead, mallette_of, visits_to_come

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.timedelta(days=1)


def activity(house, actual, **more):
    hours = {"authorised_hours": 100, "open_hours": 90, "contracted_hours": 80, "billed_hours": 80}
    return ActivityFactory(establishment=house, actual_hours=actual, **hours, **{"validated": True, **more})


@pytest.fixture
def client(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def mallette(creche, coordinator, visit):
    return lambda: mallette_of(creche, coordinator, TODAY, today=TODAY)


def test_tomorrow_is_the_next_working_day():
    assert days_ahead(datetime.date(2026, 3, 20)) == (datetime.date(2026, 3, 20), datetime.date(2026, 3, 23))


def test_the_visits_of_today_and_tomorrow_are_in_it_and_no_other(creche, far_creche, coordinator, colleague):
    wanted = VisitFactory(planned=True, establishment=creche, coordinator=coordinator, planned_on=TODAY + DAY)
    VisitFactory(planned=True, establishment=creche, coordinator=coordinator, planned_on=TODAY + 2 * DAY)
    VisitFactory(planned=True, establishment=creche, coordinator=colleague, planned_on=TODAY)
    VisitFactory(planned=True, establishment=far_creche, coordinator=coordinator, planned_on=TODAY)
    assert list(visits_to_come(coordinator, TODAY)) == [wanted]


def test_it_holds_reports_actions_team_works_and_contacts(client, creche, coordinator, director, mallette):
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=TODAY - 100 * DAY, summary="Trop ancienne.")
    VisitFactory(
        establishment=creche, coordinator=coordinator, visited_on=TODAY - 60 * DAY, summary="L’avant-dernière."
    )
    ActionFactory(establishment=creche, title="Refaire la clôture", due_on=TODAY - DAY)
    Closure.objects.create(establishment=creche, cause=Closure.Cause.WORKS, starts_on=TODAY, ends_on=TODAY + 3 * DAY)
    leave = LeaveFactory(person=PostingFactory(establishment=creche), starts_on=TODAY, ends_on=TODAY + DAY)
    held = mallette()
    assert [report.summary.text for report in held.reports] == [
        "Une équipe posée.\nLe jeu libre progresse.",
        "L’avant-dernière.",
    ]
    assert held.late_actions == 1
    assert [absence.name for absence in held.absences] == [str(leave.employee)]
    page = client.get(reverse("visits:briefing", args=[creche.pk])).content.decode()
    for told in ("Refaire la clôture", "Une équipe posée.", "L’avant-dernière.", "Alice Roux", "échéance passée"):
        assert told in page
    assert "Trop ancienne." not in page
    assert "travaux" in page


def test_rates_stand_beside_those_of_the_pole_when_it_is_large_enough(creche, sector, mallette):
    activity(creche, 60)
    assert [line.pole for line in mallette().rates] == [""] * 4
    for _ in range(4):
        activity(EstablishmentFactory(sector=sector), 80)
    held = mallette()
    attendance = held.rates[-1]
    assert held.month == "février 2026"
    assert [part.replace("\u202f", " ") for part in (attendance.house, attendance.pole)] == ["60,0 %", "76,0 %"]
    assert "16,0" in attendance.gap


def test_a_draft_month_is_in_no_rate(creche, mallette):
    activity(creche, 60, validated=False)
    assert (mallette().month, mallette().rates) == ("", ())


def test_the_sheet_of_paper_is_one_tagged_page(client, creche, visit):
    for number in range(30):
        ActionFactory(
            establishment=creche, title=f"Action numéro {number} dont l’intitulé est assez long pour deux lignes"
        )
    activity(creche, 60)
    answer = client.get(reverse("visits:briefing_pdf", args=[creche.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    with Pdf.open(io.BytesIO(answer.content)) as paper:
        assert len(paper.pages) == 1
        assert "/StructTreeRoot" in paper.Root
    text = " ".join(extract_text(answer.content).split())
    assert "Action numéro 0" in text
    assert "Une équipe posée." in text
    assert "Et 24 autres" in text  # eight of the thirty-two are shown


def test_the_pages_to_keep_are_named_for_the_device(client, creche, coordinator):
    planned = VisitFactory(planned=True, establishment=creche, coordinator=coordinator, planned_on=TODAY)
    answer = client.get(reverse("visits:mallette"))
    wanted = [("mallette", []), ("briefing", [creche.pk]), ("edit", [planned.pk])]
    assert answer.context["pages"] == [reverse(f"visits:{name}", args=args) for name, args in wanted]
    assert all(len(client.get(page).content) < 2_000_000 for page in answer.context["pages"])


def test_an_empty_mallette_says_what_to_do(client, creche):
    assert "Aucune visite d’ici là" in client.get(reverse("visits:mallette")).content.decode()


def test_the_page_costs_the_same_queries_with_1_and_30_rows(client, creche, visit):
    counts = []
    for more in (1, 29):
        ActionFactory.create_batch(more, establishment=creche)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("visits:briefing", args=[creche.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 60
