"""Texts that the database holds closed: encrypted at rest with the keys of the installation.

Fernet (AES-128-CBC and HMAC-SHA256) of the `cryptography` library. `SENSITIVE_KEYS` lists the keys, the first one
seals, all of them open: a key is changed by putting the new one in front, then `manage.py reseal`.
"""

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotOpen(Exception):
    """None of the keys of the installation opens this text: the key that sealed it is missing."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _keys() -> MultiFernet:
    return _box(tuple(settings.SENSITIVE_KEYS))


def seal(content: Any) -> bytes:
    """Plain values (JSON) as bytes that only the keys open; never twice the same bytes."""
    return _keys().encrypt(json.dumps(content, ensure_ascii=False).encode())


def unseal(closed: bytes | memoryview) -> Any:
    """What was sealed. Raises CannotOpen."""
    try:
        return json.loads(_keys().decrypt(bytes(closed)))
    except InvalidToken as error:
        raise CannotOpen("Ce texte est chiffré par une clé absente de cette installation.") from error


def reseal(closed: bytes | memoryview) -> bytes:
    """The same content under the first key. Raises CannotOpen."""
    try:
        return _keys().rotate(bytes(closed))
    except InvalidToken as error:
        raise CannotOpen("Ce texte est chiffré par une clé absente de cette installation.") from error
