"""On the demonstration, over random places and periods: no sentence without a source, no number but the engine's.

RONDE_SYNTHESIS_PERIODS=1000 draws as many as the mission asks for (make syntheses).
"""

import datetime
import os
import random
from pathlib import Path

import pytest
import yaml
from django.db import transaction
from django.test import override_settings

from core.french import NBSP, NNBSP
from core.sources import kind_of
from dashboard.demo import cast, load
from dashboard.syntheses.composing import compose, wanted
from dashboard.syntheses.grids import GRIDS, Grid
from dashboard.syntheses.sentences import MODELS
from dashboard.syntheses.variants import LEVELS, allowed, variants
from dashboard.telling.spans import Span
from establishments.models import Establishment, Mandate, Territory
from tests.dashboard.golden import WORDS, written
from tests.dashboard.told_oracle import Oracle, numbers_in
from tests.factories import TODAY

PERIODS = int(os.environ.get("RONDE_SYNTHESIS_PERIODS", "12"))
SEED = int(os.environ.get("RONDE_SYNTHESIS_SEED", "2026"))
GOLDEN = yaml.safe_load(Path(__file__).with_name("golden_sentences.yaml").read_text(encoding="utf-8"))
CHECKED = {"perimetre", "places-gelees", "visites", "retards", "comptes-rendus", "actions", "actions-en-retard"}
CHECKED |= {"conges", "evenements", "fermetures", "journees", "travaux", "frequentation", "leviers", "facturation"}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker, tmp_path_factory):
    """A demonstration that lasts as long as the tests of this file."""
    folder = tmp_path_factory.mktemp("city")
    cheap = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    quickly = override_settings(MEDIA_ROOT=folder, PASSWORD_HASHERS=cheap)
    with django_db_blocker.unblock(), quickly, transaction.atomic():
        load("mini", 20, TODAY, cast.PASSWORD, default_today=TODAY)
        central = Mandate.objects.filter(role="central").select_related("user").first().user
        yield Oracle(central), list(Territory.objects.all()), list(Establishment.objects.all())
        transaction.set_rollback(True)


def drawn(chance, places):
    """A place and a period: whole months half of the time, any days otherwise."""
    place = chance.choice(places)
    last = TODAY - datetime.timedelta(days=chance.randrange(1, 700))
    first = last - datetime.timedelta(days=chance.randrange(0, 400))
    if chance.random() < 0.5:
        first = first.replace(day=1)
        last = (last.replace(day=1) + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
        last = min(last, TODAY.replace(day=1) - datetime.timedelta(days=1))
        first = min(first, last.replace(day=1))
    kind = "e" if isinstance(place, Establishment) else "t"
    return place, Span(f"{kind}{place.pk}", first, last)


@pytest.mark.slow
@pytest.mark.usefixtures("today")
def test_no_sentence_without_a_source_and_no_number_but_the_engines(city):
    oracle, territories, houses = city
    chance = random.Random(SEED)
    wrong, numbers = [], 0
    for _ in range(PERIODS):
        place, span = drawn(chance, territories if chance.random() < 0.6 else houses)
        previous = (span.previous.first, span.previous.last)
        expected = oracle.expected(place, span.first, span.last, previous)
        for variant in variants().values():
            facts, sentences = compose(variant, span, variant.levels[0])
            for one in sentences:
                cited = wanted(span, one.subjects, one.compared)
                if not cited or any(source not in facts for source in cited):
                    wrong.append((span.key, one.key, "no source"))
                if one.key in CHECKED:
                    said = numbers_in(one.text, oracle.names)
                    numbers += len(said)
                    if said != expected[one.key]:
                        wrong.append((span.key, variant.key, one.key, one.text, said, expected[one.key]))
    assert wrong == []
    assert numbers > 5 * PERIODS


def test_every_block_of_every_document_is_known_and_stops_at_its_level():
    for variant in variants().values():
        for section in variant.sections:
            for key in section.holds:
                model = GRIDS.get(key) or MODELS[key]
                assert allowed(model.level, variant.levels[0]), (variant.key, key)
        assert set(variant.levels) <= set(LEVELS)


FORBIDDEN = {"late", "reports", "visits", "leaves", "events", "directions", "actions", "late_actions", "decisions"}
FORBIDDEN |= {"reviews", "to_come"}


def test_the_sheet_of_the_elected_reads_no_observation_no_person_and_no_event(city):
    """S-097: forbidden readings, whatever the document is made of."""
    _, territories, _ = city
    span = Span(f"t{territories[0].pk}", datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
    for variant in variants().values():
        facts, sentences = compose(variant, span, "elu")
        assert not {source.subject.removeprefix("span.") for source in facts} & FORBIDDEN
        for one in sentences:
            assert allowed((GRIDS.get(one.key) or MODELS[one.key]).level, "elu"), one.key
            if one.key == "table-maisons":
                assert len(Grid.read(one.text).headers) == 3


@pytest.mark.usefixtures("city")
def test_every_source_has_a_name_and_a_page():
    span = Span("t1", datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
    house = Span("e1", datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
    for model in MODELS.values():
        for one in (span, house):
            for source in wanted(one, model.subjects, model.compared):
                kind = kind_of(source.subject)
                assert kind.label(source.key)
                assert kind.url(source.key).startswith("/")


def test_there_are_500_golden_sentences_over_every_model_and_word():
    assert len(GOLDEN) >= 500
    assert {case["key"] for case in GOLDEN} == set(MODELS)
    assert {case["words"] for case in GOLDEN} == set(WORDS)


@pytest.mark.parametrize("key", sorted(MODELS))
def test_the_golden_sentences_agree_in_number_gender_and_elision(key):
    cases = [case for case in GOLDEN if case["key"] == key]
    assert [(case["now"], written(case)) for case in cases] == [(case["now"], case["says"]) for case in cases]


def test_golden_sentences_keep_french_spaces():
    for case in GOLDEN:
        text = case["says"]
        assert text.endswith(".")
        assert text[0].isupper() or text[0].isdigit()
        for mark, space in ((":", NBSP), (";", NNBSP), ("%", NNBSP)):
            assert all(text[at - 1] == space for at, c in enumerate(text) if c == mark), text
