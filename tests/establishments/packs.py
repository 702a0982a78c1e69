"""A collectivité of its own: a folder with words, a colour and a logo."""

import struct
import zlib

from establishments.vocabulary import load_pack


def png(width=24, height=12, rgb=(200, 30, 40)):
    """A plain PNG, by hand."""

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\0" + bytes(rgb) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def own_pack(folder, settings, *, colour="#552200", logo=None, slug="chez_nous"):
    """Write the pack in `folder` and put it in service."""
    lines = [f'label: Chez nous\ncollectivite: Ville de Trifouilly\nservice: Petite enfance\ncolour: "{colour}"']
    if logo is not None:
        (folder / "logo.png").write_bytes(logo)
        lines.append("logo: logo.png")
    lines.append("words:\n  sector: {singular: quartier, plural: quartiers, gender: m}")
    (folder / f"{slug}.yaml").write_text("\n".join(lines), encoding="utf-8")
    load_pack.cache_clear()  # the same name, another folder
    settings.RONDE_PACKS_DIR, settings.RONDE_PACK = str(folder), slug
