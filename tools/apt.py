"""Debian and Ubuntu packages: what is missing, and its installation when this user may. Standard library only."""

import os
import shutil
import subprocess
from pathlib import Path

LOCK_WAIT = "DPkg::Lock::Timeout=300"


def read_list(path: Path) -> list[str]:
    """The package names of a list: one a line, what follows # is a comment."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def missing(packages: list[str]) -> list[str]:
    """Those of `packages` that dpkg does not hold installed; none where there is no dpkg to ask."""
    if not packages or not shutil.which("dpkg-query"):
        return []
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", *packages],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    held = {line.split()[0] for line in shown.splitlines() if line.split()[1:2] == ["ii"]}
    return [package for package in packages if package not in held]


def prefix() -> list[str] | None:
    """What to put before apt-get: nothing for root, passwordless sudo, None when installing is not ours."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0:
        return sudo
    return None


def _candidates_known(packages: list[str]) -> bool:
    shown = subprocess.run(["apt-cache", "policy", *packages], capture_output=True, text=True, check=False).stdout
    known = [line for line in shown.splitlines() if line.strip().startswith(("Candidate:", "Candidat"))]
    return len(known) == len(packages) and not any("(none)" in line or "(aucun)" in line for line in known)


def install(packages: list[str]) -> bool:
    """Installs `packages`, refreshing the lists only when they are unknown or stale; False when it failed."""
    before = prefix()
    if before is None:
        return False
    environment = [f"{name}={value}" for name, value in {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}.items()]
    apt_get = [*before, "env", *environment, "apt-get", "-qq", "-y", "-o", LOCK_WAIT]
    get = [*apt_get, "install", "--no-install-recommends", *packages]

    def run(command: list[str]) -> bool:
        return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0

    if _candidates_known(packages) and run(get):
        return True
    return run([*apt_get, "update"]) and run(get)
