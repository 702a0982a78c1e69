"""The face of the collectivité: its colour and its logo, in pages and on paper (functions S-114, M28).

A pack gives one colour; every shade follows from it and is checked to be legible (core.colours).
"""

from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256

from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured

from core.colours import Illegible, shades

from .vocabulary import current_pack

LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
LOGO_MAX = 200_000  # bytes: each page and each document carries it
# Names of the same shade in static/css/ronde.css and in static/css/admin.css.
NAMES = {
    "primary": ("primary", "action"),
    "strong": ("primary-strong", "action-strong"),
    "on": ("on-primary", "on-action"),
    "soft": ("primary-soft", "action-soft"),
}


@dataclass(frozen=True)
class Charter:
    """What the pages link to; `version` changes with the content, so that browsers may keep it for ever."""

    css: str
    version: str
    logo: bytes | None
    logo_type: str


def declarations(colour):
    """CSS declarations of both vocabularies of our stylesheets, light and dark. Raises Illegible."""
    light, dark = (asdict(each) for each in shades(colour))
    for shade, (page, admin) in NAMES.items():
        value = f"light-dark({light[shade]}, {dark[shade]})"
        yield page, f"--{page}: {value};"
        yield admin, f"--{admin}: {value};"


@cache
def charter_of(pack):
    """The charter of a pack. Raises ImproperlyConfigured with what to change."""
    logo, kind = None, ""
    try:
        rules = dict(declarations(pack.colour))
    except Illegible as illegible:
        raise ImproperlyConfigured(f"Paquet « {pack.slug} » : {illegible}") from illegible
    if pack.logo is not None:
        kind, logo = LOGO_TYPES.get(pack.logo.suffix.lower(), ""), _logo(pack)
    page = " ".join(rules[name] for name, _ in NAMES.values())
    admin = " ".join(rules[name] for _, name in NAMES.values())
    css = f"@layer tokens {{ :root[data-pack] {{ {page} }} }}\nhtml:root[data-pack] {{ {admin} }}\n"
    return Charter(css, sha256(css.encode() + (logo or b"")).hexdigest()[:16], logo, kind)


def _logo(pack):
    name = f"Paquet « {pack.slug} » : le logo {pack.logo.name}"
    if pack.logo.suffix.lower() not in LOGO_TYPES:
        raise ImproperlyConfigured(f"{name} doit être un SVG ou un PNG.")
    if not pack.logo.is_file():
        raise ImproperlyConfigured(f"{name} est absent de son dossier.")
    content = pack.logo.read_bytes()
    if len(content) > LOGO_MAX:
        raise ImproperlyConfigured(f"{name} pèse {len(content)} octets, {LOGO_MAX} au plus.")
    return content


def check_charter(app_configs, **kwargs):
    """A wrong pack is said by `manage.py check`, before anybody opens a page."""
    try:
        charter_of(current_pack())
    except ImproperlyConfigured as wrong:
        return [Error(str(wrong), id="ronde.E010")]
    return []
