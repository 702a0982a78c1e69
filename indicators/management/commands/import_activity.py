from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.spreadsheets import UnreadableFile
from core.spreadsheets.writing import csv_lines
from indicators.importing import reporting
from indicators.importing.applying import apply_run
from indicators.importing.receiving import forget_file, missing_columns, receive
from indicators.importing.running import read_now
from indicators.importing.values import parse_month
from indicators.models import ImportLine, ImportRun

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Importe l’activité (CSV, XLSX, ODS)\u00a0: une ligne par établissement et par mois, ou par jour avec deux "
        "colonnes par demi-heure. Les colonnes sont reconnues à leur nom\u202f; une cellule vide n’efface rien\u202f; "
        "un mois soumis n’est pas modifié. Tout ou rien, sauf --partial\u202f; un second passage n’écrit rien."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER")
        parser.add_argument(
            "--profile", default="", choices=["", *ImportRun.Kind.values], help="contenu du fichier (reconnu sinon)"
        )
        parser.add_argument("--month", default="", help="mois du fichier, s’il n’a pas de colonne (02/2026)")
        parser.add_argument("--source", default="", help="nom de la source des clés d’établissement")
        parser.add_argument("--dry-run", action="store_true", help="montre les différences et n’écrit rien")
        parser.add_argument("--partial", action="store_true", help="importe les lignes valables malgré les rejets")
        parser.add_argument("--rejects", default="", help="fichier des lignes rejetées (défaut\u00a0: rejets_NOM.csv)")

    def handle(self, *args, **options):
        run = self.receive(Path(options["file"]), options)
        try:
            wanted = missing_columns(run)
            if wanted:
                raise CommandError(f"Il manque {', '.join(wanted)}. Rien n’a été importé.")
            read_now(run)
            if run.status == ImportRun.Status.FAILED:
                raise CommandError(run.message)
            self.report(run, options)
            if run.is_refused and not options["dry_run"]:
                raise CommandError(reporting.refusal(run))
            if run.writes and not options["dry_run"]:
                apply_run(run)
        finally:
            forget_file(run)
            if run.status != ImportRun.Status.APPLIED:
                run.delete()
        self.stdout.write(reporting.counts(run))
        if options["dry_run"]:
            self.stdout.write("Essai\u00a0: rien n’a été écrit.")

    def receive(self, path, options):
        try:
            month = parse_month(options["month"])
            if month and month > timezone.localdate():
                raise ValueError("ce mois est à venir")
            content = path.read_bytes()
            run = receive(content, path.name, by=None, kind=options["profile"], source=options["source"], month=month)
        except ValueError as error:
            raise CommandError(f"--month\u00a0: {error}") from error
        except OSError as error:
            raise CommandError(f"Le fichier {path} ne peut pas être lu.") from error
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        run.partial = options["partial"]
        run.save()
        return run

    def report(self, run, options):
        lines = ImportLine.objects.filter(run=run)
        if options["dry_run"]:
            changes = lines.writing().select_related("establishment")
            self.lines("Différences", [reporting.change_line(run, line) for line in changes[:SHOWN]], changes.count())
        skipped = lines.filter(outcome=ImportLine.Outcome.SKIPPED)
        told = [f"ligne {each.number}, {each.reason}" for each in skipped[:SHOWN]]
        self.lines("Laissé de côté", told, run.skipped_count)
        rejected = lines.rejected()
        if run.rejected_count:
            told = [reporting.reject_line(each) for each in rejected[:SHOWN]]
            self.lines("Lignes rejetées", told, run.rejected_count)
            target = Path(options["rejects"] or f"rejets_{Path(options['file']).stem}.csv")
            with target.open("wb") as file:
                file.writelines(csv_lines(reporting.REJECT_HEADERS, reporting.rejected_rows(run)))
            self.stdout.write(f"Rejets écrits dans {target}.")

    def lines(self, title, lines, total):
        if not total:
            return
        self.stdout.write(f"{title}\u00a0:")
        for line in lines:
            self.stdout.write(f"  {line}")
        if total > len(lines):
            self.stdout.write(f"  … et {total - len(lines)} autres")
