"""Write the open-data file of a territory: the same bytes for the same data, small cells hidden."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.calendar import iter_months
from establishments.models import Territory
from indicators.open_export import notice, open_file


class Command(BaseCommand):
    help = "Écrit les heures réalisées par pôle et par mois (mois validés), secret statistique appliqué."

    def add_arguments(self, parser):
        parser.add_argument("territoire", help="code du territoire")
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--du", type=date.fromisoformat, required=True, help="AAAA-MM-JJ")
        parser.add_argument("--au", type=date.fromisoformat, required=True, help="AAAA-MM-JJ")

    def handle(self, *, territoire, fichier, du, au, **options):
        territory = Territory.objects.active_on(au).filter(code=territoire).first()
        if territory is None:
            raise CommandError(f"Aucun territoire ne porte le code {territoire} à cette date.")
        if au < du:
            raise CommandError("La période finit avant de commencer.")
        months = list(iter_months(du, au))
        content = open_file(territory, months)
        fichier.write_bytes(content)
        self.stdout.write(notice(territory, months, content))
