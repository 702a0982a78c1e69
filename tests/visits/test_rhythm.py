"""The two-month rule as dated data: what counts, the first visit of a new house, the yearly count."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from establishments.models import Establishment, SectorAttachment
from tests.factories import EstablishmentFactory
from tests.visits.factories import VisitFactory
from visits import schedule
from visits.bimesters import label_of, with_bimesters
from visits.freshness import due_on, standing, with_freshness
from visits.models import CountingRule, Visit, VisitKind, counting_rules, counts_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
YEAR_2025 = {"starts_on": datetime.date(2025, 1, 1), "ends_on": datetime.date(2025, 12, 31)}


def test_a_kind_stops_counting_from_a_date_and_still_counts_before():
    CountingRule.objects.create(kind="thematic", counts=False, starts_on=datetime.date(2026, 1, 1))
    before = VisitFactory(kind="thematic", visited_on=datetime.date(2025, 12, 31))
    VisitFactory(kind="thematic", visited_on=datetime.date(2026, 1, 1))
    assert list(Visit.objects.counting()) == [before]


def test_a_kind_that_never_counted_may_count_between_two_dates_remote_included():
    CountingRule.objects.create(kind="team_meeting", remote_counts=True, **YEAR_2025)
    inside = [
        VisitFactory(kind="team_meeting", visited_on=day, is_on_site=on_site)
        for day, on_site in ((YEAR_2025["starts_on"], True), (YEAR_2025["ends_on"], False))
    ]
    VisitFactory(kind="team_meeting", visited_on=datetime.date(2026, 1, 1))
    assert set(Visit.objects.counting()) == set(inside)


@pytest.mark.parametrize("kind", VisitKind.values)
@pytest.mark.parametrize("on_site", [True, False])
def test_python_and_the_database_agree_on_what_counts(kind, on_site):
    CountingRule.objects.create(kind="thematic", counts=False, **YEAR_2025)
    CountingRule.objects.create(kind="regular", remote_counts=True, **YEAR_2025)
    CountingRule.objects.create(kind="follow_up", **YEAR_2025)
    rules = counting_rules()
    for day in (datetime.date(2024, 12, 31), datetime.date(2025, 6, 1), datetime.date(2026, 1, 1)):
        visit = VisitFactory(kind=kind, visited_on=day, is_on_site=on_site)
        counted = Visit.objects.counting().filter(pk=visit.pk).exists()
        assert counts_on(rules, kind, day, is_on_site=on_site) is counted


def test_an_appointment_never_counts_whatever_is_set():
    rule = CountingRule(kind="appointment", counts=True, starts_on=datetime.date(2025, 1, 1))
    with pytest.raises(ValidationError, match="rendez-vous"):
        rule.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        rule.save()


def test_two_rules_of_a_kind_never_share_a_day():
    CountingRule.objects.create(kind="regular", **YEAR_2025)
    with pytest.raises(IntegrityError), transaction.atomic():
        CountingRule.objects.create(kind="regular", counts=False, starts_on=datetime.date(2025, 12, 31))


def test_the_administrator_sets_what_counts(client, administrator):
    client.force_login(administrator)
    url = reverse("admin:visits_countingrule_add")
    sent = {"kind": "follow_up", "counts": "on", "starts_on": "2026-01-01", "ends_on": ""}
    assert client.post(url, sent).status_code == 302
    assert counts_on(counting_rules(), "follow_up", datetime.date(2026, 3, 1))
    page = client.get(reverse("admin:visits_countingrule_changelist"))
    assert "suivi PMI ou travaux" in page.content.decode()


def standing_of(house, today):
    return standing(with_freshness(Establishment.objects.filter(pk=house.pk), today).get(), today)


@pytest.mark.parametrize(
    ("opened_on", "due"),
    [
        (datetime.date(2026, 1, 31), datetime.date(2026, 3, 31)),
        (datetime.date(2025, 12, 31), datetime.date(2026, 2, 28)),
        (datetime.date(2020, 1, 1), None),
    ],
)
def test_a_new_house_is_first_visited_two_months_after_it_opened(today, opened_on, due):
    house = EstablishmentFactory(opened_on=opened_on)
    state = standing_of(house, today)
    assert (state.status, state.due_on) == (schedule.NEVER, due)
    assert state.days_late == max(0, (today - due).days if due else 0)
    row = with_freshness(Establishment.objects.filter(pk=house.pk), today).get()
    assert due_on(row, today) == due


def test_the_first_due_date_is_on_the_list_of_what_is_due(client, coordinator, sector):
    EstablishmentFactory(name="Toute neuve", sector=sector, opened_on=datetime.date(2026, 2, 15))
    client.force_login(coordinator)
    page = client.get(reverse("visits:due")).content.decode()
    assert "15/04/2026" in page
    assert "première visite" in page


def test_a_house_that_leaves_the_sector_leaves_the_lists_the_same_day(client, coordinator, creche, today):
    client.force_login(coordinator)
    for name in ("visits:due", "visits:bimesters", "visits:calendar"):
        assert creche.name in client.get(reverse(name)).content.decode()
    SectorAttachment.objects.filter(establishment=creche).update(ends_on=today - datetime.timedelta(days=1))
    for name in ("visits:due", "visits:bimesters", "visits:calendar"):
        assert creche.name not in client.get(reverse(name)).content.decode()


def test_six_bimestres_are_counted_house_by_house(creche):
    for month in (1, 2, 3, 7, 12):
        VisitFactory(establishment=creche, visited_on=datetime.date(2025, month, 10))
    VisitFactory(establishment=creche, visited_on=datetime.date(2025, 5, 10), kind="appointment")
    row = with_bimesters(Establishment.objects.filter(pk=creche.pk), 2025).get()
    assert row.bimester_1 == datetime.date(2025, 2, 10)
    assert row.bimester_3 is None
    assert label_of(row) == "4 bimestres sur 6"


def test_the_yearly_count_is_shown_and_exported(client, coordinator, creche):
    VisitFactory(establishment=creche, visited_on=datetime.date(2025, 5, 10))
    client.force_login(coordinator)
    url = reverse("visits:bimesters")
    assert "1 bimestre sur 6" in client.get(url, {"year": "2025"}).content.decode()
    assert "0 bimestre sur 6" in client.get(url).content.decode()
    text = b"".join(client.get(url, {"year": "2025", "export": "csv"})).decode("utf-8-sig")
    assert "1 bimestre sur 6" in text
    assert "10/05/2025" in text
    assert "0 bimestre sur 6" in client.get(reverse("visits:calendar")).content.decode()


def test_a_year_that_is_not_offered_changes_nothing(client, coordinator, creche):
    client.force_login(coordinator)
    for year in ("99999", "abc", "-1"):
        assert client.get(reverse("visits:bimesters"), {"year": year}).status_code == 200


def test_the_page_of_the_bimestres_costs_the_same_with_1_and_30_houses(client, coordinator, sector, creche):
    client.force_login(coordinator)
    counts = []
    for more in (0, 29):
        for _ in range(more):
            VisitFactory(establishment=EstablishmentFactory(sector=sector))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("visits:bimesters"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
