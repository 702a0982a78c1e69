"""What an import says of itself, on the page, in a file and on a terminal: the same words."""

from django.utils import timezone

from core.french import counted, month_name, short_date

from ..models import ImportLine, ImportRun
from .kinds import KINDS, Monthly

PREVIEWED = 100
REJECT_HEADERS = ["ligne", "colonne", "valeur", "raison"]
CHANGE_HEADERS = ["ligne", "effet", "nom", "date", "case", "avant", "après", "à vérifier"]
Outcome = ImportLine.Outcome


def counts(run: ImportRun) -> str:
    """ "créés 320, modifiés 2, inchangés 0, rejetés 0": what was, or would be, done; nothing when it is refused."""
    done = (run.created_count, run.updated_count, run.unchanged_count)
    created, updated, same = (0, 0, 0) if run.is_refused else done
    left = f", laissés de côté {run.skipped_count}" if run.skipped_count else ""
    return f"créés {created}, modifiés {updated}, inchangés {same}, rejetés {run.rejected_count}{left}"


def refusal(run: ImportRun) -> str:
    """Why nothing is written as it stands, and what could be without the rejected rows; "" otherwise."""
    if not run.is_refused:
        return ""
    rest = run.created_count + run.updated_count + run.unchanged_count
    rejected = counted(run.rejected_count, "ligne rejetée", "lignes rejetées")
    return f"Tout ou rien\u00a0: {rejected}. Corrigez le fichier, ou importez les {rest} autres sans elles."


def shown(run: ImportRun) -> dict:
    """What the page of a file shows of it: its refusal, its first lines of each effect."""
    lines = ImportLine.objects.filter(run=run).select_related("establishment")
    changes = [change_line(run, line) for line in lines.writing()[:PREVIEWED]]
    total = run.created_count + run.updated_count
    return {
        "refusal": refusal(run),
        "changes": changes,
        "left_count": max(0, total - len(changes)) if changes else 0,
        "rejects": list(lines.rejected()[:PREVIEWED]),
        "left_aside": list(lines.filter(outcome=Outcome.SKIPPED)[:PREVIEWED]),
        "may_undo": run.status == ImportRun.Status.APPLIED and bool(changes),
    }


def rejected_rows(run: ImportRun):
    """Rows of the file of rejects, never all held."""
    lines = ImportLine.objects.filter(run=run).rejected().order_by("number", "pk")
    return ((line.number, line.column, line.value, line.reason) for line in lines.iterator(chunk_size=1000))


def changed_rows(run: ImportRun):
    """One row a cell that changes, for the file of differences."""
    lines = ImportLine.objects.filter(run=run).writing().select_related("establishment").order_by("number", "pk")
    for line in lines.iterator(chunk_size=1000):
        for label, before, after in differences(run, line):
            yield (
                line.number, line.get_outcome_display(), line.establishment.name, line.day, label, before, after,
                line.reason,
            )  # fmt: skip


def differences(run: ImportRun, line: ImportLine):
    return KINDS[run.kind].differences(KINDS[run.kind](run, timezone.localdate()), line.before, line.after)


def date_said(run: ImportRun, line: ImportLine) -> str:
    return month_name(line.day) if KINDS[run.kind] is Monthly else short_date(line.day)


def change_line(run: ImportRun, line: ImportLine) -> str:
    sign = "+" if line.outcome == Outcome.CREATED else "~"
    said = "\u202f; ".join(f"{label}\u00a0: {before} → {after}" for label, before, after in differences(run, line))
    doubt = f" ({line.reason})" if line.reason else ""
    return f"{sign} ligne {line.number} — {line.establishment.name}, {date_said(run, line)}\u00a0: {said}{doubt}"


def reject_line(line: ImportLine) -> str:
    return f"ligne {line.number}, {line.column}, «\u00a0{line.value}\u00a0»\u00a0: {line.reason}"
