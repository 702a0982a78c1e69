from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.french import number
from dashboard.demo import SIZES, DemoRefused, cast, counts, load


def iso_day(text):
    """A day written 2026-03-17."""
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = (
        "Charge une ville de démonstration dans une base vide. Les données, et l’empreinte imprimée, ne dépendent que "
        "de --size, --seed et --today ; une deuxième fois, rien ne change."
    )

    def add_arguments(self, parser):
        parser.add_argument("--size", choices=list(SIZES), default="pole", help="taille (pole)")
        parser.add_argument("--seed", type=int, default=20, help="graine du tirage (20)")
        parser.add_argument("--today", type=iso_day, metavar="AAAA-MM-JJ", help="jour de référence (aujourd’hui)")
        parser.add_argument("--password", help="mot de passe des comptes de démonstration")

    def handle(self, *, size, seed, today, password, **options):
        if settings.SECURE and not password:
            raise CommandError(
                "En service (RONDE_SECURE=1), donnez --password : celui de la démonstration est public."
            )
        try:
            demo, created = load(size, seed, today, password or cast.PASSWORD, default_today=timezone.localdate())
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if created:
            call_command("rebuild_search", stdout=self.stdout)
            for label, count in counts():
                self.stdout.write(f"  {label} : {number(count)}")
        else:
            self.stdout.write(f"Démonstration déjà en place (au {demo.today:%d/%m/%Y}).")
        self.stdout.write(f"taille {demo.size}, graine {demo.seed}, au {demo.today.isoformat()}")
        self.stdout.write(f"empreinte: {demo.empreinte}")
        call_command("demo_accounts", password=password, stdout=self.stdout)
