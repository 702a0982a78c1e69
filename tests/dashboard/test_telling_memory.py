"""The life of the houses after a period marks nothing that was told of it; what corrects it does."""

import datetime

import pytest
import time_machine

from core import sources
from dashboard.models import Synthesis
from dashboard.syntheses.grids import Grid
from dashboard.weekly.drafting import draft
from establishments.models import Closure, SectorAttachment
from indicators.territory import read_territory
from tests.dashboard.city import month
from tests.factories import TODAY, EstablishmentFactory
from tests.staffing.factories import LeaveFactory, PostingFactory
from tests.visits import reviews
from tests.visits.factories import VisitFactory
from visits.models import FunctioningReview

DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.date(2026, 2, 1), datetime.date(2026, 2, 28)
THURSDAY = datetime.date(2026, 2, 26)
FEBRUARY = datetime.date(2026, 2, 1)
IN_FEBRUARY = datetime.datetime(2026, 2, 20, 9, tzinfo=datetime.UTC)
pytestmark = pytest.mark.usefixtures("today")


def on(day, hour=10):
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(hour), datetime.UTC), tick=False)


@pytest.fixture
def planned(creche, coordinator):
    """Two visits of March, on the calendar since February."""
    given = {"establishment": creche, "coordinator": coordinator, "planned": True}
    return [VisitFactory(planned_on=datetime.date(2026, 3, day), created_at=IN_FEBRUARY, **given) for day in (2, 4)]


@pytest.fixture
def educator(creche):
    return PostingFactory(establishment=creche)


@pytest.fixture
def texts(planned, creche, sector, pole, coordinator, pole_head):
    """A synthesis submitted and a CRA sent, both about the end of February."""
    with on(LAST + DAY):
        document = Synthesis(variant="synthese", starts_on=FIRST, ends_on=LAST, territory=sector).open(by=coordinator)
        document.submit(by=coordinator)
        report = draft(pole, THURSDAY)
        report.send(by=pole_head)
    return document, report


def moved(texts):
    return [sources.moved(text.document) for text in texts]


def suite(texts):
    return [text.lines.get(key="suite").text for text in texts]


def test_a_visit_made_given_up_or_entered_later_moves_nothing(texts, planned, creche, coordinator):
    assert suite(texts) == ["2 visites prévues."] * 2
    made, given_up = planned
    type(made).objects.filter(pk=made.pk).update(status="done", visited_on=made.planned_on)
    given_up.cancel(by=coordinator, reason="Inondation.")
    VisitFactory(establishment=creche, coordinator=coordinator, planned=True, planned_on=datetime.date(2026, 3, 3))
    Closure.objects.create(
        establishment=creche, cause="other", starts_on=datetime.date(2026, 3, 3), ends_on=datetime.date(2026, 3, 3)
    )
    assert moved(texts) == [set(), set()]


def test_a_visit_given_up_before_the_end_of_the_period_is_not_told(planned, sector, pole, coordinator):
    with on(datetime.date(2026, 2, 24)):
        planned[0].cancel(by=coordinator, reason="Inondation.")
    document = Synthesis(variant="synthese", starts_on=FIRST, ends_on=LAST, territory=sector).open(by=coordinator)
    assert suite([document, draft(pole, THURSDAY)]) == ["1 visite prévue."] * 2


def test_a_house_renamed_keeps_the_name_that_was_told(texts, creche):
    before = creche.name
    creche.change_identity(since=TODAY, name="Aaa, la nouvelle crèche")
    assert moved(texts) == [set(), set()]
    document, report = texts
    again = draft(report.territory, THURSDAY + 7 * DAY)
    assert "Aaa" not in again.lines.get(key="directions").text
    assert before in again.lines.get(key="directions").text


def test_a_leave_granted_in_the_period_and_cancelled_after_it_stays_granted(
    educator, director, coordinator, sector, pole, pole_head
):
    leave = LeaveFactory(person=educator, proposed_by=director)
    type(leave).objects.update(proposed_at=IN_FEBRUARY)
    with on(datetime.date(2026, 2, 24)):
        leave.grant(by=coordinator)
    with on(LAST + DAY):
        document = Synthesis(variant="synthese", starts_on=FIRST, ends_on=LAST, territory=sector).open(by=coordinator)
        document.submit(by=coordinator)
        report = draft(pole, THURSDAY)
        report.send(by=pole_head)
    assert report.lines.get(key="conges").text == "1 congé accordé."
    leave.cancel(by=director)
    assert moved([document, report]) == [set(), set()]


def test_a_leave_that_waited_and_was_cancelled_after_it_waited(educator, director, sector, coordinator):
    leave = LeaveFactory(person=educator, proposed_by=director)
    type(leave).objects.update(proposed_at=IN_FEBRUARY)
    document = Synthesis(variant="synthese", starts_on=FIRST, ends_on=LAST, territory=sector).open(by=coordinator)
    document.submit(by=coordinator)
    assert document.lines.get(key="decisions").text == "1 congé attend une décision."
    leave.cancel(by=director)
    assert sources.moved(document.document) == set()


def test_a_review_validated_in_its_turn_was_due(creche, sector, coordinator, director, pole_head):
    due_on = datetime.date(2026, 3, 10)
    number = reviews.scheduled(creche, due_on=due_on, created_at=IN_FEBRUARY).pk
    document = Synthesis(variant="synthese", starts_on=FIRST, ends_on=LAST, territory=sector).open(by=coordinator)
    document.submit(by=coordinator)
    assert "1 à rendre" in document.lines.get(key="analyses").text
    FunctioningReview.objects.all().delete()
    reviews.validated(creche, coordinator, director, pole_head, pk=number, due_on=due_on, created_at=IN_FEBRUARY)
    assert sources.moved(document.document) == set()


def test_the_rate_of_a_report_is_the_engines_for_a_house_that_left_in_the_week(
    creche, sector, far_sector, pole, central
):
    """Attached on the last day of the month, gone on the Thursday: the month is still that of the pôle."""
    gone = EstablishmentFactory(sector=sector)
    month(creche, FEBRUARY, actual=700)
    month(gone, FEBRUARY, actual=300)
    SectorAttachment.objects.filter(establishment=gone).update(ends_on=datetime.date(2026, 3, 6))
    SectorAttachment.objects.create(establishment=gone, territory=far_sector, starts_on=datetime.date(2026, 3, 7))
    report = draft(pole, datetime.date(2026, 3, 12))
    assert read_territory(central, pole, FEBRUARY).total.month.attendance_rate == pytest.approx(0.5)
    assert report.lines.get(key="frequentation").text == (
        "La fréquentation de février 2026 est de 50,0\u202f% (2 établissements sur 2, dont 2 non validés)."
    )


def test_two_fortnights_of_one_month_are_not_compared(creche, sector, coordinator):
    """Neither holds a whole month: both read February, and nothing is said to be stable."""
    month(creche, FEBRUARY, actual=700)
    given = {"starts_on": datetime.date(2026, 3, 9), "ends_on": datetime.date(2026, 3, 15), "territory": sector}
    note = Synthesis(variant="synthese", **given).open(by=coordinator)
    assert note.lines.get(key="frequentation").text == "La fréquentation est de 70,0\u202f% en février 2026."
    grid = Grid.read(note.lines.get(key="table-ecarts").text)
    assert grid.rows[-1] == ["Fréquentation", "70,0\u202f%", "—", "—"]
