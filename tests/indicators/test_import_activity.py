"""Files of activity: as they really come, all or nothing, the same twice, undone."""

import datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from establishments.models import JournalEntry
from establishments.workflow import TransitionRefused
from indicators.entry.judging import doubts_of
from indicators.entry.rules import read_value
from indicators.importing.applying import ChangedMeanwhile, apply_run, undo_run
from indicators.importing.kinds import KINDS
from indicators.importing.profiles import load_profile
from indicators.importing.receiving import missing_columns, receive
from indicators.importing.reporting import change_line, reject_line
from indicators.importing.running import read_now
from indicators.importing.values import parse_month, parse_number
from indicators.models import DailyActivity, ImportLine, ImportRun, MonthlyActivity
from tests.factories import EstablishmentFactory
from tests.indicators.factories import FEBRUARY, ActivityFactory, DailyActivityFactory, counted
from tests.indicators.files import HEADERS, csv_of, good, ods_of, xlsx_of

D = datetime.date
Status = ImportRun.Status


@pytest.fixture
def houses(creche, sector):
    return creche, EstablishmentFactory(name="Crèche Rampal", code="rampal", sector=sector)


def read(content, name="activite.csv", *, by=None, **kwargs):
    run = receive(content, name, by=by, **kwargs)
    assert missing_columns(run) == []
    return read_now(run)


def imported(content, name="activite.csv", **kwargs):
    return apply_run(read(content, name, **kwargs))


@pytest.mark.parametrize(
    "cell",
    ["02/2026", "2/2026", "2026-02", "202602", "février 2026", "Févr. 2026", "fev-26", "15/02/2026", "2026-02-28"]
    + [D(2026, 2, 3), datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC), 46054],
)  # fmt: skip
def test_a_month_is_read_as_people_write_it(cell):
    assert parse_month(cell) == FEBRUARY


@pytest.mark.parametrize("cell", ["13/2026", "mardi", "2026", "février", "02/1926", "99/99/9999"])
def test_what_is_no_month_is_said(cell):
    with pytest.raises(ValueError, match="mois|année|calendrier|vraisemblable"):
        parse_month(cell)


def test_a_month_and_its_year_may_stand_apart():
    assert parse_month("2", "2026") == parse_month("Février", 2026) == FEBRUARY
    assert parse_month("", "2026") is None


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("7 100,5 h", "7100.50"),
        ("7 100,5", "7100.50"),
        ("7\u202f100:30", "7100.50"),
        ("7100 h 30", "7100.50"),
        ("7100 h", "7100.00"),
    ]
    + [("1 days, 1:30:00", "25.50"), (7100.456, "7100.46"), ("7.100,50", "7100.50")],
)
def test_hours_are_read_as_people_write_them(cell, value):
    assert parse_number("actual_hours", cell) == Decimal(value)


def test_columns_are_guessed_by_name_and_remembered_ones_win():
    profile = load_profile("monthly")
    headers = ["N°", "Nom de la structure", "MOIS", "heures FACTUREES (h)", "Heures realisees", "Observations"]
    assert profile.guess(headers) == {"code": 0, "name": 1, "month": 2, "billed_hours": 3, "actual_hours": 4}
    assert profile.guess(headers, {"actual_hours": "observations"})["actual_hours"] == 5
    daily = load_profile("daily")
    assert daily.half_hours(["Jour", "NM 7 h 30", "M 7:30", "marcheurs 18h", "M 25 h"]) == [
        ("non_walkers", 15, 1),
        ("walkers", 15, 2),
        ("walkers", 36, 3),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestFiles:
    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (csv_of(good("Crèche Les Lilas", "Crèche Rampal")), "a.csv"),
            (csv_of(good("Crèche Les Lilas", "Crèche Rampal"), encoding="cp1252"), "a.csv"),
            (csv_of(good("crèche les lilas", "CRECHE RAMPAL", month="févr. 2026"), separator="\t"), "a.txt"),
            (
                xlsx_of([["Crèche Les Lilas", D(2026, 2, 1), 8000, 7200.5, 7900, 45], good("Crèche Rampal")[0]]),
                "a.xlsx",
            ),
            (ods_of([["Crèche Les Lilas", D(2026, 2, 1), 8000, 7200.5, 7900, 45], good("Crèche Rampal")[0]]), "a.ods"),
        ],
        ids=["bom", "cp1252", "tabs", "xlsx", "ods"],
    )
    def test_the_same_months_come_out_of_every_format(self, houses, content, name):
        content = content.replace("\u202f".encode(), b" ") if name == "a.txt" else content
        run = imported(content, name)
        assert (run.created_count, run.rejected_count) == (2, 0)
        for row in MonthlyActivity.objects.all():
            assert (row.contracted_hours, row.actual_hours, row.billed_hours) == (8000, Decimal("7200.5"), 7900)
            assert (row.children_enrolled, row.missing, row.authorised_hours) == (45, [], 8800)

    def test_a_title_a_total_and_repeated_titles_are_left_aside_and_said(self, houses):
        rows = [
            *good("Crèche Les Lilas"),
            HEADERS,
            *good("Crèche Rampal"),
            ["Total général", "", "16 000", "", "", ""],
        ]
        run = read(csv_of(rows, above=["Activité des crèches;;;;;", ";;;;;"]))
        skipped = ImportLine.objects.filter(outcome="skipped").values_list("number", "reason")
        assert (run.created_count, list(skipped)) == (2, [(5, "titres répétés"), (7, "ligne de total")])

    @pytest.mark.parametrize(
        ("row", "column", "value", "reason"),
        [
            (
                ["Crèche Inconnue", "02/2026", "1", "1", "1", "1"],
                "Établissement",
                "Crèche Inconnue",
                "ne porte ce nom",
            ),
            (["Crèche Les Lilas", "février", "1", "1", "1", "1"], "Mois", "février", "n’est pas un mois"),
            (["Crèche Les Lilas", "04/2026", "1", "1", "1", "1"], "Mois", "04/2026", "à venir"),
            (["Crèche Les Lilas", "01/2019", "1", "1", "1", "1"], "Mois", "01/2019", "n’accueillait pas"),
            (["Crèche Les Lilas", "02/2026", "1", "douze", "1", "1"], "Heures réalisées", "douze", "pas un nombre"),
            (["Crèche Les Lilas", "02/2026", "1", "-3", "1", "1"], "Heures réalisées", "-3", "négatif"),
            (["Crèche Les Lilas", "02/2026", "1", "1", "1", "4,5"], "Inscrits", "4,5", "nombre entier"),
            (["", "02/2026", "1", "1", "1", "1"], "Établissement", "", "n’est pas nommé"),
        ],
    )
    def test_a_wrong_row_is_named_with_its_line_its_column_its_value_and_the_reason(
        self, houses, row, column, value, reason
    ):
        run = read(csv_of([*good("Crèche Rampal"), row]))
        line = ImportLine.objects.rejected().get()
        assert (line.number, line.column, line.value) == (3, column, value)
        assert reason in line.reason
        assert reject_line(line).startswith(f"ligne 3, {column}, «\u00a0{value}\u00a0»\u00a0: ")
        with pytest.raises(TransitionRefused, match="rejetées"):
            apply_run(run)
        assert not MonthlyActivity.objects.exists()
        run.partial = True
        run.save()
        apply_run(run)
        assert MonthlyActivity.objects.get().establishment.name == "Crèche Rampal"

    def test_a_house_named_twice_in_a_month_is_rejected_once(self, houses):
        read(csv_of([*good("Crèche Rampal"), *good("CRECHE RAMPAL", month="2026-02")]))
        line = ImportLine.objects.rejected().get()
        assert (line.number, line.reason) == (3, "Crèche Rampal a déjà une ligne plus haut pour cette date")

    def test_two_houses_of_one_name_ask_for_their_code(self, houses, sector):
        EstablishmentFactory(name="Crèche Rampal", code="rampal-2", sector=sector)
        run = read(csv_of(good("Crèche Rampal")))
        assert "donnez le code" in ImportLine.objects.rejected().get().reason
        assert run.is_refused
        by_code = csv_of([["rampal", *good("Crèche Rampal")[0]]], ["Code", *HEADERS])
        assert imported(by_code).created_count == 1

    def test_the_houses_of_others_are_unknown_with_the_words_of_those_that_do_not_exist(
        self, houses, far_creche, coordinator
    ):
        run = read(csv_of(good(far_creche.name, "Crèche Inconnue")), by=coordinator)
        reasons = set(ImportLine.objects.rejected().values_list("reason", flat=True))
        assert (run.rejected_count, len(reasons)) == (2, 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestWriting:
    def test_a_second_import_of_the_same_file_changes_nothing(self, houses, coordinator):
        content = csv_of(good("Crèche Les Lilas", "Crèche Rampal"))
        imported(content, by=coordinator)
        before = list(MonthlyActivity.objects.order_by("pk").values())
        journal = JournalEntry.objects.count()
        run = read(content, by=coordinator)
        assert (run.created_count, run.updated_count, run.unchanged_count, run.writes) == (0, 0, 2, False)
        apply_run(run)
        assert list(MonthlyActivity.objects.order_by("pk").values()) == before
        assert JournalEntry.objects.count() == journal == 2

    def test_the_difference_is_told_cell_by_cell_and_a_blank_erases_nothing(self, houses, coordinator):
        ActivityFactory(establishment=houses[0], authorised_hours=8800, open_hours=8800)
        run = read(csv_of([["Crèche Les Lilas", "02/2026", "10 700", "9 000,25", "", "64"]]), by=coordinator)
        line = ImportLine.objects.get()
        assert change_line(run, line) == (
            "~ ligne 2 — Crèche Les Lilas, février 2026\u00a0: heures réalisées\u00a0: 9630 → 9000,25 "
            "(Les heures réalisées dépassent la capacité autorisée\u00a0: à vérifier.)"
        )
        apply_run(run)
        row = MonthlyActivity.objects.get()
        assert (row.actual_hours, row.billed_hours, row.version, row.entered_by) == (
            Decimal("9000.25"),
            10_486,
            2,
            coordinator,
        )

    def test_columns_that_the_file_does_not_give_stay_to_be_typed(self, houses):
        imported(csv_of([["Crèche Rampal", "02/2026", "7 900"]], ["Établissement", "Mois", "Heures facturées"]))
        assert MonthlyActivity.objects.get().missing == ["contracted_hours", "actual_hours", "children_enrolled"]

    def test_a_submitted_month_is_not_touched_and_is_said_unless_it_says_the_same(self, houses):
        ActivityFactory(
            establishment=houses[0], submitted=True, contracted_hours=8000, actual_hours=Decimal("7200.5"),
            billed_hours=7900, children_enrolled=45,
        )  # fmt: skip
        assert read(csv_of(good("Crèche Les Lilas"))).unchanged_count == 1
        run = read(csv_of([["Crèche Les Lilas", "02/2026", "8 000", "1", "7 900", "45"]]))
        line = ImportLine.objects.rejected().get()
        assert (run.rejected_count, line.column, line.value) == (1, "Mois", "02/2026")
        assert "ce mois est soumis" in line.reason

    def test_what_changed_since_the_preview_stops_everything(self, houses, director):
        run = read(csv_of(good("Crèche Rampal", "Crèche Les Lilas")))
        ActivityFactory(establishment=houses[0])
        with pytest.raises(ChangedMeanwhile):
            apply_run(run)
        assert MonthlyActivity.objects.count() == 1
        run.refresh_from_db()
        assert run.status == Status.READY

    def test_an_old_month_is_judged_as_the_form_judges_it(self, houses):
        """Years later, the habits are those of the time, in a file as in the form."""
        for n in range(1, 10):
            more = {"contracted_hours": 10_700 + n, "actual_hours": 9_600 + n}
            ActivityFactory(establishment=houses[0], month=D(2023, n, 1), validated=True, **more)
        row = ["Crèche Les Lilas", "10/2023", "5350", "4800", "5100", "64", "13200", "11880", "20"]
        headers = [*HEADERS, "Heures autorisées", "Heures ouvertes", "Jours d’ouverture"]
        line = ImportLine.objects.get(run=read(csv_of([row], headers)))
        values = KINDS["monthly"].decode(None, line.after)
        typed = MonthlyActivity.objects.create(establishment=houses[0], month=D(2023, 10, 1), **values)
        assert line.reason == " ".join(doubts_of(typed))
        assert "on attendait de" in line.reason

    def test_an_import_is_written_once(self, houses):
        run = imported(csv_of(good("Crèche Rampal")))
        with pytest.raises(TransitionRefused, match="Déjà traité"):
            apply_run(run)
        assert MonthlyActivity.objects.count() == 1

    def test_undoing_gives_back_exactly_what_was_there(self, houses, coordinator, director):
        row = ActivityFactory(establishment=houses[0], entered_by=director, blanks="billed_hours", billed_hours=0)
        before = MonthlyActivity.objects.values().get()
        run = imported(csv_of(good("Crèche Les Lilas", "Crèche Rampal")), by=coordinator)
        assert MonthlyActivity.objects.count() == 2
        assert undo_run(run, by=coordinator) == []
        after = MonthlyActivity.objects.values().get()
        assert {**after, "version": 0} == {**before, "version": 0}
        assert after["version"] == row.version + 2
        assert JournalEntry.objects.filter(verb="import d’activité annulé").count() == 2
        with pytest.raises(TransitionRefused, match="annulé"):
            undo_run(run, by=coordinator)

    def test_what_was_changed_since_is_left_and_said(self, houses, coordinator, director):
        run = imported(csv_of(good("Crèche Les Lilas", "Crèche Rampal")), by=coordinator)
        row = MonthlyActivity.objects.get(establishment=houses[0])
        row.actual_hours = 5
        row.enter(by=director, seen=1)
        MonthlyActivity.objects.get(establishment=houses[1])
        (left,) = undo_run(run, by=coordinator)
        assert left.establishment_id == houses[0].pk
        assert run.message == "1 ligne changée depuis, laissée en l’état\u00a0: Crèche Les Lilas (02/2026)."
        assert MonthlyActivity.objects.get().actual_hours == 5

    def test_a_month_submitted_since_is_not_undone(self, houses, coordinator):
        run = imported(csv_of(good("Crèche Les Lilas")), by=coordinator)
        MonthlyActivity.objects.get().submit(by=coordinator)
        assert len(undo_run(run, by=coordinator)) == 1
        assert MonthlyActivity.objects.get().status == "submitted"


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestDays:
    HEADERS = ("Structure", "Date", "NM 8 h", "M 8 h", "NM 8 h 30", "M 8 h 30")

    def days(self, *rows):
        return csv_of(rows, self.HEADERS)

    def test_days_are_imported_compared_and_undone(self, houses, coordinator):
        DailyActivityFactory(
            establishment=houses[0], day=D(2026, 3, 3), non_walkers=counted({16: 1}), walkers=counted({16: 4, 20: 9})
        )
        content = self.days(
            ["Crèche Les Lilas", "03/03/2026", 2, "", 3, 5], ["Crèche Rampal", "2026-03-03", 1, 2, 3, 4]
        )
        run = imported(content, by=coordinator)
        assert (run.kind, run.created_count, run.updated_count) == ("daily", 1, 1)
        changed = DailyActivity.objects.get(establishment=houses[0])
        assert (changed.non_walkers[16:18], changed.walkers[16:21]) == ((2, 3), (4, 5, 0, 0, 9))
        assert (changed.peak, changed.child_half_hours) == (9, 2 + 3 + 4 + 5 + 9)
        assert read(content, by=coordinator).unchanged_count == 2
        assert undo_run(run, by=coordinator) == []
        left = DailyActivity.objects.get()
        assert (left.walkers, left.non_walkers, left.peak) == (counted({16: 4, 20: 9}), counted({16: 1}), 9)

    @pytest.mark.parametrize(
        ("row", "column", "reason"),
        [
            (["Crèche Rampal", "18/03/2026", 1, 1, 1, 1], "Date", "à venir"),
            (["Crèche Rampal", "32/03/2026", 1, 1, 1, 1], "Date", "n’existe pas dans le calendrier"),
            (["Crèche Rampal", "03/03/2026", 1, "x", 1, 1], "M 8 h", "pas un nombre"),
            (["Crèche Rampal", "03/03/2026", 1, 1, 1, 1000], "M 8 h 30", "0 à 999"),
            (["Crèche Rampal", "03/03/2026", "", "", "", ""], "Date", "aucun nombre"),
        ],
    )
    def test_a_wrong_day_is_named(self, houses, row, column, reason):
        read(self.days(row))
        line = ImportLine.objects.rejected().get()
        assert (line.number, line.column) == (2, column)
        assert reason in line.reason

    def test_the_days_of_a_submitted_month_are_not_changed(self, houses):
        DailyActivityFactory(establishment=houses[0], day=D(2026, 2, 12))
        ActivityFactory(establishment=houses[0], submitted=True)
        read(self.days(["Crèche Les Lilas", "12/02/2026", 9, 9, 9, 9]))
        assert "soumis" in ImportLine.objects.rejected().get().reason


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestCommand:
    def run(self, tmp_path, content, *options):
        path, out = tmp_path / "fevrier.csv", StringIO()
        path.write_bytes(content)
        call_command("import_activity", str(path), f"--rejects={tmp_path / 'r.csv'}", *options, stdout=out)
        return out.getvalue()

    def test_a_dry_run_shows_and_writes_nothing_then_the_import_writes(self, houses, tmp_path):
        content = csv_of(good("Crèche Les Lilas", "Crèche Rampal"))
        said = self.run(tmp_path, content, "--dry-run")
        assert "+ ligne 2 — Crèche Les Lilas, février 2026" in said
        assert "créés 2, modifiés 0, inchangés 0, rejetés 0" in said
        assert not MonthlyActivity.objects.exists()
        assert not ImportRun.objects.exists()
        assert "créés 2" in self.run(tmp_path, content)
        assert "créés 0, modifiés 0, inchangés 2" in self.run(tmp_path, content)
        assert ImportRun.objects.get().by is None

    def test_rejects_refuse_the_file_and_are_written_aside(self, houses, tmp_path):
        content = csv_of(good("Crèche Inconnue", "Crèche Rampal"))
        with pytest.raises(CommandError, match="Tout ou rien"):
            self.run(tmp_path, content)
        assert not MonthlyActivity.objects.exists()
        assert "2;Établissement;Crèche Inconnue;" in (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
        assert "créés 1" in self.run(tmp_path, content, "--partial")

    def test_a_month_may_be_given_for_a_file_without_one(self, houses, tmp_path):
        content = csv_of([["Crèche Rampal", "7 900"]], ["Établissement", "Heures facturées"])
        with pytest.raises(CommandError, match="la colonne du mois"):
            self.run(tmp_path, content)
        self.run(tmp_path, content, "--month=02/2026")
        assert MonthlyActivity.objects.get().month == FEBRUARY
        with pytest.raises(CommandError, match="à venir"):
            self.run(tmp_path, content, "--month=02/2027")

    @pytest.mark.parametrize(("content", "said"), [(b"", "vide"), (b"a;b\n1;2\n", "titres"), (b"%PDF-1", "PDF")])
    def test_a_file_that_is_none_is_said(self, tmp_path, content, said):
        with pytest.raises(CommandError, match=said):
            self.run(tmp_path, content)


@pytest.mark.parametrize("column", ["actual_hours", "children_enrolled"])
@pytest.mark.parametrize(
    "text", ["0", "7", "1 234", "1\u202f234,5", "12,25", "007", "1 2 3", "٣", "12,", ",5", "-3", "1e3", ""]
)
def test_the_short_way_reads_a_cell_as_the_long_one(column, text):
    """Nearly every cell takes the short way: it must never say something else."""

    def read(parse):
        try:
            return parse(column, text)
        except ValueError as error:
            return str(error)

    assert read(parse_number) == read(read_value)
