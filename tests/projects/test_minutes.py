"""The minutes' parser against two hundred lines worked out by hand (M22), and what no line may ever do."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.minutes import LineKind, MinuteEntry, Problem, read_minutes, who

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
