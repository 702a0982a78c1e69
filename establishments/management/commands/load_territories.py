from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.spreadsheets import UnreadableFile
from establishments.importing import TreeErrors, load_tree, read_tree


class Command(BaseCommand):
    help = (
        "Charge un arbre de territoires (YAML ou CSV). Colonnes\u00a0: kind, code, name, parent, postcodes, "
        "starts_on. Un second passage n’écrit rien. Le passé ne se modifie jamais\u00a0: un territoire qui "
        "change, avec une date starts_on plus récente, est clos la veille et remplacé\u202f; ses établissements "
        "et ses mandats suivent."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER")

    def handle(self, *args, file, **options):
        path = Path(file)
        try:
            outcome = load_tree(read_tree(path.read_bytes(), path.name), filename=path.name)
        except OSError as error:
            raise CommandError(f"Le fichier {path.name} ne peut pas être lu.") from error
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        except TreeErrors as error:
            raise CommandError("Rien n’a été chargé.\n" + "\n".join(error.errors)) from error
        self.stdout.write(str(outcome))
