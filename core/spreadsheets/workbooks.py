"""XLSX, XLS and ODS, read by python-calamine in a bounded child process. Pure: no Django."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from .archive import check_archive
from .table import Limits, Row, UnreadableFile, grouped

CHILD = Path(__file__).with_name("workbook_child.py")
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DAMAGED_OR_HUGE = (
    "Ce classeur est abîmé, ou sa feuille s’étend sur beaucoup trop de lignes ou de colonnes\u00a0: "
    "copiez le tableau seul dans un nouveau classeur et recommencez."
)
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def iter_workbook(content: bytes, limits: Limits, sheet: str | None) -> Iterator[Row]:
    """Rows of one sheet (the first visible one that is not empty when `sheet` is None)."""
    if content.startswith(OLE_SIGNATURE):
        if ENCRYPTED in content:
            raise UnreadableFile("Ce classeur est protégé par un mot de passe. Enlevez la protection et recommencez.")
    else:
        check_archive(content)
    child = subprocess.Popen(  # noqa: S603 - our own script, no shell, arguments that are ours
        [sys.executable, "-I", str(CHILD), json.dumps([sheet, limits.max_cells])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    feeder = Thread(target=_feed, args=(child.stdin, content), daemon=True)
    feeder.start()
    try:
        yield from _rows(child.stdout, limits, sheet)
    finally:
        child.kill()
        feeder.join()
        child.stdout.close()
        child.wait()


def _feed(pipe: Any, content: bytes) -> None:
    """A child that stopped early closes its end: what it said, or did not say, is judged by `_rows`."""
    try:
        with pipe:
            pipe.write(content)
    except OSError:
        return


def _rows(lines: Any, limits: Limits, sheet: str | None) -> Iterator[Row]:
    for line in lines:
        message = json.loads(line, object_hook=_decoded)
        if isinstance(message, list):
            for number, cells in message:
                yield Row(number, tuple(cells))
        elif "missing" in message:
            raise _sheet_missing(sheet, message["missing"])
        elif "too_large" in message:
            height, width = message["too_large"]
            raise _sheet_too_large(height, width, limits)
        else:
            return
    # The child stopped before the end: its reader failed, or asked for more memory or time than it may have.
    raise UnreadableFile(DAMAGED_OR_HUGE)


def _decoded(item: dict[str, Any]) -> Any:
    if "date" in item:
        return date.fromisoformat(item["date"])
    if "datetime" in item:
        return datetime.fromisoformat(item["datetime"])
    return item


def _sheet_missing(sheet: str | None, names: list[str]) -> UnreadableFile:
    if not names:
        return UnreadableFile("Ce classeur n’a aucune feuille de calcul.")
    present = ", ".join(f"«\u00a0{name}\u00a0»" for name in names[:10])
    return UnreadableFile(f"La feuille «\u00a0{sheet}\u00a0» n’existe pas. Feuilles présentes\u00a0: {present}.")


def _sheet_too_large(height: int, width: int, limits: Limits) -> UnreadableFile:
    return UnreadableFile(
        f"La feuille s’étend sur {grouped(height)} lignes et {grouped(width)} colonnes\u00a0: au plus "
        f"{grouped(limits.max_cells)} cellules sont attendues. Supprimez les lignes et colonnes vides."
    )
