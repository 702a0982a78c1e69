"""Import the public figures of the territories (births, coverage…) from a file (CSV, XLSX or ODS)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.spreadsheets import UnreadableFile
from establishments.models import Territory
from indicators.context_import import import_context
from indicators.plain_files import RefusedFile


class Command(BaseCommand):
    help = "Importe les données de contexte des territoires ; le même fichier une seconde fois ne change rien."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--source", default="", help="pour les lignes qui n’en nomment pas")

    def handle(self, *, fichier, source, **options):
        given = {"source": source, "today": timezone.localdate()}
        try:
            done = import_context(fichier.read_bytes(), fichier.name, Territory.objects.all(), **given)
        except (OSError, RefusedFile, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done}.")
