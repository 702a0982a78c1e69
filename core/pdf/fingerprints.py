"""The fingerprint printed on a document: SHA-256 of the facts it was made from, whatever the machine.

Two documents with the same facts carry the same fingerprint; one changed character gives another one (functions M16).
"""

import dataclasses
import hashlib
import json
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any
from uuid import UUID

SHORT_LENGTH = 16
NO_BREAK_SPACE = "\u00a0"


def fingerprint(facts: Any) -> str:
    """SHA-256 of the facts, as 64 lower-case hexadecimal digits.

    Facts are frozen dataclasses, mappings, sequences, sets, dates, instants, Decimals, Fractions, enums, UUIDs, texts
    and numbers, nested at will. TypeError on anything else (a model instance would hide what is being signed);
    ValueError on an instant without a time zone, a NaN, or two keys that are written the same way.
    """
    return hashlib.sha256(canonical_json(facts)).hexdigest()


def short_fingerprint(full: str) -> str:
    """The first 16 digits for print, in capitals and groups of four: "3F2A 9C01 77B0 D4E8"."""
    head = full[:SHORT_LENGTH].upper()
    return NO_BREAK_SPACE.join(head[i : i + 4] for i in range(0, len(head), 4))


def canonical_json(facts: Any) -> bytes:
    """The one way to write the facts: sorted keys, no space, ASCII; see `fingerprint` for what is accepted."""
    return json.dumps(_plain(facts), sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, str | bool | int):
        # A str or int subclass (SafeString, a choice) is written as the plain value it wraps.
        return value if value is None or isinstance(value, bool) else (int if isinstance(value, int) else str)(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"not a number that can be signed: {value!r}")
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return _plain_mapping(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return _plain_scalar(value)


def _plain_mapping(mapping: dict) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, item in mapping.items():
        written = str(_plain(key))
        if written in result:
            raise ValueError(f"two keys are written the same way: {written!r}")
        result[written] = _plain(item)
    return result


def _plain_scalar(value: Any) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"an instant without a time zone has no fingerprint: {value!r}")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value // timedelta(microseconds=1)} µs"
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"not a number that can be signed: {value!r}")
        return str(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not a fact that can be signed")
