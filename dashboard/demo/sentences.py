"""The bank of French sentences, read once, with its typography put right."""

from functools import cache
from pathlib import Path

import yaml

from core.french import clock, typo

FILE = Path(__file__).parent / "sentences.yaml"


@cache
def bank():
    return _typeset(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def _typeset(value):
    if isinstance(value, dict):
        return {key: _typeset(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typeset(item) for item in value]
    return typo(value) if isinstance(value, str) else value


def fill(sentence, place, moment):
    """A fact at its place and hour."""
    return sentence.replace("{place}", place).replace("{hour}", clock(moment))
