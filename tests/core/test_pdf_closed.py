"""A PDF reads our static files and nothing else: no site, no file, no metadata address, no inline data."""

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings as django_settings

from core.pdf import render_pdf
from tests.pdf_reading import extract_text, streams

CANARY = "CANARI-7F3A"
DRAWN = f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="30"><text y="20">{CANARY}</text></svg>'
SHEET = f'p::after {{ content: "{CANARY}" }}'

# {web}: a server of this test; {disk}: a folder of this test; {data}: an inline drawing.
HOSTILE = {
    "image from a site": '<img alt="x" src="{web}/a.svg">',
    "image from the disk": '<img alt="x" src="file://{disk}/a.svg">',
    "image in the address": '<img alt="x" src="{data}">',
    "upper-case scheme": '<img alt="x" src="HTTP{web_tail}/a.svg">',
    "candidate images": '<img alt="x" src="{web}/a.svg" srcset="{web}/b.svg 2x">',
    "object": '<object data="{web}/a.svg"></object>',
    "embed": '<embed src="file://{disk}/a.svg">',
    "linked sheet": '<link rel="stylesheet" href="{web}/a.css">',
    "linked sheet of the disk": '<link rel="stylesheet" href="file://{disk}/a.css">',
    "imported sheet": "<style>@import url({web}/a.css);</style>",
    "imported sheet of the disk": "<style>@import 'file://{disk}/a.css';</style>",
    "background": "<style>p {{ background: url({web}/a.svg) }}</style>",
    "generated content": "<style>p::before {{ content: url(file://{disk}/a.svg) }}</style>",
    "list mark": "<style>ul {{ list-style-image: url({web}/a.svg) }}</style><ul><li>x</li></ul>",
    "border": "<style>p {{ border: 1px solid; border-image: url({web}/a.svg) 3 }}</style>",
    "font": "<style>@font-face {{ font-family: F; src: url({web}/a.woff2) }} p {{ font-family: F }}</style>",
    "font of the disk": "<style>@font-face {{ font-family: F; src: url(file://{disk}/a.woff2) }}</style>",
    "image in a drawing": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
    '<image width="9" height="9" href="{web}/a.svg"/></svg>',
    "use in a drawing": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
    '<use href="{web}/a.svg#x"/></svg>',
    "attachment": '<link rel="attachment" href="file://{disk}/a.svg">',
    "attachment of a site": '<a rel="attachment" href="{web}/a.svg">x</a>',
    "base of the disk": '<base href="file://{disk}/"><img alt="x" src="a.svg">',
    "out of the static folder": '<img alt="x" src="/static/../../../../../..{disk}/a.svg">',
    "out, in disguise": '<img alt="x" src="/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e{disk}/a.svg">',
    "redirection": '<img alt="x" src="{web}/redirect">',
    "cloud metadata": '<img alt="x" src="http://169.254.169.254/latest/meta-data/">',
    "ftp": '<img alt="x" src="ftp://127.0.0.1:1/a.svg">',
    "our own pages": '<img alt="x" src="/comptes/">',
}
# WeasyPrint itself asks for nothing here; they stay in the list in case it learns to.
HARMLESS = {"candidate images", "use in a drawing"}


@pytest.fixture(scope="module")
def site():
    """A server of this machine that counts what is asked of it and would give a drawing, a sheet, a redirection."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            redirect = self.path == "/redirect"
            self.send_response(302 if redirect else 200)
            self.send_header("Content-Type", "text/css" if self.path.endswith(".css") else "image/svg+xml")
            if redirect:
                self.send_header("Location", "/a.svg")
            self.end_headers()
            self.wfile.write((SHEET if self.path.endswith(".css") else DRAWN).encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def places(site, tmp_path):
    (tmp_path / "a.svg").write_text(DRAWN)
    (tmp_path / "a.css").write_text(SHEET)
    (tmp_path / "a.woff2").write_text(CANARY)
    data = "data:image/svg+xml," + DRAWN.replace("<", "%3C").replace(">", "%3E").replace('"', "%22").replace(
        " ", "%20"
    )
    web = site[0]
    return {"web": web, "web_tail": web.removeprefix("http"), "disk": tmp_path, "data": data}


@pytest.fixture
def paper(settings, tmp_path):
    (tmp_path / "piece.html").write_text(
        '{% extends "core/pdf/base.html" %}{% block content %}<p>Texte.</p>{{ html|safe }}{% endblock %}',
        encoding="utf-8",
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    return lambda html: render_pdf("piece.html", {"html": html}, title="Essai")


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_foreign_is_fetched(name, paper, places, site, caplog):
    _, asked = site
    asked.clear()
    content = paper(HOSTILE[name].format(**places))
    assert asked == []
    assert CANARY not in extract_text(content)
    assert not any(CANARY.encode() in stream for stream in streams(content))
    assert b"/EmbeddedFiles" not in b"".join(streams(content)) + content
    if name not in HARMLESS:
        assert re.search(r"adresse refusée|chemin refusé|fichier absent", caplog.text), "the page asked for nothing"


def test_the_traps_work_on_an_open_fetcher(places, site):
    """The control: WeasyPrint's own fetcher falls into them, so an empty result above means something."""
    from weasyprint import HTML

    _, asked = site
    asked.clear()
    for name in ("image from a site", "linked sheet", "imported sheet", "background", "list mark", "font"):
        HTML(string=f"<p>Texte.</p>{HOSTILE[name].format(**places)}").write_pdf()
    assert len(set(asked)) >= 3
    assert len(asked) >= 6
    for name in ("image from the disk", "image in the address", "imported sheet of the disk", "base of the disk"):
        pdf = HTML(string=f"<p>Texte.</p>{HOSTILE[name].format(**places)}").write_pdf()
        assert CANARY in extract_text(pdf), name


REFUSED = [
    "http://127.0.0.1:8000/static/../config/settings.py",
    "http://127.0.0.1:8000/static/css/../../config/settings.py",
    "http://127.0.0.1:8000/static/%2e%2e/manage.py",
    "http://127.0.0.1:8000/static/..%5cmanage.py",
    "http://127.0.0.1:8000/static/%2Fetc/passwd",
    "http://127.0.0.1:8000/static//etc/passwd",
    "http://127.0.0.1:8000/static/css",
    "http://127.0.0.1:8000/static/",
    "http://127.0.0.1:8000/static/css/pdf.css%00.png",
    "http://127.0.0.1:8000/static/css/pdf.css?x=1",
    "http://127.0.0.1:8000/static/absent.css",
    "http://127.0.0.1:8000/staticfiles/pdf.css",
    "http://127.0.0.1:8000@evil.example/static/css/pdf.css",
    "https://127.0.0.1:8000/static/css/pdf.css",
    "file:///etc/passwd",
    "data:text/css,p{}",
    "",
]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_not_one_of_our_files_is_refused(url, settings):
    from core.pdf.fetcher import RefusedAddress, static_path

    settings.RONDE_BASE_URL = "http://127.0.0.1:8000"
    with pytest.raises(RefusedAddress):
        static_path(url)


def test_our_own_files_are_found_and_links_out_of_the_folder_are_not(settings, tmp_path):
    from core.pdf.fetcher import RefusedAddress, static_path

    settings.RONDE_BASE_URL = "http://127.0.0.1:8000"
    sheet = static_path("http://127.0.0.1:8000/static/css/pdf.css#x")
    assert sheet.is_relative_to(django_settings.BASE_DIR)
    secret = tmp_path / "secret.css"
    secret.write_text("p {}")
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "leak.css").symlink_to(secret)
    (settings.STATIC_ROOT / "pdf.0a1b2c.css").write_text("p {}")
    assert static_path("http://127.0.0.1:8000/static/pdf.0a1b2c.css").read_text() == "p {}"
    with pytest.raises(RefusedAddress):
        static_path("http://127.0.0.1:8000/static/leak.css")
