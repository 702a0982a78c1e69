from django.core.management.base import BaseCommand, CommandError

from establishments.models import JournalEntry, broken_links


class Command(BaseCommand):
    help = "Vérifie la chaîne d’empreintes du journal : toute ligne changée, ôtée ou déplacée est nommée."

    def handle(self, *args, **options):
        broken = broken_links()
        if broken:
            raise CommandError("Journal altéré : ligne(s) " + ", ".join(str(number) for number in broken))
        self.stdout.write(f"Journal intact : {JournalEntry.objects.count()} lignes.")
