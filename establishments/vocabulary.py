"""The words of the collectivité: one place for each word of the trade, in screens, PDFs and mails.

A pack is a YAML file of `establishments/packs/`: its name, colour, and words with their gender and plural.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.functional import lazy

from core.french import Term, capitalise

PACKS = Path(__file__).parent / "packs"
_spoken = ContextVar("pack", default=None)


@dataclass(frozen=True)
class Pack:
    """One collectivité's face: `slug` is also the data-pack attribute of the pages."""

    slug: str
    label: str
    collectivite: str
    service: str


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
    content = yaml.safe_load((PACKS / f"{slug}.yaml").read_text(encoding="utf-8"))
    terms = dict(load_pack("generique")[1]) if slug != "generique" else {}
    for identifier, entry in content["words"].items():
        terms[identifier] = Term(**entry)
    pack = Pack(slug, content["label"], content["collectivite"], content["service"])
    return pack, Words(terms)


def available_packs():
    return sorted(path.stem for path in PACKS.glob("*.yaml"))


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
