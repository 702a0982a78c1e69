"""Photographs and files of a visit: they arrive once, judged by their content, and stay inside the pôle."""

import io
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from tests.security.world import body_of
from tests.visits.factories import VisitFactory
from visits.models import VisitAttachment
from visits.offline import files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def photograph(colour="red"):
    content = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
def client(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def send(client):
    def post(visit, key, content, name="photo.jpg", **more):
        data = {"client_uuid": str(key), "fichier": SimpleUploadedFile(name, content), **more}
        return client.post(reverse("visits:draft_attach", args=[visit.client_uuid]), data)

    return post


def test_a_photograph_sent_three_times_is_one_attachment(send, visit, grid):
    key, item = uuid.uuid4(), grid.items.first()
    answers = [send(visit, key, photograph(), point=item.pk, legende="Coin jeux").json() for _ in range(3)]
    assert len({answer["id"] for answer in answers}) == 1
    attachment = VisitAttachment.objects.get()
    assert (attachment.item, attachment.caption, attachment.level) == (item, "Coin jeux", "pole")
    assert attachment.filename == "photo.jpg"


def test_ten_photographs_are_ten_in_their_order(send, visit):
    keys = [uuid.uuid4() for _ in range(10)]
    for number, key in enumerate(keys):
        send(visit, key, photograph((number, 0, 0)))
    assert [attachment.key for attachment in visit.attachments.all()] == keys


def test_the_key_of_an_attachment_is_unique_in_the_database(send, visit):
    send(visit, uuid.uuid4(), photograph())
    row = VisitAttachment.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"MZ\x90", photograph()[:60]], ids=["empty", "html", "exe", "cut"]
)
def test_a_file_is_judged_by_its_content(send, visit, content):
    answer = send(visit, uuid.uuid4(), content)
    assert answer.status_code in {400, 422}
    assert answer.json()["error"]
    assert not VisitAttachment.objects.exists()


def test_a_file_too_big_is_refused_in_words(send, visit, monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 100)
    assert "dépasse" in send(visit, uuid.uuid4(), photograph()).json()["error"]


def test_a_visit_takes_so_many_files_and_no_more(send, visit, monkeypatch):
    monkeypatch.setattr(files, "MOST_FILES", 1)
    send(visit, uuid.uuid4(), photograph())
    assert send(visit, uuid.uuid4(), photograph("blue")).status_code == 422


def test_a_file_of_a_visit_not_arrived_yet_waits_on_the_device(client):
    url = reverse("visits:draft_attach", args=[uuid.uuid4()])
    assert client.post(url, {"client_uuid": str(uuid.uuid4())}).status_code == 409


@pytest.mark.parametrize("trait", ["shared", "validated"])
def test_a_report_that_left_takes_no_file(send, creche, coordinator, trait):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, **{trait: True})
    assert send(visit, uuid.uuid4(), photograph()).status_code == 423
    assert not VisitAttachment.objects.exists()


def test_the_key_of_a_file_of_another_visit_tells_nothing(send, visit, creche, coordinator):
    key = uuid.uuid4()
    send(visit, key, photograph())
    other = VisitFactory(establishment=creche, coordinator=coordinator)
    assert send(other, key, photograph("blue")).status_code == 423
    assert not other.attachments.exists()


def test_a_file_is_given_back_as_a_file_and_may_be_removed_from_a_draft(client, send, visit):
    answer = send(visit, uuid.uuid4(), photograph())
    given = client.get(answer.json()["url"])
    assert body_of(given) == photograph()
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert "photo.jpg" in client.get(visit.get_absolute_url()).content.decode()
    client.post(reverse("visits:attachment_remove", args=[answer.json()["id"]]))
    assert not VisitAttachment.objects.exists()


def test_a_file_is_joined_from_the_page_without_a_script(client, visit):
    data = {"client_uuid": str(uuid.uuid4()), "fichier": SimpleUploadedFile("plan.jpg", photograph())}
    for _ in range(2):
        client.post(reverse("visits:attachment_add", args=[visit.pk]), data)
        data["fichier"] = SimpleUploadedFile("plan.jpg", photograph())
    assert visit.attachments.count() == 1


def test_a_draft_arrives_for_the_price_of_a_few_queries(client, visit, django_assert_max_num_queries):
    changes = [{"key": str(uuid.uuid4()), "name": "summary", "base": visit.summary, "value": "Autre."}]
    url = reverse("visits:draft_save", args=[visit.client_uuid])
    with django_assert_max_num_queries(40):
        assert client.post(url, {"changes": json.dumps(changes)}).status_code == 200
