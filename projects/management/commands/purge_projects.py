from django.core.management.base import BaseCommand
from django.utils import timezone

from projects.purging import purge_all
from projects.retention import RULES


class Command(BaseCommand):
    help = "Efface ce dont la durée de conservation est passée ; --dry-run dit ce qui le serait, sans rien écrire."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="compter sans effacer")

    def handle(self, *, dry_run, **options):
        for kind, number in purge_all(timezone.localdate(), dry_run=dry_run).items():
            self.stdout.write(f"{RULES[kind]}. {'À effacer' if dry_run else 'Effacé'} : {number}")
