from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from visits.issuing import register_paper
from visits.models import Visit
from visits.printing import report_file_and_digest
from visits.reports import READINGS


class Command(BaseCommand):
    help = "Écrit le PDF d’un document. Pour l’instant : export_pdf visit NUMÉRO."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=["visit"], help="nature du document")
        parser.add_argument("id", type=int, metavar="NUMÉRO")
        parser.add_argument("--reading", choices=list(READINGS), default="interne", help="lecture du document")
        parser.add_argument("-o", "--output", metavar="FICHIER", required=True)

    def handle(self, *, id, reading, output, **options):
        visit = Visit.objects.done().filter(pk=id, purged_at__isnull=True).first()
        if visit is None:
            raise CommandError(f"Aucune visite réalisée ne porte le numéro {id}.")
        content, _, digest = report_file_and_digest(visit, reading)
        try:
            Path(output).write_bytes(content)
        except OSError as refusal:
            raise CommandError(f"{output}\u00a0: impossible d’écrire ce fichier ({refusal.strerror}).") from refusal
        register_paper(visit, reading, content, digest)  # only what was written left Ronde
        self.stdout.write(f"{output} : {len(content)} octets, lecture {reading}")
