"""What a zipped workbook says about itself, checked before anyone unpacks it. Pure: no Django."""

import io
import zipfile
import zlib

from .table import MEGABYTE, UnreadableFile

MAX_ENTRIES = 2_000
MAX_UNPACKED = 100 * MEGABYTE
MAX_RATIO = 200
RATIO_MATTERS_ABOVE = 4 * MEGABYTE
CHUNK = 1 << 18
# No spreadsheet program writes a document type: it is only there to define entities (bombs, files read aloud).
DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
OVERLAP = max(len(mark) for mark in DOCTYPES)
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
DAMAGED = "Ce classeur est incomplet ou abîmé\u00a0: ouvrez-le dans un tableur et enregistrez-le de nouveau."
SUSPICIOUS = "Ce classeur annonce un contenu démesuré ou protégé et n’a pas été ouvert."


def check_archive(content: bytes) -> str:
    """ "xlsx" or "ods" when the archive is a workbook of a reasonable size; UnreadableFile otherwise."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_declared(entries, len(content))
            kind = _kind(archive, {entry.filename for entry in entries})
            _check_contents(archive, entries)
    except UnreadableFile:
        raise
    # zipfile raises most of these on a mutilated archive, according to the byte that changed.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise UnreadableFile(DAMAGED) from error
    return kind


def _check_declared(entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        raise UnreadableFile(SUSPICIOUS)
    if unpacked > RATIO_MATTERS_ABOVE and unpacked > MAX_RATIO * size:
        raise UnreadableFile(SUSPICIOUS)
    if len({entry.filename for entry in entries}) != len(entries) or any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile(SUSPICIOUS)


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        with archive.open("mimetype") as stream:
            if stream.read(200).strip().startswith(ODS):
                return "ods"
    raise UnreadableFile(
        "Cette archive n’est ni un classeur XLSX ni un classeur ODS. "
        "Enregistrez le tableau dans l’un de ces formats, ou en CSV."
    )


def _check_contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Unpack each part once, a chunk at a time: its true size, its checksum, no document type in its XML."""
    for entry in entries:
        if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        tail = b""
        with archive.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                window = tail + chunk
                if any(mark in window for mark in DOCTYPES):
                    raise UnreadableFile(
                        "Ce classeur contient une définition de document (DOCTYPE), "
                        "ce qu’aucun tableur n’écrit\u00a0: il n’a pas été ouvert."
                    )
                tail = chunk[-OVERLAP:]
