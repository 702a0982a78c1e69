"""Notifications, long tasks, theme and health: what a person sees and what each button does."""

import datetime

import pytest
from django.urls import reverse

from core.models import Job, Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
AT = datetime.datetime(2026, 3, 16, 9, 5, tzinfo=datetime.UTC)


def tell(user, number=1, **changes):
    values = {"title": f"Compte rendu {number} transmis", "body": "Crèche Les Lilas", "url": "/a-traiter/", **changes}
    return Notification.objects.create(user=user, event=f"essai-{number}", created_at=AT, **values)


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def job(coordinator):
    return Job.objects.create(owner=coordinator, label="Import du registre", status="running", done=30, total=120)


def page(client, name, *args):
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_an_unread_notification_says_so_with_its_day_in_french(signed_in, coordinator):
    tell(coordinator)
    shown = page(signed_in, "core:notification_list")
    assert "Compte rendu 1 transmis" in shown
    assert "non lue" in shown
    assert "16 mars 2026 à 10\u00a0h\u00a005" in shown
    assert "Tout marquer comme lu" in shown


def test_an_empty_list_of_notifications_explains_itself(signed_in):
    shown = page(signed_in, "core:notification_list")
    assert "Aucune notification" in shown
    assert "Tout marquer comme lu" not in shown


def test_opening_a_notification_reads_it_and_goes_to_its_object(signed_in, coordinator):
    notification = tell(coordinator)
    response = signed_in.post(reverse("core:notification_open", args=[notification.pk]))
    assert response.headers["Location"] == "/a-traiter/"
    notification.refresh_from_db()
    assert notification.read_at is not None


def test_reading_twice_keeps_the_first_instant(signed_in, coordinator):
    notification = tell(coordinator, read_at=AT)
    signed_in.post(reverse("core:notification_open", args=[notification.pk]))
    notification.refresh_from_db()
    assert notification.read_at == AT


def test_a_notification_without_an_object_stays_on_the_list(signed_in, coordinator):
    notification = tell(coordinator, url="")
    response = signed_in.post(reverse("core:notification_open", args=[notification.pk]))
    assert response.headers["Location"] == reverse("core:notification_list")


def test_everything_is_read_at_once_and_nobody_else_s(signed_in, coordinator, colleague):
    hers = [tell(coordinator, 1), tell(coordinator, 2)]
    other = tell(colleague)
    signed_in.post(reverse("core:notification_read_all"))
    for notification in [*hers, other]:
        notification.refresh_from_db()
    assert all(notification.read_at for notification in hers)
    assert other.read_at is None


def test_another_person_s_notification_is_neither_shown_nor_opened(signed_in, colleague):
    other = tell(colleague, title="Canari 7391")
    assert "Canari" not in page(signed_in, "core:notification_list")
    assert signed_in.post(reverse("core:notification_open", args=[other.pk])).status_code == 404


def test_what_somebody_typed_in_a_notification_is_text(signed_in, coordinator):
    tell(coordinator, title="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(signed_in, "core:notification_list")


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_notifications_costs_the_same_whatever_its_length(
    signed_in, coordinator, rows, django_assert_num_queries
):
    for number in range(rows):
        tell(coordinator, number)
    with django_assert_num_queries(5):
        page(signed_in, "core:notification_list")


def test_a_running_task_shows_its_progress_and_may_be_stopped(signed_in, job):
    shown = page(signed_in, "core:job_detail", job.pk)
    assert "30 sur 120" in shown
    assert "Actualiser" in shown
    assert "en cours" in shown
    signed_in.post(reverse("core:job_stop", args=[job.pk]))
    job.refresh_from_db()
    assert job.stop_requested
    shown = page(signed_in, "core:job_detail", job.pk)
    assert "arrêt demandé" in shown
    assert ">Arrêter<" not in shown


def test_a_finished_task_keeps_its_message_and_has_nothing_to_stop(signed_in, job):
    job.status, job.done, job.message, job.finished_at = "done", 120, "créés 120, rejetés 0", AT
    job.save()
    shown = page(signed_in, "core:job_detail", job.pk)
    assert "créés 120, rejetés 0" in shown
    assert "Actualiser" not in shown
    assert "hx-get" not in shown
    signed_in.post(reverse("core:job_stop", args=[job.pk]))
    job.refresh_from_db()
    assert not job.stop_requested


def test_a_failed_task_says_so(signed_in, job):
    job.status, job.message, job.finished_at = "failed", "Le fichier n’est pas lisible.", AT
    job.save()
    shown = page(signed_in, "core:job_detail", job.pk)
    assert "en échec" in shown
    assert "Le fichier n’est pas lisible." in shown


def test_a_waiting_task_says_that_the_page_may_be_left(signed_in, coordinator):
    waiting = Job.objects.create(owner=coordinator, label="Lot de comptes rendus")
    assert "Vous pouvez quitter cette page" in page(signed_in, "core:job_detail", waiting.pk)


def test_the_page_of_a_task_takes_few_queries(signed_in, job, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        page(signed_in, "core:job_detail", job.pk)


def test_the_theme_is_kept_in_a_cookie_and_brings_back_to_the_page(client):
    response = client.post(reverse("core:theme_change"), {"theme": "sombre", "retour": "/visites/?tri=name"})
    assert response.cookies["theme"].value == "sombre"
    assert response.headers["Location"] == "/visites/?tri=name"


def test_an_unknown_theme_changes_nothing(client):
    assert "theme" not in client.post(reverse("core:theme_change"), {"theme": "rose"}).cookies


@pytest.mark.parametrize("target", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_the_theme_never_sends_to_another_site(client, target):
    response = client.post(reverse("core:theme_change"), {"theme": "clair", "retour": target})
    assert response.headers["Location"] == "/"


def test_the_health_page_answers_a_visitor_in_plain_text(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get(reverse("core:health"))
    assert (response.status_code, response.content) == (200, b"ok")
