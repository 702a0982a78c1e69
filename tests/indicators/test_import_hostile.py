"""A thousand hostile files: a French sentence each, no crash, no partial row."""

from collections import Counter

import pytest
from django.db import transaction

from core.spreadsheets import UnreadableFile
from establishments.workflow import TransitionRefused
from indicators.importing.applying import apply_run
from indicators.importing.receiving import missing_columns, receive
from indicators.importing.running import read_now
from indicators.models import ImportLine, ImportRun, MonthlyActivity
from tests.indicators.hostile import ROWS, hostile, million_columns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
FOREIGN = ("Error", "Traceback", "Exception", "invalid", "NoneType", "codec")


def french(sentence):
    assert sentence, "nothing is said"
    assert not [word for word in FOREIGN if word in sentence], sentence
    assert sentence[0].isupper() or sentence.startswith("«"), sentence
    return sentence


def received(content, kind):
    """The run, or the sentence that refuses the file."""
    try:
        return receive(content, f"hostile.{kind}", by=None)
    except UnreadableFile as error:
        return str(error)


def outcome_of(content, kind):
    """What became of a file; every promise is checked on the way."""
    run = received(content, kind)
    if isinstance(run, str):
        assert french(run).endswith("Rien n’a été importé.")
        assert not ImportRun.objects.exists()
        return "illisible"
    wanted = missing_columns(run)
    if wanted:
        french(wanted[0].capitalize())
        return "colonnes manquantes"
    read_now(run)
    if run.status == ImportRun.Status.FAILED:
        french(run.message)
        assert not ImportLine.objects.exists()
        return "illisible plus loin"
    return rejected(run) if run.rejected_count else written(run)


def rejected(run):
    lines = list(ImportLine.objects.rejected())
    assert len(lines) == run.rejected_count
    for line in lines:
        assert line.number > 1
        assert line.column
        french(line.reason.capitalize())
    with pytest.raises(TransitionRefused):
        apply_run(run)
    assert not MonthlyActivity.objects.exists()
    return "lignes rejetées"


def written(run):
    """Nothing was wrong in the end (an empty cell, a number that is one): all of it is there."""
    apply_run(run)
    assert MonthlyActivity.objects.count() == run.created_count <= len(ROWS)
    return "importé"


@pytest.mark.parametrize(("kind", "count"), [("csv", 700), ("xlsx", 150), ("ods", 150)])
def test_a_thousand_hostile_files_give_a_french_sentence_and_no_partial_row(creche, kind, count):
    outcomes = Counter()
    for number, content in enumerate(hostile(kind, count)):
        with transaction.atomic():
            try:
                outcomes[outcome_of(content, kind)] += 1
            except Exception as error:
                pytest.fail(f"{kind} nº {number}: {error!r}")
            transaction.set_rollback(True)
    assert sum(outcomes.values()) == count
    assert outcomes["illisible"] > count / 6
    assert outcomes["lignes rejetées"] > count / 20
    assert outcomes["importé"] < count / 4


def test_a_million_columns_are_refused_by_their_number(creche):
    for content in million_columns():
        with transaction.atomic():
            assert outcome_of(content, "csv") in ("illisible", "illisible plus loin")
            transaction.set_rollback(True)


def test_the_thousand_files_are_the_same_each_time():
    for kind in ("csv", "xlsx", "ods"):
        first, again = hostile(kind, 12), hostile(kind, 12)
        assert len(set(first)) > 8
        if kind == "csv":  # a workbook holds the time of its writing
            assert first == again
