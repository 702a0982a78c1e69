"""What the scripts need to know of the machine: programs, ports, packages, child processes. Standard library only."""

import ctypes
import glob
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PR_SET_PDEATHSIG = 1


def say(text: str) -> None:
    """Prints one line at once, even through a pipe."""
    print(text, flush=True)


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens to at this instant."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_free(port: int) -> bool:
    """Whether a server could bind this port of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def find_chromium() -> str | None:
    """The browser for end-to-end tests: RONDE_CHROMIUM when set, else the system's; None when none answers."""
    named = os.environ.get("RONDE_CHROMIUM")
    for name in [named] if named else CHROMIUM_NAMES:
        path = shutil.which(name)
        # Ubuntu's chromium-browser may be a shell around a snap that is not there: ask it, don't trust the name.
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def find_postgres() -> Path | None:
    """The folder holding initdb and postgres, newest version first; None without a server on this machine."""
    folders = [Path(found).parent for found in glob.glob("/usr/lib/postgresql/*/bin/initdb")]
    folders.sort(key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def die_with_parent(sign: int = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn`: Linux sends `sign` to the child when its parent dies, so a killed script leaves no orphan."""
    libc = ctypes.CDLL(None)  # loaded before the fork: the child may only make the call

    def ask_kernel() -> None:
        if hasattr(libc, "prctl"):  # elsewhere than on Linux the ordinary stop still works
            libc.prctl(PR_SET_PDEATHSIG, sign)

    return ask_kernel


def interrupt_on_signals() -> None:
    """Turns every polite stop into KeyboardInterrupt, so that each `finally` runs, even where SIGINT was ignored."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
