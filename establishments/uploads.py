"""What a file sent to the register really is: judged by its content, never by its name nor by its sender."""

import hashlib
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from PIL import Image, UnidentifiedImageError

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_PIXELS = 60_000_000
MAX_ENTRIES = 5_000
MAX_UNPACKED = 300 * MEGABYTE
LONGEST_NAME = 120
FORMATS = "PDF, PNG, JPEG, ODT, ODS, DOCX ou XLSX"
OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
OFFICE = {
    "word/document.xml": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
REFUSED = f"Ce fichier n’est pas d’un format accepté ({FORMATS})."
DAMAGED = "Ce fichier est incomplet ou abîmé\u00a0: enregistrez-le de nouveau."
MACROS = "Ce fichier contient des macros\u00a0: enregistrez-le sans macro."


@dataclass(frozen=True)
class Upload:
    """An accepted file: a name that is safe to show, its format, its size and its SHA-256."""

    filename: str
    extension: str
    content_type: str
    size: int
    digest: str
    content: bytes


def read_upload(file) -> Upload:
    """The content of an uploaded file, checked. Raises ValidationError with a French sentence."""
    if file.size > MAX_BYTES:
        raise ValidationError("Ce fichier dépasse 20\u00a0Mo.", code="size")
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValidationError("Ce fichier dépasse 20\u00a0Mo.", code="size")
    if not content:
        raise ValidationError("Ce fichier est vide.", code="empty")
    extension, content_type = recognise(content)
    digest = hashlib.sha256(content).hexdigest()
    return Upload(safe_name(file.name, extension), extension, content_type, len(content), digest, content)


def recognise(content: bytes) -> tuple[str, str]:
    """(extension, media type) of a content. Raises ValidationError for anything else than the accepted formats."""
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise ValidationError(DAMAGED, code="damaged")
        return "pdf", "application/pdf"
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _image(content)
    if content.startswith(b"PK\x03\x04"):
        return _archive(content)
    raise ValidationError(REFUSED, code="format")


def _image(content):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise ValidationError("Cette image est trop grande.", code="pixels")
                kind = image.format
                image.verify()
    except ValidationError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ValidationError(DAMAGED, code="damaged") from error
    except (OSError, SyntaxError, ValueError, zlib.error) as error:  # what Pillow raises on a mutilated image
        raise ValidationError(DAMAGED, code="damaged") from error
    return ("png", "image/png") if kind == "PNG" else ("jpg", "image/jpeg")


def _archive(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise ValidationError("Ce fichier annonce un contenu démesuré.", code="bomb")
            found = _format_of(archive, names)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise ValidationError(DAMAGED, code="damaged") from error
    if any("vbaproject" in name.lower() or name.lower().startswith("basic/") for name in names):
        raise ValidationError(MACROS, code="macros")
    return found


def _format_of(archive, names):
    if "[Content_Types].xml" in names:
        for part, found in OFFICE.items():
            if part in names:
                return found
    if {"mimetype", "content.xml"} <= names:
        with archive.open("mimetype") as stream:
            declared = stream.read(120).decode("ascii", "replace").strip()
        if declared in OPEN_DOCUMENT:
            return OPEN_DOCUMENT[declared], declared
    raise ValidationError(REFUSED, code="format")


def safe_name(name: str, extension: str) -> str:
    """The name given by the person, for people only: no path, no control nor direction mark, the true extension."""
    bare = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in bare if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*;')
    stem = kept.rsplit(".", 1)[0].strip(" .")[:LONGEST_NAME] or "document"
    return f"{stem}.{extension}"
