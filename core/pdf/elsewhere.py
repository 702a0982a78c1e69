"""Writing sheets in other processes, one a core: nine tenths of the time of a paper, and no question to the database.

A process started afresh imports this module before Django is ready: nothing here may import a model.
"""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import Sheet

CORES = os.cpu_count() or 1


@contextmanager
def processes() -> Iterator[Executor]:
    """One process a core, none of which inherits our connections; they end with the block."""
    pool = ProcessPoolExecutor(CORES, mp_context=get_context("spawn"), initializer=_ready)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _ready() -> None:
    import django

    threading.Thread(target=_leave_with_parent, daemon=True).start()
    django.setup()


def _leave_with_parent() -> None:
    """A worker killed outright tells nobody: without this its processes would wait for papers for ever."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def write_sheet(sheet: "Sheet") -> bytes:
    """Run in another process."""
    return sheet.written()
