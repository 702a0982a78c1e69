"""What a PDF may read: the application's own static files, and nothing else.

WeasyPrint's default fetcher opens http, ftp, file and data addresses: a report could be made to read /etc/passwd or
the cloud's metadata address. This one opens no connection and follows no path out of the static folders.
"""

import logging
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from weasyprint.urls import URLFetcher, URLFetcherResponse

LOGO_NAME = "charte/logo-du-document"
log = logging.getLogger(__name__)

CONTENT_TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}


class RefusedAddress(ValueError):
    """The document asked for something that is not one of our static files."""


class StaticFilesFetcher(URLFetcher):
    """Gives static files by their URL, from the finders or the collected folder; refuses everything else."""

    def __init__(self):
        # The parent's constructor is skipped on purpose: it installs the handlers of http, ftp, file and data.
        self._fail_on_errors = False
        self._logo, self._images = None, {}

    @contextmanager
    def showing(self, logo, images=None):
        """While one document is written, its collectivité's logo (a file, or None) and its own images."""
        self._logo, self._images = logo, {image_url(name): content for name, content in (images or {}).items()}
        try:
            yield
        finally:
            self._logo, self._images = None, {}

    def fetch(self, url, headers=None):
        if url in self._images:
            return URLFetcherResponse(url, self._images[url], {"Content-Type": "image/jpeg"})
        try:
            path = self._logo if self._logo and url == logo_url() else static_path(url)
        except RefusedAddress as refusal:
            log.warning("PDF: %s", refusal)
            raise
        content_type = CONTENT_TYPES.get(path.suffix, "application/octet-stream")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})

    def open(self, fullurl, data=None, timeout=None):
        return self.fetch(getattr(fullurl, "full_url", fullurl))


def base_url() -> str:
    """The address that relative links of a document start from: the site's own."""
    return settings.RONDE_BASE_URL.rstrip("/") + "/"


def logo_url() -> str:
    """Where a document finds its collectivité's logo: an address of ours that no page answers."""
    return urljoin(base_url(), LOGO_NAME)


def image_url(name: str) -> str:
    """Where a document finds one of its own images, given with it: an address of ours that no page answers."""
    return urljoin(base_url(), f"piece/{name}.jpg")


def static_url() -> str:
    """The only prefix that is served, from the disk, without any connection."""
    return urljoin(base_url(), settings.STATIC_URL)


def static_path(url: str) -> Path:
    """The file behind one of our own static URLs. RefusedAddress for any other address, or for a missing file."""
    shown = url if len(url) <= 120 else f"{url[:120]}…"
    prefix = static_url()
    if not url.startswith(prefix) or urlsplit(url).query:
        raise RefusedAddress(f"adresse refusée\u00a0: {shown}")
    name = unquote(url.removeprefix(prefix).partition("#")[0])
    if "\\" in name or "\0" in name or not name or any(part in ("", ".", "..") for part in name.split("/")):
        raise RefusedAddress(f"chemin refusé\u00a0: {shown}")
    path = find_static(name)
    if path is None:
        raise RefusedAddress(f"fichier absent\u00a0: {shown}")
    return path


def find_static(name: str) -> Path | None:
    """A static file by its name, in the sources first, else as collected (hashed names of the manifest)."""
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:
        return None
    candidates = [Path(found)] if found else []
    if settings.STATIC_ROOT:
        candidates.append(Path(settings.STATIC_ROOT) / name)
    for candidate in candidates:
        if candidate.is_file() and _inside_a_static_folder(candidate, name):
            return candidate
    return None


def _inside_a_static_folder(path: Path, name: str) -> bool:
    """True unless a symbolic link leads out of the folder where the file was found."""
    root = path
    for _ in Path(name).parts:
        root = root.parent
    return path.resolve().is_relative_to(root.resolve())
