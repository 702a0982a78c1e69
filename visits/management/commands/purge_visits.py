from django.core.management.base import BaseCommand
from django.utils import timezone

from core.french import counted
from visits.models import DoubleRating, FunctioningReview, Visit
from visits.visit_purging import due, purge_visits

NAMES = {Visit: "visite VI", FunctioningReview: "analyse AF", DoubleRating: "double cotation DC"}


class Command(BaseCommand):
    help = (
        "Efface les visites, analyses, doubles cotations, tournées et adresses d’agenda dont la conservation est "
        "finie ; --dry-run pour voir."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait effacé, sans rien écrire")

    def handle(self, *args, dry_run, **options):
        today = timezone.localdate()
        found = due(today) if dry_run else purge_visits(today)
        for row in (*found.visits, *found.reviews, *found.doubles):
            self.stdout.write(f"{NAMES[type(row)]}-{row.pk}, {row}")
        for row, reason in found.held:
            self.stdout.write(f"gardée\u00a0: {NAMES[type(row)]}-{row.pk}, {row}\u00a0: {reason}")
        told = [
            counted(len(found.visits), "visite"),
            counted(len(found.reviews), "analyse"),
            counted(len(found.doubles), "double cotation", "doubles cotations"),
            counted(len(found.plans), "tournée"),
            counted(len(found.busy), "indisponibilité", "indisponibilités"),
            counted(len(found.feeds), "adresse d’agenda", "adresses d’agenda"),
        ]
        self.stdout.write(f"{'à effacer' if dry_run else 'effacé'}\u00a0: {', '.join(told)}")
