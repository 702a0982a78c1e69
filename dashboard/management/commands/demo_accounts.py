from django.conf import settings
from django.core.management.base import BaseCommand

from core.models import User
from dashboard.demo import cast


class Command(BaseCommand):
    help = "Imprime les comptes de la démonstration, un par rôle."

    def add_arguments(self, parser):
        parser.add_argument("--password", help="mot de passe donné au chargement, s’il n’est pas celui par défaut")

    def handle(self, *, password=None, **options):
        accounts = {user.email: user for user in User.objects.filter(email__in=[m.email for m in cast.MEMBERS])}
        if not accounts:
            self.stdout.write("Aucun compte de démonstration : manage.py seed_demo les crée.")
            return
        self.stdout.write("Comptes de démonstration :")
        for member in cast.MEMBERS:
            user = accounts.get(member.email)
            if user:
                self.stdout.write(f"  {member.title:<30} {user.get_full_name():<18} {member.email}")
        self.stdout.write(f"Mot de passe : {self._password(next(iter(accounts.values())), password)}")

    def _password(self, user, given):
        known = given or (None if settings.SECURE else cast.PASSWORD)
        return known if known and user.check_password(known) else "celui qui a été choisi au chargement"
