"""CSV and text files: encoding, separator, rows. Pure: no Django."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from .table import Row, UnreadableFile, grouped

SAMPLE_CHARS = 64 * 1024
SAMPLE_RECORDS = 60
# In this order when two separators cut the sample equally well: a comma is also the French decimal sign.
SEPARATORS = ("\t", ";", "|", ",")
CLOSE_ENOUGH = 0.05
SEPARATOR_HINT = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
BINARY_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1a\x1b"))


def encoding_of(content: bytes) -> str:
    """The encoding of a text file: by its byte order mark, else UTF-8 when it is valid, else cp1252."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise UnreadableFile("Le texte est codé en UTF-32, qui n’est pas lu. Enregistrez-le en UTF-8.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        if len(content) != len(content.translate(None, BINARY_CONTROLS)):
            raise UnreadableFile(
                "Ce fichier n’est pas un texte\u00a0: il contient des caractères nuls ou de commande. "
                "Enregistrez le tableau en CSV (UTF-8), XLSX ou ODS."
            )
        candidates = ["utf-8-sig", "cp1252"]
    for encoding in candidates:
        if _decodes(content, encoding):
            return encoding
    raise UnreadableFile("Le codage du texte n’est pas reconnu. Enregistrez le fichier en CSV, codage UTF-8.")


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), 1 << 20):
            decoder.decode(content[start : start + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def separator_of(sample: str) -> str:
    """The separator that cuts most records of the sample into the same number (above one) of cells."""
    shares = {}
    for separator in SEPARATORS:
        widths = Counter(_sample_widths(sample, separator))
        wide = {width: count for width, count in widths.items() if width > 1}
        if wide:
            shares[separator] = max(wide.values()) / sum(widths.values())
    if not shares:
        return ";"
    best = max(shares.values())
    return next(separator for separator, share in shares.items() if share >= best - CLOSE_ENOUGH)


def _sample_widths(sample: str, separator: str) -> Iterator[int]:
    try:
        for count, cells in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=separator)):
            if count >= SAMPLE_RECORDS:
                return
            if cells:
                yield len(cells)
    except csv.Error:
        return


def iter_delimited(content: bytes) -> Iterator[Row]:
    """Rows of a text file, one at a time; `number` is the line where the record starts."""
    encoding = encoding_of(content)
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    sample = text.read(SAMPLE_CHARS)
    if "\x00" in sample:
        raise UnreadableFile("Ce fichier contient des caractères nuls. Enregistrez le tableau en CSV, codage UTF-8.")
    text.seek(0)
    hint = SEPARATOR_HINT.match(sample)
    if hint:
        text.readline()
    reader = csv.reader(text, delimiter=_allowed(hint) or separator_of(sample))
    shift = 1 if hint else 0
    line = 1 + shift
    try:
        for cells in reader:
            yield Row(line, tuple(cells))
            line = reader.line_num + 1 + shift
    except csv.Error as error:
        raise UnreadableFile(
            f"Le texte ne se découpe plus en cellules à partir de la ligne {grouped(line)}\u00a0: "
            "une cellule est démesurée ou un guillemet n’est pas refermé."
        ) from error


def _allowed(hint: re.Match[str] | None) -> str | None:
    return hint[1] if hint and hint[1] in SEPARATORS else None
