"""`make test`: the whole suite on SQLite, then on PostgreSQL; what was skipped is said, with its reason.

Arguments go to pytest. ENGINES=sqlite or ENGINES=postgresql keeps one engine; DATABASE_URL=postgres://… uses that
server (its user must be allowed to create databases) instead of a throw-away cluster.
"""

import collections
import contextlib
import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from tools.machine import ROOT, VENV_PYTHON, die_with_parent, find_chromium, find_postgres, interrupt_on_signals, say
from tools.postgres import ClusterError, throwaway_cluster

PYTEST_OK, PYTEST_NOTHING = 0, 5
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclasses.dataclass
class Tally:
    """How many tests passed, failed (errors included) and were skipped, and the skipped ones' reasons."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    seconds: float = 0.0

    def add(self, other: "Tally") -> None:
        """Adds the other's figures to this one."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.reasons.update(other.reasons)
        self.seconds += other.seconds


def read_junit(path: Path) -> Tally:
    """The tally of one pytest run, from the file it wrote itself (so no hostile XML)."""
    tally = Tally()
    for case in ElementTree.parse(path).iter("testcase"):  # noqa: S314
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            tally.failed += 1
        elif skipped is not None:
            tally.skipped += 1
            tally.reasons[skipped.get("message") or "sans raison"] += 1
        else:
            tally.passed += 1
    return tally


def run_pytest(arguments: list[str], environment: dict) -> Tally:
    """One pytest process; a run that broke before or outside its tests counts as one failure."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ronde-junit-") as folder:
        junit = Path(folder) / "junit.xml"
        command = [str(VENV_PYTHON), "-m", "pytest", f"--junitxml={junit}", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, preexec_fn=die_with_parent())
        code = done.returncode
        tally = read_junit(junit) if junit.exists() else Tally()
    if code not in (PYTEST_OK, PYTEST_NOTHING) and not tally.failed:
        tally.failed += 1
    tally.seconds = time.monotonic() - started
    return tally


def plan(arguments: list[str], *, browser: bool, axe: bool, keep: bool = False) -> list[list[str]]:
    """The pytest runs of one engine, on all cores: everything but the browser, then the browser, with axe or without.

    `keep`: the server is thrown away at the end, so that a run may leave its test databases to the next one.
    """
    if "-m" in arguments or any(argument.startswith("-m=") for argument in arguments):
        return [arguments]  # the caller chose the tests: one run, as asked
    kept = ["--reuse-db"] if keep else []
    all_cores = ["-q", *kept, "-n", str(min(os.cpu_count() or 1, 8)), "--dist", "worksteal"]
    wanted = ["not e2e", *(["e2e" if axe else "e2e and not axe"] if browser else [])]
    return [[*all_cores, "-m", marker, *arguments] for marker in wanted]


@contextlib.contextmanager
def engine_url(engine: str) -> Iterator[tuple[str, bool]]:
    """The DATABASE_URL to test with, and whether it goes with the run.

    Raises ClusterError, saying why, when the engine is not to be had.
    """
    given = os.environ.get("DATABASE_URL", "")
    if engine == "sqlite":
        folder = tempfile.mkdtemp(prefix="ronde-sqlite-")
        try:
            yield f"sqlite:///{folder}/ronde.sqlite3", True
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    elif given.startswith(("postgres://", "postgresql://")):
        yield given, False
    else:
        binaries = find_postgres()
        if binaries is None:
            raise ClusterError("aucun serveur trouvé (sudo apt-get install postgresql, ou DATABASE_URL=postgres://…)")
        with throwaway_cluster(binaries) as url:
            yield url, True


def run_engine(engine: str, arguments: list[str], chromium: str | None, *, axe: bool) -> Tally:
    """All the runs of one engine; `axe`: whether the pages are read for accessibility too."""
    total = Tally()
    with engine_url(engine) as (url, is_ours):
        environment = {**os.environ, "DATABASE_URL": url, "RONDE_EXPECTED_ENGINE": engine}
        if chromium:
            environment["RONDE_CHROMIUM"] = chromium
        for run in plan(arguments, browser=chromium is not None, axe=axe, keep=is_ours):
            say(f"\n=== {NAMES[engine]} : pytest {' '.join(run)}")
            total.add(run_pytest(run, environment))
    return total


def report(engine: str, tally: Tally) -> None:
    """The summary of one engine, with each reason for a skipped test."""
    minutes, seconds = divmod(round(tally.seconds), 60)
    say(
        f"{NAMES[engine]} : {tally.passed} réussis, {tally.failed} en échec, {tally.skipped} ignorés "
        f"({minutes} min {seconds:02d} s)"
    )
    for reason, count in tally.reasons.most_common():
        say(f"  ignorés : {count} × {reason}")


def main(arguments: list[str]) -> int:
    """Runs the engines one after the other; 0 when at least one test ran and none failed."""
    interrupt_on_signals()
    chromium = find_chromium()
    engines = [name for name in NAMES if name in os.environ.get("ENGINES", "sqlite,postgresql").split(",")]
    missing, tallies = [], {}
    if chromium is None:
        missing.append("Tests de bout en bout non exécutés : Chromium introuvable (sudo apt-get install chromium).")
    try:
        for engine in engines:
            try:
                tallies[engine] = run_engine(engine, arguments, chromium, axe=engine == engines[0])
            except ClusterError as error:
                missing.append(f"{NAMES[engine]} non exécuté : {error}")
    except KeyboardInterrupt:
        say("\nInterrompu ; la grappe d’essai est arrêtée et effacée.")
        return 130
    say("\n=== Résumé")
    total = Tally()
    for engine, tally in tallies.items():
        report(engine, tally)
        total.add(tally)
    for line in missing:
        say(line)
    for engine in engines[1:] if chromium else []:
        say(f"Non relu sur {NAMES[engine]} : l’accessibilité (axe), qui ne dépend pas du moteur de la base.")
    # A machine that proves the work must have both engines and a browser; elsewhere what is absent is only said.
    incomplete = bool(missing) and os.environ.get("CI") == "true"
    say(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return 1 if total.failed or not total.passed or incomplete else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
