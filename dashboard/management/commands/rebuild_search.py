from django.core.management.base import BaseCommand

from core.french import counted
from dashboard.indexing import rebuild


class Command(BaseCommand):
    help = "Refait l’index de la recherche dans les textes (sans effet s’il est déjà à jour)."

    def handle(self, *args, **options):
        totals = {}
        for kind, done in rebuild():
            totals[kind] = done
        for kind, done in totals.items():
            self.stdout.write(f"{kind}\u00a0: {counted(done, 'document')}")
        if not totals:
            self.stdout.write("Aucun texte à indexer.")
