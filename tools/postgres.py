"""A throw-away PostgreSQL cluster: own folder, own port, own password, gone at the end. Standard library only."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tools.machine import die_with_parent, free_port

# Nothing here has to survive a power cut: the cluster lives as long as one command. Compiling our long sentences
# costs more than running them on the few rows of a test. Every test takes its rows back: counted between two tests,
# its tables look empty, and the next one that writes ten thousand rows is planned for none, for minutes a sentence.
FAST = (
    "jit=off",
    "autovacuum=off",
    "statement_timeout=180s",  # said at once, by the test that asked for it
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)
START_SECONDS = 60


class ClusterError(Exception):
    """The cluster could not be made or started; the message is the server's own."""


def identity() -> dict:
    """Arguments of subprocess that give up root, which the server refuses: `postgres` if it exists, else `nobody`."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise ClusterError("aucun compte ordinaire (postgres ou nobody) pour lancer le serveur")


def _initialise(binaries: Path, folder: Path, password: str, who: dict) -> None:
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o600)
    if who:
        for path in (folder, secret):
            os.chown(path, who["user"], who["group"])
    command = [f"{binaries}/initdb", "-D", f"{folder}/data", "-U", "ronde", "--pwfile", str(secret), "--no-sync"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
    made = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, **who)
    if made.returncode:
        raise ClusterError(made.stderr.strip() or made.stdout.strip())


def _wait_ready(binaries: Path, port: int, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    ask = [f"{binaries}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ask, check=False).returncode:
        if server.poll() is not None or time.monotonic() > end:
            raise ClusterError(log.read_text(errors="replace")[-2000:].strip())
        time.sleep(0.1)


@contextlib.contextmanager
def throwaway_cluster(binaries: Path) -> Iterator[str]:
    """Gives the URL of a fresh, empty server; stops it and removes every file of it on the way out."""
    folder = Path(tempfile.mkdtemp(prefix="ronde-pg-"))
    server = None
    try:
        who, port, password = identity(), free_port(), secrets.token_hex(16)
        _initialise(binaries, folder, password, who)
        settings = [*FAST, f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
        command = [f"{binaries}/postgres", "-D", f"{folder}/data"]
        for setting in settings:
            command += ["-c", setting]
        log = folder / "server.log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                start_new_session=True,  # Ctrl-C is for the tests, which then stop the server themselves
                preexec_fn=die_with_parent(signal.SIGQUIT),
                **who,
            )
        _wait_ready(binaries, port, server, log)
        yield f"postgres://ronde:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server and server.poll() is None:
            server.send_signal(signal.SIGQUIT)  # immediate: there is nothing to keep
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)
