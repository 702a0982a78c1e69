"""The city that is measured: the demonstration of a whole direction, written once, kept in var/bench/ by a key."""

import hashlib
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "bench"
TODAY = date(2026, 3, 17)
NOW = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)
EARLIER_MONTHS = 24  # 36 months of the demonstration and these: 450 × 60 = 27,000 monthly rows
BASE_MONTHS = 36


def key() -> str:
    """Changes with the tables and with what the demonstration writes in them."""
    digest = hashlib.sha256(f"{TODAY} {EARLIER_MONTHS}".encode())
    for pattern in ("*/migrations/*.py", "dashboard/demo/**/*.py"):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def path() -> Path:
    return FOLDER / f"direction-{key()}.sqlite3"


def start() -> None:
    """Django on that database, its own static files, nothing of the local one touched. Once a process, first."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ["DATABASE_URL"] = f"sqlite:///{path()}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["RONDE_SQLITE_SYNCHRONOUS"] = "OFF"
    os.environ["RONDE_STATIC_FINDERS"] = "0"
    os.environ["DEBUG"] = "0"
    import django
    from django.conf import settings

    settings.STATIC_ROOT = FOLDER / "static"
    django.setup()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0, clear=True)


def prepare() -> None:
    """Write the city unless it is there: some minutes, the first time only."""
    from django.core.management import call_command

    from establishments.models import Establishment

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if Establishment.objects.exists():
        return
    for old in FOLDER.glob("direction-*.sqlite3*"):
        if not old.name.startswith(path().name):
            old.unlink()
    sys.stderr.write(f"Ville mesurée absente : chargement dans {path().relative_to(ROOT)} (quelques minutes)…\n")
    call_command("seed_demo", size="direction", today=TODAY, stdout=open(os.devnull, "w"))  # noqa: SIM115
    _earlier_months()


def _earlier_months() -> None:
    """Copy each house's oldest months two years back, so that sums run over 27,000 rows."""
    from django.db import connection

    from indicators.models import MonthlyActivity

    fields = MonthlyActivity._meta.concrete_fields
    columns = [field.column for field in fields if not field.primary_key and field.name != "month"]
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO indicators_monthlyactivity (month, {names}) "  # noqa: S608 - our own names
            f"SELECT date(month, '-{BASE_MONTHS} months'), {names} FROM indicators_monthlyactivity "
            f"WHERE month >= date(%s, '-{EARLIER_MONTHS} months')",
            [TODAY.replace(day=1)],
        )
