import secrets

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core.models import User
from core.spreadsheets import parse_date_fr
from establishments.models import Establishment, JournalHead, Mandate, Role, Territory, record


class Command(BaseCommand):
    help = (
        "Donne un mandat à une personne sur un territoire ou un établissement, et l’inscrit au journal. "
        "C’est ainsi que naît le premier administrateur\u00a0: "
        'manage.py grant_mandate nom@ville.fr administrator dfpe --create-user "Prénom Nom". '
        f"Rôles\u00a0: {', '.join(f'{role.value} ({role.label})' for role in Role)}."
    )

    opened = ""  # said once the mandate is given: a refusal undoes the account too

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="COURRIEL")
        parser.add_argument("role", metavar="RÔLE", choices=Role.values)
        parser.add_argument("place", metavar="CODE", help="code d’un territoire, sinon d’un établissement")
        parser.add_argument("--from", dest="starts_on", default="", help="premier jour (défaut\u00a0: aujourd’hui)")
        parser.add_argument("--until", dest="ends_on", default="", help="dernier jour (défaut\u00a0: sans fin)")
        parser.add_argument("--interim", action="store_true", help="intérim\u00a0: demande --until")
        parser.add_argument("--create-user", default="", metavar="NOM", help="ouvre le compte s’il n’existe pas")

    def handle(self, *args, email, role, place, starts_on, ends_on, interim, create_user, **options):
        try:
            first = parse_date_fr(starts_on) or timezone.localdate()
            last = parse_date_fr(ends_on)
        except ValueError as error:
            raise CommandError(str(error)) from error
        try:
            with transaction.atomic():
                JournalHead.locked()
                user = self.user(email, create_user)
                said = self.grant(user, role, self.place(place, first), first, last, interim)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if self.opened:
            self.stdout.write(self.opened)
        self.stdout.write(said)

    def user(self, email, name):
        user = User.objects.filter(email__iexact=email).first()
        if user or not name:
            if user is None:
                raise CommandError(f'Aucun compte {email}\u00a0: ajoutez --create-user "Prénom Nom" pour l’ouvrir.')
            return user
        password = secrets.token_urlsafe(12)
        first_name, _, last_name = name.rpartition(" ")
        user = User.objects.create_user(email, password, first_name=first_name, last_name=last_name)
        self.opened = f"Compte ouvert\u00a0: {user.email}, mot de passe provisoire\u00a0: {password}"
        return user

    def place(self, code, day):
        """{"territory": …} or {"establishment": …}."""
        territory = Territory.objects.filter(code=code).active_on(day).first()
        if territory:
            return {"territory": territory}
        establishment = Establishment.objects.filter(code=code).first()
        if establishment is None:
            raise CommandError(f"Ni territoire ni établissement «\u00a0{code}\u00a0» au {day:%d/%m/%Y}.")
        return {"establishment": establishment}

    def grant(self, user, role, place, first, last, interim):
        held = Mandate.objects.filter(user=user, role=role, **place).active_on(first).first()
        if held:
            return f"Déjà donné\u00a0: {held}."
        mandate = Mandate(user=user, role=role, starts_on=first, ends_on=last, is_interim=interim, **place)
        mandate.full_clean()
        mandate.save()
        record("mandat donné", mandate, by=None, note="En ligne de commande.", **place)
        return f"Mandat donné\u00a0: {mandate}."
