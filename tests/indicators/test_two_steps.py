"""Two-step validation: the house submits, the sector validates, the pôle closes; what was published never moves."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from establishments.models import Authorisation, CapacityChange, Closure, JournalEntry, OpeningHours
from establishments.workflow import TransitionRefused
from indicators.capacity import month_capacity
from indicators.entry.cells import save_cell
from indicators.models import MonthlyActivity
from indicators.overview import read_overview
from indicators.terms import terms_of_one
from tests.factories import EstablishmentFactory
from tests.indicators.factories import FEBRUARY, ActivityFactory

D = datetime.date
Status = MonthlyActivity.Status
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def plain(page):
    return page.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def filled(house, by):
    values = {"contracted_hours": "8000", "actual_hours": "7200", "billed_hours": "7900", "children_enrolled": "45"}
    for column, value in values.items():
        save_cell(house, FEBRUARY, column, value, "", by=by)
    return MonthlyActivity.objects.get(establishment=house)


def test_each_step_is_taken_by_its_level_and_locks_the_month(client, creche, director, coordinator, pole_head):
    row = filled(creche, director)
    steps = [
        (director, "soumettre", Status.SUBMITTED),
        (coordinator, "valider", Status.VALIDATED),
        (pole_head, "clore", Status.CLOSED),
    ]
    for who, verb, status in steps:
        for other in {director, coordinator, pole_head} - {who}:
            if verb == "clore" or (verb == "valider" and other == director):
                client.force_login(other)
                assert client.post(f"/indicateurs/{row.pk}/{verb}/").status_code == 403
        client.force_login(who)
        assert client.post(f"/indicateurs/{row.pk}/{verb}/").status_code == 302
        row.refresh_from_db()
        assert row.status == status
        with pytest.raises(IntegrityError), transaction.atomic():
            MonthlyActivity.objects.filter(pk=row.pk).update(billed_hours=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            MonthlyActivity.objects.filter(pk=row.pk).delete()
        assert save_cell(creche, FEBRUARY, "billed_hours", "1", "7900", by=who).reason.startswith("ce mois est verrou")


def test_a_reopening_needs_its_reason_and_leaves_its_trace(client, creche, coordinator):
    row = ActivityFactory(establishment=creche, validated=True)
    client.force_login(coordinator)
    page = client.post(f"/indicateurs/{row.pk}/rouvrir/", {"raison": "  "}, HTTP_REFERER="/", follow=True)
    assert "indiquez-la" in plain(page)
    row.refresh_from_db()
    assert row.status == Status.VALIDATED
    client.post(f"/indicateurs/{row.pk}/rouvrir/", {"raison": "Contrats de janvier oubliés"})
    row.refresh_from_db()
    assert (row.status, row.validated_by, row.validated_at) == (Status.DRAFT, None, None)
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.actor, entry.note) == ("activité rouverte", coordinator, "Contrats de janvier oubliés")
    assert "Contrats de janvier oubliés" in plain(
        client.get(f"/indicateurs/etablissement/{creche.pk}/mois/?mois=2026-02")
    )


def test_a_sum_says_what_it_counts_and_what_is_not_validated(client, sector, coordinator):
    houses = [EstablishmentFactory(sector=sector) for _ in range(15)]
    for house in houses[:11]:
        ActivityFactory(establishment=house, validated=True)
    for house in houses[11:13]:
        ActivityFactory(establishment=house, submitted=True)
    ActivityFactory(establishment=houses[13])
    client.force_login(coordinator)
    for address in ("/indicateurs/?mois=2026-02", f"/indicateurs/?mois=2026-02&territoire={sector.pk}"):
        assert "13 établissements sur 15, dont 2 non validés" in plain(client.get(address))
    page = plain(client.get("/indicateurs/saisie/?mois=2026-02"))
    assert "14 établissements sur 15, dont 2 non validés et 1 en saisie" in page
    assert page.count("M0 6L6 0") == 2  # hatched


@pytest.mark.parametrize("step", ["places", "hours", "freeze", "closure"])
def test_a_capacity_changed_on_a_day_changes_no_figure_before_it(creche, coordinator, director, step):
    """Every submitted month keeps its numbers; every computed one is equal to the last digit up to that day."""
    changed_on = D(2026, 3, 1)
    months = [D(2025, 11, 1), D(2025, 12, 1), D(2026, 1, 1), D(2026, 2, 1)]
    for month in months[:2]:
        ActivityFactory(establishment=creche, month=month).submit(by=director)
    stored = list(MonthlyActivity.objects.order_by("pk").values())
    computed = {m: month_capacity(terms_of_one(creche, m, m.replace(day=28)), m) for m in months}
    before = read_overview(coordinator, D(2025, 12, 1))
    after_of_march = month_capacity(terms_of_one(creche, changed_on, D(2026, 3, 31)), changed_on)
    change(creche, step, changed_on)
    assert list(MonthlyActivity.objects.order_by("pk").values()) == stored
    again = {m: month_capacity(terms_of_one(creche, m, m.replace(day=28)), m) for m in months}
    assert again == computed
    assert repr(read_overview(coordinator, D(2025, 12, 1)).total) == repr(before.total)
    assert month_capacity(terms_of_one(creche, changed_on, D(2026, 3, 31)), changed_on) != after_of_march


def change(house, step, day):
    """Something that changes the capacity from `day` on, written as the register writes it."""
    eve = day - datetime.timedelta(days=1)
    if step == "places":
        Authorisation.objects.filter(establishment=house).update(ends_on=eve)
        Authorisation.objects.create(establishment=house, places=60, starts_on=day)
    elif step == "hours":
        OpeningHours.objects.filter(establishment=house, weekday=1).update(ends_on=eve)
        OpeningHours.objects.create(
            establishment=house, weekday=1, opens_at=datetime.time(8), closes_at=datetime.time(17), starts_on=day
        )
    elif step == "freeze":
        CapacityChange.objects.create(establishment=house, places=10, reason="vacancy", starts_on=day)
    else:
        Closure.objects.create(establishment=house, cause="works", starts_on=D(2026, 3, 2), ends_on=D(2026, 3, 6))


def test_a_submitted_month_keeps_the_capacity_it_had_when_the_register_is_corrected_later(creche, director):
    row = filled(creche, director)
    row.submit(by=director)
    assert row.authorised_hours == 8800
    CapacityChange.objects.create(establishment=creche, places=10, reason="vacancy", starts_on=D(2026, 2, 1))
    row.refresh_from_db()
    assert row.open_hours == 8800
    row.reopen(by=director, reason="Places gelées oubliées")
    row.submit(by=director)
    row.refresh_from_db()
    assert (row.authorised_hours, row.open_hours) == (8800, 6600)


def test_two_clicks_on_submit_are_one_submission_and_a_kind_message(creche, director):
    row = filled(creche, director)
    again = MonthlyActivity.objects.get(pk=row.pk)
    row.submit(by=director)
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        again.submit(by=director)
    assert JournalEntry.objects.filter(verb="activité soumise").count() == 1
