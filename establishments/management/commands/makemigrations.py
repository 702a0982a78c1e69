"""Labels are words of a pack; a migration writes those of the generic one, whoever runs the command."""

from django.core.management.commands import makemigrations

from establishments.vocabulary import in_pack


class Command(makemigrations.Command):
    def handle(self, *args, **options):
        with in_pack("generique"):
            return super().handle(*args, **options)
