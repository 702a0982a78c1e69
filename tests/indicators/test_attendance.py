"""Children counted by half-hour: how a day is kept, what the database refuses."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from indicators.half_hours import HALF_HOURS, NOBODY, clock, packed, span, unpacked
from indicators.models import DailyActivity, ExpectedAttendance, MonthlyActivity
from tests.indicators.factories import ActivityFactory, DailyActivityFactory, ExpectedAttendanceFactory, counted

D = datetime.date


@given(st.lists(st.integers(0, 999), min_size=HALF_HOURS, max_size=HALF_HOURS))
def test_a_day_is_read_back_as_it_was_packed(counts):
    text = packed(counts)
    assert unpacked(text) == tuple(counts)
    assert len(text) <= 200


def test_a_day_is_short_and_its_half_hours_have_names():
    assert packed(counted({15: 2, 16: 5, 17: 0, 18: 8})) == "15:2,5,0,8"
    assert (packed(NOBODY), unpacked("")) == ("", NOBODY)
    assert (clock(15), clock(36)) == ("7\u00a0h\u00a030", "18\u00a0h")
    assert span(450, 1110) == range(15, 37)
    assert span(445, 1115) == range(14, 38)


@pytest.mark.parametrize("counts", [[1] * 47, [-1] * 48, [1000] * 48])
def test_what_is_no_day_is_refused(counts):
    with pytest.raises(ValueError, match="half-hours|children"):
        packed(counts)


@pytest.mark.django_db
class TestDays:
    def test_a_day_knows_its_month_its_hours_and_its_peak(self, creche):
        row = DailyActivityFactory(
            establishment=creche, day=D(2026, 2, 12), non_walkers=counted({16: 5}), walkers=counted({16: 9, 17: 4})
        )
        row = DailyActivity.objects.get(pk=row.pk)
        assert (row.month, row.child_half_hours, row.peak) == (D(2026, 2, 1), 18, 14)
        assert row.present[16:18] == (14, 4)

    def test_a_house_has_one_row_a_day(self, creche):
        DailyActivityFactory(establishment=creche)
        with pytest.raises(IntegrityError), transaction.atomic():
            DailyActivityFactory(establishment=creche)

    def test_the_database_refuses_a_day_in_another_month(self, creche):
        row = DailyActivityFactory(establishment=creche)
        with pytest.raises(IntegrityError), transaction.atomic():
            DailyActivity.objects.filter(pk=row.pk).update(month=D(2026, 1, 1))

    @pytest.mark.parametrize("trait", ["submitted", "validated", "closed"])
    def test_the_days_of_a_submitted_month_are_locked_and_missing_ones_may_come(self, creche, trait):
        row = DailyActivityFactory(establishment=creche, day=D(2026, 2, 12))
        other = DailyActivityFactory(establishment=creche, day=D(2026, 3, 12))
        ActivityFactory(establishment=creche, **{trait: True})
        with pytest.raises(IntegrityError), transaction.atomic():
            DailyActivity.objects.filter(pk=row.pk).update(walkers=counted({20: 1}))
        with pytest.raises(IntegrityError), transaction.atomic():
            DailyActivity.objects.filter(pk=row.pk).delete()
        DailyActivityFactory(establishment=creche, day=D(2026, 2, 13))
        DailyActivity.objects.filter(pk=other.pk).update(walkers=counted({20: 1}))
        assert DailyActivity.objects.get(pk=row.pk).walkers == row.walkers

    def test_counts_that_cannot_be_are_refused_in_french(self, creche):
        with pytest.raises(ValidationError, match="0 à 999"):
            DailyActivityFactory.build(establishment=creche, walkers=(1,)).full_clean()

    def test_a_day_names_nobody(self):
        names = {field.name for model in (DailyActivity, ExpectedAttendance) for field in model._meta.get_fields()}
        assert not {name for name in names if "child_name" in name or "family" in name or "first" in name}


@pytest.mark.django_db
class TestExpected:
    def test_two_expectations_of_one_weekday_share_no_day(self, creche):
        ExpectedAttendanceFactory(establishment=creche, weekday=1, starts_on=D(2026, 1, 1))
        ExpectedAttendanceFactory(establishment=creche, weekday=2, starts_on=D(2026, 1, 1))
        with pytest.raises(IntegrityError), transaction.atomic():
            ExpectedAttendanceFactory(establishment=creche, weekday=1, starts_on=D(2026, 3, 1))

    def test_derived_ones_say_from_which_days(self, creche):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExpectedAttendanceFactory(establishment=creche, origin="derived")


@pytest.mark.django_db
class TestSubmission:
    def test_the_hours_of_the_register_are_stored_when_the_month_is_submitted(self, creche, director):
        row = ActivityFactory(establishment=creche, authorised_hours=1, open_hours=1, opening_days=1)
        row.submit(by=director)
        row.refresh_from_db()
        assert (row.authorised_hours, row.open_hours, row.opening_days) == (20 * 11 * 40, 20 * 11 * 40, 20)

    def test_what_the_register_does_not_know_stays_as_typed(self, creche, director):
        creche.authorisations.all().delete()
        row = ActivityFactory(establishment=creche)
        row.submit(by=director)
        assert (row.authorised_hours, row.opening_days) == (13_200, 20)

    def test_a_month_with_a_cell_to_type_is_not_submitted(self, client, creche, director):
        row = ActivityFactory(establishment=creche, blanks="actual_hours billed_hours")
        client.force_login(director)
        page = client.post(f"/indicateurs/{row.pk}/soumettre/", follow=True)
        assert "il manque heures réalisées et heures facturées" in page.content.decode()
        with pytest.raises(IntegrityError), transaction.atomic():
            MonthlyActivity.objects.filter(pk=row.pk).update(status="submitted")
