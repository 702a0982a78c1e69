"""Public figures of the territories: imported with year and source, shown beside the houses, sent from the admin."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from establishments.models import JournalEntry
from indicators.context_import import import_context
from indicators.models import BudgetLine, ContextFigure
from indicators.plain_files import RefusedFile

D = datetime.date
TODAY = D(2026, 3, 17)
FILE = """Observatoire;;;;
Territoire;Donnée;Année;Valeur;Source
belleville;Naissances dans l’année;2024;612;Insee, état civil
Pôle 20e;Taux de couverture (%);2023;52,4;Cnaf
"""

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def plain(page):
    return page.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def read(content, source=""):
    from establishments.models import Territory

    return import_context(content, "contexte.csv", Territory.objects.all(), source=source, today=TODAY)


class TestFile:
    def test_the_same_file_twice_changes_nothing_and_a_new_value_changes_one(self, sector, pole):
        outcomes = [read(FILE.encode("cp1252", "replace").replace(b"?ann", b"'ann")) for _ in range(2)]
        assert [(one.created, one.unchanged) for one in outcomes] == [(2, 0), (0, 2)]
        assert read(FILE.replace("612", "598").encode()).changed == 1
        row = ContextFigure.objects.get(kind="coverage")
        assert (row.territory, row.year, row.value, row.source) == (pole, 2023, Decimal("52.40"), "Cnaf")

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ("ailleurs;Naissances dans l’année;2024;612;Insee", "Ligne 5, colonne Territoire"),
            ("belleville;Chômage;2024;612;Insee", "Ligne 5, colonne Donnée"),
            ("belleville;Naissances dans l’année;;612;Insee", "Ligne 5, colonne Année"),
            ("belleville;Naissances dans l’année;2031;612;Insee", "Ligne 5, colonne Année"),
            ("belleville;Naissances dans l’année;2024;beaucoup;Insee", "Ligne 5, colonne Valeur"),
            ("belleville;Naissances dans l’année;2024;612;", "Ligne 5, colonne Source"),
            ("belleville;Naissances dans l’année;2024;99999999999999;Insee", "Ligne 5, colonne Valeur.*démesuré"),
        ],
    )
    def test_no_figure_without_its_year_and_its_source_and_nothing_half_imported(self, sector, pole, wrong, told):
        with pytest.raises(RefusedFile, match=told):
            read(f"{FILE}{wrong}\n".encode())
        assert not ContextFigure.objects.exists()

    def test_one_source_may_hold_for_the_whole_file(self, sector, pole):
        lines = "Territoire;Donnée;Année;Valeur\nbelleville;births;2024;612\n"
        with pytest.raises(RefusedFile, match="source"):
            read(lines.encode())
        assert read(lines.encode(), source="Insee").created == 1

    def test_the_command_says_what_it_did(self, sector, pole, tmp_path, capsys):
        path = tmp_path / "contexte.csv"
        path.write_text(FILE, encoding="utf-8-sig")
        call_command("import_context", str(path))
        assert "2 créées, 0 modifiée, 0 inchangée." in capsys.readouterr().out
        with pytest.raises(CommandError):
            call_command("import_context", str(tmp_path / "absent.csv"))


class TestPages:
    def figure(self, territory, value, year=2024, kind="births"):
        return ContextFigure.objects.create(territory=territory, kind=kind, year=year, value=value, source="Insee")

    def test_a_house_shows_the_nearest_figure_of_the_last_year(self, client, director, creche, sector, pole):
        self.figure(pole, 2_000)
        self.figure(sector, 612, year=2022)
        self.figure(sector, 598, year=2023)
        self.figure(pole, Decimal("52.4"), kind="coverage")
        client.force_login(director)
        page = plain(client.get(f"/indicateurs/etablissement/{creche.pk}/"))
        assert "598" in page
        assert "2023, Secteur Belleville" in page
        assert "2 000" not in page
        assert "52,4" in page

    def test_the_list_stays_in_the_perimeter_and_keeps_the_last_year(self, client, coordinator, sector, far_sector):
        for year, value in ((2022, 612), (2023, 598)):
            self.figure(sector, value, year=year)
        self.figure(far_sector, 777)
        client.force_login(coordinator)
        page = plain(client.get("/indicateurs/contexte/"))
        assert "612" in page
        assert "777" not in page
        last = plain(client.get("/indicateurs/contexte/?last=derniere"))
        assert "598" in last
        assert "612" not in last


class TestAdmin:
    URL = "admin:indicators_contextfigure_import"

    def send(self, client, content=FILE, **more):
        file = SimpleUploadedFile("contexte.csv", content.encode())
        return client.post(reverse(self.URL), {"fichier": file, **more})

    def test_an_administrator_tries_then_writes(self, client, administrator, sector, pole):
        client.force_login(administrator)
        assert "Importer un fichier" in plain(client.get(reverse("admin:indicators_contextfigure_changelist")))
        page = plain(self.send(client, essai="1"))
        assert "2 créées" in page
        assert not ContextFigure.objects.exists()
        assert self.send(client).status_code == 302
        assert ContextFigure.objects.count() == 2
        before = JournalEntry.objects.count()
        assert JournalEntry.objects.filter(verb="fichier importé", actor=administrator).count() == 1
        self.send(client)
        assert JournalEntry.objects.count() == before  # the same file again changes nothing

    def test_a_wrong_file_is_said_beside_its_field_and_writes_nothing(self, client, administrator, sector, pole):
        client.force_login(administrator)
        page = plain(self.send(client, content=FILE.replace("612", "?")))
        assert "Ligne 3, colonne Valeur" in page
        assert "Rien n’a été écrit" in page
        assert not ContextFigure.objects.exists()

    def test_nobody_else_sends_one(self, client, coordinator, sector):
        client.force_login(coordinator)
        assert self.send(client).status_code in (302, 403)
        assert not ContextFigure.objects.exists()

    def test_the_budget_comes_the_same_way(self, client, administrator, creche):
        client.force_login(administrator)
        lines = "Code;Ligne;Alloué;Engagé;Dépensé\nles-lilas;Entretien;1 200,50;600;300,25\n"
        file = SimpleUploadedFile("budget.csv", lines.encode())
        client.post(reverse("admin:indicators_budgetline_import"), {"fichier": file, "arrete_au": "2026-02-28"})
        assert BudgetLine.objects.get().spent == Decimal("300.25")
