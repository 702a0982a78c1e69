from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.french import counted
from core.sealing import CannotOpen, reseal
from visits.models import SensitiveFile, SensitiveNote


class Command(BaseCommand):
    help = "Chiffre de nouveau les textes sensibles avec la première clé de RONDE_SENSITIVE_KEYS ; tout ou rien."

    def handle(self, *args, **options):
        done = 0
        try:
            with transaction.atomic():
                for model in (SensitiveFile, SensitiveNote):
                    for row in model.objects.filter(sealed__isnull=False).order_by("pk").iterator(500):
                        model.objects.filter(pk=row.pk).update(sealed=reseal(row.sealed))
                        done += 1
        except CannotOpen as refusal:
            raise CommandError(f"{refusal} Rien n’a changé.") from refusal
        self.stdout.write(f"{counted(done, 'texte chiffré', 'textes chiffrés')} de nouveau.")
