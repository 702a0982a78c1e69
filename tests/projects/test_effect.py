"""The proof of effect: right on drawn cities, honest in its words, shown on a finished action."""

import datetime
from decimal import Decimal

import pytest

from indicators.models import MonthlyActivity
from projects.effect import CONTROLS_NEEDED, DOWN, NONE, UNKNOWN, UP, House, measure, quantile
from projects.effects_of import effect_of_action
from tests.factories import EstablishmentFactory
from tests.projects.effect_generator import city
from tests.projects.factories import ActionFactory

SEEDS = range(9000, 9020)
PLANS = 100


def measured(effect, controls):
    for seed in SEEDS:
        for before, after, others in city(seed, plans=PLANS, controls=controls, effect=effect):
            yield measure(House(before, after), [House(*other) for other in others])


@pytest.mark.parametrize("controls", [10, 25])
@pytest.mark.parametrize("effect", [5, -5])
def test_the_sign_of_five_points_is_right(effect, controls):
    found = list(measured(effect, controls))
    right = sum((one.points > 0) == (effect > 0) for one in found) / len(found)
    told = sum(one.verdict == (UP if effect > 0 else DOWN) for one in found) / len(found)
    wrong = sum(one.verdict == (DOWN if effect > 0 else UP) for one in found) / len(found)
    print(f"\neffet {effect:+} pts, {controls} témoins\u00a0: signe juste {right:.1%}, dit {told:.1%}")  # noqa: T201
    assert right >= 0.95
    assert wrong == 0


@pytest.mark.parametrize("controls", [10, 25])
def test_no_effect_is_told_where_there_is_none(controls):
    found = list(measured(0, controls))
    false = sum(one.verdict != NONE for one in found) / len(found)
    print(f"\nsans effet, {controls} témoins\u00a0: faux positifs {false:.1%}")  # noqa: T201
    assert false <= 0.05


def test_fewer_than_ten_controls_prove_nothing():
    (before, after, others) = next(city(1, plans=1, controls=CONTROLS_NEEDED - 1, effect=30))
    effect = measure(House(before, after), [House(*other) for other in others])
    assert (effect.verdict, effect.points) == (UNKNOWN, None)
    assert "9 lieux semblables avec des données, il en faut 10" in effect.sentence


def test_a_house_with_two_known_months_proves_nothing():
    (before, after, others) = next(city(1, plans=1, controls=12, effect=30))
    effect = measure(House([*before[:2], None, None, None, None], after), [House(*other) for other in others])
    assert effect.verdict == UNKNOWN
    assert "3 mois connus" in effect.sentence


@pytest.mark.parametrize(
    ("own", "verdict", "said"),
    [
        (20, UP, "20,0 points de plus que les lieux semblables"),
        (-20, DOWN, "20,0 points de moins"),
        (1, NONE, "Pas d’effet mesurable"),
    ],
)
def test_the_words_say_what_was_measured(own, verdict, said):
    controls = [House([60] * 6, [60 + change] * 6) for change in (-2, -1, -1, 0, 0, 0, 0, 1, 1, 2)]
    effect = measure(House([60] * 6, [60 + own] * 6), controls)
    assert effect.verdict == verdict
    assert said in effect.sentence
    assert ("cause" in effect.sentence) == (verdict != NONE)


def test_the_quantile_is_never_too_small():
    assert quantile(9) == 2.821
    assert quantile(17) == quantile(16)
    assert quantile(500) == 2.358


def months_of(house, rates, by):
    for month, rate in rates.items():
        MonthlyActivity.objects.create(
            establishment=house,
            month=month,
            authorised_hours=Decimal(1000),
            open_hours=Decimal(1000),
            contracted_hours=Decimal(900),
            actual_hours=Decimal(rate * 10),
            billed_hours=Decimal(900),
            status="validated",
            validated_by=by,
            validated_at=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC),
        )


@pytest.fixture
def finished(db, today, creche, sector, coordinator):
    """Twelve houses alike; the action of the first was done in August 2025, and six points came with it."""
    before = [datetime.date(2025, month, 1) for month in range(2, 8)]
    after = [datetime.date(2025, month, 1) for month in range(9, 13)]
    after += [datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)]
    for rank, house in enumerate([creche, *(EstablishmentFactory(sector=sector) for _ in range(12))]):
        gain = 12 if rank == 0 else rank % 3 - 1
        months_of(house, dict.fromkeys(before, 60) | dict.fromkeys(after, 60 + gain), coordinator)
    action = ActionFactory(establishment=creche, theme="Activité")
    stamp = datetime.datetime(2025, 8, 4, 9, tzinfo=datetime.UTC)
    type(action).objects.filter(pk=action.pk).update(created_at=stamp)
    action.verify(by=coordinator)
    type(action).objects.filter(pk=action.pk).update(closed_at=stamp + datetime.timedelta(days=10))
    action.refresh_from_db()
    return action


def test_a_finished_action_shows_its_effect(client, finished, coordinator, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        found = effect_of_action(finished, datetime.date(2026, 3, 17))
    assert (found.effect.verdict, found.effect.controls) == (UP, 12)
    client.force_login(coordinator)
    text = client.get(finished.get_absolute_url()).content.decode()
    assert "12,0 points de plus que les lieux semblables" in text


def test_six_whole_months_must_have_passed(finished):
    assert effect_of_action(finished, datetime.date(2026, 2, 28)) is None
    finished.status = "in_progress"
    assert effect_of_action(finished, datetime.date(2026, 3, 17)) is None


def test_houses_that_did_the_same_are_no_controls(finished, coordinator):
    for house in type(finished.establishment).objects.exclude(pk=finished.establishment_id)[:3]:
        twin = ActionFactory(establishment=house, theme="Activité")
        twin.verify(by=coordinator)
        stamp = datetime.datetime(2025, 10, 1, tzinfo=datetime.UTC)
        type(twin).objects.filter(pk=twin.pk).update(closed_at=stamp)
    found = effect_of_action(finished, datetime.date(2026, 3, 17))
    assert (found.effect.verdict, found.effect.controls) == (UNKNOWN, 9)
