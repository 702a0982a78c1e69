from django.core.management.base import BaseCommand, CommandError

from core.french import counted
from visits.grid_files import DEFAULT, SHIPPED, GridRefused, load_grid


class Command(BaseCommand):
    help = "Charge une grille d’observation (YAML) ; la même version une deuxième fois ne change rien."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", metavar="FICHIER.yaml")
        parser.add_argument("--default", action="store_true", help="la grille livrée : dix principes de la charte")

        parser.add_argument(
            "--shipped", action="store_true", help="toutes les grilles livrées : charte, référentiel, thèmes"
        )

    def handle(self, *, file, default=False, shipped=False, **options):
        if [bool(file), default, shipped].count(True) != 1:
            raise CommandError("Donnez un fichier, ou --default pour la grille livrée, ou --shipped pour toutes.")
        for path in SHIPPED if shipped else [DEFAULT if default else file]:
            self._load(path)

    def _load(self, path):
        try:
            outcome = load_grid(path)
        except GridRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        state = "chargée" if outcome.created else "déjà en place"
        self.stdout.write(f"{outcome.grid} : {state}, {counted(outcome.items, 'point')}")
