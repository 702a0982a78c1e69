from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.french import counted
from core.sealing import CannotOpen, reseal
from staffing.models import Appraisal, AppraisalObjective
from visits.models import SensitiveFile, SensitiveNote

SEALED = [
    (SensitiveFile, "sealed"),
    (SensitiveNote, "sealed"),
    (Appraisal, "sealed_report"),
    (Appraisal, "sealed_reply"),
    (AppraisalObjective, "sealed"),
]


class Command(BaseCommand):
    help = "Chiffre de nouveau les textes sensibles avec la première clé de RONDE_SENSITIVE_KEYS ; tout ou rien."

    def handle(self, *args, **options):
        done = 0
        try:
            with transaction.atomic():
                for model, column in SEALED:
                    for row in model.objects.filter(**{f"{column}__isnull": False}).order_by("pk").iterator(500):
                        model.objects.filter(pk=row.pk).update(**{column: reseal(getattr(row, column))})
                        done += 1
        except CannotOpen as refusal:
            raise CommandError(f"{refusal} Rien n’a changé.") from refusal
        self.stdout.write(f"{counted(done, 'texte chiffré', 'textes chiffrés')} de nouveau.")
