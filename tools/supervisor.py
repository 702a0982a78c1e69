"""Several processes as one: started together, stopped together, no orphan. Standard library only."""

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tools.machine import die_with_parent, say

GRACE_SECONDS = 10


@dataclasses.dataclass
class Part:
    """One process to run, and the name put before each line it prints."""

    name: str
    command: list[str]


class Supervisor:
    """Starts the parts, relays what they print, and stops them all as soon as one ends or it is told to."""

    def __init__(self, parts: list[Part], *, cwd: Path, environment: dict | None = None):
        self.parts = parts
        self.cwd = cwd
        self.environment = environment or dict(os.environ)
        self.children: dict[str, subprocess.Popen] = {}
        self.asked = threading.Event()

    def start(self) -> None:
        """Starts each part in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.asked.set())
        for part in self.parts:
            child = subprocess.Popen(
                part.command,
                cwd=self.cwd,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
            self.children[part.name] = child
        for name, child in self.children.items():  # after the last fork, which threads would make unsafe
            threading.Thread(target=self._relay, args=(name, child), daemon=True).start()

    def _relay(self, name: str, child: subprocess.Popen) -> None:
        for line in child.stdout or ():
            sys.stdout.write(f"{name:<13}| {line.decode(errors='replace').rstrip()}\n")
            sys.stdout.flush()

    def fallen(self) -> str | None:
        """The name of a part that has ended, or None while all run."""
        return next((name for name, child in self.children.items() if child.poll() is not None), None)

    def wait(self) -> int:
        """Blocks until asked to stop (returns 0) or until one part ends (returns 1); either way nothing is left."""
        try:
            while not self.asked.is_set():
                name = self.fallen()
                if name:
                    say(f"Arrêt : « {name} » s’est terminé (code {self.children[name].returncode}).")
                    return 1
                self.asked.wait(0.2)
            return 0
        finally:
            self.stop()

    def stop(self) -> None:
        """Asks every group to end, then insists: the groups include the grandchildren (the server's workers)."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for child in self.children.values():
                self._signal_group(child, number)
            end = time.monotonic() + GRACE_SECONDS
            while time.monotonic() < end and any(self._group_lives(child) for child in self.children.values()):
                time.sleep(0.05)

    @staticmethod
    def _signal_group(child: subprocess.Popen, number: int) -> None:
        try:
            os.killpg(child.pid, number)
        except (ProcessLookupError, PermissionError):
            return

    @staticmethod
    def _group_lives(child: subprocess.Popen) -> bool:
        child.poll()  # reaps it, or a zombie would look alive
        try:
            os.killpg(child.pid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True
