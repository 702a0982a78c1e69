"""A file as it comes in: its titles found, its columns guessed, kept until it is written or given up."""

import hashlib
from datetime import timedelta
from itertools import islice

from django.core.files.base import ContentFile
from django.utils import timezone

from core.spreadsheets import Row, UnreadableFile, clean_text, header_key, iter_rows

from ..models import ColumnMemory, ImportLine, ImportRun
from .profiles import HALF_HOUR_COLUMNS, NUMBERS, Profile, header_index, load_profile
from .staging import LIMITS, clear

LOOKED_AT = 60
SAMPLES = 3
LIFE = timedelta(days=1)
UNDONE_WITHIN = timedelta(days=90)
Kind, Status = ImportRun.Kind, ImportRun.Status
WAITING = (Status.RECEIVED, Status.READING, Status.READY)
NO_TITLES = (
    "Aucune ligne de titres n’a été reconnue\u00a0: il faut au moins une colonne de codes ou de noms "
    "et une colonne de nombres."
)


def first_rows(file, filename: str) -> list[Row]:
    """Enough rows to find the titles under a heading; raises UnreadableFile."""
    rows = list(islice(iter_rows(file, filename, limits=LIMITS), LOOKED_AT))
    if len(rows) < 2:
        raise UnreadableFile("Ce fichier ne contient aucune ligne sous ses titres.")
    return rows


def kind_of(rows: list[Row]) -> str:
    """ "daily" when columns are half-hours, "monthly" otherwise."""
    daily = load_profile(Kind.DAILY)
    found = any(len(daily.half_hours([clean_text(cell) for cell in row.cells])) > 3 for row in rows)
    return Kind.DAILY if found else Kind.MONTHLY


def receive(content: bytes, filename: str, *, by, kind: str = "", source: str = "", month=None) -> ImportRun:
    """Keep the file with its columns guessed. The same file sent again, still waiting, is the same run."""
    rows = first_rows(content, filename)
    kind = kind or kind_of(rows)
    profile = load_profile(kind)
    index = header_index(profile, rows)
    if index is None:
        raise UnreadableFile(NO_TITLES)
    digest = hashlib.sha256(content).hexdigest()
    source = source.strip() or profile.label
    sweep(by)
    same = ImportRun.objects.filter(by=by, digest=digest, kind=kind, source=source, month=month, status__in=WAITING)
    if by is not None and (waiting := same.first()):
        return waiting
    run = ImportRun(by=by, kind=kind, source=source, filename=filename[:200], digest=digest, month=month)
    run.header_line = rows[index].number
    run.columns = guessed(profile, [clean_text(cell) for cell in rows[index].cells], by, source)
    run.file.save(f"{digest[:32]}", ContentFile(content), save=False)
    run.save()
    return run


def guessed(profile: Profile, headers: list[str], by, source: str) -> dict:
    memory = ColumnMemory.objects.filter(by=by, kind=profile.name, source=source).first() if by else None
    columns = profile.guess(headers, memory.columns if memory else {})
    return with_half_hours(profile, headers, columns)


def with_half_hours(profile: Profile, headers: list[str], columns: dict) -> dict:
    return {**columns, HALF_HOUR_COLUMNS: profile.half_hours(headers)} if profile.groups else columns


def remember(run: ImportRun, headers: list[str]) -> None:
    """Keep the columns chosen for the next file of the same source."""
    keys = {name: header_key(headers[place]) for name, place in run.columns.items() if name != HALF_HOUR_COLUMNS}
    ColumnMemory.objects.update_or_create(by=run.by, kind=run.kind, source=run.source, defaults={"columns": keys})


def known_sources(by) -> list[str]:
    """The sources whose columns this person chose before."""
    names = ColumnMemory.objects.filter(by=by).order_by("source").values_list("source", flat=True)
    return list(dict.fromkeys(names))


def missing_columns(run: ImportRun) -> list[str]:
    """What has to be chosen before the file can be read, in French."""
    columns, wanted = run.columns, []
    if "code" not in columns and "name" not in columns:
        wanted.append("la colonne du code ou celle du nom")
    if run.kind == Kind.DAILY:
        wanted += [] if "day" in columns else ["la colonne du jour"]
        wanted += [] if columns.get(HALF_HOUR_COLUMNS) else ["des colonnes de demi-heures («\u00a0NM 7 h 30\u00a0»)"]
        return wanted
    if "month" not in columns and run.month is None:
        wanted.append("la colonne du mois, ou le mois du fichier")
    if not any(name in columns for name in NUMBERS):
        wanted.append("au moins une colonne de nombres")
    return wanted


def give_up(run: ImportRun, status: str = Status.ABANDONED) -> None:
    """Nothing was written: the file and its lines go."""
    clear(run)
    forget_file(run)
    run.status = status
    run.save()


def forget_file(run: ImportRun) -> None:
    if run.file:
        run.file.delete(save=False)


def sweep(by) -> None:
    """Files forgotten for a day go; what was written can be undone for three months, then its lines go."""
    now = timezone.now()
    for run in ImportRun.objects.filter(by=by, status__in=WAITING, created_at__lt=now - LIFE):
        give_up(run)
    old = ImportRun.objects.filter(applied_at__lt=now - UNDONE_WITHIN)
    lines = ImportLine.objects.filter(run__in=old.filter(by=by))
    lines._raw_delete(lines.db)
