"""C8 and what the device is given: a service worker that touches nothing but GET, scripts that stay small."""

import gzip
import re
from pathlib import Path

import pytest
from django.urls import reverse

from visits.offline import worker

ROOT = Path(__file__).resolve().parents[2]
JS = ROOT / "static" / "js"
KILO = 1000


@pytest.fixture
def script():
    return (JS / "sw.js").read_text()


def without_comments(text):
    return re.sub(r"//[^\n]*", "", text)


def test_c8_the_worker_leaves_everything_but_get_alone(script):
    code = without_comments(script)
    handlers = re.findall(r'addEventListener\("fetch", \(event\) => \{\s*([^\n]+)', code)
    assert handlers == ['if (event.request.method !== "GET") return;']
    assert code.count("respondWith(") == 2
    first = code.index('if (event.request.method !== "GET") return;')
    assert first < code.index("respondWith(")
    assert not re.search(r"POST|PUT|PATCH|DELETE|importScripts|eval\(|new Function|\bsync\b|https?:", code)


def test_c8_the_worker_listens_to_installing_activating_and_fetching_only(script):
    assert re.findall(r'addEventListener\("(\w+)"', script) == ["install", "activate", "fetch"]


@pytest.mark.django_db
def test_the_worker_answers_for_the_whole_site_and_is_asked_for_again_each_time(client):
    answer = client.get(reverse("service_worker"))
    assert reverse("service_worker") == "/sw.js"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.django_db
def test_another_version_of_any_file_is_another_worker(monkeypatch):
    worker._worker.cache_clear()
    before = worker.worker_script()
    worker._worker.cache_clear()
    content = worker._content
    monkeypatch.setattr(worker, "_content", lambda name: content(name) + (b" " if name.endswith("vault.js") else b""))
    after = worker.worker_script()
    worker._worker.cache_clear()
    version = re.compile(r'const VERSION = "(\w{16})";')
    assert version.match(before)[1] != version.match(after)[1]


def test_the_worker_keeps_every_module_of_the_visit():
    assert {f"js/visit/{path.name}" for path in (JS / "visit").glob("*.js")} <= set(worker.SHELL)


@pytest.mark.django_db
def test_the_page_without_a_network_holds_nothing_of_anybody(client, coordinator):
    visitor = client.get(reverse("visits:offline_page")).content
    client.force_login(coordinator)
    signed_in = client.get(reverse("visits:offline_page")).content
    assert visitor == signed_in


def test_the_scripts_of_the_visit_weigh_less_than_thirty_kilobytes_compressed():
    files = [JS / "app.js", *(JS / "visit").glob("*.js")]
    weight = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)
    assert weight <= 30 * KILO, weight


def test_every_script_is_ours_and_asks_nothing_of_elsewhere():
    for path in [JS / "sw.js", *(JS / "visit").glob("*.js")]:
        code = without_comments(path.read_text())
        assert not re.search(r"https?://|eval\(|new Function|innerHTML|document\.write", code), path.name
        assert all(name.startswith("./") for name in re.findall(r'from "([^"]+)"', code)), path.name


def test_what_is_said_enregistre_is_on_the_disk():
    vault = (JS / "visit" / "vault.js").read_text()
    assert 'durability: "strict"' in vault
    assert "oncomplete = () => resolve()" in vault


def test_every_module_of_the_visit_is_kept_none_is_looked_for_in_vain():
    assert sorted(worker.MODULES) == sorted(path.stem for path in (JS / "visit").glob("*.js"))
