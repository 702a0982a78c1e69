"""Hostile files sent by the page itself: refused in words or kept harmless; never shown inside the site."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from establishments.models import Document
from tests.security.world import body_of

pytestmark = pytest.mark.usefixtures("today")

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def archive(entries, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return stream.getvalue()


def bomb():
    """An XLSX of a few hundred kilobytes that unpacks to more than is allowed."""
    return archive({"[Content_Types].xml": "<a/>", "xl/workbook.xml": b"\0" * (301 * 1024 * 1024)})


REFUSED = {
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "dessin.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "plan.pdf": b"<html><script>alert(1)</script>" + PDF,
    "image.png": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "gif.jpg": b"GIF89a/*<script>alert(1)</script>*/",
    "vide.pdf": b"",
    "macro.docx": archive({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>", "word/vbaProject.bin": "x"}),
    "entrees.zip": archive({f"{n}.txt": "" for n in range(5001)}, zipfile.ZIP_STORED),
    "tronque.xlsx": archive({"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<a/>"})[:-30],
}
NAMES = [
    "../../../../etc/passwd.pdf",
    "..\\..\\windows\\plan.pdf",
    "/etc/cron.d/plan.pdf",
    "a" * 250 + ".pdf",
    "plan.pdf.html",
    "plan\u202efdp.exe.pdf",
    '"; filename="mal.html',
    "plan\r\nSet-Cookie: a=b.pdf",
    "<img src=x onerror=alert(1)>.pdf",
    ".pdf",
    "con.pdf",
]


def send(client, creche, name, content, **extra):
    file = SimpleUploadedFile("x", content)
    file.name, file._name = name, name  # as a forged request names it, not as Django's test client would
    data = {"file": file, "title": "", "kind": "other", "level": "pole", **extra}
    return client.post(reverse("establishments:document_add", args=[creche.pk]), data)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_what_it_should_be_is_refused_in_words(client, creche, coordinator, name, settings):
    client.force_login(coordinator)
    answer = send(client, creche, name, REFUSED[name])
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not Document.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.*")) if settings.MEDIA_ROOT.exists() else True


def test_an_archive_that_unpacks_without_end_is_refused_before_it_is_opened(client, creche, coordinator):
    client.force_login(coordinator)
    content = bomb()
    assert len(content) < 1024 * 1024
    answer = send(client, creche, "budget.xlsx", content)
    assert answer.status_code == 200
    assert not Document.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_never_reaches_the_disk_nor_the_headers(client, creche, coordinator, name, settings):
    client.force_login(coordinator)
    answer = send(client, creche, name, PDF)
    assert answer.status_code in {200, 302}
    kept = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] if settings.MEDIA_ROOT.exists() else []
    documents = list(Document.objects.all())
    assert len(kept) == len(documents)
    for document in documents:
        assert document.file.name.startswith("documents/2026/03/")
        assert document.file.name.endswith(".pdf")
        given = client.get(reverse("establishments:document_download", args=[document.pk]))
        body_of(given)
        assert given.headers["Content-Disposition"].startswith("attachment")
        assert given.headers["Content-Type"] == "application/pdf"
        assert "sandbox" in given.headers["Content-Security-Policy"]
        assert "\n" not in given.headers["Content-Disposition"]
        assert not given.cookies.get("a")
        page = client.get(reverse("establishments:documents", args=[creche.pk])).content.decode()
        assert "<img src=x" not in page


def test_a_name_of_a_hundred_thousand_letters_is_no_error(client, creche, coordinator):
    client.force_login(coordinator)
    assert send(client, creche, "a" * 100_000 + ".pdf", PDF).status_code in {200, 302, 400}


@pytest.mark.parametrize("level", ["nominatif", "inconnu", "", "PUBLIC"])
def test_no_level_is_forced_by_hand(client, creche, coordinator, level):
    client.force_login(coordinator)
    answer = send(client, creche, "plan.pdf", PDF, level=level)
    assert answer.status_code == 200
    assert not Document.objects.exists()


def test_a_polyglot_is_kept_as_a_file_and_never_run(client, creche, coordinator):
    """A PDF that is also a page: nothing sniffs it, nothing shows it, its scripts have no origin."""
    client.force_login(coordinator)
    content = b"%PDF-1.7\n<script>alert(document.cookie)</script>\n%%EOF\n"
    assert send(client, creche, "a.pdf", content).status_code == 302
    given = client.get(reverse("establishments:document_download", args=[Document.objects.get().pk]))
    body_of(given)
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["Content-Security-Policy"].startswith("default-src 'none'")
