from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from core.french import counted
from establishments.models import Directorship, TakingOfficeStep


class Command(BaseCommand):
    help = (
        "Donne son parcours de prise de fonction à qui dirige depuis moins de six mois et n’en a pas encore, "
        "après une reprise de données par exemple. Un second passage n’écrit rien."
    )

    def handle(self, *args, **options):
        with transaction.atomic():
            waiting = Directorship.objects.without_steps(timezone.localdate()).select_for_update(of=("self",))
            steps = [step for directorship in waiting for step in directorship.planned_steps()]
            TakingOfficeStep.objects.bulk_create(steps)
        found = len({step.directorship_id for step in steps})
        self.stdout.write(f"{counted(found, 'parcours ouvert', 'parcours ouverts')}.")
