"""Files joined to a visit, on its report: a list that proves which they are, and the photographs at a bounded size."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from .reports import PieceLine

MOST_IMAGES = 12  # on paper; the others are listed with their fingerprint
LONGEST_SIDE = 1000  # pixels
QUALITY = 80
IMAGES = ("image/jpeg", "image/png")


def lines_of(visit) -> tuple[PieceLine, ...]:
    """One line a file, in the order they came."""
    return tuple(
        PieceLine(
            name=piece.filename,
            caption=piece.caption,
            item=piece.item.title if piece.item else "",
            size=piece.size,
            content_type=piece.content_type,
            digest=piece.digest,
            level=piece.level,
        )
        for piece in visit.attachments.select_related("item")
    )


def images_of(visit, lines) -> dict[str, bytes]:
    """{digest: a JPEG to print} of the first photographs among the lines that a reading kept."""
    wanted = [line.digest for line in lines if line.content_type in IMAGES][:MOST_IMAGES]
    if not wanted:
        return {}
    found = {}
    for piece in visit.attachments.filter(digest__in=wanted):
        if piece.digest not in found and (content := _printable(piece)):
            found[piece.digest] = content
    return found


def _printable(piece) -> bytes | None:
    """RGB, upright, without metadata nor transparency (PDF/A); None when the file is gone or cannot be read."""
    try:
        with piece.file.open("rb") as file, Image.open(file) as image:
            upright = ImageOps.exif_transpose(image)
            if upright.mode in ("RGBA", "LA", "P"):
                upright = upright.convert("RGBA")
                paper = Image.new("RGB", upright.size, "white")
                paper.paste(upright, mask=upright.getchannel("A"))
                upright = paper
            plain = upright.convert("RGB")
            plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            made = io.BytesIO()
            plain.save(made, "JPEG", quality=QUALITY)
            return made.getvalue()
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):
        return None
