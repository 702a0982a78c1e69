"""The service worker as it is served: its file, with the version of what it keeps and the list of it."""

import hashlib
import json
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.urls import reverse

SCRIPT = "js/sw.js"
MODULES = [
    "alert", "draft", "files", "keeper", "mallette", "page", "panel", "parachute", "ratio", "rules", "sender",
    "shelf", "shelf_page", "signin", "vault", "visit",
]  # fmt: skip
SHELL = [
    "css/ronde.css",
    "js/app.js",
    *[f"js/visit/{name}.js" for name in MODULES],
    "icons/sprite.svg",
    "fonts/atkinson-next-latin-400-normal.woff2",
    "fonts/atkinson-next-latin-600-normal.woff2",
]


def _content(name):
    """A static file as it stands: collected in service, in its folder while developing."""
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return file.read()
    with open(finders.find(name), "rb") as file:
        return file.read()


@cache
def _worker():
    shell = [*[static(name) for name in SHELL], reverse("visits:offline_page")]
    told = hashlib.sha256(json.dumps(shell).encode())
    for name in [SCRIPT, *SHELL]:
        told.update(_content(name))
    constants = f'const VERSION = "{told.hexdigest()[:16]}";\nconst SHELL = {json.dumps(shell)};\n\n'
    return constants + _content(SCRIPT).decode()


def worker_script():
    """The script. Another version of any file it keeps gives another script, which the browser installs."""
    if settings.DEBUG:
        _worker.cache_clear()
    return _worker()
