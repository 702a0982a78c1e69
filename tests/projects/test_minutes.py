"""The minutes' parser against two hundred lines worked out by hand (M22), and what no line may ever do."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.minutes import LineKind, MinuteEntry, Problem, read_minutes, who, with_full_names

HELD, NEXT = date(2026, 3, 17), date(2026, 4, 14)
KINDS = {"I": LineKind.INFORMATION, "D": LineKind.DECISION, "A": LineKind.ACTION}


def golden():
    for line in (Path(__file__).parent / "minutes_golden.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        typed, _, expected = line.rpartition(" => ")
        kind, handles, due, text, problems = (part.strip() for part in expected.split("|"))
        handle, _, also = handles.partition(" +")
        entry = MinuteEntry(
            number=1,
            kind=KINDS[kind],
            text=text,
            handle=handle,
            due_on=date.fromisoformat(due) if due else None,
            also=tuple(filter(None, also.split(","))),
            problems=tuple(Problem(code) for code in problems.split()),
        )
        yield pytest.param(typed, entry, id=typed[:60])


GOLDEN = list(golden())


def test_there_are_two_hundred_golden_lines():
    assert len(GOLDEN) == 200


@pytest.mark.parametrize(("typed", "expected"), GOLDEN)
def test_a_line_gives_what_was_worked_out_by_hand(typed, expected):
    assert read_minutes(typed, held_on=HELD, next_on=NEXT) == [expected]


def test_a_heading_gives_its_kind_to_the_bullets_below_it_and_stops_at_the_next_sentence():
    text = "Actions :\n- @paul relancer avant vendredi\n\n- @inès écrire avant vendredi\nTour de table\n- rien à dire"
    kinds = [(entry.number, entry.kind) for entry in read_minutes(text, held_on=HELD)]
    action, information = LineKind.ACTION, LineKind.INFORMATION
    assert kinds == [(2, action), (4, action), (5, information), (6, information)]


def test_a_heading_with_nothing_below_is_said_to_be_empty():
    [heading, _] = read_minutes("Décisions :\nTour de table", held_on=HELD)
    assert heading.problems == (Problem.EMPTY,)


def test_an_indented_line_goes_on_with_the_line_above():
    [entry] = read_minutes("action : @paul visiter les Loutres\n  et prévenir avant vendredi", held_on=HELD)
    assert (entry.text, entry.due_on) == ("Visiter les Loutres et prévenir", date(2026, 3, 20))


def test_the_next_meeting_is_no_date_while_none_is_set():
    [entry] = read_minutes("action : @paul revoir avant la prochaine réunion", held_on=HELD)
    assert entry.problems == (Problem.UNREADABLE_DATE,)


@pytest.mark.parametrize("problem", Problem)
def test_each_problem_says_in_french_what_to_do(problem):
    assert problem.sentence.endswith(".")


@given(st.lists(st.sampled_from([str(case.values[0]) for case in GOLDEN]), max_size=12))
def test_lines_read_together_give_what_each_gives_alone(lines):
    lines = [line for line in lines if not line.endswith(":") and line[:1].strip()]  # neither heading nor continuation
    together = read_minutes("\n".join(lines), held_on=HELD, next_on=NEXT)
    alone = [read_minutes(line, held_on=HELD, next_on=NEXT)[0] for line in lines]
    assert [(e.kind, e.text, e.handle, e.due_on) for e in together] == [
        (e.kind, e.text, e.handle, e.due_on) for e in alone
    ]
    assert [entry.number for entry in together] == list(range(1, len(lines) + 1))


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader_and_every_word_of_information_is_kept(text):
    entries = read_minutes(text, held_on=HELD, next_on=NEXT)
    assert all(entry.text or entry.problems for entry in entries)


@pytest.mark.parametrize(
    ("handle", "expected"),
    [("samira", [1]), ("Benali", [1]), ("samira.benali", [1]), ("SAMIRABENALI", [1]), ("paul", [2, 3]), ("zoé", [])]
    + [("paul-nguyen", [2]), ("le.goff", [4]), ("helene", [4])],
)
def test_a_handle_finds_its_person_by_first_last_or_full_name(handle, expected):
    people = [(1, "Samira Benali"), (2, "Paul Nguyen"), (3, "Paul Marchand"), (4, "Hélène Le Goff")]
    assert who(handle, people) == expected


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("d’ici 15 jours", date(2026, 4, 1)),
        ("d'ici une semaine", date(2026, 3, 24)),
        ("d’ici à deux mois", date(2026, 5, 17)),
        ("dans les quinze jours", date(2026, 4, 1)),
        ("avant deux semaines", date(2026, 3, 31)),
        ("sous un délai de 8 jours", date(2026, 3, 25)),
        ("sous dix jours ouvrés", date(2026, 3, 31)),
        ("le 3 avril au plus tard", date(2026, 4, 3)),
        ("vendredi au plus tard", date(2026, 3, 20)),
        ("avant le 3 avril inclus", date(2026, 4, 3)),
        ("avant le 3 avril prochain", date(2026, 4, 3)),
        ("avt le 3 avril", date(2026, 4, 3)),
        ("avant le premier avril", date(2026, 4, 1)),
        ("avant le 1ᵉʳ avril", date(2026, 4, 1)),
        ("avant le 3avril", date(2026, 4, 3)),
        ("avant le 3 avr", date(2026, 4, 3)),
        ("avant le 3 fev", date(2027, 2, 3)),
        ("avant le 3 juil", date(2026, 7, 3)),
        ("avant le 03 / 04 / 2026", date(2026, 4, 3)),
        ("avant le 3\u202favril\u00a02026", date(2026, 4, 3)),
        ("avant le 3 avril 27", date(2027, 4, 3)),
        ("avant le 25", date(2026, 3, 25)),
        ("avant le 16", date(2026, 4, 16)),
        ("d’ici le 5 du mois prochain", date(2026, 4, 5)),
        ("avant vendredi 20", date(2026, 3, 20)),
        ("avant le jeudi 16", date(2026, 4, 16)),
        ("pour la prochaine fois", NEXT),
        ("avant notre prochaine réunion", NEXT),
        ("avant la réunion suivante", NEXT),
    ],
)
def test_dates_as_people_type_them(typed, due):
    [entry] = read_minutes(f"action : @paul revoir {typed}", held_on=HELD, next_on=NEXT)
    assert (entry.due_on, entry.text, entry.problems) == (due, "Revoir", ())


@pytest.mark.parametrize(
    "typed",
    [
        "avant le mercredi 20 mars",
        "avant vendredi 21",
        "avant le 03/04/2206",
        "sous 999 mois",
        "sous dix jours ouvrables",
    ],
)
def test_a_date_that_contradicts_itself_or_is_far_away_is_asked_again(typed):
    [entry] = read_minutes(f"action : @paul revoir {typed}", held_on=HELD, next_on=NEXT)
    assert (entry.due_on, entry.problems) == (None, (Problem.UNREADABLE_DATE,))
    assert typed in entry.text


@pytest.mark.parametrize(
    "typed", ["avant 18 h", "d’ici 2 h", "accueillir avant 6 mois les bébés", "avant vendredi 12 lits"]
)
def test_an_hour_an_age_or_a_quantity_is_no_day(typed):
    [entry] = read_minutes(f"action : @paul {typed}", held_on=HELD)
    assert entry.due_on in (None, date(2026, 3, 20))  # « avant vendredi », then twelve beds
    assert entry.text.lower().endswith(typed.split()[-1])


@pytest.mark.parametrize(
    "start",
    ["→ ", "> ", "=> ", "[ ] ", "[x] ", "☐ ", "1.1 ", "2.3) ", "a) ", "- [ ] ", "\u00a0"],
)
@pytest.mark.parametrize("word", ["décision", "DÉCISION", "Décision(s)", "decisions", "décision\u202f"])
def test_a_mark_before_the_keyword_hides_no_decision(start, word):
    [entry] = read_minutes(f"{start}{word} : fermer à 18 h", held_on=HELD)
    assert (entry.kind, entry.text) == (LineKind.DECISION, "Fermer à 18 h")


def test_letters_and_accents_typed_apart_read_the_same():
    typed = "décision : fermer l’été\naction : @inès préparer août avant le 3 décembre"
    apart = read_minutes(unicodedata.normalize("NFD", typed), held_on=HELD)
    assert apart == read_minutes(typed, held_on=HELD)
    assert [entry.problems for entry in apart] == [(), ()]


@pytest.mark.parametrize("word", ["Décison", "acton", "Actoin", "décission", "DECICION", "Décisons"])
def test_a_slip_in_the_keyword_is_said(word):
    [entry] = read_minutes(f"{word} : @paul revoir avant le 3 avril", held_on=HELD)
    assert (entry.kind, entry.problems) == (LineKind.INFORMATION, (Problem.MISTYPED,))


@pytest.mark.parametrize(
    "line", ["Section : les grands", "Option : a", "Précision : b", "Notation : 3", "Faction : x"]
)
def test_other_words_are_no_slip(line):
    [entry] = read_minutes(line, held_on=HELD)
    assert (entry.text, entry.problems) == (line, ())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("action : @Samira Benali relancer", "action : @Samira.Benali relancer"),
        ("@samira benali et @Jean-Marc Le Goff", "@samira.benali et @Jean-Marc.Le.Goff"),
        ("@élise d'almeida, voir", "@élise.d'almeida, voir"),
        ("@samira Relancer benali", "@samira Relancer benali"),
        ("écrire à pmi@samira benali", "écrire à pmi@samira benali"),
    ],
)
def test_a_name_typed_in_full_is_one_handle(typed, expected):
    people = [(1, "Samira Benali"), (2, "Jean-Marc Le Goff"), (3, "Élise d’Almeida")]
    assert with_full_names(typed, people) == expected
