from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from visits.issuing import issue
from visits.models import Visit
from visits.reports import READINGS


class Command(BaseCommand):
    help = "Écrit le PDF d’un document. Pour l’instant : export_pdf visit NUMÉRO."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=["visit"], help="nature du document")
        parser.add_argument("id", type=int, metavar="NUMÉRO")
        parser.add_argument("--reading", choices=list(READINGS), default="interne", help="lecture du document")
        parser.add_argument("-o", "--output", metavar="FICHIER", required=True)

    def handle(self, *, id, reading, output, **options):
        visit = Visit.objects.done().filter(pk=id).first()
        if visit is None:
            raise CommandError(f"Aucune visite réalisée ne porte le numéro {id}.")
        content, _ = issue(visit, reading)
        Path(output).write_bytes(content)
        self.stdout.write(f"{output} : {len(content)} octets, lecture {reading}")
