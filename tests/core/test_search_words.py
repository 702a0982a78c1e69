"""The words of the index: accents, case, plural and conjugation do not matter, the passage shows why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search import Run, excerpt, wanted
from core.search.stems import EMPTY_WORDS, STEM_MARK, indexed_words, words_of


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("sécurité", "Le portillon n’est pas de SECURITE."),
        ("securite", "La sécurité du jardin"),
        ("repas", "Les repas sont calmes"),
        ("fenêtre", "deux fenêtres bloquées"),
        ("observées", "il a été observé que"),
        ("observees", "à observer"),
        ("réunion", "deux réunions"),
        ("siestes", "la sieste"),
        ("bébé", "les bébés"),
        ("sommei", "le sommeil des bébés"),
        ("l’équipe", "Une équipe posée"),
        ("coeur", "Au cœur de la section"),
        ("jeu libre", "Le jeu, toujours libre, progresse"),
    ],
)
def test_a_word_is_found_in_another_form(typed, text):
    indexed = set(indexed_words(text).split())
    for marked, start in wanted(typed).terms():
        assert marked in indexed or (start and any(word.startswith(start) for word in indexed))


@pytest.mark.parametrize(
    ("typed", "text"), [("repas", "une réponse rapide"), ("sol", "le soleil"), ("lit", "lecture")]
)
def test_a_whole_word_does_not_find_those_that_only_share_its_stem_letters(typed, text):
    indexed = set(indexed_words(text).split())
    assert not any(marked in indexed for marked, _ in wanted(typed + " zut").terms())


def test_words_that_are_everywhere_are_not_looked_for():
    assert wanted("la de et").is_empty
    assert wanted("la porte").words == ("porte",)
    assert all(word == word.lower() for word in EMPTY_WORDS)


def test_a_passage_marks_the_words_and_keeps_the_text_as_typed():
    text = "Début. " + "Rien ici. " * 30 + "La porte du local reste ouverte à 10 h 15. " + "Fin. " * 30
    runs = excerpt(text, wanted("portes locaux ouvert"))
    assert [run.text for run in runs if run.is_hit] == ["porte", "local", "ouverte"]
    assert runs[0] == Run("… ")
    assert runs[-1].text.endswith(" …")


def test_without_a_word_found_the_passage_is_the_beginning():
    assert excerpt("Un texte court.", wanted("absent")) == [Run("Un texte court.")]
    assert excerpt("", wanted("absent")) == []


@given(st.text(max_size=200), st.text(max_size=40))
def test_a_passage_is_made_of_the_text_itself(text, typed):
    flat = " ".join(text.split())
    shown = "".join(run.text for run in excerpt(text, wanted(typed))).removeprefix("… ").removesuffix(" …")
    assert shown in flat


@given(st.text(max_size=200))
def test_no_word_of_the_index_can_be_more_than_a_word(text):
    for word in indexed_words(text).split():
        assert word.removeprefix(STEM_MARK).isalnum()
    assert all(STEM_MARK not in word[:2] for word in words_of(text) if not word.startswith(STEM_MARK))
