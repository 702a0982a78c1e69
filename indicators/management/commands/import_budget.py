"""Import the budget lines of a year from the export of the finances (CSV, XLSX or ODS)."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.spreadsheets import UnreadableFile
from establishments.models import Establishment
from indicators.budget_import import import_budget
from indicators.plain_files import RefusedFile


class Command(BaseCommand):
    help = "Importe les lignes budgétaires d’une année ; le même fichier une seconde fois ne change rien."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--arrete-au", type=date.fromisoformat, required=True, help="AAAA-MM-JJ")
        parser.add_argument("--annee", type=int, help="celle de l’arrêté sinon")

    def handle(self, *, fichier, arrete_au, annee, **options):
        try:
            done = import_budget(
                fichier.read_bytes(),
                fichier.name,
                Establishment.objects.all(),
                year=annee or arrete_au.year,
                as_of=arrete_au,
            )
        except (OSError, RefusedFile, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done}.")
