"""The PDF of a long list goes through the queue: once, with its rows, for its owner, for seven days."""

import datetime
import io

import pypdf
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core import list_paper, pages
from core.models import Job, Notification, User
from core.pages import list_page
from core.recurring import forget_results
from tests.core.test_list_page import AccountFilter, AccountTable, accounts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(list_paper, "PDF_ROWS_NOW", 3)


def ask(user, query="?q=nom&export=pdf"):
    request = RequestFactory().get(f"/comptes/{query}")
    request.user = SimpleLazyObject(lambda: user)  # as the middleware gives it
    return list_page(
        request, User.objects.all(), filterset_class=AccountFilter, table_class=AccountTable, title="Comptes"
    )


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def made(user, after_commit, **given):
    with after_commit(execute=True):
        ask(user, **given)
    job = Job.objects.get()
    list_paper.print_list.func(job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def test_up_to_150_rows_the_paper_comes_at_once_and_above_it_is_queued(coordinator, monkeypatch):
    monkeypatch.setattr(list_paper, "print_now", lambda *args, **kwargs: b"%PDF-")
    accounts(150)
    assert ask(coordinator)["Content-Type"] == "application/pdf"
    assert not Job.objects.exists()
    User.objects.bulk_create([User(email="un.de.plus@ville.example", search_name="nom")])
    response = ask(coordinator)
    assert (response.status_code, response.url) == (302, Job.objects.get().get_absolute_url())


def test_a_long_list_is_queued_from_its_own_page(client, coordinator, creche, monkeypatch):
    monkeypatch.setattr(list_paper, "PDF_ROWS_NOW", 0)
    client.force_login(coordinator)
    response = client.get(reverse("establishments:list"), {"export": "pdf"})
    assert (response.status_code, response.url) == (302, Job.objects.get().get_absolute_url())


def test_the_page_of_a_long_list_says_that_its_paper_is_made_apart(client, few):
    accounts(4)
    request = RequestFactory().get("/comptes/?q=nom")
    request.user = AnonymousUser()
    said = pages.list_page(
        request, User.objects.all(), filterset_class=AccountFilter, table_class=AccountTable, title="Comptes"
    ).context_data["list"]["pdf_later"]
    assert "le PDF se prépare à part" in said


def test_the_queued_paper_holds_the_rows_and_filters_that_were_asked_for(
    client, coordinator, few, after_commit, media
):
    accounts(5, first_name="<b>Aïcha</b> & Cie")
    job = made(coordinator, after_commit)
    assert (job.status, job.done, job.total) == (Job.Status.DONE, 2, 2)
    client.force_login(coordinator)
    response = client.get(reverse("core:job_result", args=[job.pk]))
    data = b"".join(response.streaming_content)
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    assert [f"agent{n:06d}" in text.replace("\n", "") for n in range(5)] == [True] * 5
    assert "5 comptes" in text
    assert "<b>Aïcha</b> & Cie" in text.replace("\n", " ")
    assert response["Content-Disposition"].startswith('attachment; filename="comptes-20')
    assert [path.suffix for path in files(media)] == [".pdf"]


def test_what_waits_is_sealed_on_the_disk(coordinator, few, media):
    accounts(5)
    ask(coordinator)
    (waiting,) = files(media)
    assert b"agent000001" not in waiting.read_bytes()


def test_asking_twice_before_the_end_makes_one_job(coordinator, administrator, few, after_commit):
    accounts(5)
    first, second = ask(coordinator).url, ask(coordinator).url
    assert first == second
    assert ask(coordinator, "?q=nom&tri=-pk&export=pdf").url != first
    assert ask(administrator).url != first
    assert Job.objects.count() == 3


def test_a_job_taken_twice_is_made_once(coordinator, few, after_commit, media):
    accounts(5)
    job = made(coordinator, after_commit)
    (before,) = files(media)
    list_paper.print_list.func(job.pk)
    assert files(media) == [before]
    assert Notification.objects.filter(user=coordinator).count() == 1


def test_the_file_is_for_its_owner_only_and_only_when_finished(client, coordinator, colleague, few, after_commit):
    accounts(5)
    ask(coordinator)
    job = Job.objects.get()
    client.force_login(coordinator)
    assert client.get(reverse("core:job_result", args=[job.pk])).status_code == 404
    list_paper.print_list.func(job.pk)
    shown = client.get(job.get_absolute_url()).content.decode()
    assert reverse("core:job_result", args=[job.pk]) in shown
    assert not Notification.objects.filter(user=coordinator, read_at=None).exists()
    client.force_login(colleague)
    assert client.get(reverse("core:job_result", args=[job.pk])).status_code == 404


def test_a_stopped_job_keeps_nothing(coordinator, few, media):
    accounts(5)
    ask(coordinator)
    Job.objects.update(stop_requested=True)
    list_paper.print_list.func(Job.objects.get().pk)
    job = Job.objects.get()
    assert (job.status, job.result.name, job.message) == (Job.Status.STOPPED, "", list_paper.STOPPED)
    assert files(media) == []


def test_a_failure_is_told_and_keeps_nothing(coordinator, few, media, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError("no font")

    accounts(5)
    ask(coordinator)
    monkeypatch.setattr(list_paper, "print_now", broken)
    with pytest.raises(OSError, match="no font"):
        list_paper.print_list.func(Job.objects.get().pk)
    job = Job.objects.get()
    assert (job.status, job.result.name, job.message) == (Job.Status.FAILED, "", list_paper.BROKEN)
    assert files(media) == []


def test_the_file_goes_after_seven_days_and_the_line_says_so(coordinator, few, after_commit, media):
    accounts(5)
    job = made(coordinator, after_commit)
    Job.objects.update(created_at=timezone.now() - datetime.timedelta(days=6, hours=23))
    forget_results.func()
    assert len(files(media)) == 1
    Job.objects.update(created_at=timezone.now() - datetime.timedelta(days=7, minutes=1))
    forget_results.func()
    job.refresh_from_db()
    assert (files(media), job.result.name, job.message) == ([], "", list_paper.GONE)
    assert job.status == Job.Status.DONE
