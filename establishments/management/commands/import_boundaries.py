from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.spreadsheets import UnreadableFile
from establishments.importing import read_boundaries, save_boundaries


class Command(BaseCommand):
    help = (
        "Importe les contours des territoires d’un GeoJSON de la collectivité (données ouvertes). Les arrondissements "
        "de Paris (c_ar) et les communes (code, nom) sont reconnus\u202f; --code-field nomme la propriété sinon. "
        "Le code est un code postal, un code INSEE ou le code d’un territoire."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER")
        parser.add_argument("--code-field", default="", help="propriété qui porte le code")

    def handle(self, *args, file, code_field, **options):
        path = Path(file)
        try:
            outcome = save_boundaries(read_boundaries(path.read_bytes(), code_field), path.name)
        except OSError as error:
            raise CommandError(f"Le fichier {path.name} ne peut pas être lu.") from error
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(outcome))
