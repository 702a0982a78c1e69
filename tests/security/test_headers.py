"""Headers of every answer, whatever its status and its kind; cookies; what `check --deploy` says in service."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from establishments.views import record
from tests.establishments.access import document_of
from tests.factories import PASSWORD
from tests.security.world import body_of

pytestmark = pytest.mark.usefixtures("today")

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
ROOT = Path(__file__).resolve().parents[2]


def refused_things(headers):
    """What an examiner would write about these headers."""
    policy = {part.strip() for part in headers.get("Content-Security-Policy", "").split(";")}
    if not (policy == POLICY or {"default-src 'none'", "sandbox", "frame-ancestors 'none'"} <= policy):
        yield f"CSP {sorted(policy)}"
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    for name, value in wanted.items():
        if headers.get(name) != value:
            yield f"{name}: {headers.get(name)}"
    if "geolocation=()" not in headers.get("Permissions-Policy", ""):
        yield "Permissions-Policy"


@pytest.fixture
def answers(client, creche, far_creche, coordinator, monkeypatch):
    """{what: response} of every kind of answer."""
    pages = {
        "200 visitor": client.get(reverse("account_login")),
        "302 visitor": client.get(reverse("dashboard:home")),
        "404 visitor": client.get("/nulle-part/"),
        "405 visitor": client.get(reverse("core:theme_change")),
        "health": client.get(reverse("core:health")),
        "static": client.get("/static/css/ronde.css"),
        "no static": client.get("/static/../config/settings.py"),
        "media": client.get("/media-non-servi/documents/1.pdf"),
        "csrf": Client(enforce_csrf_checks=True).post(reverse("account_login"), {}),
    }
    client.force_login(coordinator)
    document = document_of(creche, "pole")
    pages |= {
        "home": client.get(reverse("dashboard:home")),
        "301": client.get("/etablissements"),
        "302": client.get(reverse("visits:create")),
        "403": client.get(reverse("admin:index")),
        "404": client.get(reverse("establishments:detail", args=[far_creche.pk])),
        "405": client.get(reverse("core:notification_read_all")),
        "pdf": client.get(reverse("establishments:detail_pdf", args=[creche.pk])),
        "document": client.get(reverse("establishments:document_download", args=[document.pk])),
        **{kind: client.get(f"{reverse('establishments:list')}?export={kind}") for kind in ("csv", "xlsx", "ods")},
    }

    def broken(*_):
        raise RuntimeError("essai")

    monkeypatch.setattr(record, "fiche_of", broken)
    client.raise_request_exception = False
    pages["500"] = client.get(reverse("establishments:detail", args=[creche.pk]))
    for response in pages.values():
        body_of(response)
    return pages


@pytest.mark.ignore_template_errors
def test_every_answer_carries_the_headers(answers):
    assert answers["500"].status_code == 500
    assert answers["static"].status_code == 200
    assert answers["csrf"].status_code == 403
    assert answers["media"].status_code == 404
    told = {what: list(refused_things(response.headers)) for what, response in answers.items()}
    assert {what: found for what, found in told.items() if found} == {}


@pytest.mark.ignore_template_errors
def test_what_is_read_signed_in_is_kept_nowhere(answers):
    signed = [what for what in answers if not what.endswith("visitor") and what not in
              {"health", "static", "no static", "media", "csrf"}]  # fmt: skip
    kept = {what: answers[what].headers.get("Cache-Control") for what in signed}
    assert {what: value for what, value in kept.items() if "no-store" not in (value or "")} == {}


def test_a_document_is_given_as_a_file_never_shown(client, creche, coordinator):
    client.force_login(coordinator)
    answer = client.get(reverse("establishments:document_download", args=[document_of(creche, "pole").pk]))
    body_of(answer)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_cookies_are_out_of_reach_of_scripts(client, coordinator):
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": coordinator.email, "password": PASSWORD})
    client.post(reverse("core:theme_change"), {"theme": "sombre"})
    assert {"sessionid", "csrftoken", "theme"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        if name == "messages" or not cookie.value:
            continue
        assert cookie["httponly"], name
        assert cookie["samesite"] in {"Lax", "Strict"}, name


def test_a_view_that_raises_404_itself_is_headed_as_well(client, creche, coordinator, monkeypatch):
    def absent(*_, **__):
        raise Http404

    monkeypatch.setattr(record, "get_visible_or_404", absent)
    client.force_login(coordinator)
    answer = client.get(reverse("establishments:detail", args=[creche.pk]))
    assert (answer.status_code, list(refused_things(answer.headers))) == (404, [])


SERVICE = """
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
answer = Client(headers={"X-Forwarded-Proto": "https"}).get("/connexion/", headers={"host": "ronde.example"})
print(answer.status_code, "|", answer.headers["Strict-Transport-Security"])
print(sorted((n, c["secure"], c["path"], c["domain"]) for n, c in answer.cookies.items()))
print(Client().get("/connexion/", headers={"host": "ronde.example"}).headers["Location"])
print(Client(headers={"X-Forwarded-Proto": "https"}).get("/connexion/", headers={"host": "mal.example"}).status_code)
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.ALLAUTH_TRUSTED_PROXY_COUNT)
"""


def in_service(*arguments, tmp_path):
    environment = {
        **os.environ, "RONDE_SECURE": "1", "SECRET_KEY": "é" * 30 + "abcdefghijklmnopqrstuvwxyz0123456789",
        "RONDE_SENSITIVE_KEYS": "0123456789abcdefghijklmnopqrstuvwxyz0123456=",
        "ALLOWED_HOSTS": "ronde.example", "DATABASE_URL": f"sqlite:///{tmp_path}/service.sqlite3", "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings", "RONDE_BASE_URL": "https://ronde.example",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-W", "ignore", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_check_deploy_has_nothing_to_say_in_service(tmp_path):
    done = in_service("manage.py", "check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path)
    assert done.returncode == 0, done.stderr


def test_in_service_cookies_and_transport_are_locked(tmp_path):
    told = in_service("-c", SERVICE, tmp_path=tmp_path)
    lines = told.stdout.splitlines()
    assert lines[0] == "200 | max-age=63072000; includeSubDomains; preload", told.stderr
    assert lines[1] == "[('__Host-csrftoken', True, '/', '')]"
    assert lines[2] == "https://ronde.example/connexion/"
    assert lines[3] == "400"
    assert lines[4] == "__Host-sessionid True 1"
