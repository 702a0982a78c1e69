"""Works: places withdrawn by date, denominators that follow, and one door back, the reopening list."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, transaction

from core.attention import LATE, SAFETY
from establishments import works as steps
from establishments.keeping import keep_freeze, remove
from establishments.models import CapacityChange, Closure, JournalEntry, WorksCheck, WorksPeriod
from establishments.workflow import TransitionRefused
from indicators.capacity import period_capacity
from indicators.terms import terms_of_one
from projects.attention import attention
from tests.factories import TODAY
from tests.projects.factories import WorksFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
Status = WorksPeriod.Status
# Three whole weeks without a holiday, and the Monday after.
MONDAY, BACK = datetime.date(2026, 9, 7), datetime.date(2026, 9, 28)
DAY = datetime.timedelta(days=1)
THREE_WEEKS = {"starts_on": MONDAY, "ends_on": BACK - 3 * DAY, "places": 20, "closes_house": False}


def hours(house, start=datetime.date(2026, 9, 1), end=datetime.date(2026, 10, 31)):
    capacity = period_capacity(terms_of_one(house, start, end), start, end)
    return capacity.authorised_hours, capacity.open_hours


def begun(house, by, at="2026-09-14", time_machine=None, **terms):
    works = WorksFactory(establishment=house)
    steps.schedule(works, THREE_WEEKS | terms, by=by)
    steps.start(works, by=by)
    if time_machine is not None:
        time_machine.move_to(datetime.datetime.fromisoformat(f"{at}T09:00:00+02:00"))
    return works


def tick_all(works, by):
    for line in works.checks.all():
        steps.check(works, line.pk, by=by)


def test_three_weeks_of_works_on_20_places_take_the_exact_open_hours(creche, coordinator, time_machine):
    authorised, before = hours(creche)
    works = begun(creche, coordinator, time_machine=time_machine)
    # Nothing gives the places back before the reopening: they stay away after the planned end.
    assert before - hours(creche)[1] == 20 * 11 * 40  # eight weeks, until the end of October
    tick_all(works, coordinator)
    steps.reopen(works, by=coordinator, day="2026-09-28")
    assert before - hours(creche)[1] == 20 * 11 * 15  # five days a week, eleven hours a day
    assert hours(creche)[0] == authorised  # works stay in the authorised hours (decisions, 11)


def test_a_holiday_within_the_works_takes_nothing_more(creche, coordinator):
    start, end = datetime.date(2026, 4, 27), datetime.date(2026, 5, 15)
    _, before = hours(creche, start, end)
    works = WorksFactory(establishment=creche)
    steps.schedule(works, {"starts_on": start, "ends_on": end, "places": 20, "closes_house": False}, by=coordinator)
    # 1, 8 and 14 May 2026 are holidays.
    assert before - hours(creche, start, end)[1] == 20 * 11 * 12


def test_a_house_closed_for_works_keeps_its_authorised_hours(creche, coordinator, time_machine):
    authorised, _ = hours(creche)
    works = begun(creche, coordinator, time_machine=time_machine, closes_house=True)
    assert hours(creche) == (authorised, 11 * 40 * 4)  # 1 to 4 September, then nothing until it reopens
    tick_all(works, coordinator)
    steps.reopen(works, by=coordinator, day="2026-09-21")
    closure = Closure.objects.get()
    assert (closure.cause, closure.ends_on) == ("works", datetime.date(2026, 9, 20))
    assert hours(creche) == (authorised, authorised - 11 * 40 * 10)


def test_works_that_last_keep_the_places_away(creche, coordinator, time_machine):
    works = begun(creche, coordinator, at="2026-09-29", time_machine=time_machine, closes_house=True)
    assert list(WorksPeriod.objects.overrunning(datetime.date(2026, 9, 29))) == [works]
    steps.extend(works, by=coordinator, day="2026-10-09")
    assert Closure.objects.get().ends_on == datetime.date(2026, 10, 9)
    with pytest.raises(TransitionRefused, match="déjà"):
        steps.extend(works, by=coordinator, day="2026-10-01")


def test_nothing_is_reopened_while_a_line_is_left(creche, coordinator, time_machine):
    works = begun(creche, coordinator, time_machine=time_machine)
    first = works.checks.first()
    tick_all(works, coordinator)
    steps.uncheck(works, first.pk, by=coordinator)
    with pytest.raises(TransitionRefused, match="1 point reste à faire"):
        steps.reopen(works, by=coordinator, day="2026-09-21")
    assert CapacityChange.objects.get().ends_on is None


@pytest.mark.parametrize("checks", ["left", "none"])
def test_the_database_reopens_nothing_without_the_whole_list(creche, coordinator, checks):
    works = begun(creche, coordinator)
    if checks == "none":
        works.checks.all().delete()
    given = {"status": "reopened", "reopened_on": BACK, "reopened_by": coordinator}
    with pytest.raises(IntegrityError, match="works_reopened_by_checklist"), transaction.atomic():
        WorksPeriod.objects.filter(pk=works.pk).update(**given)
    with pytest.raises(IntegrityError, match="works_reopened_by_checklist"), transaction.atomic():
        WorksFactory(
            establishment=creche, decided_by=coordinator, decided_at=works.decided_at, starts_on=MONDAY, **given
        )


@pytest.mark.parametrize(
    "forged",
    [
        {"ends_on": BACK},
        {"ends_on": MONDAY},
        {"places": 1},
        {"works": None},
        {"works": None, "ends_on": BACK},
        {"starts_on": MONDAY + DAY},
    ],
    ids=str,
)
def test_the_database_gives_no_place_back_another_way(creche, coordinator, forged):
    begun(creche, coordinator)
    with pytest.raises(IntegrityError, match="works_places_back_by_reopening"), transaction.atomic():
        CapacityChange.objects.update(**forged)
    with pytest.raises(IntegrityError, match="works_places_back_by_reopening"), transaction.atomic():
        CapacityChange.objects.all().delete()
    with pytest.raises(IntegrityError, match="works_reopened_by_checklist"), transaction.atomic():
        WorksPeriod.objects.update(status="decided")


def test_a_finished_freeze_cannot_be_tied_to_works_afterwards(creche, coordinator):
    works = begun(creche, coordinator)
    with pytest.raises(IntegrityError, match="works_places_back_by_reopening"), transaction.atomic():
        CapacityChange.objects.create(
            establishment=creche, places=5, reason="works", works=works, starts_on=MONDAY, ends_on=BACK
        )


def test_once_reopened_nothing_moves(creche, coordinator, time_machine):
    works = begun(creche, coordinator, time_machine=time_machine)
    tick_all(works, coordinator)
    steps.reopen(works, by=coordinator, day="2026-09-28")
    for write in (
        lambda: WorksPeriod.objects.update(status="in_progress", reopened_on=None),
        lambda: WorksPeriod.objects.update(reopened_on=MONDAY + DAY),
        lambda: WorksCheck.objects.update(done_on=None, done_by=None),
        lambda: CapacityChange.objects.update(ends_on=BACK),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_a_list_clicked_after_the_reopening_says_so_and_moves_nothing(client, creche, coordinator, time_machine):
    works = begun(creche, coordinator, time_machine=time_machine)
    tick_all(works, coordinator)
    steps.reopen(works, by=coordinator, day="2026-09-28")
    line, url = works.checks.first(), f"/projets/travaux/{works.pk}/points/"
    client.force_login(coordinator)
    for address, typed in ((url, {"point": "Encore un"}), (f"{url}{line.pk}/", {"etat": "a-refaire"})):
        page = client.post(address, typed, follow=True)
        assert "ne change plus" in page.content.decode()
    assert works.checks.filter(done_on__isnull=True).count() == 0


def test_works_that_overlap_withdraw_no_more_than_there_is(creche, coordinator, time_machine):
    _, before = hours(creche)
    long, short = begun(creche, coordinator), WorksFactory(establishment=creche)
    steps.schedule(short, THREE_WEEKS | {"places": 30, "starts_on": MONDAY + 7 * DAY}, by=coordinator)
    steps.start(short, by=coordinator)
    time_machine.move_to(datetime.datetime(2026, 9, 28, 9, tzinfo=datetime.UTC))
    for works, day in ((short, "2026-09-19"), (long, "2026-09-28")):
        tick_all(works, coordinator)
        steps.reopen(works, by=coordinator, day=day)
    # Ten days of twenty places, five days of the forty that the house has, not of fifty.
    assert before - hours(creche)[1] == 11 * (20 * 10 + 40 * 5)


def test_the_calendar_page_does_not_touch_what_the_works_hold(creche, coordinator):
    begun(creche, coordinator, closes_house=True)
    freeze = CapacityChange.objects.get()
    freeze.places = 1
    for change in (
        lambda: keep_freeze(freeze, by=coordinator),
        lambda: remove(freeze, "gel", by=coordinator),
        lambda: remove(Closure.objects.get(), "fermeture", by=coordinator),
    ):
        with pytest.raises(TransitionRefused, match="travaux"):
            change()
    assert CapacityChange.objects.get().places == 40


def test_a_plan_changes_freely_before_the_first_day(creche, coordinator, time_machine):
    works = WorksFactory(establishment=creche)
    steps.schedule(works, THREE_WEEKS | {"closes_house": True}, by=coordinator)
    steps.schedule(works, THREE_WEEKS | {"places": 5, "starts_on": MONDAY + 7 * DAY}, by=coordinator)
    assert not Closure.objects.exists()
    assert CapacityChange.objects.get().places == 5
    steps.schedule(works, THREE_WEEKS | {"places": 0}, by=coordinator)
    assert not CapacityChange.objects.exists()
    steps.schedule(works, THREE_WEEKS, by=coordinator)
    time_machine.move_to(datetime.datetime(2026, 9, 8, 9, tzinfo=datetime.UTC))
    for late in (
        lambda: steps.schedule(works, THREE_WEEKS | {"places": 0}, by=coordinator),
        lambda: steps.cancel(works, by=coordinator, text="Abandon"),
    ):
        with pytest.raises(TransitionRefused, match="premier jour"):
            late()


def test_works_cancelled_before_they_begin_withdraw_nothing(creche, coordinator):
    works = WorksFactory(establishment=creche)
    steps.schedule(works, THREE_WEEKS | {"closes_house": True}, by=coordinator)
    steps.cancel(works, by=coordinator, text="Reporté à l’an prochain")
    assert (CapacityChange.objects.count(), Closure.objects.count(), works.status) == (0, 0, Status.CANCELLED)


def test_two_clicks_on_reopen_give_one_decision(creche, coordinator, time_machine):
    works = begun(creche, coordinator, time_machine=time_machine)
    tick_all(works, coordinator)
    steps.reopen(works, by=coordinator, day="2026-09-28")
    with pytest.raises(TransitionRefused, match="Déjà traité"):
        steps.reopen(works, by=coordinator, day="2026-09-28")
    assert JournalEntry.objects.filter(verb="places rendues").count() == 1


def test_works_without_places_end_without_reopening(creche, coordinator):
    works = begun(creche, coordinator, places=0)
    assert not works.checks.exists()
    steps.finish(works, by=coordinator)
    assert works.status == Status.DONE


def test_old_safety_works_are_found(creche, coordinator):
    old = WorksFactory(establishment=creche, is_safety=True, needed_on=TODAY - 61 * DAY)
    WorksFactory(establishment=creche, is_safety=True, needed_on=TODAY - 60 * DAY)
    WorksFactory(establishment=creche, needed_on=TODAY - 300 * DAY)
    done = begun(creche, coordinator, places=0)
    WorksPeriod.objects.filter(pk=done.pk).update(is_safety=True, needed_on=TODAY - 200 * DAY)
    steps.finish(done, by=coordinator)
    assert list(WorksPeriod.objects.safety_since(TODAY - 60 * DAY)) == [old]


def test_the_page_shows_the_effect_the_list_and_the_reopening(client, creche, coordinator, director, time_machine):
    client.force_login(director)
    sent = {"establishment": creche.pk, "title": "Toiture", "need": "Fuite", "priority": "1", "is_safety": "on"}
    client.post("/projets/travaux/nouveaux/", sent | {"needed_on": "2026-03-01", "client_uuid": str(uuid.uuid4())})
    works = WorksPeriod.objects.get()
    url = f"/projets/travaux/{works.pk}/"
    terms = {"starts_on": "2026-09-07", "ends_on": "2026-09-25", "places": "41", "priority": "1"}
    client.force_login(coordinator)
    assert "capacité autorisée est de 40" in client.post(f"{url}decider/", terms).content.decode()
    client.post(f"{url}decider/", terms | {"places": "20"})
    page = client.get(url)
    assert page.context["impact"].hours_lost == 20 * 11 * 15
    assert "3\u202f300 heures ouvertes en moins" in page.content.decode()
    client.post(f"{url}etape/start/")
    time_machine.move_to(datetime.datetime(2026, 9, 22, 9, tzinfo=datetime.UTC))
    client.force_login(coordinator)
    assert "points restent" in client.post(f"{url}etape/reopen/", {"jour": "2026-09-28"}, follow=True).content.decode()
    client.force_login(director)
    client.post(f"{url}points/", {"point": "Jardin sécurisé"})
    for line in works.checks.all():
        client.post(f"{url}points/{line.pk}/", {"constat": "Vu"})
    assert client.post(f"{url}etape/reopen/", {"jour": "2026-09-28"}).status_code == 403
    client.force_login(coordinator)
    for _ in range(2):
        page = client.post(f"{url}etape/reopen/", {"jour": "2026-09-28"}, follow=True)
    assert "Déjà traité" in page.content.decode()
    assert client.get(url).context["impact"].hours_lost == 20 * 11 * 15
    works.refresh_from_db()
    assert (works.status, works.reopened_on) == (Status.REOPENED, BACK)


def test_attention_tells_old_safety_works_and_those_that_last(creche, coordinator, director, time_machine):
    old = WorksFactory(establishment=creche, is_safety=True, needed_on=TODAY - 61 * DAY)
    assert [(item.weight, item.url) for item in attention(coordinator, TODAY)] == [(SAFETY, old.get_absolute_url())]
    assert attention(director, TODAY) == []
    late = begun(creche, coordinator, at="2026-09-29", time_machine=time_machine)
    weights = {item.url: item.weight for item in attention(coordinator, datetime.date(2026, 9, 29))}
    assert weights == {old.get_absolute_url(): SAFETY, late.get_absolute_url(): LATE}


def test_the_list_keeps_old_safety_works_only(client, creche, coordinator):
    WorksFactory(establishment=creche, title="Vieux danger", is_safety=True, needed_on=TODAY - 61 * DAY)
    WorksFactory(establishment=creche, title="Danger récent", is_safety=True, needed_on=TODAY)
    client.force_login(coordinator)
    text = client.get("/projets/travaux/", {"safety": "vieux"}).content.decode()
    assert "Vieux danger" in text
    assert "Danger récent" not in text
