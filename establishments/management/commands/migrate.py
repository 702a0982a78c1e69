"""Compares the models with the migrations in the words that these were written in (see makemigrations)."""

from django.core.management.commands import migrate

from establishments.vocabulary import in_pack


class Command(migrate.Command):
    def handle(self, *args, **options):
        with in_pack("generique"):
            return super().handle(*args, **options)
