"""Days counted and attendance expected: typed, drawn from history, dated, read back from the exports."""

import datetime
import random

import pytest

from indicators.entry.attendance import expected_table, keep_expected
from indicators.entry.expected import Counted, draw, upper_quartile
from indicators.importing.receiving import receive
from indicators.importing.running import read_now
from indicators.models import DailyActivity, ExpectedAttendance
from tests.indicators.factories import ActivityFactory, DailyActivityFactory, ExpectedAttendanceFactory, counted

D = datetime.date


def plain(page):
    return page.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def monday(week):
    return D(2026, 1, 5) + datetime.timedelta(weeks=week)


class TestDrawn:
    def test_three_days_in_four_had_no_more(self):
        assert [upper_quartile(values) for values in ([7], [1, 2, 3, 4], [4, 1, 3, 2, 5], range(1, 101))] == [
            7,
            3,
            4,
            75,
        ]

    def test_the_quartile_is_the_smallest_that_enough_days_do_not_pass(self):
        chance = random.Random(5)
        for _ in range(300):
            values = [chance.randrange(20) for _ in range(chance.randrange(1, 30))]
            kept = upper_quartile(values)
            assert sum(value <= kept for value in values) * 4 >= 3 * len(values)
            assert kept == 0 or sum(value <= kept - 1 for value in values) * 4 < 3 * len(values)

    def test_weekdays_with_too_few_days_and_empty_days_are_left_out(self):
        days = [Counted(monday(week), counted({16: week}), counted({16: 10})) for week in range(5)]
        days += [Counted(monday(week) + datetime.timedelta(1), counted({16: 1}), counted({})) for week in range(3)]
        days += [Counted(monday(9), counted({}), counted({}))]
        drawn = draw(days)
        assert list(drawn) == [1]
        assert (drawn[1].days, drawn[1].non_walkers[16], drawn[1].walkers[16]) == (5, 3, 10)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestDays:
    def url(self, house, day="2026-03-16"):
        return f"/indicateurs/etablissement/{house.pk}/presences/jour/?jour={day}"

    def test_a_day_is_typed_over_the_opening_and_read_again(self, client, director, creche):
        client.force_login(director)
        page = client.get(self.url(creche))
        assert plain(page).count('<th scope="row">') == 22  # 7 h 30 to 18 h 30
        client.post(self.url(creche), {"version": "0", "non_walkers-16": "3", "walkers-16": "12"})
        row = DailyActivity.objects.get()
        assert (row.peak, row.child_half_hours, row.entered_by, row.version) == (15, 15, director, 1)
        listed = plain(client.get(f"/indicateurs/etablissement/{creche.pk}/presences/"))
        assert "Lundi" in listed
        assert "7,5" in listed

    def test_what_was_stored_outside_the_opening_is_shown_and_kept(self, client, director, creche):
        DailyActivityFactory(establishment=creche, day=D(2026, 3, 16), walkers=counted({40: 2}))
        client.force_login(director)
        assert "20 h" in plain(client.get(self.url(creche)))

    def test_two_people_on_one_day_lose_nothing(self, client, director, assistant, creche):
        client.force_login(assistant)
        client.post(self.url(creche), {"version": "0", "walkers-16": "12"})
        client.force_login(director)
        page = plain(client.post(self.url(creche), {"version": "0", "walkers-16": "14"}))
        assert "enregistré à présent : au plus 12 présents" in page
        assert 'value="14"' in page
        assert DailyActivity.objects.get().peak == 12
        client.post(self.url(creche), {"version": "1", "walkers-16": "14"})
        assert DailyActivity.objects.get().peak == 14

    @pytest.mark.parametrize(
        ("typed", "said"), [("-1", "supérieure ou égale"), ("1000", "inférieure"), ("x", "entier")]
    )
    def test_what_is_no_count_is_said(self, client, director, creche, typed, said):
        client.force_login(director)
        page = plain(client.post(self.url(creche), {"version": "0", "walkers-16": typed}))
        assert said in page
        assert not DailyActivity.objects.exists()

    @pytest.mark.parametrize(
        ("day", "said"), [("2026-03-18", "à venir"), ("2019-01-01", "n’accueillait pas"), ("x", "")]
    )
    def test_a_day_that_cannot_be_counted_is_said(self, client, director, creche, day, said):
        client.force_login(director)
        page = client.get(self.url(creche, day), follow=True)
        assert page.redirect_chain
        assert said in plain(page)

    def test_a_day_of_a_submitted_month_is_not_corrected(self, client, director, creche):
        DailyActivityFactory(establishment=creche, day=D(2026, 2, 12))
        ActivityFactory(establishment=creche, submitted=True)
        client.force_login(director)
        page = client.post(
            self.url(creche, "2026-02-12"), {"version": "1", "walkers-16": "1"}, HTTP_REFERER="/", follow=True
        )
        assert "rouvrez le mois" in plain(page)
        assert DailyActivity.objects.get().peak == 25

    def test_the_export_is_what_the_import_reads(self, client, director, creche):
        DailyActivityFactory(establishment=creche, day=D(2026, 3, 16))
        client.force_login(director)
        file = client.get(f"/indicateurs/etablissement/{creche.pk}/presences/?export=csv")
        run = read_now(receive(b"".join(file.streaming_content), "jours.csv", by=director))
        assert (run.kind, run.unchanged_count, run.rejected_count, run.writes) == ("daily", 1, 0, False)

    def test_the_list_asks_the_same_queries_for_1_and_30_days(
        self, client, director, creche, django_assert_max_num_queries
    ):
        address = f"/indicateurs/etablissement/{creche.pk}/presences/"
        DailyActivityFactory(establishment=creche, day=D(2026, 1, 1))
        client.force_login(director)
        with django_assert_max_num_queries(12) as few:
            client.get(address)
        for number in range(29):
            DailyActivityFactory(
                establishment=creche, day=D(2026, 1, 2) + datetime.timedelta(number), entered_by=director
            )
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(address)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestExpected:
    def expect(self, house, starts_on, children, *, by, weekday=1):
        row = ExpectedAttendanceFactory.build(
            establishment=house, weekday=weekday, starts_on=starts_on, walkers=counted({16: children})
        )
        return keep_expected(row, by=by)

    def periods(self):
        rows = ExpectedAttendance.objects.order_by("starts_on").values_list("starts_on", "ends_on", "walkers")
        return [(start, end, walkers[16]) for start, end, walkers in rows]

    def test_what_was_expected_stops_the_day_before_and_what_comes_later_stays(self, creche, director):
        self.expect(creche, D(2026, 1, 1), 10, by=director)
        self.expect(creche, D(2026, 9, 1), 30, by=director)
        self.expect(creche, D(2026, 4, 1), 20, by=director)
        assert self.periods() == [
            (D(2026, 1, 1), D(2026, 3, 31), 10),
            (D(2026, 4, 1), D(2026, 8, 31), 20),
            (D(2026, 9, 1), None, 30),
        ]
        before = expected_table(creche, D(2026, 3, 31))
        assert before.rows[1] == ("8 h".replace(" ", "\u00a0"), ((0, 10), None, None, None, None))

    def test_the_same_choice_twice_is_written_once_and_the_same_day_is_corrected(self, creche, director):
        for children in (10, 10, 12):
            self.expect(creche, D(2026, 1, 1), children, by=director)
        assert self.periods() == [(D(2026, 1, 1), None, 12)]

    def test_an_earlier_start_ends_where_the_next_begins(self, creche, director):
        self.expect(creche, D(2026, 4, 1), 20, by=director)
        self.expect(creche, D(2026, 1, 1), 10, by=director)
        assert self.periods() == [(D(2026, 1, 1), D(2026, 3, 31), 10), (D(2026, 4, 1), None, 20)]

    def test_several_weekdays_are_typed_at_once(self, client, director, creche):
        client.force_login(director)
        url = f"/indicateurs/etablissement/{creche.pk}/attendus/"
        data = {"jours": ["1", "4"], "starts_on": "2026-04-01", "walkers-16": "12", "non_walkers-16": "3"}
        page = plain(client.post(f"{url}saisir/", data, follow=True))
        assert page.count("3 + 12") == 2
        assert "depuis le 1er avril 2026" in page
        assert "Rien n’est attendu" in plain(client.get(url))
        assert "3 + 12" in plain(client.get(f"{url}?au=2026-04-02"))

    def test_history_is_proposed_shown_then_kept_with_its_days(self, client, director, creche):
        for week in range(5):
            day = monday(week + 4)
            DailyActivityFactory(
                establishment=creche, day=day, walkers=counted({16: 10 + week}), non_walkers=counted({})
            )
        client.force_login(director)
        url = f"/indicateurs/etablissement/{creche.pk}/attendus/"
        page = plain(client.get(f"{url}proposer/"))
        assert "0 + 13" in page
        assert "5 jours relevés" in page
        assert not ExpectedAttendance.objects.exists()
        page = plain(client.post(f"{url}proposer/", {"starts_on": "2026-04-01"}, follow=True))
        assert "d’après les jours relevés (du 2 février au 2 mars 2026)" in page
        row = ExpectedAttendance.objects.get()
        assert (row.origin, row.derived_since, row.derived_until) == ("derived", D(2026, 2, 2), D(2026, 3, 2))

    def test_too_few_days_propose_nothing_and_say_so(self, client, director, creche):
        DailyActivityFactory(establishment=creche, day=D(2026, 3, 2))
        client.force_login(director)
        assert "Trop peu de jours relevés" in plain(
            client.get(f"/indicateurs/etablissement/{creche.pk}/attendus/proposer/")
        )
