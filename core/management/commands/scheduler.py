import signal
import threading

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from core.scheduler import tick


class Command(BaseCommand):
    help = "Lance les tâches périodiques à leur heure (s’arrête proprement sur SIGTERM)."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="un seul passage, puis sort")
        parser.add_argument("--interval", type=float, default=30, help="secondes entre deux passages")

    def handle(self, *args, once, interval, **options):
        stop = threading.Event()
        if not once:
            signal.signal(signal.SIGTERM, lambda *_: stop.set())
            signal.signal(signal.SIGINT, lambda *_: stop.set())
        while True:
            for name in tick(timezone.now()):
                self.stdout.write(f"{timezone.localtime():%Y-%m-%d %H:%M:%S} {name}")
            if once or stop.wait(interval):
                return
            close_old_connections()
