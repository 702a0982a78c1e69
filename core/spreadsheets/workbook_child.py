"""Run as a separate, bounded process: read one sheet from standard input, write its rows as JSON lines.

A sheet with two cells at opposite corners asks the reader for billions of cells, and a failed allocation stops
the whole process: so it is this one that stops, not the server. Imports nothing of Ronde.
"""

import datetime
import io
import json
import resource
import sys

ADDRESS_SPACE = 640 * 1024 * 1024
CPU_SECONDS = 15
BATCH = 500


def limit_itself():
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def encoded(value):
    """Dates travel tagged; a time or a duration travels as its text."""
    if isinstance(value, datetime.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    return str(value)


def plain(value):
    """Workbooks store every number as a float: a whole one is given back whole (75020, not 75020.0)."""
    if type(value) is float and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def chosen_sheet(workbook, wanted):
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    if wanted is not None:
        return workbook.get_sheet_by_name(wanted) if wanted in workbook.sheet_names else None
    shown = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    sheet = None
    for name in shown or workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height:
            break
    return sheet


def main():
    wanted, max_cells = json.loads(sys.argv[1])
    limit_itself()
    from python_calamine import CalamineWorkbook

    def say(message):
        sys.stdout.write(json.dumps(message, default=encoded) + "\n")

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheet = chosen_sheet(workbook, wanted)
    if sheet is None:
        return say({"missing": workbook.sheet_names})
    if sheet.height * sheet.width > max_cells * 2:
        return say({"too_large": [sheet.height, sheet.width]})
    left = [None] * (sheet.start[1] if sheet.start else 0)
    batch = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if all(cell == "" for cell in cells):
            continue
        batch.append([number, left + [plain(cell) for cell in cells]])
        if len(batch) == BATCH:
            say(batch)
            batch = []
    say(batch)
    return say({"end": True})


if __name__ == "__main__":
    main()
