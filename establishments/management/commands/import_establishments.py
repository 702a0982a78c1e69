from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.spreadsheets import UnreadableFile, parse_date_fr
from establishments.importing import (
    TreeErrors,
    UnknownProfile,
    carry_out,
    load_tree,
    order_for,
    prepare,
    read_file,
    read_tree,
    reporting,
)
from establishments.models import ImportKey

LONGEST_SOURCE = ImportKey._meta.get_field("source").max_length


class Command(BaseCommand):
    help = (
        "Importe des établissements (CSV, XLSX, ODS ou GeoJSON). Le profil (noms des colonnes, sens des valeurs) est "
        "reconnu au contenu\u202f; chaque établissement a une clé dans sa source, et un second passage n’écrit rien. "
        "Sans --territories, chaque ligne rejoint le secteur de son code postal dans l’arbre en place. "
        "Tout ou rien, sauf --partial. Une cellule vide n’efface rien\u202f; une valeur corrigée à la main est "
        "gardée, sauf --overwrite\u202f; un changement de nom, de type ou d’adresse prend effet aujourd’hui."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER")
        parser.add_argument("--profile", default="", help="nom du profil (reconnu sinon)")
        parser.add_argument("--territories", default="", metavar="ARBRE", help="arbre à charger d’abord (YAML ou CSV)")
        parser.add_argument("--source", default="", help="nom de la source des clés (défaut\u00a0: celui du profil)")
        parser.add_argument(
            "--opened-on",
            default="",
            help="date d’ouverture des nouveaux établissements quand le fichier ne la donne pas "
            "(défaut\u00a0: celle du profil, le 01/01/2015 pour la liste de Paris\u202f; sinon aujourd’hui)",
        )
        parser.add_argument("--dry-run", action="store_true", help="montre les différences et n’écrit rien")
        parser.add_argument("--partial", action="store_true", help="importe les lignes valables malgré les rejets")
        parser.add_argument("--overwrite", action="store_true", help="remplace aussi ce qui a été corrigé à la main")
        parser.add_argument("--rejects", default="", help="fichier des lignes rejetées (défaut\u00a0: rejets_NOM.csv)")

    def handle(self, *args, **options):
        path = Path(options["file"])
        try:
            reading = read_file(path, path.name, options["profile"])
            with transaction.atomic():
                self.load_tree(options["territories"])
                plan = self.run(reading, options)
                if options["dry_run"] or plan.is_refused:
                    transaction.set_rollback(True)
        except (UnreadableFile, UnknownProfile) as error:
            raise CommandError(str(error)) from error
        except TreeErrors as error:
            raise CommandError("Rien n’a été importé.\n" + "\n".join(error.errors)) from error
        self.report(plan, options)
        self.stdout.write(reporting.counts(plan))
        if plan.is_refused:
            raise CommandError(reporting.refusal(plan))
        if options["dry_run"]:
            self.stdout.write("Essai\u00a0: rien n’a été écrit.")

    def load_tree(self, name):
        if not name:
            return
        try:
            content = Path(name).read_bytes()
        except OSError as error:
            raise CommandError(f"Le fichier {name} ne peut pas être lu.") from error
        outcome = load_tree(read_tree(content, Path(name).name), filename=Path(name).name)
        self.stdout.write(f"Territoires\u00a0: {outcome}")

    def run(self, reading, options):
        try:
            opened_on = parse_date_fr(options["opened_on"])
        except ValueError as error:
            raise CommandError(f"--opened-on\u00a0: {error}") from error
        if len(options["source"]) > LONGEST_SOURCE:
            raise CommandError(f"--source\u00a0: {LONGEST_SOURCE} caractères au plus.")
        order = order_for(
            reading,
            source=options["source"],
            opened_on=opened_on,
            partial=options["partial"],
            overwrite=options["overwrite"],
        )
        return prepare(reading, order) if options["dry_run"] else carry_out(reading, order)

    def report(self, plan, options):
        self.stdout.write(f"Profil\u00a0: {plan.order.profile.label}\u202f; source «\u00a0{plan.order.source}\u00a0».")
        assumed = reporting.assumptions(plan)
        for line in [*filter(None, [assumed]), *reporting.unchecked(plan)]:
            self.stdout.write(line)
        if options["dry_run"]:
            self.lines("Différences", list(reporting.differences(plan)), options)
        for group in reporting.notice_groups(plan):
            self.lines(group.title, group.lines, options)
        if plan.rejects:
            self.lines("Lignes rejetées", [reporting.reject_line(each) for each in plan.rejects], options)
            target = Path(options["rejects"] or f"rejets_{Path(options['file']).stem}.csv")
            self.write_rejects(target, plan.rejects)

    def write_rejects(self, target, rejects):
        """The import is already done, or refused: a file that cannot be written is said, and the counts follow."""
        try:
            target.write_bytes(reporting.rejects_csv(rejects))
        except OSError:
            self.stderr.write(f"Les rejets n’ont pas pu être écrits dans {target}\u00a0: donnez --rejects FICHIER.")
        else:
            self.stdout.write(f"Rejets écrits dans {target}.")

    def lines(self, title, lines, options):
        """All of them with -v 2."""
        most = len(lines) if options["verbosity"] > 1 else reporting.SHOWN
        self.stdout.write(f"{title}\u00a0:")
        for line in lines[:most]:
            self.stdout.write(f"  {line}")
        if len(lines) > most:
            self.stdout.write(f"  … et {len(lines) - most} autres (-v 2 pour tout voir)")
