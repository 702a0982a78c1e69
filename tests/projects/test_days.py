"""Pedagogical days: what stands in the way, what the day closes, what the denominators lose, three funded a year."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, transaction

from core.attention import DECISION, SOON
from establishments.models import Closure, JournalEntry
from establishments.workflow import TransitionRefused
from indicators.capacity import month_capacity
from indicators.terms import terms_of_one
from projects.attention import attention
from projects.day_checks import Planned, findings
from projects.days import effect_of, findings_of
from projects.models import PedagogicalDay
from tests.factories import TODAY
from tests.projects.factories import DayFactory

Status = PedagogicalDay.Status
DAY = datetime.timedelta(days=1)
THURSDAY = datetime.date(2026, 6, 11)
WEEK = frozenset({1, 2, 3, 4, 5})


def planned(**changes):
    known = {"held_on": THURSDAY, "is_funded": True, "told_on": THURSDAY - 60 * DAY, "open_weekdays": WEEK}
    return Planned(**known | {"funded_already": 0} | changes)


@pytest.mark.parametrize(
    ("changes", "said", "blocking"),
    [
        ({"held_on": datetime.date(2026, 6, 13)}, "n’est pas un jour d’ouverture", True),
        ({"held_on": datetime.date(2026, 7, 14)}, "férié", True),
        ({"open_weekdays": frozenset({1, 2})}, "n’est pas un jour d’ouverture", True),
        ({"funded_already": 3}, "3 au plus", True),
        ({"closed_already": "pont"}, "Déjà fermé", True),
        ({"hosting": ("Les Lilas",)}, "enfants d’ailleurs", True),
        ({"told_on": None}, "pas encore informées", False),
        ({"told_on": THURSDAY - 55 * DAY}, "55 jours avant", False),
        ({"held_on": datetime.date(2026, 9, 14), "told_on": TODAY}, "quinzaine de septembre", False),
        ({"neighbours_closed": ("Les Lilas",)}, "Ferme aussi", False),
        ({"told_on": THURSDAY + DAY}, "informées après la journée", False),
        ({"is_past": True}, "déjà passée", False),
    ],
)
def test_each_rule_is_found_alone(changes, said, blocking):
    (found,) = findings(planned(**changes))
    assert said in found.sentence
    assert found.is_blocking == blocking


@pytest.mark.parametrize("changes", [{}, {"is_funded": False, "funded_already": 9}, {"told_on": THURSDAY - 56 * DAY}])
def test_nothing_stands_in_the_way_of_a_good_day(changes):
    assert findings(planned(**changes)) == []


@pytest.fixture
def day(db, today, creche, director):
    return DayFactory(establishment=creche, created_by=director)


def validated(day, by):
    day.advise(by=by, text="Favorable")
    day.validate_day(by=by)
    return day


def june(house):
    return month_capacity(terms_of_one(house, datetime.date(2026, 6, 1), datetime.date(2026, 6, 30)), THURSDAY)


def test_a_validated_day_closes_and_leaves_both_denominators(day, creche, coordinator):
    before, effect = june(creche), effect_of(day)
    validated(day, coordinator)
    after = june(creche)
    assert before.authorised_hours - after.authorised_hours == 11 * 40
    assert before.open_hours - after.open_hours == 11 * 40
    assert (effect.month_before, effect.month_after) == (before, after)
    assert effect.year_days_before - effect.year_days_after == 1
    assert effect_of(day) == effect, "once validated, the page still compares with and without the day"
    closure = Closure.objects.get()
    assert (closure.cause, closure.starts_on, closure.families_informed_on) == (
        "pedagogical",
        THURSDAY,
        day.families_told_on,
    )


def test_half_a_day_takes_half_the_hours(day, creche, coordinator):
    before = june(creche)
    PedagogicalDay.objects.update(part="afternoon")
    day.refresh_from_db()
    validated(day, coordinator)
    assert before.open_hours - june(creche).open_hours == 11 * 40 / 2


def test_a_cancelled_day_opens_again(day, creche, coordinator, director):
    before = june(creche)
    validated(day, coordinator).cancel(by=director, text="Intervenant indisponible")
    assert (june(creche), Closure.objects.count(), day.funded_rank) == (before, 0, None)


def test_a_fourth_funded_day_is_refused_by_the_page_and_by_the_database(day, creche, director, coordinator):
    validated(day, coordinator)
    for week in (1, 2):
        other = DayFactory(establishment=creche, held_on=THURSDAY + 7 * week * DAY)
        validated(other, coordinator)
    fourth = DayFactory(establishment=creche, held_on=THURSDAY + 21 * DAY)
    fourth.advise(by=coordinator, text="Réservé")
    with pytest.raises(TransitionRefused, match="3 au plus"):
        fourth.validate_day(by=coordinator)
    stamps = {"status": "validated", "decided_by": coordinator, "decided_at": fourth.opinion_at}
    closure = Closure.objects.create(
        establishment=creche, cause="pedagogical", starts_on=fourth.held_on, ends_on=fourth.held_on
    )
    for rank in (None, 0, 3, 4):
        with pytest.raises(IntegrityError), transaction.atomic():
            PedagogicalDay.objects.filter(pk=fourth.pk).update(
                closure=closure, funded_rank=rank, funded_year=2026 if rank is not None else None, **stamps
            )
    unfunded = PedagogicalDay.objects.filter(pk=fourth.pk)
    assert unfunded.update(closure=closure, is_funded=False, **stamps) == 1


def test_a_funded_year_is_the_year_of_the_day(day, coordinator):
    validated(day, coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        PedagogicalDay.objects.update(funded_year=2027)


def test_neighbours_used_for_regrouping_are_looked_at(day, creche, next_creche, coordinator):
    summer = {"starts_on": datetime.date(2025, 8, 4), "ends_on": datetime.date(2025, 8, 22), "cause": "yearly"}
    Closure.objects.create(establishment=creche, host=next_creche, **summer)
    assert findings_of(day) == []
    same_day = {"starts_on": THURSDAY, "ends_on": THURSDAY, "cause": "pedagogical"}
    closure = Closure.objects.create(establishment=next_creche, **same_day)
    (found,) = findings_of(day)
    assert next_creche.name in found.sentence
    assert not found.is_blocking
    closure.host = creche
    closure.save()
    assert [one.is_blocking for one in findings_of(day)] == [True, False]


def test_the_neighbour_of_the_summer_to_come_is_looked_at_too(day, creche, next_creche):
    summer = {"starts_on": datetime.date(2026, 8, 3), "ends_on": datetime.date(2026, 8, 21), "cause": "yearly"}
    Closure.objects.create(establishment=creche, host=next_creche, **summer)
    Closure.objects.create(establishment=next_creche, starts_on=THURSDAY, ends_on=THURSDAY, cause="pedagogical")
    (found,) = findings_of(day)
    assert next_creche.name in found.sentence


def test_a_day_asked_for_yesterday_is_pointed_at(creche, director):
    late = DayFactory(establishment=creche, held_on=TODAY - DAY, families_told_on=TODAY - 60 * DAY)
    assert "déjà passée" in findings_of(late)[0].sentence


def test_the_calendar_page_does_not_touch_the_closure_of_a_day(client, day, coordinator):
    validated(day, coordinator)
    client.force_login(coordinator)
    page = client.post(f"/etablissements/fermetures/{day.closure_id}/supprimer/", follow=True)
    assert "journée pédagogique ou des travaux" in page.content.decode()
    assert Closure.objects.count() == 1


def test_the_page_shows_the_effect_and_what_blocks_before_the_decision(client, day, creche, coordinator):
    PedagogicalDay.objects.update(held_on=datetime.date(2026, 7, 14))
    client.force_login(coordinator)
    text = client.get(day.get_absolute_url()).content.decode()
    assert "férié" in text
    assert "Heures autorisées du mois" in text
    client.post(f"/projets/journees/{day.pk}/etape/advise/", {"texte": "Oui"})
    page = client.post(f"/projets/journees/{day.pk}/etape/validate_day/", follow=True)
    assert "Validation impossible" in page.content.decode()
    assert not Closure.objects.exists()


def test_two_clicks_on_validate_give_one_closure(client, day, coordinator):
    day.advise(by=coordinator, text="Favorable")
    client.force_login(coordinator)
    for _ in range(2):
        page = client.post(f"/projets/journees/{day.pk}/etape/validate_day/", follow=True)
    assert "Déjà traité" in page.content.decode()
    assert (Closure.objects.count(), JournalEntry.objects.filter(verb="journée pédagogique validée").count()) == (1, 1)


def test_a_day_is_told_once_it_was_held(client, day, coordinator, director, time_machine):
    validated(day, coordinator)
    sent = {"report": "Aménagement revu", "coordinator_present": "oui"}
    client.force_login(director)
    client.post(f"/projets/journees/{day.pk}/bilan/", sent)
    day.refresh_from_db()
    assert day.status == Status.VALIDATED
    time_machine.move_to(datetime.datetime(2026, 6, 12, 9, tzinfo=datetime.UTC))
    assert [(item.weight, item.key) for item in attention(director, THURSDAY + DAY)] == [
        (SOON, f"day-report-{day.pk}")
    ]
    client.force_login(director)
    client.post(f"/projets/journees/{day.pk}/bilan/", sent)
    day.refresh_from_db()
    assert (day.status, day.coordinator_present) == (Status.REPORTED, True)


def test_the_same_request_sent_twice_is_one_day(client, director, creche, coordinator, today):
    sent = {
        "establishment": creche.pk,
        "held_on": "2026-06-11",
        "part": "day",
        "theme": "Le jeu libre",
        "aims": "Observer",
        "client_uuid": str(uuid.uuid4()),
    }
    client.force_login(director)
    answers = {client.post("/projets/journees/nouvelle/", sent).headers["Location"] for _ in range(2)}
    assert len(answers) == 1
    assert [item.key for item in attention(coordinator, TODAY)] == [f"day-decide-{PedagogicalDay.objects.get().pk}"]
    assert attention(coordinator, TODAY)[0].weight == DECISION
    again = client.post("/projets/journees/nouvelle/", sent | {"client_uuid": str(uuid.uuid4())})
    assert "déjà demandée" in again.content.decode()


@pytest.mark.parametrize("url", ["/projets/journees/", "/projets/travaux/", "/projets/fermetures/"])
def test_lists_ask_the_same_queries_for_1_and_300_rows(
    client, coordinator, creche, director, django_assert_max_num_queries, url, today
):
    from tests.projects.factories import WorksFactory

    def rows(first, count):
        days = [THURSDAY + n * DAY for n in range(first, first + count)]
        PedagogicalDay.objects.bulk_create(
            DayFactory.build(establishment=creche, held_on=day, created_by=director) for day in days
        )
        type(WorksFactory.build(establishment=creche, created_by=director)).objects.bulk_create(
            WorksFactory.build(establishment=creche, created_by=director) for _ in days
        )
        Closure.objects.bulk_create(
            Closure(establishment=creche, cause="other", starts_on=day, ends_on=day, host=None) for day in days
        )

    rows(0, 1)
    client.force_login(coordinator)
    with django_assert_max_num_queries(13) as few:
        client.get(url)
    rows(1, 299)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)
