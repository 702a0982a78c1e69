"""Keep the fonts of the machine out of a document, without touching the rest of the process."""

import os
import tempfile
from contextlib import contextmanager

EMPTY_CONFIG = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig/>'


@contextmanager
def no_system_fonts():
    """Make fontconfig read an empty configuration for the time of one call: child processes keep their fonts."""
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="ronde-fonts-") as folder:
        path = os.path.join(folder, "fonts.conf")
        with open(path, "w", encoding="ascii") as config:
            config.write(EMPTY_CONFIG)
        os.environ["FONTCONFIG_FILE"] = path
        try:
            yield
        finally:
            del os.environ["FONTCONFIG_FILE"]
            if before is not None:
                os.environ["FONTCONFIG_FILE"] = before
