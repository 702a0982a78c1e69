"""Documents: judged by their content, given back safely, kept once, read by level."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from establishments.models import Document, JournalEntry, Level
from establishments.uploads import MAX_BYTES, read_upload, recognise, safe_name
from tests.establishments.access import document_of

pytestmark = pytest.mark.usefixtures("today")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def image(kind, size=(8, 8)):
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


def archive(*entries):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return stream.getvalue()


def open_document(kind):
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    return archive(("mimetype", mimetype), ("content.xml", "<a/>"))


def office(part, *more):
    return archive(("[Content_Types].xml", "<a/>"), (part, "<a/>"), *more)


ACCEPTED = {
    "pdf": PDF,
    "png": image("PNG"),
    "jpg": image("JPEG"),
    "odt": open_document("text"),
    "ods": open_document("spreadsheet"),
    "docx": office("word/document.xml"),
    "xlsx": office("xl/workbook.xml"),
}
HOSTILE = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html before a pdf": b"<script>alert(1)</script>\n" + PDF,
    "exe": b"MZ\x90\x00" + b"\x00" * 64,
    "text": b"bonjour",
    "plain zip": archive(("a.txt", "a")),
    "odp": open_document("presentation"),
    "macros": office("word/document.xml", ("word/vbaProject.bin", "x")),
    "basic macros": archive(
        ("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<a/>"), ("Basic/Standard/x.xml", "x")
    ),
    "cut pdf": PDF[:20],
    "cut png": image("PNG")[:30],
    "false jpeg": b"\xff\xd8\xff" + b"\x00" * 40,
    "false png": b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>",
    "cut zip": office("word/document.xml")[:60],
    "gif": b"GIF89a" + b"\x00" * 40,
    "nul": b"\x00" * 100,
}


def sent(content=PDF, name="reglement.pdf", content_type="application/pdf"):
    return SimpleUploadedFile(name, content, content_type)


def deposit(client, creche, content=PDF, name="reglement.pdf", **fields):
    fields = {"title": "Règlement", "kind": "rules", "level": "pole", **fields}
    url = reverse("establishments:document_add", args=[creche.pk])
    return client.post(url, {"file": sent(content, name), **fields})


@pytest.mark.parametrize("extension", ACCEPTED)
def test_each_accepted_format_is_recognised_by_its_content(extension):
    upload = read_upload(sent(ACCEPTED[extension], "photo.exe", "text/html"))
    assert upload.extension == extension
    assert upload.filename == f"photo.{extension}"
    assert "html" not in upload.content_type


@pytest.mark.parametrize("what", HOSTILE)
def test_anything_else_is_refused_in_french_whatever_its_name(what):
    with pytest.raises(ValidationError, match="fichier"):
        recognise(HOSTILE[what])


def test_a_file_too_heavy_or_empty_is_refused(monkeypatch):
    with pytest.raises(ValidationError, match="vide"):
        read_upload(sent(b""))
    heavy = sent(PDF)
    heavy.size = MAX_BYTES + 1
    with pytest.raises(ValidationError, match="dépasse 20"):
        read_upload(heavy)
    liar = sent(PDF + b"x" * MAX_BYTES)
    liar.size = 10
    with pytest.raises(ValidationError, match="dépasse 20"):
        read_upload(liar)


def test_an_archive_that_announces_too_much_is_not_opened(monkeypatch):
    monkeypatch.setattr("establishments.uploads.MAX_UNPACKED", 1000)
    with pytest.raises(ValidationError, match="démesuré"):
        recognise(office("word/document.xml", ("word/a.xml", "0" * 2000)))


def test_an_image_with_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr("establishments.uploads.MAX_PIXELS", 50)
    with pytest.raises(ValidationError, match="trop grande"):
        recognise(image("PNG"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\a\\plan.pdf", "plan.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ('a"\r\nSet-Cookie: x.pdf', "aSet-Cookie x.pdf"),
        ("...", "document.pdf"),
        ("é" * 400 + ".pdf", "é" * 120 + ".pdf"),
    ],
)
def test_a_name_is_shown_without_path_nor_trap(given, kept):
    assert safe_name(given, "pdf") == kept


def test_a_deposit_is_kept_under_a_random_name_and_told_in_the_journal(client, coordinator, creche):
    client.force_login(coordinator)
    response = deposit(client, creche, name="../../secret.html")
    assert response.status_code == 302
    document = Document.objects.get()
    assert document.filename == "secret.pdf"
    assert "secret" not in document.file.name
    assert document.file.name.endswith(".pdf")
    assert (document.uploaded_by, document.level) == (coordinator, Level.POLE)
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.actor, entry.establishment) == ("document déposé", coordinator, creche)


def test_the_same_content_is_the_same_document(client, coordinator, creche, next_creche, pole_head):
    client.force_login(coordinator)
    deposit(client, creche)
    response = client.post(
        reverse("establishments:document_add", args=[creche.pk]),
        {"file": sent(PDF, "copie.pdf"), "title": "Copie", "kind": "other", "level": "public"},
        follow=True,
    )
    assert "était déjà là" in response.content.decode()
    assert Document.objects.get().title == "Règlement"
    assert JournalEntry.objects.count() == 1
    client.force_login(pole_head)
    deposit(client, next_creche)
    assert Document.objects.count() == 2


def test_a_refused_file_keeps_what_was_typed_and_writes_nothing(client, coordinator, creche):
    client.force_login(coordinator)
    text = deposit(client, creche, HOSTILE["html"], title="Mon titre").content.decode()
    assert "pas d’un format accepté" in text
    assert 'value="Mon titre"' in text
    assert not Document.objects.exists()


@pytest.mark.parametrize("level", ["nominatif", "secret", "", "PUBLIC"])
def test_a_forged_level_is_refused(client, coordinator, creche, level):
    client.force_login(coordinator)
    assert deposit(client, creche, level=level).status_code == 200
    assert not Document.objects.exists()


def test_without_a_title_the_name_of_the_file_is_the_title(client, coordinator, creche):
    client.force_login(coordinator)
    deposit(client, creche, name="Plan des locaux.pdf", title="")
    assert Document.objects.get().title == "Plan des locaux"


def test_a_download_is_an_attachment_that_no_browser_runs(client, coordinator, creche):
    client.force_login(coordinator)
    deposit(client, creche, name="été \u2068x\u2069.pdf")
    response = client.get(Document.objects.get().get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"


def test_each_reader_lists_the_levels_she_may_read(client, creche, coordinator, director, central):
    for level in Level:
        document = document_of(creche, level)
        document.title = f"niveau-{level}"
        document.save()
    seen = {}
    for who in (coordinator, director, central):
        client.force_login(who)
        text = client.get(reverse("establishments:documents", args=[creche.pk])).content.decode()
        seen[who] = {level.value for level in Level if f"niveau-{level}" in text}
    assert seen[coordinator] == {"public", "etablissement", "pole"}
    assert seen[director] == seen[central] == {"public", "etablissement"}
