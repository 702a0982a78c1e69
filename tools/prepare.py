"""The database before the server starts: migrated, static files collected, the demonstration loaded when empty.

`python -m tools.prepare [--fresh] [--size SIZE]`. With --fresh the local SQLite file is put aside (never erased)
and a new demonstration takes its place.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection


def put_aside() -> None:
    """Renames the local SQLite file; refuses any other database, which is not ours to empty."""
    if connection.vendor != "sqlite":
        sys.exit("make demo ne vide que la base SQLite locale : retirez DATABASE_URL.")
    connection.close()
    path = Path(settings.DATABASES["default"]["NAME"])
    if not path.exists():
        return
    kept = path.with_name(f"{path.name}.{time.strftime('%Y%m%d-%H%M%S')}")
    for suffix in ("", "-wal", "-shm"):
        source = path.with_name(path.name + suffix)
        if source.exists():
            source.rename(kept.with_name(kept.name + suffix))
    print(f"Ancienne base gardée : {kept.name}", flush=True)


def main() -> None:
    """Everything in one process: starting Django five times would cost more than the work."""
    parser = argparse.ArgumentParser(prog="python -m tools.prepare")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--size", default="pole")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if options.fresh:
        put_aside()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from establishments.models import Establishment  # after setup, as Django asks

    if Establishment.objects.exists():
        call_command("demo_accounts")
    else:
        print("Base vide : chargement de la démonstration…", flush=True)
        call_command("seed_demo", size=options.size)


if __name__ == "__main__":
    main()
