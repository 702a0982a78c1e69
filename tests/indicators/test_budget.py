"""Budget lines: read against the days of welcome, projected with an interval, imported twice without harm."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from indicators.budget import budget_lines
from indicators.budget_import import import_budget
from indicators.burn import Statement, burn
from indicators.models import BudgetLine
from indicators.plain_files import RefusedFile
from tests.factories import EstablishmentFactory

D = datetime.date
FILE = """Budget 2026;;;;
Code;Ligne;Alloué;Engagé;Dépensé
les-lilas;Jeux et matériel éducatif;1 200,50;600;300,25
Total;;1 200,50;600;300,25
"""


def statement(days, spent, committed=0):
    return Statement(days, Decimal(committed), Decimal(spent))


def test_half_of_the_days_and_half_of_the_money_is_on_pace():
    found = burn(Decimal(1_000), [statement(110, 500)], 220)
    assert (found.pace, found.projected, found.tone) == (Fraction(1), Decimal(1_000), "good")
    assert (found.low, found.high) == (None, None)


@pytest.mark.parametrize(
    ("spent", "committed", "tone"), [(560, 0, "watch"), (500, 1_001, "alert"), (100, 200, "good")]
)
def test_the_tone_says_what_to_look_at(spent, committed, tone):
    assert burn(Decimal(1_000), [statement(110, spent, committed)], 220).tone == tone


def test_the_interval_comes_from_the_line_s_own_stretches_and_holds_the_projection():
    even = burn(Decimal(1_000), [statement(40, 100), statement(80, 200), statement(120, 300)], 220)
    assert even.low == even.high == even.projected == 550
    uneven = burn(Decimal(1_000), [statement(40, 20), statement(80, 200), statement(120, 300)], 220)
    assert uneven.low < uneven.projected < uneven.high
    assert uneven.low >= 300


def test_nothing_allotted_or_no_day_of_welcome_is_unknown():
    assert burn(Decimal(0), [statement(10, 5)], 220).spent_rate is None
    assert burn(Decimal(10), [statement(0, 5)], 0).projected is None
    with pytest.raises(ValueError, match="statement"):
        burn(Decimal(10), [], 220)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestLines:
    def test_days_of_welcome_are_those_of_the_register(self, coordinator, creche):
        BudgetLine.objects.create(
            establishment=creche,
            year=2026,
            category="games",
            as_of=D(2026, 3, 13),
            allotted=1_000,
            committed=0,
            spent=200,
        )
        (line,) = budget_lines(coordinator, 2026)
        assert line.read.elapsed == Fraction(51, 252)  # weekdays that are no holiday, to 13 March, and in the year
        assert (line.left, line.pace) == (800, "au rythme")

    def test_the_same_file_twice_changes_nothing_and_a_new_amount_changes_one_row(self, creche):
        houses = type(creche).objects.all()
        given = {"year": 2026, "as_of": D(2026, 2, 28)}
        outcomes = [import_budget(FILE.encode("cp1252"), "b.csv", houses, **given) for _ in range(2)]
        assert [(one.created, one.unchanged) for one in outcomes] == [(1, 0), (0, 1)]
        assert import_budget(FILE.replace("300,25", "310").encode(), "b.csv", houses, **given).changed == 1
        row = BudgetLine.objects.get()
        assert (row.category, row.allotted, row.spent) == ("games", Decimal("1200.50"), Decimal(310))

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ("les-lilas;Jeux et matériel éducatif;x;1;1", "Ligne 4, colonne Alloué"),
            ("inconnue;Jeux et matériel éducatif;1;1;1", "Ligne 4, colonne Code"),
            ("les-lilas;Voyages;1;1;1", "Ligne 4, colonne Ligne"),
            ("les-lilas;Entretien;-1;1;1", "Ligne 4, colonne Alloué"),
            # More digits than the column holds: stored, no page could read the line back.
            ("les-lilas;Entretien;99999999999999999;1;1", "Ligne 4, colonne Alloué.*démesuré"),
        ],
    )
    def test_a_wrong_row_is_named_and_nothing_is_half_imported(self, creche, wrong, told):
        lines = FILE.splitlines()
        content = "\n".join([*lines[:3], wrong]).encode()
        with pytest.raises(RefusedFile, match=told):
            import_budget(content, "b.csv", type(creche).objects.all(), year=2026, as_of=D(2026, 2, 28))
        assert not BudgetLine.objects.exists()

    def test_an_amount_finer_than_a_cent_is_the_same_the_second_time(self, creche):
        content = "Code;Ligne;Alloué;Engagé;Dépensé\nles-lilas;Entretien;1000,005;0;0".encode()
        given = {"year": 2026, "as_of": D(2026, 2, 28)}
        done = [import_budget(content, "b.csv", type(creche).objects.all(), **given) for _ in range(2)]
        assert [(one.created, one.unchanged) for one in done] == [(1, 0), (0, 1)]

    @pytest.mark.parametrize("year", ["-5", "0", "99999", "1899"])
    def test_a_year_that_cannot_be_is_refused(self, creche, year):
        content = f"Code;Exercice;Ligne;Alloué;Engagé;Dépensé\nles-lilas;{year};Entretien;1;0;0".encode()
        with pytest.raises(RefusedFile, match="Ligne 2, colonne Exercice.*une année de 2000 à 2027"):
            import_budget(content, "b.csv", type(creche).objects.all(), year=2026, as_of=D(2026, 2, 28))

    def test_the_command_imports_and_refuses_in_french(self, creche, tmp_path, capsys):
        path = tmp_path / "b.csv"
        path.write_text(FILE, encoding="utf-8-sig")
        call_command("import_budget", str(path), arrete_au=D(2026, 2, 28))
        assert "1 créée, 0 modifiée, 0 inchangée." in capsys.readouterr().out
        with pytest.raises(CommandError):
            call_command("import_budget", str(tmp_path / "absent.csv"), arrete_au=D(2026, 2, 28))

    def test_the_database_refuses_a_line_twice_a_day_and_a_negative_one(self, creche):
        values = {"establishment": creche, "year": 2026, "category": "games", "as_of": D(2026, 2, 28)}
        money = {"allotted": 1, "committed": 0, "spent": 0}
        BudgetLine.objects.create(**values, **money)
        for wrong in (values | money, values | money | {"as_of": D(2026, 3, 1), "spent": -1}):
            with pytest.raises(IntegrityError), transaction.atomic():
                BudgetLine.objects.create(**wrong)

    def test_the_same_queries_for_1_and_30_houses(self, client, coordinator, sector, django_assert_max_num_queries):
        def add(count):
            for _ in range(count):
                BudgetLine.objects.create(
                    establishment=EstablishmentFactory(sector=sector),
                    year=2026,
                    category="games",
                    as_of=D(2026, 2, 28),
                    allotted=1_000,
                    committed=0,
                    spent=100,
                )

        add(1)
        client.force_login(coordinator)
        url = reverse("indicators:budget")
        with django_assert_max_num_queries(15) as few:
            assert "au rythme" in client.get(url).content.decode()
        add(29)
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(url)
