"""`make setup`: the virtual environment from hashed requirements, and the system's libraries when apt may be used.

`python3 -m tools.setup base|test|dev` with any Python 3.11 or later and nothing installed. A second run only compares
fingerprints. No package index is ever named: pip and uv use the ones this machine is configured with.
"""

import hashlib
import shutil
import subprocess
import sys

from tools import apt
from tools.machine import ROOT, VENV, VENV_PYTHON, find_chromium, find_postgres, say

LEVELS = ("base", "test", "dev")  # each holds the one before
REQUIREMENTS = ROOT / "requirements"


def fingerprint(level: str) -> str:
    """Changes when the requirements of this level, the Python version or this script change."""
    parts = [f"{sys.version_info.major}.{sys.version_info.minor}".encode()]
    parts += [(REQUIREMENTS / f"{name}.txt").read_bytes() for name in LEVELS[: LEVELS.index(level) + 1]]
    parts.append((ROOT / "tools" / "setup.py").read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_installed(level: str) -> bool:
    """Whether the environment was completed at this level or above, from the files as they are now."""
    if not VENV_PYTHON.exists() or subprocess.run([VENV_PYTHON, "-c", ""], check=False).returncode:
        return False
    for name in LEVELS[LEVELS.index(level) :]:
        stamp = VENV / f".ronde-{name}"
        if stamp.exists() and stamp.read_text() == fingerprint(name):
            return True
    return False


def create_environment() -> None:
    """Makes `.venv`; Debian cuts venv out of Python, so the package is fetched when it may be."""
    if VENV_PYTHON.exists() and subprocess.run([VENV_PYTHON, "-c", ""], check=False).returncode == 0:
        return
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, capture_output=True, check=False).returncode == 0:
        return
    uv = shutil.which("uv")
    by_uv = [uv or "", "venv", "-q", "--clear", "--python", sys.executable, str(VENV)]
    if uv and subprocess.run(by_uv, check=False).returncode == 0:
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if apt.install([package]) and subprocess.run(command, check=False).returncode == 0:
        return
    sys.exit(f"Impossible de créer l’environnement virtuel. À installer : sudo apt-get install {package}")


def install_requirements(level: str) -> None:
    """Installs the hashed requirements: by uv where present, by pip otherwise or when uv cannot reach its index."""
    wanted = str(REQUIREMENTS / f"{level}.txt")
    uv = shutil.which("uv")
    if uv:
        by_uv = [uv, "pip", "install", "-q", "--python", str(VENV_PYTHON), "--require-hashes", "-r", wanted]
        if subprocess.run(by_uv, check=False).returncode == 0:
            return
        say("uv n’a pas pu tout installer ; nouvel essai avec pip.")
    pip = [str(VENV_PYTHON), "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
        subprocess.run([str(VENV_PYTHON), "-m", "ensurepip"], capture_output=True, check=False)
    by_pip = [*pip, "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", wanted]
    if subprocess.run(by_pip, check=False).returncode:
        sys.exit("pip n’a pas pu installer les dépendances : le message ci-dessus dit laquelle et pourquoi.")


def system_packages(level: str) -> list[str]:
    """The missing packages of the system for this level; a browser or a server found elsewhere is not asked for."""
    wanted = apt.missing(apt.read_list(REQUIREMENTS / "system.txt"))
    if level != "base":
        wanted += [] if find_chromium() else for_tests("chromium")[-1:]  # the one that every distribution has
        wanted += [] if find_postgres() else for_tests("postgresql")
    return wanted


def for_tests(kind: str) -> list[str]:
    """The packages of the tests whose name begins so; of the browsers, the quickest first."""
    return [name for name in apt.read_list(REQUIREMENTS / "system-test.txt") if name.startswith(kind)]


def install_browser() -> None:
    """Installs the first browser of the list that this distribution has, unless one is there already."""
    for name in for_tests("chromium"):
        if find_chromium():
            return
        say(f"Installation du navigateur des tests : {name}")
        apt.install([name])


def install_system(level: str) -> None:
    """Installs the missing system packages, or says in one line what to install; stops only if PDF could not work."""
    if level != "base" and apt.prefix() is not None:
        install_browser()
    wanted = system_packages(level)
    if not wanted:
        return
    if apt.prefix() is not None:
        say(f"Installation des paquets du système : {' '.join(wanted)}")
        if not apt.install(wanted):  # one unknown name must not keep the others away
            for name in system_packages(level):
                apt.install([name])
    still = system_packages(level)
    if still:
        say(f"Il manque au système : {' '.join(still)}. À installer : sudo apt-get install {' '.join(still)}")


def check_pdf() -> None:
    """Stops when the PDF engine cannot find its libraries: reports would fail later, in front of a user."""
    tried = subprocess.run([VENV_PYTHON, "-c", "import weasyprint"], capture_output=True, text=True, check=False)
    if tried.returncode:
        packages = " ".join(apt.read_list(REQUIREMENTS / "system.txt"))
        sys.exit(f"Les bibliothèques du PDF sont absentes. À installer : sudo apt-get install {packages}")


def main(level: str) -> None:
    """Brings the machine to `level` and says what it did; silent when there was nothing to do."""
    install_system(level)
    if is_installed(level):
        return
    say(f"Installation de l’environnement Python ({level}) dans .venv, une à trois minutes la première fois…")
    create_environment()
    install_requirements(level)
    check_pdf()
    (VENV / f".ronde-{level}").write_text(fingerprint(level))
    say("Environnement prêt.")


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else "dev"
    if asked not in LEVELS:
        sys.exit(f"Niveau inconnu : {asked}. Choix : {', '.join(LEVELS)}.")
    main(asked)
