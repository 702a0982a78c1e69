from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from visits.frameworks.loading import SHIPPED, import_framework
from visits.frameworks.reading import FileRefused


class Command(BaseCommand):
    help = "Importe un référentiel (YAML) ; le même fichier une deuxième fois ne change rien."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", metavar="FICHIER.yaml")
        parser.add_argument(
            "--shipped", action="store_true", help="ceux qui sont livrés : charte, référentiel, réglementation"
        )
        parser.add_argument("--dry-run", action="store_true", help="dire ce qui serait fait, sans rien écrire")

    def handle(self, *, file, shipped=False, dry_run=False, **options):
        if bool(file) == shipped:
            raise CommandError("Donnez un fichier, ou --shipped pour les référentiels livrés.")
        for path in SHIPPED if shipped else [Path(file)]:
            self._load(path, dry_run)

    def _load(self, path, dry_run):
        try:
            outcome = import_framework(path.read_bytes(), dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"Fichier illisible : {path.name}") from error
        except FileRefused as refusal:
            raise CommandError(f"{path.name} refusé, rien n’a été écrit.\n{refusal}") from refusal
        self.stdout.write(str(outcome))
