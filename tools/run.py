"""`make run`: database, demonstration, then server, worker and scheduler together on 127.0.0.1:8000 (PORT=…)."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

from tools.machine import ROOT, VENV, VENV_PYTHON, port_is_free, say
from tools.supervisor import Part, Supervisor

START_SECONDS = 60


def parts(port: int) -> list[Part]:
    """The three processes of a local service. Sync workers: threads had the worst tail when it was measured."""
    manage = [str(VENV_PYTHON), str(ROOT / "manage.py")]
    gunicorn = [str(VENV / "bin" / "gunicorn"), "config.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    gunicorn += ["--workers", "2", "--worker-class", "sync", "--no-control-socket", "--log-level", "warning"]
    return [
        Part("serveur", gunicorn),
        Part("travaux", [*manage, "db_worker", "--queue-name", "*", "--verbosity", "0"]),
        Part("planification", [*manage, "scheduler"]),
    ]


def answers(url: str) -> bool:
    """Whether the server gives any answer that is not an error of its own."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return answer.status < 500
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def main() -> int:
    """Prepares, starts, prints the accounts, and waits; 0 when it was stopped by hand."""
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        say(f"PORT doit être un nombre de 1 à 65535, et non « {text} ».")
        return 2
    port = int(text)
    url = f"http://127.0.0.1:{port}"
    if not port_is_free(port):
        say(f"Le port {port} est déjà pris. Choisissez-en un autre : make run PORT={port + 1}")
        return 1
    environment = {**os.environ, "RONDE_BASE_URL": os.environ.get("RONDE_BASE_URL", url), "PYTHONUNBUFFERED": "1"}
    prepared = subprocess.run([VENV_PYTHON, "-m", "tools.prepare"], cwd=ROOT, env=environment, check=False)
    if prepared.returncode:
        return prepared.returncode
    supervisor = Supervisor(parts(port), cwd=ROOT, environment=environment)
    supervisor.start()
    end = time.monotonic() + START_SECONDS
    while not supervisor.asked.is_set() and not supervisor.fallen() and time.monotonic() < end:
        if answers(f"{url}/sante/"):
            say(f"\nRonde est prête : {url}   (Ctrl-C pour tout arrêter)")
            break
        supervisor.asked.wait(0.2)
    return supervisor.wait()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
