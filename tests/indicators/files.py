"""Files of activity as they are really sent."""

import io

from core.spreadsheets.ods import write_ods
from core.spreadsheets.writing import write_xlsx

HEADERS = ["Établissement", "Mois", "Heures contractualisées", "Heures réalisées", "Heures facturées", "Inscrits"]


def csv_of(rows, headers=HEADERS, *, encoding="utf-8-sig", separator=";", above=(), below=()):
    lines = [*above, separator.join(headers), *(separator.join(map(str, row)) for row in rows), *below]
    text = "\r\n".join(lines)
    # cp1252 has no narrow no-break space: those files have the wide one.
    return (text.replace("\u202f", "\u00a0") if encoding == "cp1252" else text).encode(encoding)


def xlsx_of(rows, headers=HEADERS):
    stream = io.BytesIO()
    write_xlsx(stream, headers, rows)
    return stream.getvalue()


def ods_of(rows, headers=HEADERS):
    stream = io.BytesIO()
    write_ods(stream, headers, rows, sheet="Activité")
    return stream.getvalue()


def good(*names, month="02/2026"):
    return [[name, month, "8 000,00", "7\u202f200,50", "7 900", "45"] for name in names]
