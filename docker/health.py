"""Health of a container: `web` asks the health page as the proxy would, `queue` looks for a task that nobody takes."""

import datetime as dt
import os
import sys
import urllib.request
from pathlib import Path

WAITING_MINUTES = 15


def web() -> str:
    """What is wrong with the server, or nothing."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    request = urllib.request.Request("http://127.0.0.1:8000/sante/", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 - our own address
            return "" if answer.status == 200 else f"réponse {answer.status}"
    except OSError as error:
        return f"pas de réponse : {error}"


def queue() -> str:
    """What is wrong with the database or the queue, or nothing."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import Error
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    limit = timezone.now() - dt.timedelta(minutes=WAITING_MINUTES)
    try:
        waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=limit).count()
    except Error as error:
        return f"base injoignable : {error}"
    return f"{waiting} tâche(s) en attente depuis plus de {WAITING_MINUTES} minutes" if waiting else ""


if __name__ == "__main__":
    sys.exit({"web": web, "queue": queue}[sys.argv[1]]() or 0)
