"""The file in a browser: its columns, its preview, one confirmation, stopped, undone, of nobody else."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.jobs import JobStopped
from core.models import Job
from indicators.importing import running, staging
from indicators.importing.receiving import receive, sweep
from indicators.models import ColumnMemory, ImportLine, ImportRun, MonthlyActivity
from tests.factories import EstablishmentFactory
from tests.indicators.factories import ActivityFactory
from tests.indicators.files import csv_of, good

URL = "/indicateurs/imports/"
Status = ImportRun.Status
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def desk(client, coordinator, creche, sector):
    EstablishmentFactory(name="Crèche Rampal", code="rampal", sector=sector)
    client.force_login(coordinator)
    return client


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    """The queue is asked after the commit; here the jobs run as soon as the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def send(desk, content, **fields):
    return desk.post(f"{URL}nouveau/", {"fichier": SimpleUploadedFile("fevrier.csv", content), **fields}, follow=True)


def choose(desk, page, after_commit, **changes):
    fields = {bound.name: bound.value() or "" for bound in page.context["form"]}
    with after_commit():
        desk.post(page.redirect_chain[-1][0] if page.redirect_chain else page.request["PATH_INFO"], fields | changes)
    return desk.get(f"{URL}{ImportRun.objects.latest('pk').pk}/")


def text_of(page):
    return page.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def test_a_file_goes_from_its_columns_to_its_preview_to_the_months_and_back(desk, after_commit):
    page = send(desk, csv_of(good("Crèche Les Lilas", "Crèche Rampal")), source="Logiciel")
    assert "Heures réalisées (7 200,50, 7 200,50)" in text_of(page)
    page = choose(desk, page, after_commit)
    text = text_of(page)
    assert "+ ligne 2 — Crèche Les Lilas, février 2026 : heures autorisées : — → 8800" in text
    assert "heures réalisées : — → 7200,5" in text
    assert not MonthlyActivity.objects.exists()
    run = ImportRun.objects.get()
    with after_commit():
        desk.post(f"{URL}{run.pk}/importer/")
    text = text_of(desk.get(f"{URL}{run.pk}/"))
    assert "Annuler cet import ?" in text
    assert MonthlyActivity.objects.count() == 2
    run.refresh_from_db()
    assert (run.status, run.file.name, run.job.status) == (Status.APPLIED, "", Job.Status.DONE)
    assert "fevrier.csv" in text_of(desk.get(URL))
    desk.post(f"{URL}{run.pk}/annuler/")
    assert not MonthlyActivity.objects.exists()


def test_the_columns_chosen_are_those_of_the_next_file_of_the_source(desk, after_commit):
    headers = ["Établissement", "Mois", "Colonne A", "Colonne B"]
    rows = [["Crèche Rampal", "02/2026", "8 000", "7 000"]]
    page = send(desk, csv_of(rows, headers), source="Babicarte")
    assert page.context["form"]["actual_hours"].value() == ""
    choose(desk, page, after_commit, actual_hours="3", contracted_hours="2")
    assert ColumnMemory.objects.get().columns["actual_hours"] == "colonne b"
    moved = send(desk, csv_of([["8 000", "1", "Crèche Rampal", "01/2026"]], [headers[3], headers[2], *headers[:2]]),
                 source="Babicarte")  # fmt: skip
    form = moved.context["form"]
    assert (form["actual_hours"].value(), form["contracted_hours"].value()) == ("0", "1")
    assert "Babicarte" in text_of(desk.get(f"{URL}nouveau/"))


def test_columns_that_are_missing_or_chosen_twice_are_said(desk, after_commit):
    page = send(desk, csv_of(good("Crèche Rampal")))
    url = page.redirect_chain[-1][0]
    assert "Il manque la colonne du code ou celle du nom" in text_of(desk.post(url, {"month": "1"}))
    twice = desk.post(url, {"name": "0", "month": "1", "actual_hours": "2", "billed_hours": "2"})
    assert "Cette colonne est choisie deux fois." in text_of(twice)
    assert desk.post(url, {"name": "99"}).status_code == 200
    assert not ImportLine.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"%PDF-1.4", "un PDF"), (b"", "vide"), (b"a;b\n1;2\n", "ligne de titres"), (b"PK\x03\x04zzz", "abîmé")],
)
def test_an_unreadable_file_is_said_beside_its_field(desk, content, said):
    page = send(desk, content)
    assert page.redirect_chain == []
    assert said in text_of(page)
    assert not ImportRun.objects.exists()


def test_rejects_stop_the_import_are_listed_downloaded_and_can_be_left_out(desk, after_commit):
    page = choose(desk, send(desk, csv_of(good("Crèche Rampal", "Crèche <b>X</b>"))), after_commit)
    text = text_of(page)
    assert "Tout ou rien : 1 ligne rejetée." in text
    assert "<b>X</b>" not in text
    run = ImportRun.objects.get()
    with after_commit():
        desk.post(f"{URL}{run.pk}/importer/")
    assert not MonthlyActivity.objects.exists()
    rejects = b"".join(desk.get(f"{URL}{run.pk}/rejets.csv").streaming_content).decode()
    assert "3;Établissement;Crèche <b>X</b>;" in rejects
    changes = b"".join(desk.get(f"{URL}{run.pk}/changements.csv").streaming_content).decode()
    assert "2;créé;Crèche Rampal;01/02/2026;heures réalisées;—;7200,5;" in changes
    assert desk.get(f"{URL}{run.pk}/autre.csv").status_code == 404
    with after_commit():
        desk.post(f"{URL}{run.pk}/importer/", {"partiel": "1"})
    assert MonthlyActivity.objects.get().establishment.name == "Crèche Rampal"


def test_what_changed_since_the_preview_is_shown_again_instead_of_written(desk, after_commit, creche):
    choose(desk, send(desk, csv_of(good("Crèche Les Lilas"))), after_commit)
    run = ImportRun.objects.get()
    ActivityFactory(establishment=creche)
    with after_commit():
        desk.post(f"{URL}{run.pk}/importer/")
    text = text_of(desk.get(f"{URL}{run.pk}/"))
    assert "Des chiffres ont changé depuis l’aperçu" in text
    assert "~ ligne 2" in text
    assert MonthlyActivity.objects.get().actual_hours == 9_630


def test_the_same_file_sent_twice_is_one_import_and_twice_confirmed_is_once_done(desk, after_commit):
    content = csv_of(good("Crèche Rampal"))
    first = send(desk, content)
    assert send(desk, content).redirect_chain == first.redirect_chain
    choose(desk, first, after_commit)
    run = ImportRun.objects.get()
    for _ in range(2):
        with after_commit():
            page = desk.post(f"{URL}{run.pk}/importer/", follow=True)
    assert "Déjà traité" in text_of(page)
    assert MonthlyActivity.objects.get().version == 1


def test_giving_up_forgets_the_file_and_its_lines(desk, after_commit):
    choose(desk, send(desk, csv_of(good("Crèche Rampal"))), after_commit)
    run = ImportRun.objects.get()
    path = run.file.path
    page = desk.post(f"{URL}{run.pk}/abandonner/", follow=True)
    assert "rien n’a été écrit" in text_of(page)
    run.refresh_from_db()
    assert (run.status, ImportLine.objects.count()) == (Status.ABANDONED, 0)
    assert not __import__("pathlib").Path(path).exists()


def test_a_file_forgotten_for_a_day_goes(coordinator, creche):
    run = receive(csv_of(good("Crèche Les Lilas")), "a.csv", by=coordinator)
    ImportRun.objects.update(created_at=run.created_at - datetime.timedelta(days=2))
    sweep(coordinator)
    run.refresh_from_db()
    assert (run.status, run.file.name) == (Status.ABANDONED, "")


def test_a_reading_shows_its_advance_and_is_stopped_with_nothing_kept(desk, after_commit, monkeypatch, coordinator):
    page = send(desk, csv_of(good("Crèche Rampal") * 5))
    seen = []
    monkeypatch.setattr(staging, "BATCH", 1)
    staged = staging.Stager.batch

    def one_batch(self, rows):
        job = Job.objects.get()
        seen.append((job.done, job.total, ImportLine.objects.count()))
        if len(seen) == 3:
            job.stop_requested = True
            job.save()
        return staged(self, rows)

    monkeypatch.setattr(staging.Stager, "batch", one_batch)
    page = choose(desk, page, after_commit)
    assert seen == [(0, 5, 0), (1, 5, 1), (2, 5, 2)]
    assert "Arrêté à votre demande : rien n’a été écrit." in text_of(page)
    assert (ImportLine.objects.count(), Job.objects.get().status) == (0, Job.Status.STOPPED)


def test_a_writing_is_stopped_and_rolled_back(desk, after_commit, monkeypatch):
    choose(desk, send(desk, csv_of(good("Crèche Rampal", "Crèche Les Lilas"))), after_commit)
    run = ImportRun.objects.get()

    def stop(self, done):
        assert MonthlyActivity.objects.count() == done == 2
        raise JobStopped

    monkeypatch.setattr(running.Progress, "advance", stop)
    with after_commit():
        desk.post(f"{URL}{run.pk}/importer/")
    run.refresh_from_db()
    assert (run.status, MonthlyActivity.objects.count()) == (Status.STOPPED, 0)


def test_the_list_asks_the_same_queries_for_1_and_30_files(desk, coordinator, django_assert_max_num_queries):
    ImportRun.objects.create(by=coordinator, kind="monthly", filename="a.csv", source="x")
    with django_assert_max_num_queries(12) as few:
        desk.get(URL)
    for n in range(29):
        ImportRun.objects.create(by=coordinator, kind="monthly", filename=f"{n}.csv", source="x")
    with django_assert_max_num_queries(len(few.captured_queries)):
        desk.get(URL)


def test_the_page_of_a_file_asks_the_same_queries_for_1_and_30_lines(
    desk, coordinator, sector, django_assert_max_num_queries
):
    counts = []
    for n in (1, 30):
        houses = [EstablishmentFactory(name=f"Crèche {n} {k}", sector=sector) for k in range(n)]
        run = running.read_now(receive(csv_of(good(*[h.name for h in houses])), f"{n}.csv", by=coordinator))
        with django_assert_max_num_queries(25) as asked:
            desk.get(f"{URL}{run.pk}/")
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]
