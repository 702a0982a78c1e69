"""Links from sentences to their sources: what moved is known, and nothing else (graph test, M17)."""

import random

import pytest

from core import sources
from core.models import SourceLink
from core.sources import Document, Source, SourceKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch):
    """A subject whose facts are a dict that the test changes."""
    facts = {str(number): {"value": number} for number in range(20)}
    monkeypatch.setattr(sources, "_KINDS", {})

    def read(keys):
        return {key: facts[key] for key in keys if key in facts}

    sources.register(SourceKind("test.fact", read, lambda key: f"fait {key}", lambda key: f"/faits/{key}/"))
    return facts


def quote(document, sentences):
    wanted = {key: [Source("test.fact", number) for number in numbers] for key, numbers in sentences.items()}
    sources.cite(document, wanted, sources.read(source for found in wanted.values() for source in found))


def test_a_sentence_moves_when_one_of_its_sources_changes_and_no_other_does(world):
    dice = random.Random(7)
    documents = [Document("test.document", number) for number in range(1, 11)]
    quotes = {}
    for document in documents:
        quotes[document] = {f"s{n}": dice.sample(sorted(world), dice.randint(1, 4)) for n in range(8)}
        quote(document, quotes[document])
    for round_ in range(30):
        changed = set(dice.sample(sorted(world), dice.randint(0, 5)))
        before = {key: world[key] for key in changed}
        for key in changed:
            world[key] = {"value": f"autre {round_}"}
        for document in documents:
            expected = {sentence for sentence, keys in quotes[document].items() if changed & set(keys)}
            assert sources.moved(document) == expected
        world.update(before)


def test_a_source_that_is_gone_has_moved_and_opens_nothing(world):
    document = Document("test.document", 1)
    quote(document, {"a": ["3"], "b": ["4"]})
    del world["3"]
    quoted = sources.quoted_by([document])[document]
    assert [(one.has_moved, one.url) for one in quoted["a"]] == [(True, "")]
    assert [(one.has_moved, one.url) for one in quoted["b"]] == [(False, "/faits/4/")]


def test_quoting_again_replaces_the_sources_of_that_sentence_alone(world):
    document = Document("test.document", 1)
    quote(document, {"a": ["1", "2"], "b": ["2"]})
    quote(document, {"a": ["5"]})
    assert sorted(SourceLink.objects.values_list("sentence", "key")) == [("a", "5"), ("b", "2")]


def test_the_order_of_the_facts_does_not_matter():
    assert sources.fingerprint_of({"a": 1, "b": [1, 2]}) == sources.fingerprint_of({"b": [1, 2], "a": 1})
    assert sources.fingerprint_of([1, 2]) != sources.fingerprint_of([2, 1])


def test_ten_documents_are_read_in_as_many_queries_as_one(world, django_assert_num_queries):
    documents = [Document("test.document", number) for number in range(1, 11)]
    for document in documents:
        quote(document, {"a": ["1"], "b": ["2"]})
    with django_assert_num_queries(1):
        sources.quoted_by(documents[:1])
    with django_assert_num_queries(1):
        sources.quoted_by(documents)


def test_what_subjects_ask_in_common_is_asked_once_a_reading_and_kept_no_longer(monkeypatch):
    asked = []

    @sources.once_a_reading
    def doubled(what):
        asked.append(what)
        return what * 2

    monkeypatch.setattr(sources, "_KINDS", {})
    for subject in ("test.one", "test.other"):
        sources.register(SourceKind(subject, lambda keys: {key: doubled(3) for key in keys}, str, str))
    both = [Source("test.one", "a"), Source("test.other", "a")]
    assert sources.read(both) == dict.fromkeys(both, 6)
    assert asked == [3]
    sources.read(both)
    assert asked == [3, 3]
    assert doubled(4) == doubled(4) == 8
    assert asked == [3, 3, 4, 4]
