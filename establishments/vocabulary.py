"""The words of the collectivité: one place for each word of the trade, in screens, PDFs and mails.

A pack is a YAML file of `establishments/packs/`, or of the collectivité's own folder (RONDE_PACKS_DIR): its name, its
colour, its logo, and words with their gender and plural.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import lazy

from core.french import Term, capitalise

PACKS = Path(__file__).parent / "packs"
BASE = "generique"
_spoken = ContextVar("pack", default=None)


@dataclass(frozen=True)
class Pack:
    """One collectivité's face: `slug` is also the data-pack attribute of the pages, `addressee` « à la crèche »."""

    slug: str
    label: str
    collectivite: str
    service: str
    addressee: str
    colour: str
    logo: Path | None = None


class Words(dict):
    """Terms by identifier, readable as attributes in templates; an unknown word is an error, not a blank."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(f"mot inconnu du vocabulaire : {name}") from error


@cache
def load_pack(slug):
    """(Pack, Words) of a pack; words it does not give come from the generic one."""
    path = _packs().get(slug)
    if path is None:
        raise ImproperlyConfigured(f"RONDE_PACK : « {slug} » n’existe pas. Paquets : {', '.join(available_packs())}.")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    base, terms = load_pack(BASE) if slug != BASE else (None, {})
    terms = dict(terms)
    for identifier, entry in content.get("words", {}).items():
        terms[identifier] = Term(**entry)
    colour = content.get("colour") or base.colour
    logo = path.parent / content["logo"] if content.get("logo") else None
    named = [content[name] for name in ("label", "collectivite", "service")]
    return Pack(slug, *named, terms["establishment"].au, colour, logo), Words(terms)


def _packs():
    """Files by slug; those of the collectivité's own folder win."""
    folders = [PACKS, *([Path(settings.RONDE_PACKS_DIR)] if settings.RONDE_PACKS_DIR else [])]
    return {path.stem: path for folder in folders for path in folder.glob("*.yaml")}


def available_packs():
    return sorted(_packs())


def current_pack():
    return load_pack(_spoken.get() or settings.RONDE_PACK)[0]


def words():
    return load_pack(_spoken.get() or settings.RONDE_PACK)[1]


@contextmanager
def in_pack(slug):
    """Speak the words of `slug` whatever the settings: migrations and generated docs must not depend on them."""
    token = _spoken.set(slug)
    try:
        yield
    finally:
        _spoken.reset(token)


def _said(text):
    return text.format_map(words())


def _titled(text):
    return capitalise(_said(text))


def _described(identifier, adjective, n=1):
    """ "crèches importées": the word and its adjective (masculine singular), agreed with it."""
    term = words()[identifier]
    return f"{term.singular if n < 2 else term.plural} {term.accord(adjective, n)}"


# For what Python names once and shows later (columns, labels): said("vos {establishment.plural}") → « vos crèches ».
said = lazy(_said, str)
titled = lazy(_titled, str)
described = lazy(_described, str)
