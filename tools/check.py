"""`make check`: every look at the code that needs no test run. One line a check; what failed is shown in full."""

import concurrent.futures
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable

from tools.machine import ROOT, VENV, VENV_PYTHON, say
from tools.tracked import find_addresses, find_secrets, tracked_files

# A configuration as strict as the service's, with values that open nothing.
SERVICE = {
    "RONDE_SECURE": "1",
    "DEBUG": "0",
    "SECRET_KEY": "k-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "RONDE_SENSITIVE_KEYS": "0123456789abcdefghijklmnopqrstuvwxyz0123456=",
    "ALLOWED_HOSTS": "ronde.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://ronde.example.org",
    "RONDE_BASE_URL": "https://ronde.example.org",
    "EMAIL_URL": "smtp://localhost:25",
}


def run(*command: str, **environment: str) -> str:
    """Runs a program of the virtual environment; gives what it printed when it failed, nothing when all is well."""
    program = str(VENV / "bin" / command[0])
    env = {**os.environ, **environment}
    done = subprocess.run([program, *command[1:]], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"code {done.returncode}"


def templates() -> str:
    """Template format, on the files that git knows."""
    files = [str(path.relative_to(ROOT)) for path in tracked_files() if path.suffix == ".html"]
    return run("djade", "--target-version", "5.2", "--check", *files) if files else ""


def pure_types() -> str:
    """Types of the modules that know nothing of Django, as listed in pyproject.toml."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ronde"]["pure-modules"]
    files = [name for name in listed if (ROOT / name).exists()]
    return run("mypy", "--no-error-summary", *files) if files else ""


def manage(*arguments: str, **environment: str) -> str:
    """A command of manage.py."""
    return run("python", "manage.py", *arguments, **environment)


def checks() -> dict[str, Callable[[], str]]:
    """Name shown → check. A check gives the text of what is wrong, empty when nothing is."""
    return {
        "ruff (règles)": lambda: run("ruff", "check", "."),
        "ruff (format)": lambda: run("ruff", "format", "--check", "."),
        "djade (gabarits)": templates,
        "import-linter (couches)": lambda: run("lint-imports"),
        "mypy (modules purs)": pure_types,
        "deptry (dépendances)": lambda: run("deptry", "."),
        "makemigrations --check": lambda: manage("makemigrations", "--check", "--dry-run"),
        "check --deploy": lambda: manage("check", "--deploy", "--fail-level", "WARNING", **SERVICE),
        "adresses et chemins": lambda: "\n".join(find_addresses(tracked_files())),
        "secrets": lambda: "\n".join(find_secrets(tracked_files())),
    }


def timed(check: Callable[[], str]) -> tuple[str, float]:
    """What the check says, and its seconds."""
    started = time.monotonic()
    return check(), time.monotonic() - started


def main() -> int:
    """Runs all checks on two threads, so that one failure does not hide another; 1 when any failed."""
    if not VENV_PYTHON.exists():
        sys.exit("Lancez d’abord : make setup")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        running = {name: pool.submit(timed, check) for name, check in checks().items()}
        for name, future in running.items():
            wrong, seconds = future.result()
            say(f"{'ÉCHEC' if wrong else 'bien ':<5}  {name}  ({seconds:.1f} s)")
            if wrong:
                failed += 1
                say("\n".join(f"       {line}" for line in wrong.splitlines()))
    say(f"{failed} contrôle(s) en échec." if failed else "Tous les contrôles passent.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
