"""Posts budgeted, filled, present; vacancies by places; recruitment in numbers; no rate under five; dates purged."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from establishments.models import CapacityChange, JournalEntry
from staffing.models import AccidentYear, DisciplinaryMeeting, Recruitment
from staffing.posts.facts import accidents_of, freed_in_all, posts_of
from staffing.posts.risk import House, at_risk, freed, places_of, rate_per_hundred
from staffing.recurring import purge_disciplinary_meetings
from tests.factories import TODAY, EstablishmentFactory
from tests.staffing.access_posts import kept, meeting, post, recruitment
from tests.staffing.factories import LeaveFactory, PostingFactory

pytestmark = pytest.mark.usefixtures("today")
DAY = datetime.timedelta(days=1)
HOUSE = House(frozen=3, week_hours=Fraction(55), rule="one_six")


def houses(*rows):
    return type(rows[0]).objects.filter(pk__in=[row.pk for row in rows])


def test_a_full_time_post_holds_the_children_of_its_hours():
    # 1607 h over 46 weeks are 34.9 h of the 55 h of opening, for six children: 3.8 places.
    assert places_of(Fraction(1), Fraction(55), "one_six") == Fraction(1607, 46) / 55 * 6
    assert at_risk(HOUSE, Fraction(1), with_children=True) == 3
    assert at_risk(HOUSE, Fraction(1), with_children=False) == 0
    assert places_of(Fraction(1), Fraction(0), "one_six") == 0


def test_five_and_eight_weigh_a_third_of_children_who_do_not_walk():
    assert places_of(Fraction(1), Fraction(1607, 46), "five_eight_summed") == Fraction(20, 3)


def test_filling_gives_back_no_more_than_what_is_frozen_for_lack_of_staff():
    assert freed(HOUSE, Fraction(3), with_children=True) == 3
    assert at_risk(HOUSE, Fraction(3), with_children=True) == 11
    assert freed(House(0, Fraction(55), "one_six"), Fraction(1), with_children=True) == 0


@pytest.mark.parametrize(("people", "rate"), [(4, None), (5, Fraction(40)), (0, None), (20, Fraction(10))])
def test_no_rate_is_shown_under_five_people(people, rate):
    assert rate_per_hundred(2, people) == rate


def test_the_house_that_reopens_most_places_comes_first(sector, coordinator):
    first, second = (EstablishmentFactory(name=name, sector=sector) for name in ("Crèche A", "Crèche B"))
    for house in (first, second):
        post(house, coordinator, fte=Decimal(1))
    CapacityChange.objects.create(establishment=second, places=2, reason="vacancy", starts_on=TODAY)
    CapacityChange.objects.create(establishment=first, places=9, reason="works", starts_on=TODAY)
    lines = posts_of(houses(first, second), TODAY)
    assert [(line.house_name, line.freed) for line in lines] == [("Crèche B", 2), ("Crèche A", 0)]


def test_two_vacant_posts_of_one_house_do_not_reopen_the_same_place_twice(creche, coordinator):
    for job in ("eje", "auxiliary"):
        post(creche, coordinator, job=job, fte=Decimal(1))
    CapacityChange.objects.create(establishment=creche, places=3, reason="ratio", starts_on=TODAY)
    lines = posts_of(houses(creche), TODAY)
    assert [line.freed for line in lines] == [3, 3]
    assert freed_in_all(lines) == 3


def test_budgeted_filled_and_present_differ_by_who_left_and_who_is_away(creche, coordinator):
    post(creche, coordinator, fte=Decimal(3))
    here, away = (PostingFactory(establishment=creche, fte=Decimal(1)) for _ in range(2))
    PostingFactory(establishment=creche, ends_on=TODAY - 10 * DAY)
    leave = LeaveFactory(person=away, starts_on=TODAY, ends_on=TODAY + DAY)
    leave.grant(by=coordinator, derogation="")
    (line,) = posts_of(houses(creche), TODAY)
    assert (line.budgeted, line.filled, line.present, line.vacant) == (3, 2, 1, 1)
    assert line.vacant_since == TODAY - 10 * DAY
    assert here.fte == 1


def test_an_open_recruitment_is_said_beside_the_vacancy(creche, coordinator):
    post(creche, coordinator)
    recruitment(creche, coordinator, published_on=TODAY)
    (line,) = posts_of(houses(creche), TODAY)
    assert line.recruitment == "publié"


def test_a_recruitment_counts_its_days_and_refuses_steps_out_of_order(client, creche, coordinator):
    row = recruitment(creche, coordinator, asked_on=TODAY - 40 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recruitment.objects.filter(pk=row.pk).update(filled_on=TODAY - 41 * DAY)
    client.force_login(coordinator)
    data = {
        "client_uuid": row.client_uuid, "establishment": creche.pk, "job": "eje", "asked_on": row.asked_on,
        "candidates": 5, "seen": 2, "status": "filled",
    }  # fmt: skip
    url = reverse("staffing:recruitment_edit", args=[row.pk])
    assert client.post(url, data).status_code == 200  # filled, without its day
    assert client.post(url, data | {"filled_on": TODAY}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.days_to_fill) == ("filled", 40)


def test_two_people_on_one_recruitment_lose_nothing(client, creche, coordinator, pole_head):
    """The second one sees what changed, keeps what she typed, and saving again is her choice."""
    row = recruitment(creche, coordinator, asked_on=TODAY - 40 * DAY, candidates=2)
    url = reverse("staffing:recruitment_edit", args=[row.pk])
    client.force_login(coordinator)
    page = client.get(url).context["form"]
    sent = {name: value for name, value in page.initial.items() if value is not None}
    sent |= {"client_uuid": row.client_uuid, "candidates": 9}
    client.force_login(pole_head)
    other = client.get(url).context["form"].initial
    theirs = {name: value for name, value in other.items() if value is not None} | {"client_uuid": row.client_uuid}
    assert client.post(url, theirs | {"seen": 1}).status_code == 302
    client.force_login(coordinator)
    refused = client.post(url, sent)
    text = refused.content.decode()
    assert refused.status_code == 200
    assert "Rien n’a encore été enregistré" in text
    assert 'value="9"' in text
    row.refresh_from_db()
    assert (row.candidates, row.seen) == (2, 1)
    again = refused.context["form"].data
    assert client.post(url, again).status_code == 302
    row.refresh_from_db()
    assert row.candidates == 9


def test_a_second_year_of_accidents_of_a_house_is_refused_in_french(client, creche, coordinator):
    kept(AccidentYear, creche, coordinator, year=2026, accidents=1)
    client.force_login(coordinator)
    data = {"client_uuid": "3f0f8a56-6b5a-4f43-8f43-3c62a0f6f0a1", "establishment": creche.pk, "year": 2026}
    page = client.post(reverse("staffing:accident_create"), data | {"accidents": 2, "with_leave": 0})
    assert "déjà saisie" in page.content.decode()


def test_the_accidents_of_four_agents_have_no_rate_on_the_page(client, creche, coordinator):
    for _ in range(4):
        PostingFactory(establishment=creche)
    kept(AccidentYear, creche, coordinator, year=2025, accidents=2, with_leave=1)
    (line,) = accidents_of(houses(creche), TODAY)
    assert (line.accidents, line.rate) == (2, None)
    client.force_login(coordinator)
    assert "moins de 5 personnes" in client.get(reverse("staffing:accident_list")).content.decode()
    PostingFactory(establishment=creche)
    assert accidents_of(houses(creche), TODAY)[0].rate == 40


def test_disciplinary_dates_are_known_to_those_who_appraise_and_in_no_journal_page(
    client, creche, coordinator, director, assistant
):
    row = meeting(creche, coordinator)
    for who in (director, assistant):
        client.force_login(who)
        assert client.get(row.get_absolute_url()).status_code == 404
        assert not DisciplinaryMeeting.objects.visible_to(who).exists()
    lines = JournalEntry.objects.filter(subject_kind="staffing.disciplinarymeeting")
    assert list(lines.values_list("establishment", "territory")) == [(None, None)]
    columns = {field.name for field in DisciplinaryMeeting._meta.concrete_fields}
    dates, technical = {"convened_on", "meeting_on", "answered_on"}, {"id", "reference", "client_uuid"}
    assert columns == dates | technical | {"establishment", "created_by", "created_at"}


def test_disciplinary_dates_go_three_years_after_the_convocation(creche, coordinator, time_machine):
    meeting(creche, coordinator)
    for day, left in ((TODAY.replace(year=2029), 1), (TODAY.replace(year=2029) + DAY, 0)):
        time_machine.move_to(datetime.datetime.combine(day, datetime.time(12)))
        purge_disciplinary_meetings.call()
        purge_disciplinary_meetings.call()
        assert DisciplinaryMeeting.objects.count() == left
    assert JournalEntry.objects.filter(verb="entretien disciplinaire purgé").count() == 1


@pytest.mark.parametrize("name", ["vacancies", "recruitment_list", "risk_list", "accident_list", "discipline_list"])
def test_the_lists_take_the_same_queries_for_1_and_30(
    client, sector, coordinator, name, django_assert_max_num_queries
):
    client.force_login(coordinator)
    counts = []
    for number in range(30):
        house = EstablishmentFactory(name=f"Crèche {number}", sector=sector)
        post(house, coordinator)
        recruitment(house, coordinator)
        meeting(house, coordinator)
        kept(AccidentYear, house, coordinator, year=2025, accidents=1)
        if number in (0, 29):
            with django_assert_max_num_queries(12) as captured:
                client.get(reverse(f"staffing:{name}"))
            counts.append(len(captured))
    assert counts[0] == counts[1]
