"""The commands of the README, the container files and the rules on what is never committed."""

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import yaml
from django.db import connection
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import apt, setup, suite, tracked
from tools.machine import ROOT, find_postgres
from tools.postgres import throwaway_cluster

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
OURS = ("web", "worker", "scheduler", "migrate")


def pinned(level):
    """name → version of one compiled requirements file; fails on a requirement without a hash."""
    text = (ROOT / "requirements" / f"{level}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert all("--hash=sha256:" in line for line in lines)
    pairs = (line.split(";")[0].split("--hash")[0].strip().split("==") for line in lines)
    return {canonicalize_name(name.split("[")[0]): version for name, version in pairs}


# --- Requirements


@pytest.mark.parametrize("level", ["base", "test", "dev"])
def test_each_dependency_is_compiled_with_hashes_at_a_version_it_accepts(level):
    groups = {
        "base": PROJECT["project"]["dependencies"],
        "test": PROJECT["dependency-groups"]["test"],
        "dev": PROJECT["dependency-groups"]["dev"],
    }
    versions = pinned(level)
    for wanted in map(Requirement, groups[level]):
        assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)]), wanted


def test_a_level_holds_the_level_below_at_the_same_versions():
    base, test, dev = pinned("base"), pinned("test"), pinned("dev")
    assert base.items() <= test.items() <= dev.items()


def test_every_dependency_says_what_it_is_for():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    dependencies = [line for line in lines if re.match(r'\s+"[a-z][\w.-]*(\[[\w,]+\])?[<>=]', line)]
    assert len(dependencies) > 30
    assert [line for line in dependencies if not re.search(r'",  # \S+', line)] == []


def test_a_changed_requirement_makes_the_environment_stale(tmp_path, monkeypatch):
    for name in setup.LEVELS:
        (tmp_path / f"{name}.txt").write_text(f"{name}==1\n")
    venv = tmp_path / "venv"
    venv.mkdir()
    monkeypatch.setattr(setup, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(setup, "VENV", venv)
    monkeypatch.setattr(setup, "VENV_PYTHON", Path(sys.executable))
    assert not setup.is_installed("base")
    (venv / ".ronde-test").write_text(setup.fingerprint("test"))
    assert setup.is_installed("base")
    assert setup.is_installed("test")
    assert not setup.is_installed("dev")
    (tmp_path / "test.txt").write_text("test==2\n")
    assert not setup.is_installed("test")


def test_package_lists_read_names_without_their_comments(tmp_path):
    (tmp_path / "list.txt").write_text("# head\nlibpango-1.0-0   # why\n\nchromium\n")
    assert apt.read_list(tmp_path / "list.txt") == ["libpango-1.0-0", "chromium"]


# --- Running together, stopping together

SUPERVISED = """
import sys
from pathlib import Path
from tools.supervisor import Part, Supervisor
nap = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); "
nap += "time.sleep(float(sys.argv[2])); sys.exit(3)"
parent = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1], *sys.argv[2:]])"
folder, seconds = sys.argv[1], sys.argv[2]
s = Supervisor([
    Part("un", [sys.executable, "-c", nap, folder + "/un", seconds]),
    Part("deux", [sys.executable, "-c", parent, nap, folder + "/deux", "60"]),
], cwd=Path(folder))
s.start()
sys.exit(s.wait())
"""


def alive(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1][:3]
    except FileNotFoundError:
        return False


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "trop long"
        time.sleep(0.05)


@pytest.fixture
def supervise(tmp_path):
    """Starts a supervisor of two parts, the second with a child; gives it and the pids of those who sleep."""
    names = [tmp_path / "un", tmp_path / "deux"]

    def start(seconds):
        command = [sys.executable, "-c", SUPERVISED, str(tmp_path), str(seconds)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        wait_for(lambda: all(name.exists() and name.read_text() for name in names))
        return process, [int(name.read_text()) for name in names]

    yield start
    for name in names:
        if name.exists() and alive(name.read_text()):
            os.kill(int(name.read_text()), signal.SIGKILL)


def test_when_one_part_ends_the_others_and_their_children_are_stopped(supervise):
    process, pids = supervise(1)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "« un » s’est terminé (code 3)" in out
    assert not any(map(alive, pids))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_stops_everything_and_is_no_failure(supervise, number):
    process, pids = supervise(60)
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert not any(map(alive, pids))


def test_a_killed_supervisor_leaves_no_direct_child(supervise):
    process, (pid, _) = supervise(60)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert str(pid) in children
    process.kill()
    process.communicate(timeout=30)
    wait_for(lambda: not any(map(alive, children)))


# --- The suite's own report

JUNIT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><failure message="x"/></testcase>
<testcase name="c"><error message="x"/></testcase>
<testcase name="d"><skipped message="données absentes"/></testcase>
<testcase name="e"><skipped message="données absentes"/></testcase>
</testsuite></testsuites>"""


def test_the_summary_counts_errors_as_failures_and_keeps_the_reasons(tmp_path):
    (tmp_path / "junit.xml").write_text(JUNIT)
    tally = suite.read_junit(tmp_path / "junit.xml")
    assert (tally.passed, tally.failed, tally.skipped) == (1, 2, 2)
    assert tally.reasons == {"données absentes": 2}


def test_a_pytest_that_cannot_start_is_a_failure():
    tally = suite.run_pytest(["--no-such-option"], dict(os.environ))
    assert tally.failed == 1


def test_without_a_browser_the_end_to_end_run_is_left_out_and_a_chosen_marker_is_kept():
    first, second, none = (
        [run[run.index("-m") + 1] for run in suite.plan([], browser=browser, axe=axe)]
        for browser, axe in [(True, True), (True, False), (False, True)]
    )
    assert first == ["not e2e", "e2e"]
    assert second == ["not e2e", "e2e and not axe"]
    assert none == ["not e2e"]
    assert suite.plan(["-m", "slow"], browser=True, axe=True) == [["-m", "slow"]]


@pytest.mark.skipif("RONDE_EXPECTED_ENGINE" not in os.environ, reason="pytest lancé sans make test")
def test_the_suite_runs_on_the_engine_that_was_announced():
    assert connection.vendor == os.environ["RONDE_EXPECTED_ENGINE"]


@pytest.mark.skipif(find_postgres() is None, reason="aucun serveur PostgreSQL sur cette machine")
def test_the_throw_away_cluster_answers_then_leaves_nothing():
    import psycopg

    with throwaway_cluster(find_postgres()) as url, psycopg.connect(url) as server:
        folder = Path(server.execute("show data_directory").fetchone()[0])
        pid = int(folder.joinpath("postmaster.pid").read_text().splitlines()[0])
        assert server.execute("show fsync").fetchone() == ("off",)
    assert not folder.exists()
    assert not alive(pid)


# --- What is never committed


def test_no_registry_address_and_no_path_of_a_machine_is_committed():
    assert tracked.find_addresses(tracked.tracked_files()) == []


def test_no_secret_is_committed():
    assert tracked.find_secrets(tracked.tracked_files()) == []


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "AKIA" + "A" * 16,
        "DATABASE_URL=postgres://" + "ronde:s3cr3t-long@db/ronde",
        "SECRET_" + "KEY = 'abcdefghijklmnopqrstuvwxyz'",
    ],
)
def test_a_secret_is_found_and_not_printed_again(tmp_path, line):
    (tmp_path / "file.py").write_text("x = 1\n" + line + "\n")
    assert tracked.find_secrets([tmp_path / "file.py"]) == ["file.py:2: ressemble à un secret"]


@pytest.mark.parametrize("line", ["https://py" + "pi.org/simple", "cd /ro" + "ot/x", "open('/ho" + "me/anne/x')"])
def test_an_address_or_a_machine_path_is_found(tmp_path, line):
    (tmp_path / "notes.md").write_text(line)
    assert len(tracked.find_addresses([tmp_path / "notes.md"])) == 1


# --- Containers: no engine runs in the suite, so the files are read as data


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_every_service_gives_up_root_capabilities_and_a_writable_disk(name):
    service = COMPOSE["services"][name]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert "privileged" not in service
    assert "." not in service["image"].split("/")[0] or "/" not in service["image"]  # no registry address
    assert ":" in service["image"]
    assert not service["image"].endswith(":latest")


@pytest.mark.parametrize("name", sorted(set(COMPOSE["services"]) - {"migrate"}))
def test_every_lasting_service_has_a_health_check_and_restarts(name):
    service = COMPOSE["services"][name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"


def test_only_the_proxy_is_published_and_the_database_is_reached_from_inside_only():
    services = COMPOSE["services"]
    assert [name for name in services if "ports" in services[name]] == ["proxy"]
    assert services["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_every_reference_of_the_compose_file_exists():
    services = COMPOSE["services"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or source.startswith("./")
    assert all(services[name]["image"] == "ronde:local" for name in OURS)
    assert (ROOT / "docker/nginx.conf").exists()


def test_the_compose_file_holds_no_secret_and_the_example_names_every_setting_it_needs():
    example = (ROOT / ".env.example").read_text()
    names = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", example, re.M))
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    settings = set(re.findall(r'env\.?\w*\("([A-Z_]+)"', (ROOT / "config/settings.py").read_text()))
    internal = {"RONDE_STATIC_FINDERS", "RONDE_SQLITE_SYNCHRONOUS", "RONDE_SSL_REDIRECT"}
    assert asked <= names
    assert settings - internal <= names
    assert re.search(r"^SECRET_KEY=$", example, re.M)
    assert re.search(r"^POSTGRES_PASSWORD=$", example, re.M)


def test_the_image_is_built_in_two_stages_from_hashes_and_runs_as_an_ordinary_user():
    text = (ROOT / "Dockerfile").read_text()
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    assert sum(line.startswith("FROM ") for line in lines) == 2
    assert "--require-hashes" in text
    assert [line for line in lines if line.startswith("USER ")] == ["USER ronde"]
    assert not any(line.startswith("ADD ") for line in lines)
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    for kept_out in (".git", ".env", ".venv", "var", "docker/certs"):
        assert kept_out in (ROOT / ".dockerignore").read_text().split()


def test_the_readme_names_every_command_that_make_offers_and_no_other():
    offered = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"\bmake ([a-z][a-z-]+)", (ROOT / "README.md").read_text()))
    assert {"run", "test", "check", "setup"} <= named <= offered
