"""Ninety days of direction, who could stand in, and an interim whose rights end by themselves."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Notification
from establishments.models import Capability, Closure, Establishment, JournalEntry, Mandate
from establishments.workflow import TransitionRefused
from staffing.attention import attention
from staffing.coverage_of_direction import continuity_gaps, continuity_of
from staffing.models import DirectionRelay, Interim, Posting
from tests.factories import LONG_AGO, TODAY, EstablishmentFactory, UserFactory
from tests.staffing.factories import LeaveFactory, PostingFactory, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date
Job = Posting.Job


def granted(posting, starts_on, ends_on, coordinator, **given):
    stamp = {"status": "granted", "decided_by": coordinator, "decided_at": timezone.now()}
    return LeaveFactory(person=posting, starts_on=starts_on, ends_on=ends_on, **stamp, **given)


def head(house, **employee):
    given = {f"employee__{name}": value for name, value in employee.items()}
    return PostingFactory(establishment=house, job=Job.DIRECTOR, employee__user=UserFactory(), **given)


@pytest.fixture
def alone(creche):
    """The only head of the crèche."""
    return head(creche, first_name="Alice", last_name="Roux")


class TestGaps:
    def test_each_open_half_day_without_the_head_is_listed(self, creche, alone, coordinator):
        granted(alone, D(2026, 4, 3), D(2026, 4, 7), coordinator)
        granted(alone, D(2026, 4, 9), D(2026, 4, 9), coordinator, part="afternoon")
        found = continuity_gaps(creche, D(2026, 4, 1), D(2026, 4, 30))
        halves = [half for gap in found for half in gap.half_days]
        # The weekend and Easter Monday join the Friday to the Tuesday without being open.
        assert halves == [
            (D(2026, 4, 3), 0),
            (D(2026, 4, 3), 1),
            (D(2026, 4, 7), 0),
            (D(2026, 4, 7), 1),
            (D(2026, 4, 9), 1),
        ]
        assert [gap.length for gap in found] == ["4 demi-journées", "1 demi-journée"]

    def test_a_closure_a_deputy_or_a_designated_relay_covers(self, creche, alone, coordinator):
        granted(alone, D(2026, 4, 7), D(2026, 4, 9), coordinator)
        Closure.objects.create(establishment=creche, cause="yearly", starts_on=D(2026, 4, 7), ends_on=D(2026, 4, 7))
        educator = PostingFactory(establishment=creche)
        DirectionRelay.objects.create(
            establishment=creche, employee=educator.employee, starts_on=LONG_AGO, ends_on=D(2026, 4, 8)
        )
        found = continuity_gaps(creche, D(2026, 4, 1), D(2026, 4, 30))
        assert [gap.dates for gap in found] == ["Le 9 avril 2026"]

    def test_a_head_who_never_works_on_wednesdays_leaves_them_uncovered(self, creche):
        director = PostingFactory(establishment=creche, job=Job.DIRECTOR)
        roster = director.rosters.create(starts_on=LONG_AGO)
        for weekday in (1, 2, 4, 5):
            roster.slots.create(weekday=weekday, starts_at=datetime.time(8), ends_at=datetime.time(17))
        days = {day for gap in continuity_gaps(creche, D(2026, 4, 13), D(2026, 4, 26)) for day, _ in gap.half_days}
        assert days == {D(2026, 4, 15), D(2026, 4, 22)}

    def test_a_house_of_which_nobody_is_recorded_is_told_once(self, creche):
        (house,) = continuity_of(Establishment.objects.filter(pk=creche.pk), TODAY)
        assert (house.is_recorded, house.gaps) == (False, ())

    def test_a_vacant_direction_is_a_gap_all_along_and_never_a_good_news(self, client, creche, coordinator):
        head(creche, first_name="Partie").delete()
        (gap,) = continuity_gaps(creche, D(2026, 4, 13), D(2026, 4, 17))
        assert gap.length == "10 demi-journées"
        PostingFactory(establishment=creche, employee__first_name="Éva")
        (house,) = continuity_of(Establishment.objects.filter(pk=creche.pk), TODAY)
        assert (house.is_recorded, len(house.gaps)) == (True, 1)
        assert house.gaps[0].candidates[0].name.startswith("Éva")
        client.force_login(coordinator)
        assert "Aucune demi-journée découverte" not in client.get("/conges/continuite/").content.decode()

    def test_candidates_are_ranked_with_their_reasons(self, sector, creche, alone, coordinator):
        granted(alone, D(2026, 4, 7), D(2026, 4, 8), coordinator)
        PostingFactory(establishment=creche, employee__first_name="Éva")
        PostingFactory(establishment=creche, job=Job.ASSISTANT, employee__first_name="Sans")
        near, far, busy = (EstablishmentFactory(sector=sector, name=name) for name in ("Près", "Loin", "Prise"))
        for house, latitude in ((creche, "48.870000"), (near, "48.871000"), (far, "48.900000"), (busy, "48.870500")):
            house.latitude, house.longitude = latitude, "2.390000"
            house.save()
        for house in (near, far):
            head(house, first_name=house.name)
            PostingFactory(establishment=house, job=Job.DEPUTY, employee__first_name=f"{house.name} bis")
        head(busy, first_name="Seule")
        granted(
            head(EstablishmentFactory(sector=sector), first_name="Vacances"), D(2026, 4, 8), D(2026, 4, 8), coordinator
        )
        knows = Posting.objects.get(employee__first_name="Loin")
        knows.starts_on = D(2025, 1, 1)
        knows.save()
        PostingFactory(employee=knows.employee, establishment=creche, starts_on=LONG_AGO, ends_on=D(2024, 12, 31))
        houses = Establishment.objects.visible_to(coordinator, Capability.VIEW_STAFF)
        gap = next(gap for house in continuity_of(houses, TODAY) if house.pk == creche.pk for gap in house.gaps)
        names = [candidate.name.split()[0] for candidate in gap.candidates]
        assert names[:2] == ["Éva", "Loin"]
        assert names[2] == "Près"
        assert "Sans" not in names
        assert gap.candidates[1].knows
        assert "connaît déjà" in gap.candidates[1].reason

    def test_who_does_not_work_those_days_is_not_said_to_be_there(self, creche, alone, coordinator):
        granted(alone, D(2026, 4, 8), D(2026, 4, 8), coordinator)  # a Wednesday
        half, leaving = (PostingFactory(establishment=creche, employee__first_name=name) for name in ("Mi", "Part"))
        roster = half.rosters.create(starts_on=LONG_AGO)
        for weekday in (1, 2, 4, 5):
            roster.slots.create(weekday=weekday, starts_at=datetime.time(8), ends_at=datetime.time(17))
        leaving.ends_on = D(2026, 4, 7)
        leaving.save()
        PostingFactory(establishment=creche, employee__first_name="Zoé")
        (gap,) = continuity_gaps(creche, D(2026, 4, 1), D(2026, 4, 30))
        assert [(one.name.split()[0], one.is_possible) for one in gap.candidates] == [("Zoé", True), ("Mi", False)]

    def test_a_large_team_does_not_hide_the_neighbour(self, sector, creche, alone, coordinator):
        granted(alone, D(2026, 4, 8), D(2026, 4, 8), coordinator)
        for _ in range(8):
            PostingFactory(establishment=creche)
        for _ in range(3):
            home = EstablishmentFactory(sector=sector)
            head(home)
            PostingFactory(establishment=home, job=Job.DEPUTY)
        gap = continuity_of(Establishment.objects.visible_to(coordinator, Capability.VIEW_STAFF), TODAY)[0].gaps[0]
        assert [one.is_inside for one in gap.candidates] == [True] * 3 + [False] * 2

    def test_queries_do_not_grow_with_the_houses(self, client, coordinator, sector, django_assert_max_num_queries):
        client.force_login(coordinator)
        counts = []
        for size in (1, 14):
            for _ in range(size):
                posting = head(EstablishmentFactory(sector=sector))
                granted(posting, D(2026, 4, 7), D(2026, 4, 7), coordinator)
            with django_assert_max_num_queries(15 if not counts else counts[0]) as seen:
                assert "1 demi-journée" not in client.get("/conges/continuite/").content.decode()[:200]
            counts.append(len(seen.captured_queries))


class TestInterim:
    @pytest.fixture
    def neighbouring(self, sector):
        house = EstablishmentFactory(sector=sector, name="Crèche Voisine")
        return head(house, first_name="Nora", last_name="Diaz")

    def appoint(self, creche, posting, coordinator, start=TODAY, end=TODAY):
        return Interim(establishment=creche, employee=posting.employee, starts_on=start, ends_on=end).appoint(
            by=coordinator
        )

    def test_one_click_on_the_page_confides_the_interim_and_covers_the_gap(
        self, client, coordinator, creche, alone, neighbouring
    ):
        granted(alone, D(2026, 4, 7), D(2026, 4, 8), coordinator)
        client.force_login(coordinator)
        text = client.get("/conges/continuite/").content.decode()
        assert "4 demi-journées" in text
        assert "Nora Diaz" in text
        sent = {
            "establishment": creche.pk, "employee": neighbouring.employee_id, "starts_on": "2026-04-07",
            "ends_on": "2026-04-08", "client_uuid": "7d9d2f6e-8f5b-4a0e-9d0c-0d9c6f6b7a11",
        }  # fmt: skip
        for _ in range(2):
            client.post("/conges/interims/confier/", sent)
        interim = Interim.objects.get()
        assert (interim.mandate.user, interim.mandate.is_interim) == (neighbouring.employee.user, True)
        assert (interim.mandate.starts_on, interim.mandate.ends_on) == (D(2026, 4, 7), D(2026, 4, 8))
        assert JournalEntry.objects.filter(verb="intérim confié").count() == 1
        assert Notification.objects.filter(user=neighbouring.employee.user).count() == 1
        assert continuity_gaps(creche, D(2026, 4, 1), D(2026, 4, 30)) == []

    def test_during_the_interim_she_reads_the_house_and_the_day_after_she_does_not(
        self, client, coordinator, creche, neighbouring
    ):
        self.appoint(creche, neighbouring, coordinator, TODAY - datetime.timedelta(days=3), TODAY)
        client.force_login(neighbouring.employee.user)
        page = reverse("staffing:establishment_team", args=[creche.pk])
        assert client.get(page).status_code == 200
        Mandate.objects.filter(interim__isnull=False).update(ends_on=TODAY - datetime.timedelta(days=1))
        assert client.get(page).status_code == 404

    def test_nobody_on_leave_is_given_an_interim_and_two_never_overlap(self, coordinator, creche, neighbouring):
        granted(neighbouring, TODAY, TODAY, coordinator)
        with pytest.raises(TransitionRefused, match="en congé"):
            self.appoint(creche, neighbouring, coordinator)
        day = TODAY + datetime.timedelta(days=1)
        self.appoint(creche, neighbouring, coordinator, day, day)
        with pytest.raises(TransitionRefused, match="déjà confié"):
            self.appoint(creche, neighbouring, coordinator, day, day)

    def test_withdrawing_ends_her_rights_at_once(self, client, coordinator, creche, neighbouring):
        interim = self.appoint(creche, neighbouring, coordinator)
        client.force_login(coordinator)
        client.post(reverse("staffing:interim_withdraw", args=[interim.pk]))
        assert not Mandate.objects.filter(user=neighbouring.employee.user, establishment=creche).exists()
        interim.refresh_from_db()
        assert (interim.status, interim.mandate) == ("withdrawn", None)
        with pytest.raises(TransitionRefused):
            interim.withdraw(by=coordinator)

    def test_a_colleague_without_account_covers_the_house_without_any_right(self, coordinator, creche, alone):
        educator = worker(creche)
        interim = self.appoint(creche, educator, coordinator, D(2026, 4, 7), D(2026, 4, 8))
        assert interim.mandate is None
        granted(alone, D(2026, 4, 7), D(2026, 4, 8), coordinator)
        assert continuity_gaps(creche, D(2026, 4, 1), D(2026, 4, 30)) == []

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"starts_on": "2026-03-16"}, "starts_on"),
            ({"ends_on": "2026-03-01"}, "ends_on"),
            ({"ends_on": "2028-03-01"}, "ends_on"),
            ({"establishment": "0"}, "establishment"),
        ],
    )
    def test_what_cannot_be_is_said_and_kept(self, client, coordinator, creche, neighbouring, changes, field):
        client.force_login(coordinator)
        sent = {"establishment": creche.pk, "employee": neighbouring.employee_id, "starts_on": "2026-03-18"}
        sent |= {"ends_on": "2026-03-20", "client_uuid": "7d9d2f6e-8f5b-4a0e-9d0c-0d9c6f6b7a11"} | changes
        page = client.post("/conges/interims/confier/", sent)
        assert list(page.context_data["form"].errors) == [field]
        assert not Interim.objects.exists()

    def test_a_house_of_another_sector_cannot_be_given(self, client, coordinator, far_creche, neighbouring):
        client.force_login(coordinator)
        sent = {"establishment": far_creche.pk, "employee": neighbouring.employee_id, "starts_on": "2026-03-18"}
        client.post("/conges/interims/confier/", sent | {"ends_on": "2026-03-20", "client_uuid": ""})
        assert not Interim.objects.exists()


def test_the_interim_silences_the_alarm_of_the_home_page(coordinator, creche, alone, sector):
    granted(alone, D(2026, 3, 20), D(2026, 3, 20), coordinator)
    (item,) = attention(coordinator, TODAY)
    assert f"continuite/?etablissement={creche.pk}" in item.url
    home = EstablishmentFactory(sector=sector)
    nora = head(home)
    PostingFactory(establishment=home, job=Job.DEPUTY)
    Interim(establishment=creche, employee=nora.employee, starts_on=D(2026, 3, 20), ends_on=D(2026, 3, 20)).appoint(
        by=coordinator
    )
    assert attention(coordinator, TODAY) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "pdf"])
def test_the_gaps_are_exported(client, coordinator, creche, alone, kind):
    granted(alone, D(2026, 4, 7), D(2026, 4, 8), coordinator)
    client.force_login(coordinator)
    response = client.get("/conges/continuite/", {"export": kind})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert len(content) > 100
    if kind == "csv":
        assert "4 demi-journées" in content.decode("utf-8-sig")
